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

/** How cells become values: bits that are stored, sign, intercept, and the stored values that are "no data" (low > high: none). */
export interface ShortsRule {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly intercept: number;
  readonly low: number;
  readonly high: number;
}

/** The range of the values that are data; min > max when none is. */
export interface ShortsRange {
  readonly min: number;
  readonly max: number;
}

/** Cells (two bytes each, little endian, as many as `out` has elements) to int16 values by a rule. */
export type ShortsKernel = (cells: Uint8Array, rule: ShortsRule, out: Int16Array) => ShortsRange;

/** The rule for pixels of 16-bit grey with slope 1; null where they are of another kind. */
export function shortsRule({
  format,
  transform,
  padding,
}: Omit<ShortsRequest, 'transferSyntaxUID'>): ShortsRule | null {
  const isPlain =
    format.element === 'PixelData' &&
    format.bitsAllocated === 16 &&
    format.samplesPerPixel === 1 &&
    !format.bytesInWords &&
    !format.packedBits &&
    format.photometricInterpretation !== 'PALETTE COLOR';
  const { slope, intercept, lut } = transform;
  const isShift = !lut && slope === 1 && Number.isInteger(intercept) && Math.abs(intercept) < 2 ** 30;
  if (!isPlain || !isShift) return null;
  const { bitsStored, highBit, pixelRepresentation } = format;
  const { low, high } = padding ?? { low: 1, high: 0 };
  return { bitsStored, highBit, signed: pixelRepresentation === 1, intercept, low, high };
}

/**
 * The commonest pixels of all, 16-bit grey in little endian with slope 1, from bytes to int16 modality values in one
 * pass: what `decodeFrame`, `toModality` and padding do in four. Answers the range of the values that are data, or null
 * where the pixels are of another kind or do not fill the frame.
 *
 * @param bytes one frame, from its first byte.
 * @param out rows × columns values.
 */
export function nativeShorts(
  request: ShortsRequest,
  bytes: Uint8Array,
  out: Int16Array,
  kernel: ShortsKernel = shiftShorts,
): ShortsRange | null {
  const { format } = request;
  const count = format.rows * format.columns;
  const coding = frameCodingOf(request.transferSyntaxUID);
  const isPlain = coding?.kind === 'native' && !coding.bigEndian;
  const rule = isPlain ? shortsRule(request) : null;
  if (!rule || bytes.length < count * 2 || out.length !== count) return null;
  return kernel(bytes, rule, out);
}

function wordsOf(bytes: Uint8Array, count: number): Uint16Array {
  const { buffer, byteOffset } = bytes;
  return byteOffset % 2 === 0
    ? new Uint16Array(buffer, byteOffset, count)
    : new Uint16Array(bytes.slice(0, count * 2).buffer);
}

/** The twin of native/shorts: what is used where no WebAssembly is loaded. */
export const shiftShorts: ShortsKernel = (cells, rule, out) => {
  const { bitsStored, highBit, signed, intercept, low, high } = rule;
  const words = wordsOf(cells, out.length);
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  // The highest stored bit is a sign or counts; `>>` then `&` gives both without a branch in the loop.
  const keep = signed ? -1 : 2 ** bitsStored - 1;
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
};
