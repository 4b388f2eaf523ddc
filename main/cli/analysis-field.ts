import type { ScalarField } from '../../core/analysis/types.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import type { LoadedVolume } from './load-volume.ts';

/** A loaded volume as analyses read it: modality values; padding is "no data". */
export function analysisField({ geometry, voxels }: LoadedVolume): ScalarField {
  const isShort = voxels instanceof Int16Array;
  return {
    geometry,
    voxels,
    rescale: { slope: 1, intercept: 0 },
    ...(isShort && { noData: noDataInt16 }),
  };
}
