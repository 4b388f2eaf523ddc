import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { bytesPerCell, cellArray } from './cells.ts';
import { unpackBits } from './native.ts';
import type { PixelFormat, SampleArray } from './types.ts';

/** Bytes that make a segment, and those that makers leave behind the last one. */
const maxPadding = 2;
const maxStray = 16;

const undecodable = (reason: string) => fail(problem('FRAME_UNDECODABLE', { reason }));

export interface RleFrame {
  readonly cells: SampleArray;
  readonly partial: boolean;
  /** First byte behind what was read of the last segment. */
  readonly end: number;
  /** Segments hold more samples than the frame has pixels: of another size, they would show slanted or cut off. */
  readonly isLonger: boolean;
}

/**
 * Cells of one RLE frame (PS3.5 Annex G): one segment per sample and byte, most significant byte first.
 * A segment that ends early leaves zeros and sets `partial`; wrong headers are FRAME_UNDECODABLE.
 */
export function decodeRle(bytes: Uint8Array, format: PixelFormat): Result<RleFrame> {
  if (bytes.length < 64) return undecodable('RLE header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesPerCell(format);
  const segments = format.samplesPerPixel * size;
  if (view.getUint32(0, true) !== segments) return undecodable('RLE segment count');
  const pixels = format.rows * format.columns;
  const packed = format.bitsAllocated === 1;
  const segmentBytes = packed ? Math.ceil(pixels / 8) : pixels;
  const buffer = new ArrayBuffer(segmentBytes * segments);
  const out = new Uint8Array(buffer);
  let partial = false;
  let end = bytes.length;
  let isLonger = false;
  for (let s = 0; s < segments; s++) {
    const from = view.getUint32(4 + 4 * s, true);
    const next = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : bytes.length;
    if (from < 64 || from > bytes.length || next < from) return undecodable('RLE segment offset');
    const sample = Math.floor(s / size);
    const place = sample * size + (size - 1 - (s % size));
    const segment = bytes.subarray(from, Math.min(next, bytes.length));
    const { count, read, over } = unpackSegment(segment, out, place, segments, segmentBytes);
    partial ||= count < segmentBytes;
    end = from + read;
    isLonger ||=
      over > maxPadding || hasSamples(segment.subarray(read), s + 1 < segments ? maxPadding : maxStray);
  }
  return ok({
    cells: packed ? unpackBits(out, pixels, 0) : cellArray(format, buffer),
    partial,
    end,
    isLonger,
  });
}

/** Whether more than padding (zeros, no-ops, so many bytes of anything) stands behind what a frame needs of a segment. */
const hasSamples = (rest: Uint8Array, most: number): boolean =>
  rest.length > most && rest.some((byte) => byte !== 0 && byte !== 128);

/** PackBits into every `step`-th byte from `start`; answers how many bytes came, of how many, and what the last run holds beyond. */
function unpackSegment(
  bytes: Uint8Array,
  out: Uint8Array,
  start: number,
  step: number,
  wanted: number,
): { readonly count: number; readonly read: number; readonly over: number } {
  let at = 0;
  let count = 0;
  let to = start;
  let over = 0;
  while (count < wanted && at < bytes.length) {
    const control = bytes[at++]!;
    if (control === 128) continue;
    if (control < 128) {
      const end = Math.min(count + control + 1, wanted, count + bytes.length - at);
      for (; count < end; count++, to += step) out[to] = bytes[at++]!;
    } else {
      if (at >= bytes.length) break;
      const value = bytes[at++]!;
      const end = Math.min(count + 257 - control, wanted);
      over = count + 257 - control - end;
      for (; count < end; count++, to += step) out[to] = value;
    }
  }
  return { count, read: at, over };
}
