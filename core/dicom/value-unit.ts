import type { Attributes, FrameAttributes } from './types.ts';

const petUnits: Readonly<Record<string, string>> = {
  BQML: 'Bq/ml',
  CNTS: 'counts',
  PROPCNTS: 'propcounts',
  PROPCPS: 'propcps',
  GML: 'g/ml',
  CM2ML: 'cm²/ml',
  CPS: 'cps',
  NONE: '',
};

/** Rescale types that the standard defines (PS3.3 C.11.1.1.2): what a step of the value is; empty where it is a pure number. */
const rescaleUnits: Readonly<Record<string, string>> = {
  // Thousandths of optical density: 2140 is 2.140.
  OD: 'mOD',
  HU: '',
  US: '',
  MGML: 'mg/ml',
  Z_EFF: 'Zeff',
  ED: '10²³/ml',
  EDW: 'ED/water',
  HU_MOD: 'HU mod',
  PCT: '%',
};

/**
 * Unit of modality values (PS3.3 C.11.1.1.2, C.8.9.1.1.3, C.7.6.16.2.11). `HU` only on CT whose file does not say otherwise;
 * counts are never called SUV. Empty = the values have no unit.
 */
export function valueUnit(attributes: Attributes & FrameAttributes): string {
  const type = attributes.RescaleType;
  if (attributes.RescaleUnreadable !== undefined) return '';
  if (attributes.RealWorldUnit !== undefined) return attributes.RealWorldUnit;
  if (attributes.Modality === 'PT') return petUnits[attributes.Units ?? ''] ?? '';
  if (attributes.Modality === 'CT') {
    const types = [...(attributes.ImageType ?? []), ...(attributes.FrameType ?? [])];
    const isRescaled = attributes.RescaleIntercept !== undefined && !types.includes('LOCALIZER');
    if (!isRescaled) return '';
    return type === undefined || type === 'HU' ? 'HU' : (rescaleUnits[type] ?? '');
  }
  // "SIGNAL INTENSITY (UNITLESS)" says of itself that it is no unit.
  return type === undefined || /unitless/i.test(type) ? '' : (rescaleUnits[type] ?? type);
}
