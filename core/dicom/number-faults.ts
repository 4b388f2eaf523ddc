import type { ProblemCode } from '../base/problem-table.ts';
import type { Collected } from './attribute-reader.ts';
import type { Flags } from './flags.ts';
import type { Attributes } from './types.ts';

/** Numbers that a picture is placed, measured, scaled or shown by, with what is told when one cannot be read. */
const telling: Readonly<Partial<Record<keyof Attributes, ProblemCode>>> = {
  ImagePositionPatient: 'GEOMETRY_INVALID',
  ImageOrientationPatient: 'GEOMETRY_INVALID',
  PixelSpacing: 'GEOMETRY_INVALID',
  ImagerPixelSpacing: 'GEOMETRY_INVALID',
  NominalScannedPixelSpacing: 'GEOMETRY_INVALID',
  GridFrameOffsetVector: 'GEOMETRY_INVALID',
  SpacingBetweenSlices: 'VALUE_INVALID',
  SliceThickness: 'VALUE_INVALID',
  RescaleSlope: 'RESCALE_INVALID',
  RescaleIntercept: 'RESCALE_INVALID',
  WindowCenter: 'WINDOW_INVALID',
  WindowWidth: 'WINDOW_INVALID',
};

/** A number, or a list with a part that is none: nothing is set, and what follows from that is flagged. */
export function tellUnreadable(target: Collected, keyword: keyof Attributes, flags: Flags): void {
  flags.add('VALUE_INVALID', { keyword });
  const code = telling[keyword];
  if (code !== undefined) flags.add(code, { keyword });
  if (code === 'RESCALE_INVALID') target['RescaleUnreadable'] = keyword;
}

/** A decimal comma in a number that matters; in others VALUE_INVALID is enough. */
export function tellComma(keyword: keyof Attributes, flags: Flags): void {
  if (telling[keyword] !== undefined) flags.add('DECIMAL_COMMA', { keyword });
}

const isNone = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

/** An intercept beyond this many slopes leaves nothing of any stored value; a slope beyond this has no value in float32. */
const mostSlopes = 2 ** 40;
const steepest = 1e28;
const sizeOf = (value: unknown, otherwise: number): number =>
  Math.abs(typeof value === 'number' ? value : otherwise);

/**
 * Attributes whose rescale values cannot be used (unreadable, a slope of 0, no number, beyond all values) get the line
 * that changes nothing, so that none is taken over from elsewhere, and no unit.
 */
export function settleRescale(collected: Collected, flags: Flags): void {
  const { RescaleSlope: slope, RescaleIntercept: intercept } = collected;
  const [steep, high] = [sizeOf(slope, 1), sizeOf(intercept, 0)];
  const isBeyond = high > mostSlopes * steep || steep > steepest;
  if (slope === 0 || isNone(slope) || isNone(intercept) || isBeyond) {
    const isOfIntercept = isNone(intercept) || (slope !== 0 && high > mostSlopes);
    const keyword = isOfIntercept ? 'RescaleIntercept' : 'RescaleSlope';
    flags.add('WINDOW_INVALID');
    flags.add('RESCALE_INVALID', { keyword });
    collected['RescaleUnreadable'] = keyword;
  }
  if (collected['RescaleUnreadable'] === undefined) return;
  Object.assign(collected, { RescaleSlope: 1, RescaleIntercept: 0, RescaleType: 'US' });
}

/** An intercept that moves values, without the slope that it goes with: a line is made of it, and told. */
export function tellNoSlope(
  { RescaleSlope, RescaleIntercept, RescaleUnreadable }: Collected,
  flags: Flags,
): void {
  const isHalf = RescaleSlope === undefined && RescaleIntercept !== undefined && RescaleIntercept !== 0;
  if (isHalf && RescaleUnreadable === undefined) flags.add('RESCALE_NO_SLOPE');
}
