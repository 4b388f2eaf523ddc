import type { Problem } from '../../core/base/problem.ts';
import { faultOfCount } from '../../core/contract/frame-faults.ts';
import type { Fragments } from './messages.ts';
import type { SpareBuffers } from './spare-buffers.ts';

/** One frame of a `/pixels` answer. */
export interface StreamedFrame {
  /** Index in the plan. */
  readonly frame: number;
  /** Views into `buffer`. */
  readonly fragments: Fragments;
  /** Why there are none, where the host cannot read the file. */
  readonly fault?: Problem;
  /** Give it back when nobody looks at the fragments any more. */
  readonly buffer: ArrayBuffer;
}

/** Index, count, and one length. */
const plainHeadBytes = 12;
/** A count beyond it is no frame's: 64 MiB of lengths. */
const fragmentsMost = 1 << 24;

/**
 * The framed stream of `/pixels/<planId>` (core/contract) as it comes, each frame in a buffer of its own: u32 LE index, u32
 * LE fragment count, u32 LE length per fragment, then the bytes. What follows a frame that is not whole is not answered.
 * Reads on only when the next frame is asked for.
 *
 * @param sizesBytes of the frames that are expected, in their order: with the right ones nothing is copied.
 * @throws what reading the body throws
 */
export async function* streamedFrames(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizesBytes: readonly number[],
  buffers: SpareBuffers,
): AsyncGenerator<StreamedFrame> {
  const reader = body.getReader({ mode: 'byob' });
  const expected = (n: number): number => plainHeadBytes + (sizesBytes[n] ?? 0);
  let buffer = buffers.take(expected(0));
  let filled = 0;
  let isEnded = false;
  try {
    for (let n = 0; ; ) {
      const head = headOf(buffer, filled);
      if (head === 'absurd') return;
      if (head && filled >= head.totalBytes) {
        const own = buffer;
        // What was read beyond it begins the next one.
        const rest = new Uint8Array(own, head.totalBytes, filled - head.totalBytes);
        buffer = buffers.take(Math.max(expected(n + 1), rest.length));
        new Uint8Array(buffer).set(rest);
        filled = rest.length;
        n += 1;
        yield { ...head.told, fragments: fragmentsOf(own, head), buffer: own };
        continue;
      }
      if (isEnded) return;
      const wanted = head ? head.totalBytes : Math.max(expected(n), filled + 1);
      if (buffer.byteLength < wanted) buffer = grown(buffer, filled, wanted);
      const least = { min: wanted - filled };
      const { value, done } = await reader.read(new Uint8Array(buffer, filled, wanted - filled), least);
      if (value) {
        buffer = value.buffer;
        filled += value.byteLength;
      }
      // Less than was waited for may come with the end.
      isEnded = done;
      if (done && !value) return;
    }
  } finally {
    // A read that fails keeps it.
    if (buffer.byteLength > 0) buffers.give(buffer);
    if (!isEnded) reader.cancel().catch(() => undefined);
  }
}

interface Head {
  readonly told: Pick<StreamedFrame, 'frame' | 'fault'>;
  readonly count: number;
  readonly totalBytes: number;
}

/** Null while it is not whole. */
function headOf(buffer: ArrayBuffer, filled: number): Head | 'absurd' | null {
  if (filled < 8) return null;
  const view = new DataView(buffer, 0, filled);
  const frame = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  const fault = faultOfCount(count);
  if (fault) return { told: { frame, fault }, count: 0, totalBytes: 8 };
  if (count > fragmentsMost) return 'absurd';
  const tableEnd = 8 + count * 4;
  if (filled < tableEnd) return null;
  let totalBytes = tableEnd;
  for (let at = 8; at < tableEnd; at += 4) totalBytes += view.getUint32(at, true);
  // No frame is as large as that: the host's answer is broken.
  return totalBytes > 2 ** 31 ? 'absurd' : { told: { frame }, count, totalBytes };
}

function fragmentsOf(buffer: ArrayBuffer, { count }: Head): Fragments {
  const view = new DataView(buffer);
  let from = 8 + count * 4;
  return Array.from({ length: count }, (_, n) => {
    const length = view.getUint32(8 + n * 4, true);
    const fragment = new Uint8Array(buffer, from, length);
    from += length;
    return fragment;
  });
}

function grown(buffer: ArrayBuffer, filled: number, leastBytes: number): ArrayBuffer {
  const larger = new Uint8Array(leastBytes);
  larger.set(new Uint8Array(buffer, 0, filled));
  return larger.buffer;
}
