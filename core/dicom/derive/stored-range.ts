import { decimalString } from '../write/element.ts';

/** How modality values are stored in signed 16 bits: value = slope · stored + intercept. */
export interface StoredRescale {
  readonly slope: number;
  readonly intercept: number;
}

/** Stored value of "no data"; values use the rest of the 16 bits. */
export const storedPadding = -32768;
const mostStored = 32767;

/** What a reader of the file gets from Rescale Slope: a Decimal String has at most 16 characters. */
const asRead = (value: number): number => Number(decimalString(value));

/**
 * The finest rescale that holds `min` to `max`: a power of two as slope where the values are large enough, so that
 * whole numbers stay whole. `zeroIntercept` is what PET demands (PS3.3 C.8.9.1.1.4).
 */
export function storedRescale(min: number, max: number, zeroIntercept = false): StoredRescale {
  const middle = zeroIntercept ? 0 : Math.round((min + max) / 2);
  const reach = Math.max(Math.abs(max - middle), Math.abs(min - middle));
  if (!(reach > 0) || !Number.isFinite(reach)) return { slope: 1, intercept: middle };
  const slope = 2 ** Math.ceil(Math.log2(reach / mostStored));
  const exact = asRead(slope);
  // Rounding to 16 characters must not make the largest value too large to store.
  return { slope: exact * mostStored >= reach ? exact : asRead(slope * (1 + 1e-9)), intercept: middle };
}

/** Values as stored; NaN (no data) becomes `storedPadding`. */
export function toStored(values: Float32Array, { slope, intercept }: StoredRescale): Int16Array {
  const stored = new Int16Array(values.length);
  for (let n = 0; n < values.length; n += 1) {
    const value = values[n]!;
    const level = Math.round((value - intercept) / slope);
    stored[n] = Number.isNaN(value) ? storedPadding : Math.min(Math.max(level, -mostStored), mostStored);
  }
  return stored;
}
