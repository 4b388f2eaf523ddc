import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { Hashes } from './copy-operations.ts';

/** Files up to this size are read at once, larger ones in pieces of it. */
export const pieceBytes = 4 * 1024 * 1024;
let buffer = new Uint8Array(1024 * 1024);

/** The one read buffer of this thread; what is in it lasts until the next read. */
export function readBuffer(atLeastBytes: number): Uint8Array {
  if (buffer.length < atLeastBytes) buffer = new Uint8Array(pieceBytes);
  return buffer;
}

/** Set from another thread: a cancelled job must not wait for gigabytes. */
export const isCancelled = (cancel: Int32Array): boolean => Atomics.load(cancel, 0) !== 0;

/** O_NONBLOCK: a FIFO must not hold us before fstat has refused it (reliability.md C19). */
export const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export function guard<T>(action: () => Result<T>): Result<T> {
  try {
    return action();
  } catch (error) {
    return fail(fileProblem(error));
  }
}

/** SHA-256 of all bytes, and of those from `datasetOffset` on. */
export class DatasetHasher {
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

/** Problems: NOT_REGULAR_FILE, CANCELLED, and what the operating system says. */
export function hashFile(
  file: string,
  datasetOffset: number,
  cancel: Int32Array,
): Result<{ hashes: Hashes; sizeBytes: number }> {
  return guard(() => {
    const fd = openSync(file, readFlags);
    try {
      const info = fstatSync(fd);
      if (!info.isFile()) return fail(problem('NOT_REGULAR_FILE'));
      const hasher = new DatasetHasher(datasetOffset);
      eachPiece(fd, info.size, cancel, (bytes) => hasher.update(bytes));
      if (isCancelled(cancel)) return fail(problem('CANCELLED'));
      return ok({ hashes: hasher.digest(), sizeBytes: info.size });
    } finally {
      closeSync(fd);
    }
  });
}

/** Answers how many bytes were there; fewer than asked for when the file is shorter or the job cancelled. */
export function eachPiece(
  fd: number,
  sizeBytes: number,
  cancel: Int32Array,
  use: (bytes: Uint8Array) => void,
): number {
  const into = readBuffer(pieceBytes);
  let position = 0;
  while (position < sizeBytes && !isCancelled(cancel)) {
    const read = readFully(fd, into, Math.min(pieceBytes, sizeBytes - position), position);
    if (read === 0) break;
    use(into.subarray(0, read));
    position += read;
  }
  return position;
}

export function readFully(fd: number, into: Uint8Array, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const read = readSync(fd, into, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
