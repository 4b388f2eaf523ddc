import { type Problem, problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { bytesPerCell, cellArray } from './cells.ts';
import { nativeSamplesPerPixel } from './format.ts';
import type { PixelFormat, SampleArray } from './types.ts';

export interface NativeCells {
  readonly cells: SampleArray;
  readonly problem?: Problem;
}

/** A frame that lacks more than this, and is big, is refused instead of being filled up (reliability M54). */
const worthAllocatingBytes = 64 * 2 ** 20;

/**
 * Cells of one uncompressed frame: byte order, one-bit stream, planes to interleaved samples (PS3.5 8.1, 8.2).
 * 4:2:2 stays as stored. Missing bytes are zeros and reported as PIXEL_TRUNCATED; without a single byte, or
 * when nearly all of a large frame is missing, that is the failure.
 *
 * @param bytes from the frame's first byte.
 * @param bitOffset of the first pixel, as `nativeFramePlace` gives it.
 */
export function decodeNative(
  bytes: Uint8Array,
  format: PixelFormat,
  bigEndian: boolean,
  bitOffset = 0,
): Result<NativeCells> {
  const count = format.rows * format.columns * nativeSamplesPerPixel(format);
  const packed = format.packedBits ?? (format.bitsAllocated === 1 ? 1 : undefined);
  const wanted = packed ? Math.ceil((count * packed + bitOffset) / 8) : count * bytesPerCell(format);
  const present = Math.min(bytes.length, wanted);
  if (present === 0 || (wanted > worthAllocatingBytes && present < wanted / 16)) {
    return fail(problem('PIXEL_TRUNCATED', { present, wanted }));
  }
  if (nativeSamplesPerPixel(format) === 2 && format.columns % 2 === 1)
    return fail(problem('PIXEL_ATTRIBUTES'));
  const missing = present < wanted ? { problem: problem('PIXEL_TRUNCATED', { present, wanted }) } : {};
  if (packed) {
    const ordered = format.bytesInWords ? Uint8Array.from(bytes, (_, n) => bytes[n ^ 1] ?? 0) : bytes;
    const cells =
      packed === 1
        ? unpackBits(ordered, count, bitOffset)
        : cellArray(format, unpackTwelves(ordered, count, bitOffset).buffer);
    return ok({ cells, ...missing });
  }
  const buffer = new ArrayBuffer(wanted);
  const target = new Uint8Array(buffer);
  if (format.bytesInWords) {
    const skip = bitOffset >> 3;
    for (let n = 0; n < wanted; n++) target[n] = bytes[(n + skip) ^ 1] ?? 0;
  } else target.set(bytes.subarray(0, present));
  if (bigEndian) swapBytes(target, bytesPerCell(format));
  const cells = cellArray(format, buffer);
  const planar =
    format.planarConfiguration === 1 && format.samplesPerPixel === 3 && nativeSamplesPerPixel(format) === 3;
  return ok({ cells: planar ? interleavePlanes(cells, 3) : cells, ...missing });
}

/** One-bit pixels, least significant bit first, as one byte (0 or 1) each (PS3.5 8.1.1; lesson L26). */
export function unpackBits(bytes: Uint8Array, count: number, bitOffset: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const bit = n + bitOffset;
    out[n] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return out;
}

/** Cells of twelve bits one behind the other, least significant bit first, as 16-bit words (PS3.5 8.1.1). */
function unpackTwelves(bytes: Uint8Array, count: number, bitOffset: number): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(count);
  for (let n = 0; n < count; n++) {
    const bit = 12 * n + bitOffset;
    const at = bit >> 3;
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    out[n] = (word >> (bit & 7)) & 0xfff;
  }
  return out;
}

function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Colour planes one after the other → samples of a pixel side by side. */
export function interleavePlanes<T extends SampleArray>(planes: T, samples: number): T {
  const out = planes.slice() as T;
  const pixels = planes.length / samples;
  for (let s = 0; s < samples; s++) {
    const plane = s * pixels;
    for (let n = 0, to = s; n < pixels; n++, to += samples) out[to] = planes[plane + n]!;
  }
  return out;
}

/** YCbCr 4:2:2 as stored (Y₁ Y₂ Cb Cr) → full Y Cb Cr a pixel, chroma repeated. */
export function expand422(stored: SampleArray): SampleArray {
  const out = new (stored.constructor as new (length: number) => SampleArray)((stored.length / 2) * 3);
  for (let from = 0, to = 0; from + 3 < stored.length; from += 4, to += 6) {
    out[to] = stored[from]!;
    out[to + 3] = stored[from + 1]!;
    out[to + 1] = stored[from + 2]!;
    out[to + 4] = stored[from + 2]!;
    out[to + 2] = stored[from + 3]!;
    out[to + 5] = stored[from + 3]!;
  }
  return out;
}
