import type { Rescale, VolumeData } from './types.ts';

/** The value range and percentiles of a volume, without padding and NaN; modality values. */
export interface VolumeStatistics extends Pick<VolumeData, 'min' | 'max' | 'percentiles'> {
  /** Whether any voxel holds the padding value: without one, kernels need not look for it. */
  readonly padded: boolean;
}

/** Percentiles 0, 0.1 … 100. */
export const percentileCount = 1001;
/** Enough voxels that a percentile does not move visibly; every `stride`th is counted beyond that. */
const mostCounted = 4_000_000;
const bins = 65536;

type Voxels = Int16Array | Uint16Array | Float32Array;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly padded: boolean;
}

function rangeOf(voxels: Voxels, noData: number | undefined): Range {
  let least = Infinity;
  let most = -Infinity;
  let padded = false;
  for (let i = 0; i < voxels.length; i += 1) {
    const value = voxels[i]!;
    if (value === noData) padded = true;
    else {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return { least, most, padded };
}

/** Smallest and largest are of every voxel; percentiles of an even sample where there are many. */
export function volumeStatistics(voxels: Voxels, rescale: Rescale, noData?: number): VolumeStatistics {
  const { least, most, padded } = rangeOf(voxels, noData);
  const percentiles = new Float32Array(percentileCount);
  if (!(least <= most)) return { min: 0, max: 0, percentiles, padded };
  const counts = new Float64Array(bins);
  const scale = most > least ? (bins - 1) / (most - least) : 0;
  const stride = Math.max(1, Math.ceil(voxels.length / mostCounted));
  let total = 0;
  for (let i = 0; i < voxels.length; i += stride) {
    const value = voxels[i]!;
    if (value === noData || Number.isNaN(value)) continue;
    counts[Math.round((value - least) * scale)]! += 1;
    total += 1;
  }
  let bin = 0;
  let below = counts[0]!;
  const { slope, intercept } = rescale;
  for (let p = 0; p < percentileCount; p += 1) {
    const rank = (p / (percentileCount - 1)) * (total - 1) + 0.5;
    while (below < rank && bin < bins - 1) {
      bin += 1;
      below += counts[bin]!;
    }
    percentiles[p] = (scale === 0 ? least : least + bin / scale) * slope + intercept;
  }
  if (slope < 0) percentiles.reverse();
  const ends = [least * slope + intercept, most * slope + intercept];
  return { min: Math.min(...ends), max: Math.max(...ends), percentiles, padded };
}
