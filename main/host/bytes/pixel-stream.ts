import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from '../../../core/dicom/types.ts';
import { openLocation } from './file-location.ts';
import { frameRanges } from './frame-ranges.ts';
import type { CachedPlan } from './plan-cache.ts';

/** Frames read ahead of the one being sent. */
const readAhead = 4;
const pieceBytes = 8 * 1024 * 1024;

/**
 * The framed stream of `/pixels` (core/contract): per frame its index, fragment count and lengths, then the bytes.
 * A frame whose file is gone or changed has fragment count 0. Small frames are read ahead and sent whole.
 */
export async function* pixelStream(
  cached: CachedPlan,
  frames: readonly number[],
  isAborted: () => boolean,
): AsyncGenerator<Uint8Array> {
  const files = new FileSet(cached);
  const running: Promise<AsyncIterable<Uint8Array> | Uint8Array>[] = [];
  try {
    let next = 0;
    while (next < frames.length || running.length > 0) {
      while (next < frames.length && running.length < readAhead) {
        const started = readFrame(cached, frames[next]!, files);
        started.catch(() => undefined);
        running.push(started);
        next += 1;
      }
      const frame = await running.shift()!;
      if (isAborted()) return;
      if (frame instanceof Uint8Array) yield frame;
      else yield* frame;
    }
  } finally {
    await Promise.allSettled(running);
    await files.close();
  }
}

async function readFrame(
  { plan, files: known }: CachedPlan,
  index: number,
  files: FileSet,
): Promise<AsyncIterable<Uint8Array> | Uint8Array> {
  const frame = plan.frames[index];
  const scan = frame && known[frame.instance]?.scan;
  const ranges = scan ? frameRanges(scan, frame.frame) : null;
  const handle = ranges && frame ? await files.take(frame.instance) : null;
  if (!ranges || !handle) return frameHead(index, []);
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  if (total > pieceBytes) return largeFrame(index, ranges, handle);
  const head = frameHead(index, ranges);
  const out = new Uint8Array(head.length + total);
  out.set(head);
  let at = head.length;
  for (const { offset, length } of ranges) {
    await readInto(handle, out, at, length, offset);
    at += length;
  }
  return out;
}

async function* largeFrame(
  index: number,
  ranges: readonly ByteRange[],
  handle: FileHandle,
): AsyncGenerator<Uint8Array> {
  yield frameHead(index, ranges);
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, length - done));
      await readInto(handle, piece, 0, piece.length, offset + done);
      yield piece;
    }
  }
}

/** What a file no longer holds reads as zero: its size was checked when it was opened. */
async function readInto(
  handle: FileHandle,
  out: Uint8Array,
  at: number,
  length: number,
  offset: number,
): Promise<void> {
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(out, at + done, length - done, offset + done);
    if (bytesRead === 0) return;
    done += bytesRead;
  }
}

function frameHead(index: number, ranges: readonly ByteRange[]): Uint8Array {
  const head = new Uint8Array(8 + 4 * ranges.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, index, true);
  view.setUint32(4, ranges.length, true);
  for (const [at, range] of ranges.entries()) view.setUint32(8 + 4 * at, range.length, true);
  return head;
}

/** Open files of one request; a multi-frame object is opened once. Old ones are closed as new ones come. */
class FileSet {
  readonly #open = new Map<number, Promise<FileHandle | null>>();
  readonly #cached: CachedPlan;

  constructor(cached: CachedPlan) {
    this.#cached = cached;
  }

  async take(instance: number): Promise<FileHandle | null> {
    let opening = this.#open.get(instance);
    if (!opening) {
      opening = this.#openFile(instance);
      this.#open.set(instance, opening);
      if (this.#open.size > readAhead * 4) await this.#closeOldest();
    }
    return await opening;
  }

  async #openFile(instance: number): Promise<FileHandle | null> {
    const location = this.#cached.files[instance]?.location;
    const opened = location ? await openLocation(location) : null;
    return opened?.ok ? opened.value : null;
  }

  /** The oldest was asked for long before the frames now being read, so nobody reads from it any more. */
  async #closeOldest(): Promise<void> {
    const oldest = this.#open.entries().next().value;
    if (!oldest) return;
    this.#open.delete(oldest[0]);
    await (await oldest[1])?.close();
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) await (await opening)?.close();
    this.#open.clear();
  }
}
