import { frameBuffers } from './frame-buffers.ts';

/** One frame of a `/pixels` answer: its index in the plan and its encoded fragments. */
export interface FramedFrame {
  readonly frame: number;
  readonly fragments: readonly Uint8Array<ArrayBuffer>[];
}

/** What a fragment table may claim before the stream is refused: 2^20 fragments, 2 GiB a frame. */
const fragmentsMost = 1 << 20;
const frameBytesMost = 2 ** 31;

/**
 * Parses the framed stream of `/pixels/<planId>` (core/contract): for each frame u32 LE index, u32 LE fragment
 * count, u32 LE length per fragment, then the bytes. Each frame gets one buffer of its own, made to be
 * transferred. Throws RangeError on a stream that ends early or claims absurd sizes.
 */
export async function* framedFrames(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<FramedFrame> {
  const reader = new ChunkReader(chunks);
  for (;;) {
    const head = await reader.take(8, true);
    if (!head) return;
    const view = new DataView(head.buffer, head.byteOffset, 8);
    const frame = view.getUint32(0, true);
    const count = view.getUint32(4, true);
    if (count > fragmentsMost) throw new RangeError('fragment count');
    const table = (await reader.take(count * 4, false)) ?? new Uint8Array();
    const lengths = new DataView(table.buffer, table.byteOffset, table.byteLength);
    const sizes: number[] = [];
    let total = 0;
    for (let n = 0; n < count; n += 1) {
      sizes.push(lengths.getUint32(n * 4, true));
      total += sizes[n]!;
    }
    if (total > frameBytesMost) throw new RangeError('frame size');
    const bytes = (await reader.take(total, false)) ?? new Uint8Array();
    let at = 0;
    const fragments = sizes.map((size) => {
      const fragment = bytes.subarray(at, at + size);
      at += size;
      return fragment;
    });
    yield { frame, fragments };
  }
}

class ChunkReader {
  private readonly source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private chunk = new Uint8Array();
  private at = 0;

  constructor(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.source = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** Exactly `size` bytes in a buffer of their own; undefined at a clean end when `mayEnd`. */
  async take(size: number, mayEnd: boolean): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const out = new Uint8Array(frameBuffers.take(size));
    let filled = 0;
    while (filled < size) {
      if (this.at >= this.chunk.length) {
        const next = await this.source.next();
        if (next.done) {
          if (mayEnd && filled === 0) return undefined;
          throw new RangeError('stream ended early');
        }
        this.chunk = next.value as Uint8Array<ArrayBuffer>;
        this.at = 0;
        continue;
      }
      const n = Math.min(size - filled, this.chunk.length - this.at);
      out.set(this.chunk.subarray(this.at, this.at + n), filled);
      filled += n;
      this.at += n;
    }
    return out;
  }
}
