import type { FrameAttributes, LookupTable } from '../dicom/types.ts';
import type { PixelFormat, SampleArray } from './types.ts';

/** From stored to modality values (HU, Bq/ml …): a line, or a table that replaces it (PS3.3 C.11.1). */
export interface ModalityTransform {
  readonly slope: number;
  readonly intercept: number;
  readonly lut?: LookupTable;
}

/** The transform of one frame. With a slope of 0 or NaN the line says nothing and counts as absent (reliability M63). */
export function modalityTransformOf(attributes: FrameAttributes, lut?: LookupTable): ModalityTransform {
  const { RescaleSlope: slope = 1, RescaleIntercept: intercept = 0 } = attributes;
  const usable = Number.isFinite(slope) && slope !== 0 && Number.isFinite(intercept);
  return { slope: usable ? slope : 1, intercept: usable ? intercept : 0, ...(lut && { lut }) };
}

/** One value; inputs outside a table take its first or last entry (PS3.3 C.11.1.1.1). */
export function modalityValue(transform: ModalityTransform, stored: number): number {
  return transform.lut ? lookUp(transform.lut, stored) : stored * transform.slope + transform.intercept;
}

export function lookUp(lut: LookupTable, input: number): number {
  const { data, firstMapped } = lut;
  const at = Math.round(input) - firstMapped;
  return data[at <= 0 ? 0 : at >= data.length ? data.length - 1 : at] ?? 0;
}

/** Smallest and largest stored value that a format can hold. */
export function storedRange(format: PixelFormat): { readonly min: number; readonly max: number } {
  const { bitsStored, pixelRepresentation } = format;
  return pixelRepresentation === 1
    ? { min: -(2 ** (bitsStored - 1)), max: 2 ** (bitsStored - 1) - 1 }
    : { min: 0, max: 2 ** bitsStored - 1 };
}

/**
 * Scalar type that keeps every modality value of these frames exactly where that is possible (lesson L18):
 * int16 only if all slopes are 1, all intercepts whole and the range fits. Colour is rgb8.
 * @param values actual range of the stored values, where known; else the format's whole range counts.
 */
export function modalityScalarType(
  format: PixelFormat,
  transforms: readonly ModalityTransform[],
  values = storedRange(format),
): 'int16' | 'float32' | 'rgb8' {
  if (format.samplesPerPixel === 3 || format.photometricInterpretation === 'PALETTE COLOR') return 'rgb8';
  if (format.element !== 'PixelData') return 'float32';
  const fits = transforms.every(({ slope, intercept, lut }) => {
    if (lut) return lut.data.every((value) => value <= 32767);
    return (
      slope === 1 &&
      Number.isInteger(intercept) &&
      values.min + intercept >= -32768 &&
      values.max + intercept <= 32767
    );
  });
  return fits ? 'int16' : 'float32';
}

/**
 * Writes the modality values of one frame; `out` has one element a stored value. Values beyond int16 stop at its
 * ends instead of wrapping round.
 */
export function toModality(
  stored: SampleArray,
  transform: ModalityTransform,
  out: Int16Array | Float32Array,
): void {
  const { slope, intercept, lut } = transform;
  const isShort = out instanceof Int16Array;
  if (lut) for (let n = 0; n < stored.length; n++) out[n] = lookUp(lut, stored[n]!);
  else if (slope === 1 && intercept === 0 && (!isShort || stored instanceof Int16Array)) out.set(stored);
  else if (isShort) writeShort(stored, slope, intercept, out);
  else for (let n = 0; n < stored.length; n++) out[n] = stored[n]! * slope + intercept;
}

function writeShort(stored: SampleArray, slope: number, intercept: number, out: Int16Array): void {
  for (let n = 0; n < stored.length; n++) {
    const value = Math.floor(stored[n]! * slope + intercept + 0.5);
    out[n] = value < -32768 ? -32768 : value > 32767 ? 32767 : value;
  }
}
