import { createHash, type Hash } from 'node:crypto';
import { close, constants, open, unlink, write, writev } from 'node:fs';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import { syncFile } from '../objects/sync-file.ts';
import { type MetaFields, metaHeader } from './meta-header.ts';

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
const keptBytes = 1024 * 1024;
/** Bytes that go in one write. */
const leastWrite = 256 * 1024;
const smallBytes = 4 * 1024;
const stageBytes = 32 * 1024;
const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Takes one data set as it arrives and writes it behind our own meta header, without ever holding all of it
 * (reliability.md B2, steps 2 to 4). Bytes are kept as they are given: they must not change afterwards.
 */
export class ObjectSink {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #datasetOffset: number;
  readonly #opened: Promise<number>;
  #sizeBytes: number;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #takenBytes = 0;
  #writingBytes = 0;
  #running: Promise<void> | null = null;
  #problem: Problem | null = null;
  #isEnded = false;
  #isClosed = false;
  #kept: Uint8Array[] | null;
  #file: Hash | null = null;
  #dataset: Hash | null = null;
  #onRoom: (() => void) | null = null;
  /** Small pieces are copied together: a peer that sends single bytes shall not cost us an object for each. */
  #stage: Uint8Array | null = null;
  #stagedBytes = 0;

  /** `path` is new, in a folder on the file system of the objects. */
  constructor(path: string, fields: MetaFields, maxBytes: number) {
    this.path = path;
    this.#maxBytes = maxBytes;
    const header = metaHeader(fields);
    this.#datasetOffset = header.length;
    this.#sizeBytes = header.length;
    this.#queue.push(header);
    this.#queuedBytes = header.length;
    this.#kept = [header];
    this.#opened = openNew(path);
    // Reported by whoever writes next.
    this.#opened.catch((error) => {
      this.#problem ??= fileProblem(error);
    });
  }

  /** What went wrong so far: FILE_TOO_LARGE, DISK_FULL, IO_ERROR … Bytes given after it are dropped. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Bytes that wait for the disk: the caller's reason to let its peer wait. */
  get waitingBytes(): number {
    return this.#queuedBytes + this.#writingBytes;
  }

  /** Called once, when less than `bytes` wait. */
  whenBelow(bytes: number, then: () => void): void {
    this.#onRoom = () => {
      if (this.waitingBytes >= bytes) return;
      this.#onRoom = null;
      then();
    };
  }

  write(bytes: Uint8Array): void {
    if (this.#problem || bytes.length === 0) return;
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > this.#maxBytes) {
      this.#problem = problem('FILE_TOO_LARGE', { limit: '32 GiB' });
      return;
    }
    if (bytes.length < smallBytes) {
      if (this.#stagedBytes + bytes.length > stageBytes) this.#takeStage();
      this.#stage ??= new Uint8Array(stageBytes);
      this.#stage.set(bytes, this.#stagedBytes);
      this.#stagedBytes += bytes.length;
      return;
    }
    this.#takeStage();
    this.#take(bytes);
  }

  #takeStage(): void {
    if (!this.#stage) return;
    const bytes = this.#stage.subarray(0, this.#stagedBytes);
    this.#stage = null;
    this.#stagedBytes = 0;
    this.#take(bytes);
  }

  #take(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#takenBytes += bytes.length;
    if (this.#kept && this.#takenBytes <= keptBytes) this.#kept.push(bytes);
    else this.#hash(bytes);
    if (this.#queuedBytes >= leastWrite) this.#start();
  }

  /** When this answers, anybody can read the whole part; it is not yet on the disk. */
  async written(): Promise<Result<WrittenPart>> {
    this.#takeStage();
    this.#isEnded = true;
    while (!this.#problem && (this.#running || this.#queue.length > 0)) {
      this.#start();
      await this.#running;
    }
    if (this.#problem) return fail(this.#problem);
    return ok({ path: this.path, sizeBytes: this.#sizeBytes, datasetOffset: this.#datasetOffset });
  }

  /** After `written`: syncs and hashes at the same time. After an error the part is never tried again. */
  async synced(): Promise<Result<SyncedPart>> {
    const fd = await this.#opened;
    const syncing = syncFile(fd);
    const hashes = this.#digest();
    const error = await syncing;
    this.#isClosed = true;
    close(fd, () => undefined);
    if (error) return fail(fileProblem(error));
    const { path } = this;
    return ok({ path, sizeBytes: this.#sizeBytes, datasetOffset: this.#datasetOffset, ...hashes });
  }

  /** Removes the part, whatever state it is in. */
  async drop(): Promise<void> {
    this.#problem ??= problem('CANCELLED');
    this.#kept = null;
    const fd = await this.#opened.catch(() => null);
    await this.#running;
    if (fd !== null && !this.#isClosed) await closeFile(fd);
    await new Promise<void>((resolve) => unlink(this.path, () => resolve()));
  }

  #start(): void {
    if (this.#running || this.#problem || this.#queue.length === 0) return;
    const pieces = this.#queue;
    this.#queue = [];
    this.#writingBytes = this.#queuedBytes;
    this.#queuedBytes = 0;
    this.#running = this.#writeAll(pieces).then((error) => {
      this.#running = null;
      this.#writingBytes = 0;
      if (error) this.#problem ??= fileProblem(error);
      if (this.#queuedBytes >= leastWrite || this.#isEnded) this.#start();
      this.#onRoom?.();
    });
  }

  async #writeAll(pieces: Uint8Array[]): Promise<unknown> {
    try {
      const fd = await this.#opened;
      for (let left = pieces; left.length > 0; ) left = withoutFirst(left, await writeSome(fd, left));
      return null;
    } catch (error) {
      return error;
    }
  }

  /** From here on every byte is hashed when it comes. */
  #hash(bytes: Uint8Array): void {
    this.#hashKept();
    this.#file!.update(bytes);
    this.#dataset!.update(bytes);
  }

  #hashKept(): void {
    if (!this.#kept) return;
    const [header, ...pieces] = this.#kept;
    this.#kept = null;
    this.#file = createHash('sha256').update(header!);
    this.#dataset = createHash('sha256');
    for (const piece of pieces) {
      this.#file.update(piece);
      this.#dataset.update(piece);
    }
  }

  #digest(): { fileSha256: string; datasetSha256: string } {
    this.#hashKept();
    return { fileSha256: this.#file!.digest('hex'), datasetSha256: this.#dataset!.digest('hex') };
  }
}

const openNew = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    open(path, createFlags, 0o600, (error, fd) => (error ? reject(error) : resolve(fd)));
  });

const closeFile = (fd: number): Promise<void> => new Promise((resolve) => close(fd, () => resolve()));

/** Short writes are ordinary: the caller goes on with what is left. */
function writeSome(fd: number, pieces: readonly Uint8Array[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: NodeJS.ErrnoException | null, count: number): void => {
      if (error && error.code !== 'EINTR' && error.code !== 'EAGAIN') reject(error);
      else resolve(error ? 0 : count);
    };
    if (pieces.length === 1) write(fd, pieces[0]!, done);
    else writev(fd, pieces.slice(0, mostVectors), done);
  });
}

/** IOV_MAX of Linux and macOS. */
const mostVectors = 1024;

function withoutFirst(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  let index = 0;
  while (index < pieces.length && pieces[index]!.length <= left) left -= pieces[index++]!.length;
  const rest = pieces.slice(index);
  if (left > 0 && rest[0]) rest[0] = rest[0].subarray(left);
  return rest;
}
