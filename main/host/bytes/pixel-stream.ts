import type { Problem } from '../../../core/base/problem.ts';
import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import { countOfFault } from '../../../core/contract/frame-faults.ts';
import type { ByteRange } from '../../../core/dicom/types.ts';
import { closeFile, readInto } from './descriptor.ts';
import { openLocatedFile } from './file-location.ts';
import { frameRanges } from './frame-ranges.ts';
import type { CachedPlan } from './plan-cache.ts';
import { SpareBuffers } from './spare-buffers.ts';

/** Frames read ahead of the one being sent. */
const readAhead = 4;
const pieceBytes = 8 * 1024 * 1024;
/** What the requests of a window read ahead. */
const spare = new SpareBuffers(24 * 1024 * 1024);

/** Takes back a piece of `pixelStream` that has been sent: it is written over. */
export const reusePiece = (piece: Uint8Array): void => spare.give(piece as Uint8Array<ArrayBuffer>);

/**
 * The framed stream of `/pixels` (core/contract): per frame its index, fragment count and lengths, then the bytes.
 * A frame without pixel data has fragment count 0, one whose file is gone or another that of its fault. Small frames are read ahead and sent whole.
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
  if (!ranges || !frame) return frameHead(index, []);
  const opened = await files.take(frame.instance);
  if (!opened.ok) return faultHead(index, opened.problem);
  const file = opened.value;
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  if (total > pieceBytes) return largeFrame(index, ranges, file);
  const head = frameHead(index, ranges);
  const out = spare.take(head.length + total);
  out.set(head);
  let at = head.length;
  for (const { offset, length } of ranges) {
    await readInto(file, out, at, length, offset);
    at += length;
  }
  return out;
}

async function* largeFrame(
  index: number,
  ranges: readonly ByteRange[],
  file: number,
): AsyncGenerator<Uint8Array> {
  yield frameHead(index, ranges);
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += pieceBytes) {
      const piece = spare.take(Math.min(pieceBytes, length - done));
      await readInto(file, piece, 0, piece.length, offset + done);
      yield piece;
    }
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

function faultHead(index: number, fault: Problem): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, index, true);
  view.setUint32(4, countOfFault(fault), true);
  return head;
}

/** Open files of one request; a multi-frame object is opened once. Old ones are closed as new ones come. */
class FileSet {
  readonly #open = new Map<number, Promise<Result<number>>>();
  readonly #cached: CachedPlan;

  constructor(cached: CachedPlan) {
    this.#cached = cached;
  }

  async take(instance: number): Promise<Result<number>> {
    let opening = this.#open.get(instance);
    if (!opening) {
      opening = this.#openFile(instance);
      this.#open.set(instance, opening);
      if (this.#open.size > readAhead * 4) this.#closeOldest();
    }
    return await opening;
  }

  async #openFile(instance: number): Promise<Result<number>> {
    const location = this.#cached.files[instance]?.location;
    return location ? await openLocatedFile(location) : fail(problem('IO_ERROR'));
  }

  /** The oldest was asked for long before the frames now being read, so nobody reads from it any more. */
  #closeOldest(): void {
    const oldest = this.#open.entries().next().value;
    if (!oldest) return;
    this.#open.delete(oldest[0]);
    void closeOpened(oldest[1]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(closeOpened));
    this.#open.clear();
  }
}

async function closeOpened(opening: Promise<Result<number>>): Promise<void> {
  const opened = await opening;
  if (opened.ok) await closeFile(opened.value);
}
