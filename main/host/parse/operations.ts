import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { ByteSource } from '../../../core/dicom/byte-source.ts';
import { readDataset } from '../../../core/dicom/dataset.ts';
import { inheritedElements } from '../../../core/dicom/derive/inherited.ts';
import { scan } from '../../../core/dicom/scan.ts';
import { ScanMemory } from '../../../core/dicom/scan-memory.ts';
import { tagRows } from '../../../core/dicom/tag-rows.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import type { Dataset } from '../../../core/dicom/write/element.ts';
import { type WebParseRequest, webPart } from '../web/web-part.ts';
import { type PackedScan, packScan } from './packed-scan.ts';

export interface ScanRequest {
  readonly file: string;
  readonly keepPartial: boolean;
}

/** What the parser worker does. Untrusted bytes are read here and nowhere else in the host. */
export interface ParseOperations extends Record<string, (input: never) => unknown> {
  scan(input: ScanRequest): Result<Scan>;
  /** Several files in one message; element 0 of `progress` is the file under way. */
  scanAll(input: {
    readonly files: readonly ScanRequest[];
    readonly progress: Int32Array;
  }): Result<PackedScan>[];
  tags(input: { readonly file: string }): Result<CallOutput<'instance.tags'>>;
  /** What an object derived from the file takes over. */
  inherited(input: { readonly file: string }): Result<Dataset>;
  /** What DICOMweb gives of a file: its metadata or one value. */
  web(input: WebParseRequest): Result<Uint8Array>;
}

/** One buffer for all ordinary reads: the header readers copy what they keep. */
const reusedBytes = 64 * 1024;
/** Texts and numbers of a header; larger values are pictures and tables. */
const inheritedBytes = 16 * 1024;

export function parseOperations(): ParseOperations {
  const buffer = new Uint8Array(reusedBytes);
  const memory = new ScanMemory();
  const scanOne = ({ file, keepPartial }: ScanRequest): Result<Scan> =>
    withFile(file, buffer, (source) => scan(source, { keepPartial, memory }));
  return {
    scan: scanOne,
    scanAll: ({ files, progress }) =>
      files.map((request, index) => {
        Atomics.store(progress, 0, index);
        const scanned = scanOne(request);
        return scanned.ok ? ok(packScan(scanned.value)) : scanned;
      }),
    tags: ({ file }) =>
      withFile(file, buffer, (source) => {
        const tree = readDataset(source);
        return tree.ok ? ok(tagRows(tree.value)) : tree;
      }),
    inherited: ({ file }) =>
      withFile(file, buffer, (source) => {
        const tree = readDataset(source, { maxValueBytes: inheritedBytes });
        return tree.ok ? ok(inheritedElements(tree.value.dataset)) : tree;
      }),
    web: (request) => withFile(request.file, buffer, (source) => webPart(source, request)),
  };
}

/** Opens without blocking, so that a FIFO or device is seen for what it is before anything is read (C19). */
function withFile<T>(file: string, buffer: Uint8Array, use: (source: ByteSource) => Result<T>): Result<T> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return fail(problem('NOT_REGULAR_FILE', undefined, file));
    const result = use(fileSource(descriptor, stats.size, buffer));
    return result.ok ? result : fail({ ...result.problem, path: file });
  } catch (cause) {
    return fail(problem(codeOf(cause), undefined, file));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fileSource(descriptor: number, size: number, buffer: Uint8Array): ByteSource {
  return {
    size,
    read(offset, length) {
      const target = length <= buffer.length ? buffer : new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const got = readSync(descriptor, target, filled, length - filled, offset + filled);
        if (got === 0) break;
        filled += got;
      }
      return target.subarray(0, filled);
    },
  };
}

type FileFault = 'FILE_MISSING' | 'NOT_REGULAR_FILE' | 'FORBIDDEN' | 'TOO_MANY_OPEN_FILES' | 'IO_ERROR';

/** A failed system call is the file's or the medium's fault; anything else is a bug and goes up. */
function codeOf(cause: unknown): FileFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code) || code.startsWith('ERR_')) throw cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'FILE_MISSING';
  if (code === 'ENXIO' || code === 'ELOOP' || code === 'EISDIR') return 'NOT_REGULAR_FILE';
  if (code === 'EACCES' || code === 'EPERM') return 'FORBIDDEN';
  return code === 'EMFILE' || code === 'ENFILE' ? 'TOO_MANY_OPEN_FILES' : 'IO_ERROR';
}
