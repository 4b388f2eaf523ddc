import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync, write, writeSync } from 'node:fs';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import { syncFile } from '../objects/sync-file.ts';
import { type MetaFields, metaHeader } from './meta-header.ts';
import { giveSlab, slabBytes, takeSlab } from './slabs.ts';

/** A part file whose bytes are all with the system, but not yet on the disk. */
export interface WrittenPart {
  readonly path: string;
  readonly sizeBytes: number;
  readonly datasetOffset: number;
}

/** A part file that is on the disk. */
export interface SyncedPart extends WrittenPart {
  readonly fileSha256: string;
  readonly datasetSha256: string;
}

/** Up to here bytes are kept, so that they are hashed while they are synced; beyond, hashed as they come. */
const mostKept = 4;
/** The last bytes of an object are with the system sooner than a thread of the pool would begin with them. */
const mostAtOnce = 64 * 1024;
const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

interface Slab {
  readonly buffer: Uint8Array;
  readonly length: number;
  isWritten: boolean;
  isHashed: boolean;
}

/**
 * Takes one data set as it arrives and writes it behind our own meta header, without ever holding all of it
 * (reliability.md B2, steps 2 to 4). Given bytes are copied at once.
 */
export class ObjectSink {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #datasetOffset: number;
  #fd: number | null = null;
  #sizeBytes = 0;
  #slab: Uint8Array | null = null;
  #filled = 0;
  /** Filled and not yet with the system. */
  #queue: Slab[] = [];
  #isWriting = false;
  #running: Promise<void> = Promise.resolve();
  /** Filled and not yet hashed. */
  #kept: Slab[] = [];
  #problem: Problem | null = null;
  #onRoom: (() => void) | null = null;
  #file: Hash | null = null;
  #dataset: Hash | null = null;
  #isDropped = false;
  /** The path is ours to remove. */
  #isMade = false;

  /** `path` is new, in a folder on the file system of the objects. */
  constructor(path: string, fields: MetaFields, maxBytes: number) {
    this.path = path;
    this.#maxBytes = maxBytes;
    const header = metaHeader(fields);
    this.#datasetOffset = header.length;
    try {
      this.#fd = openSync(path, createFlags, 0o600);
      this.#isMade = true;
      this.write(header);
    } catch (error) {
      this.#problem = fileProblem(error);
    }
  }

  /** What went wrong so far: FILE_TOO_LARGE, DISK_FULL, IO_ERROR … Bytes given after it are dropped. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Bytes that wait for the disk: the caller's reason to let its peer wait. */
  get waitingBytes(): number {
    return this.#queue.length * slabBytes;
  }

  /** Called once, when less than `bytes` wait. */
  whenBelow(bytes: number, then: () => void): void {
    this.#onRoom = () => {
      if (this.waitingBytes >= bytes && !this.#problem) return;
      this.#onRoom = null;
      then();
    };
  }

  write(bytes: Uint8Array): void {
    if (this.#problem) return;
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > this.#maxBytes) {
      this.#problem = problem('FILE_TOO_LARGE', { limit: '32 GiB' });
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(bytes.length - at, slabBytes - this.#filled);
      this.#slab ??= takeSlab();
      this.#slab.set(count === bytes.length ? bytes : bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === slabBytes) this.#seal();
    }
  }

  /** When this answers, anybody can read the whole part; it is not yet on the disk. */
  async written(): Promise<Result<WrittenPart>> {
    if (!this.#problem && this.#filled > 0) this.#seal();
    while (this.#isWriting) await this.#running;
    if (this.#problem) return fail(this.#problem);
    return ok({ path: this.path, sizeBytes: this.#sizeBytes, datasetOffset: this.#datasetOffset });
  }

  /** After `written`: syncs and hashes at the same time. After an error the part is never tried again. */
  async synced(): Promise<Result<SyncedPart>> {
    const syncing = syncFile(this.#fd!);
    this.#hashKept();
    const hashes = { fileSha256: this.#file!.digest('hex'), datasetSha256: this.#dataset!.digest('hex') };
    const error = await syncing;
    this.#end();
    if (error) return fail(fileProblem(error));
    const { path } = this;
    return ok({ path, sizeBytes: this.#sizeBytes, datasetOffset: this.#datasetOffset, ...hashes });
  }

  /** Removes the part, whatever state it is in. */
  async drop(): Promise<void> {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#problem ??= problem('CANCELLED');
    while (this.#isWriting) await this.#running;
    this.#end();
    if (!this.#isMade) return;
    try {
      unlinkSync(this.path);
    } catch {
      // It has its name by now.
    }
  }

  #seal(): void {
    const slab: Slab = { buffer: this.#slab!, length: this.#filled, isWritten: false, isHashed: false };
    this.#queue.push(slab);
    this.#kept.push(slab);
    this.#slab = null;
    this.#filled = 0;
    if (this.#file || this.#kept.length > mostKept) this.#hashKept();
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#running = this.#writeQueue();
  }

  async #writeQueue(): Promise<void> {
    try {
      for (let slab = this.#queue[0]; slab && !this.#isDropped; slab = this.#queue[0]) {
        if (slab.length <= mostAtOnce) writeAtOnce(this.#fd!, slab.buffer, slab.length);
        else await writeAll(this.#fd!, slab.buffer, slab.length);
        this.#queue.shift();
        slab.isWritten = true;
        giveIfDone(slab);
        this.#onRoom?.();
      }
    } catch (error) {
      this.#problem ??= fileProblem(error);
    }
    this.#isWriting = false;
    if (this.#problem) this.#onRoom?.();
  }

  /** The first slab begins with the header, which is no part of the data set. */
  #hashKept(): void {
    for (const slab of this.#kept) {
      const bytes = slab.buffer.subarray(0, slab.length);
      const isFirst = this.#file === null;
      this.#file ??= createHash('sha256');
      this.#dataset ??= createHash('sha256');
      this.#file.update(bytes);
      this.#dataset.update(isFirst ? bytes.subarray(this.#datasetOffset) : bytes);
      slab.isHashed = true;
      giveIfDone(slab);
    }
    this.#kept = [];
  }

  /** Nothing is written any more. */
  #end(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    this.#kept = [];
    this.#queue = [];
  }
}

function giveIfDone(slab: Slab): void {
  if (slab.isWritten && slab.isHashed) giveSlab(slab.buffer);
}

/** Short writes are ordinary. */
async function writeAll(fd: number, buffer: Uint8Array, length: number): Promise<void> {
  for (let done = 0; done < length; ) done += await writeSome(fd, buffer, done, length - done);
}

function writeAtOnce(fd: number, buffer: Uint8Array, length: number): void {
  for (let done = 0; done < length; ) done += writeSync(fd, buffer, done, length - done);
}

const writeSome = (fd: number, buffer: Uint8Array, offset: number, length: number): Promise<number> =>
  new Promise((resolve, reject) => {
    write(fd, buffer, offset, length, null, (error, count) => {
      if (error && error.code !== 'EINTR' && error.code !== 'EAGAIN') reject(error);
      else resolve(error ? 0 : count);
    });
  });
