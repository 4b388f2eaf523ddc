import { createHash, type Hash, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { CopiedObject, CopyItem, Hashes } from './copy-operations.ts';
import { objectPath } from './object-path.ts';

/**
 * The write protocol of reliability.md B2, for a batch: every file is read once (both hashes from the same
 * bytes that are written), then all are synced, then all get their names. The caller syncs the directories (sync-directories.ts)
 * before the rows are written. Syncing together lets the file system join its commits.
 */
const pieceBytes = 4 * 1024 * 1024;
let buffer = new Uint8Array(1024 * 1024);
/** Set from outside while a large file is worked on: a cancelled job must not wait for gigabytes. */
let cancelFlag: Int32Array | null = null;
export function setCancelFlag(flag: Int32Array | null): void {
  cancelFlag = flag;
}
const isCancelled = (): boolean => cancelFlag !== null && Atomics.load(cancelFlag, 0) !== 0;

/** O_NONBLOCK: a FIFO must not hold us before fstat has refused it (reliability.md C19). */
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

interface Part {
  readonly hashes: Hashes;
  readonly sizeBytes: number;
  /** Null when the object is there already. */
  readonly part: { readonly path: string; readonly fd: number } | null;
}

export function copyBatch(
  items: readonly CopyItem[],
  objectsDir: string,
  incomingDir: string,
): { results: Result<CopiedObject>[]; directories: string[] } {
  const parts = items.map((item) => guard(() => writePart(item, objectsDir, incomingDir)));
  const synced = parts.map((result) => (result.ok ? guard(() => syncPart(result.value)) : result));
  const directories = new Set<string>();
  const placed = synced.map((result) =>
    result.ok ? guard(() => place(result.value, objectsDir, directories)) : result,
  );
  for (const [index, result] of placed.entries()) {
    const item = items[index];
    if (result.ok && item?.isTemporary) rmSync(item.file, { force: true });
  }
  return { results: placed, directories: [...directories] };
}

function guard<T>(action: () => Result<T>): Result<T> {
  try {
    return action();
  } catch (error) {
    return fail(fileProblem(error));
  }
}

function writePart(item: CopyItem, objectsDir: string, incomingDir: string): Result<Part> {
  const source = openSync(item.file, readFlags);
  try {
    const before = fstatSync(source);
    if (!before.isFile()) return fail(problem('NOT_REGULAR_FILE'));
    if (before.size !== item.sizeBytes || before.mtimeMs !== item.modifiedAtMs) {
      return fail(problem('FILE_CHANGED'));
    }
    const written =
      before.size <= pieceBytes
        ? writeWhole(source, before.size, item.datasetOffset, objectsDir, incomingDir)
        : writeInPieces(source, before.size, item.datasetOffset, incomingDir);
    if (!written.ok) return written;
    const after = fstatSync(source);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      discard(written.value);
      return fail(problem('FILE_CHANGED'));
    }
    return written;
  } finally {
    closeSync(source);
  }
}

/** Small files: hashed before anything is written, so that a duplicate costs one read. */
function writeWhole(
  source: number,
  sizeBytes: number,
  datasetOffset: number,
  objectsDir: string,
  incomingDir: string,
): Result<Part> {
  if (buffer.length < sizeBytes) buffer = new Uint8Array(pieceBytes);
  if (readFully(source, buffer, sizeBytes, 0) !== sizeBytes) return fail(problem('FILE_CHANGED'));
  const bytes = buffer.subarray(0, sizeBytes);
  const hashes: Hashes = {
    fileSha256: createHash('sha256').update(bytes).digest('hex'),
    datasetSha256: createHash('sha256').update(bytes.subarray(datasetOffset)).digest('hex'),
  };
  if (objectIsThere(objectPath(objectsDir, hashes.fileSha256), sizeBytes)) {
    return ok({ hashes, sizeBytes, part: null });
  }
  return withPart(incomingDir, (fd) => {
    writeFully(fd, bytes);
    return ok({ hashes, sizeBytes });
  });
}

function writeInPieces(
  source: number,
  sizeBytes: number,
  datasetOffset: number,
  incomingDir: string,
): Result<Part> {
  return withPart(incomingDir, (fd) => {
    const hasher = new DatasetHasher(datasetOffset);
    const read = eachPiece(source, sizeBytes, (bytes) => {
      hasher.update(bytes);
      writeFully(fd, bytes);
    });
    if (isCancelled()) return fail(problem('CANCELLED'));
    if (read !== sizeBytes) return fail(problem('FILE_CHANGED'));
    return ok({ hashes: hasher.digest(), sizeBytes });
  });
}

function withPart(
  incomingDir: string,
  write: (fd: number) => Result<{ hashes: Hashes; sizeBytes: number }>,
): Result<Part> {
  const path = join(incomingDir, `${randomUUID()}.part`);
  const fd = openSync(path, createFlags, 0o600);
  const drop = (): void => {
    closeSync(fd);
    rmSync(path, { force: true });
  };
  try {
    const written = write(fd);
    if (!written.ok) {
      drop();
      return written;
    }
    return ok({ ...written.value, part: { path, fd } });
  } catch (error) {
    drop();
    throw error;
  }
}

/** After an error of fsync the descriptor cannot be trusted: the part is dropped, never retried. */
function syncPart(part: Part): Result<Part> {
  if (!part.part) return ok(part);
  try {
    fsyncSync(part.part.fd);
  } catch (error) {
    discard(part);
    return fail(fileProblem(error));
  }
  closeSync(part.part.fd);
  return ok(part);
}

function place(part: Part, objectsDir: string, directories: Set<string>): Result<CopiedObject> {
  const target = objectPath(objectsDir, part.hashes.fileSha256);
  const parent = dirname(target);
  directories.add(parent);
  const { sizeBytes, hashes } = part;
  if (!part.part) return ok({ ...hashes, sizeBytes, isNew: false });
  if (mkdirSync(parent, { recursive: true, mode: 0o700 }) !== undefined) {
    directories.add(dirname(parent));
    directories.add(objectsDir);
  }
  const isNew = moveWithoutReplacing(part.part.path, target, sizeBytes);
  return ok({ ...hashes, sizeBytes, isNew });
}

/** link + unlink never replaces; file systems without links (exFAT) get a rename after a look. */
function moveWithoutReplacing(from: string, to: string, sizeBytes: number): boolean {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') {
      const isWhole = objectIsThere(to, sizeBytes);
      if (isWhole) rmSync(from);
      else renameSync(from, to);
      return !isWhole;
    }
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    renameSync(from, to);
    return true;
  }
  rmSync(from);
  return true;
}

/** Same name means same hash; a wrong size means damage, and the object is written again. */
function objectIsThere(path: string, sizeBytes: number): boolean {
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isFile() === true && info.size === sizeBytes;
}

function discard(part: Part): void {
  if (!part.part) return;
  closeSync(part.part.fd);
  rmSync(part.part.path, { force: true });
}

/** SHA-256 of all bytes, and of those from `datasetOffset` on. */
class DatasetHasher {
  readonly #file: Hash = createHash('sha256');
  readonly #dataset: Hash = createHash('sha256');
  #position = 0;
  readonly #datasetOffset: number;

  constructor(datasetOffset: number) {
    this.#datasetOffset = datasetOffset;
  }

  update(bytes: Uint8Array): void {
    this.#file.update(bytes);
    const skip = Math.max(0, this.#datasetOffset - this.#position);
    if (skip < bytes.length) this.#dataset.update(bytes.subarray(skip));
    this.#position += bytes.length;
  }

  digest(): Hashes {
    return { fileSha256: this.#file.digest('hex'), datasetSha256: this.#dataset.digest('hex') };
  }
}

export function hashFile(file: string, datasetOffset: number): Result<{ hashes: Hashes; sizeBytes: number }> {
  return guard(() => {
    const fd = openSync(file, readFlags);
    try {
      const info = fstatSync(fd);
      if (!info.isFile()) return fail(problem('NOT_REGULAR_FILE'));
      const hasher = new DatasetHasher(datasetOffset);
      eachPiece(fd, info.size, (bytes) => hasher.update(bytes));
      if (isCancelled()) return fail(problem('CANCELLED'));
      return ok({ hashes: hasher.digest(), sizeBytes: info.size });
    } finally {
      closeSync(fd);
    }
  });
}

function eachPiece(fd: number, sizeBytes: number, use: (bytes: Uint8Array) => void): number {
  if (buffer.length < pieceBytes) buffer = new Uint8Array(pieceBytes);
  let position = 0;
  while (position < sizeBytes && !isCancelled()) {
    const read = readFully(fd, buffer, Math.min(pieceBytes, sizeBytes - position), position);
    if (read === 0) break;
    use(buffer.subarray(0, read));
    position += read;
  }
  return position;
}

function readFully(fd: number, into: Uint8Array, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const read = readSync(fd, into, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
