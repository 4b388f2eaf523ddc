/** Data elements as the writer takes them. */

/** Encoded frames, one or more fragments each, written with a basic offset table. */
export interface EncapsulatedPixels {
  readonly frames: readonly (readonly Uint8Array[])[];
}

export type WriteValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | Uint8Array
  | Uint16Array
  | Int16Array
  | Float32Array
  | readonly Dataset[]
  | EncapsulatedPixels;

export interface WriteElement {
  /** Group in the upper, element in the lower 16 bits. */
  readonly tag: number;
  readonly vr: string;
  readonly value: WriteValue;
}

export type Dataset = readonly WriteElement[];

export const element = (tag: number, vr: string, value: WriteValue): WriteElement => ({ tag, vr, value });

/**
 * Decimal String (PS3.5 6.2): at most 16 characters, with as many digits as fit (L64).
 * Gives "0" for zero of either sign; throws on NaN and infinity, which DS cannot hold.
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new Error('DS cannot hold a value that is not finite');
  if (value === 0) return '0';
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
    const short = value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
    if (short.length <= 16) return short;
  }
  return value.toExponential(0);
}
