import type { Attributes, FrameAttributes, LookupTable, Scan } from '../dicom/types.ts';
import { lookUp } from './modality.ts';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

/** From modality values to grey (PS3.3 C.11.2): a window, or a table that stands in its place. */
export type Voi =
  | {
      readonly kind: 'window';
      readonly center: number;
      readonly width: number;
      readonly function: VoiFunction;
    }
  | { readonly kind: 'lut'; readonly lut: LookupTable };

/** A way of showing that the file itself names. */
export interface NamedVoi {
  /** As written in the file; empty when it has no name. */
  readonly name: string;
  readonly voi: Voi;
}

/** The VOI LUTs of a frame: those of its functional groups, else of its object. */
export const voiLutsOf = (
  { voiLuts, frameVoiLuts }: Pick<Scan, 'voiLuts' | 'frameVoiLuts'>,
  { VoiLutSet }: FrameAttributes,
): readonly LookupTable[] | undefined => (VoiLutSet === undefined ? voiLuts : frameVoiLuts?.[VoiLutSet]);

/** A window; for a width below 1, which LINEAR cannot express, LINEAR_EXACT is used. */
export const voiWindow = (center: number, width: number, fn: VoiFunction = 'LINEAR'): Voi => ({
  kind: 'window',
  center,
  width,
  function: fn === 'LINEAR' && width < 1 ? 'LINEAR_EXACT' : fn,
});

/**
 * Every way of showing that the file offers: its VOI LUTs first (they replace the windows, lesson L22), then
 * its windows in order. Windows with a width of 0, below 0 or NaN are left out (reliability M63).
 * @param isFloat floating-point pixels: LINEAR's steps of one unit would make a threshold of a map from 0 to 1, so
 *   LINEAR_EXACT stands in for it.
 */
export function windowsOf(
  attributes: FrameAttributes,
  luts: readonly LookupTable[] = [],
  isFloat = false,
): NamedVoi[] {
  const {
    WindowCenter: centers = [],
    WindowWidth: widths = [],
    WindowCenterWidthExplanation: names = [],
  } = attributes;
  const declared = attributes.VOILUTFunction?.toUpperCase();
  const plain = isFloat ? 'LINEAR_EXACT' : 'LINEAR';
  const fn: VoiFunction = declared === 'LINEAR_EXACT' || declared === 'SIGMOID' ? declared : plain;
  const windows: NamedVoi[] = [];
  centers.forEach((center, n) => {
    const width = widths[n] ?? Number.NaN;
    if (Number.isFinite(center) && width > 0 && Number.isFinite(width)) {
      windows.push({ name: names[n] ?? '', voi: voiWindow(center, width, fn) });
    }
  });
  const tables = luts.map((lut): NamedVoi => ({ name: lut.explanation ?? '', voi: { kind: 'lut', lut } }));
  return [...tables, ...windows];
}

/**
 * Grey level 0 … 255 (not rounded) of a modality value.
 * @param inverted MONOCHROME1 or Presentation LUT Shape INVERSE: turned round once, after the VOI (lesson L23).
 */
export function greyFunction(voi: Voi, inverted = false): (value: number) => number {
  const grey = voi.kind === 'lut' ? lutGrey(voi.lut) : windowGrey(voi.center, voi.width, voi.function);
  return inverted ? (value) => 255 - grey(value) : grey;
}

function lutGrey(lut: LookupTable): (value: number) => number {
  const scale = 255 / (2 ** lut.bits - 1);
  return (value) => Math.min(255, lookUp(lut, value) * scale);
}

/** PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT). */
function windowGrey(center: number, width: number, fn: VoiFunction): (value: number) => number {
  if (fn === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  const exact = fn === 'LINEAR_EXACT';
  const middle = exact ? center : center - 0.5;
  const span = exact ? width : width - 1;
  const low = middle - span / 2;
  const high = middle + span / 2;
  return (value) => (value <= low ? 0 : value > high ? 255 : ((value - middle) / span + 0.5) * 255);
}

/** Whether grey levels are turned round: MONOCHROME1 and INVERSE say the same thing, so never twice. */
export const isInverted = (
  photometricInterpretation: string,
  attributes: Pick<Attributes, 'PresentationLUTShape'> = {},
): boolean => photometricInterpretation === 'MONOCHROME1' || attributes.PresentationLUTShape === 'INVERSE';
