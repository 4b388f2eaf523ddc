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
    const localizer = attributes.ImageType?.includes('LOCALIZER') ?? false;
    const rescaled = attributes.RescaleIntercept !== undefined;
    return (type === undefined || type === 'HU') && rescaled && !localizer ? 'HU' : '';
  }
  // "SIGNAL INTENSITY (UNITLESS)" says of itself that it is no unit.
  return type === undefined || type === 'US' || type === 'HU' || /unitless/i.test(type) ? '' : type;
}
