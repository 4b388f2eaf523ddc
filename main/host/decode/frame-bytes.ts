import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { ByteSource } from '../../../core/dicom/byte-source.ts';
import { deflateStart } from '../../../core/dicom/inflate-dataset.ts';
import type { ByteRange, Scan } from '../../../core/dicom/types.ts';
import { nativeFramePlace } from '../../../core/pixels/format.ts';
import type { PixelFormat } from '../../../core/pixels/types.ts';

/** Largest inflated data set that is held for its pixels. */
const maxInflatedBytes = 2 ** 31 - 1;

export interface OpenFile extends ByteSource {
  close(): void;
}

/** A file as a synchronous source; for worker threads only. */
export function openFile(path: string): Result<OpenFile> {
  try {
    const descriptor = openSync(path, 'r');
    const size = fstatSync(descriptor).size;
    return ok({
      size,
      read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const bytes = new Uint8Array(wanted);
        let filled = 0;
        while (filled < wanted) {
          const got = readSync(descriptor, bytes, filled, wanted - filled, offset + filled);
          if (got === 0) break;
          filled += got;
        }
        return bytes.subarray(0, filled);
      },
      close: () => closeSync(descriptor),
    });
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return fail(problem(missing ? 'FILE_MISSING' : 'IO_ERROR', undefined, path));
  }
}

/** The coded bytes of single frames of one object; a deflated data set is inflated once. */
export class FrameBytes {
  readonly #source: ByteSource;
  readonly #scan: Scan;
  readonly #format: PixelFormat;

  constructor(file: ByteSource, scan: Scan, format: PixelFormat) {
    this.#source = scan.deflated ? inflatedSource(file, scan.datasetOffset) : file;
    this.#scan = scan;
    this.#format = format;
  }

  /** Fragments joined, or the native bytes as far as there are any. FRAME_RANGE when there is no such frame. */
  frame(index: number): Result<Uint8Array> {
    const { pixel } = this.#scan;
    if (pixel.kind === 'native') {
      const place = nativeFramePlace(this.#format, index);
      const left = Math.max(0, pixel.range.length - place.offset);
      return ok(
        this.#read({ offset: pixel.range.offset + place.offset, length: Math.min(place.length, left) }),
      );
    }
    const fragments = pixel.kind === 'encapsulated' ? pixel.frames[index] : undefined;
    if (!fragments) return fail(problem('FRAME_RANGE', { frame: index + 1 }));
    const parts = fragments.map((range) => this.#read(range));
    return ok(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }

  #read({ offset, length }: ByteRange): Uint8Array {
    return this.#source.read(offset, length);
  }
}

function inflatedSource(file: ByteSource, from: number): ByteSource {
  const start = deflateStart(file, from);
  const packed = file.read(start, file.size - start);
  // A cut stream gives what it holds; missing pixels are reported where they are decoded.
  const options = { maxOutputLength: maxInflatedBytes, finishFlush: constants.Z_SYNC_FLUSH };
  const bytes = inflateRawSync(packed, options);
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
