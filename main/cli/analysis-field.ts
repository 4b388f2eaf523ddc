import type { ScalarField } from '../../core/analysis/types.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import { blankPadding } from '../host/render/drawn-volume.ts';
import type { LoadedVolume } from './load-volume.ts';

/** A loaded volume as analyses read it: modality values, padding made "no data" in place. */
export function analysisField({ geometry, voxels, attributes }: LoadedVolume): ScalarField {
  const isShort = voxels instanceof Int16Array;
  blankPadding(attributes, voxels, isShort ? noDataInt16 : Number.NaN);
  return {
    geometry,
    voxels,
    rescale: { slope: 1, intercept: 0 },
    ...(isShort && { noData: noDataInt16 }),
  };
}
