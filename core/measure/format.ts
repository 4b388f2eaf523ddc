import type { Calibration, MeasurementValue } from './types.ts';

/**
 * Numbers as they are printed: full precision inside, these digits outside.
 * Minus is U+2212, so that columns of figures line up.
 */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const zero = Number(text) === 0;
  return zero ? text.replace('-', '') : text.replace('-', '−');
}

/** Decimals that a place or length in mm needs where the finest pixels or voxels are this large. */
export const mmDigits = (finestMm: number): number =>
  finestMm > 0 && finestMm < 0.1 ? Math.min(4, -Math.floor(Math.log10(finestMm))) : 1;

/** The coordinates of a place in mm, told as finely as the finest pixels or voxels are. */
export const placeMm = (place: readonly number[], finestMm: number): readonly string[] =>
  place.map((mm) => fixed(mm, mmDigits(finestMm)));

/** A step or thickness in mm: tenths, hundredths where these say more (1.25, 0.63), two figures of what is less than a tenth. */
export function shortStep(mm: number): string {
  if (mm > 0 && mm < 0.1) return String(Number(mm.toPrecision(2)));
  const isTenth = Math.abs(mm * 10 - Math.round(mm * 10)) < 0.05;
  return fixed(mm, isTenth ? 1 : 2);
}

/** Length: 0.1 mm; pixels finer than 0.1 mm give as many decimals as their spacing needs. */
export function formatLength(value: number, calibration: Calibration): string {
  if (calibration.source === 'none') return `${fixed(value, 1)} px`;
  return `${fixed(value, mmDigits(Math.min(calibration.rowMm, calibration.columnMm)))} mm`;
}

/** Area: 1 mm², below 100 mm² 0.1; of pixels so fine that this says nothing, two figures. */
export function formatArea(value: number, calibration: Calibration): string {
  if (calibration.source === 'none') return `${fixed(value, value < 100 ? 1 : 0)} px²`;
  const isFine = value > 0 && value < 1 && calibration.rowMm * calibration.columnMm < 0.005;
  const digits = isFine ? Math.min(9, 1 - Math.floor(Math.log10(value))) : value < 100 ? 1 : 0;
  return `${fixed(value, digits)} mm²`;
}

const withUnit = (text: string, unit: string): string => (unit === '' ? text : `${text} ${unit}`);

/** Digits of a single voxel value: whole HU; other units by their size (SUV 0.01). */
function valueDigits(value: number, unit: string): number {
  if (unit === 'HU') return 0;
  if (unit.startsWith('SUV') || unit === 'GML') return 2;
  if (Number.isInteger(value)) return 0;
  return Math.abs(value) < 10 ? 3 : 1;
}

export const formatValue = (value: number, unit: string): string =>
  withUnit(fixed(value, valueDigits(value, unit)), unit);

/** Mean and standard deviation carry one digit more than a voxel. */
export const formatMean = (value: number, unit: string): string =>
  withUnit(fixed(value, unit === 'HU' ? 1 : Math.max(1, valueDigits(value, unit))), unit);

/** The number that decides, for lists: the length, or the mean of a region (its area without pixels). */
export function headline(value: MeasurementValue): string {
  if (value.length !== undefined) return formatLength(value.length, value.calibration);
  if (value.statistics) return formatMean(value.statistics.mean, value.valueUnit);
  return value.area === undefined ? '' : formatArea(value.area, value.calibration);
}
