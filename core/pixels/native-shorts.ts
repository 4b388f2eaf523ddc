import type { PaddingRange } from './auto-window.ts';
import { frameCodingOf } from './codec-table.ts';
import type { ModalityTransform } from './modality.ts';
import type { PixelFormat } from './types.ts';

/** What stands for "no data" among int16 modality values. */
export const noDataInt16 = -32768;

export interface ShortsRequest {
  readonly transferSyntaxUID: string;
  readonly format: PixelFormat;
  readonly transform: ModalityTransform;
  /** Stored values that become `noDataInt16`. */
  readonly padding?: PaddingRange;
}

/**
 * The commonest pixels of all, 16-bit grey in little endian with slope 1, from bytes to int16 modality values in one
 * pass: what `decodeFrame`, `toModality` and padding do in four. Answers the range of the values that are data
 * (min > max when none is), or null where the pixels are of another kind or do not fill the frame.
 *
 * @param bytes one frame, from its first byte.
 * @param out rows × columns values.
 */
export function nativeShorts(
  { transferSyntaxUID, format, transform, padding }: ShortsRequest,
  bytes: Uint8Array,
  out: Int16Array,
): { readonly min: number; readonly max: number } | null {
  const count = format.rows * format.columns;
  const coding = frameCodingOf(transferSyntaxUID);
  const isPlain =
    coding?.kind === 'native' &&
    !coding.bigEndian &&
    format.element === 'PixelData' &&
    format.bitsAllocated === 16 &&
    format.samplesPerPixel === 1 &&
    !format.bytesInWords &&
    format.photometricInterpretation !== 'PALETTE COLOR';
  const isShift = !transform.lut && transform.slope === 1 && Number.isInteger(transform.intercept);
  if (!isPlain || !isShift || bytes.length < count * 2 || out.length !== count) return null;
  return shift(wordsOf(bytes, count), format, transform.intercept, padding, out);
}

function wordsOf(bytes: Uint8Array, count: number): Uint16Array {
  const { buffer, byteOffset } = bytes;
  return byteOffset % 2 === 0
    ? new Uint16Array(buffer, byteOffset, count)
    : new Uint16Array(bytes.slice(0, count * 2).buffer);
}

function shift(
  words: Uint16Array,
  { bitsStored, highBit, pixelRepresentation }: PixelFormat,
  intercept: number,
  { low, high }: PaddingRange = { low: 1, high: 0 },
  out: Int16Array,
): { readonly min: number; readonly max: number } {
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  // The highest stored bit is a sign or counts; `>>` then `&` gives both without a branch in the loop.
  const keep = pixelRepresentation === 1 ? -1 : 2 ** bitsStored - 1;
  let min = 32768;
  let max = -32769;
  for (let n = 0; n < words.length; n++) {
    const stored = ((words[n]! << left) >> right) & keep;
    if (stored >= low && stored <= high) {
      out[n] = noDataInt16;
      continue;
    }
    let value = stored + intercept;
    if (value < -32768) value = -32768;
    else if (value > 32767) value = 32767;
    out[n] = value;
    if (value > max) max = value;
    if (value < min && value !== noDataInt16) min = value;
  }
  return { min, max: max === noDataInt16 ? -32769 : max };
}
