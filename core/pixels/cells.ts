import type { PixelFormat, SampleArray } from './types.ts';

type Integers = Exclude<SampleArray, Float32Array | Float64Array>;

/** An array of the cell type of a format, over a buffer that is little endian like every platform we run on. */
export function cellArray(format: PixelFormat, buffer: ArrayBuffer): SampleArray {
  if (format.element === 'FloatPixelData') return new Float32Array(buffer);
  if (format.element === 'DoubleFloatPixelData') return new Float64Array(buffer);
  const signed = format.pixelRepresentation === 1;
  if (format.bitsAllocated <= 8)
    return signed && format.bitsAllocated === 8 ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (format.bitsAllocated === 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

export const bytesPerCell = (format: PixelFormat): number => Math.max(1, format.bitsAllocated / 8);

/**
 * Stored values from cells: takes BitsStored bits below HighBit, clears the rest, extends the sign by
 * PixelRepresentation (PS3.5 8.1.1; lesson L19). Returns `cells` itself when they are clean already.
 */
export function maskCells(cells: SampleArray, format: PixelFormat): SampleArray {
  if (cells instanceof Float32Array || cells instanceof Float64Array || format.bitsAllocated === 1)
    return cells;
  const { bitsStored, highBit } = format;
  const signed = format.pixelRepresentation === 1;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  const masked = cells.slice() as Integers;
  let dirty = 0;
  if (signed) {
    for (let n = 0; n < masked.length; n++) {
      const cell = masked[n]!;
      const value = (cell << left) >> right;
      dirty |= cell ^ value;
      masked[n] = value;
    }
  } else {
    for (let n = 0; n < masked.length; n++) {
      const cell = masked[n]!;
      const value = (cell << left) >>> right;
      dirty |= cell ^ value;
      masked[n] = value;
    }
  }
  return dirty === 0 ? cells : masked;
}

/** Smallest and largest of the values that are numbers; NaN for an empty array. */
export function minMax(values: SampleArray): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: Number.NaN, max: Number.NaN } : { min, max };
}
