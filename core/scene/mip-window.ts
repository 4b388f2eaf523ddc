import { valueOfUnit } from './body-percentile.ts';
import { windowLevel } from './presets.ts';
import type { WindowLevel } from './types.ts';
import type { PercentileOf } from './uptake.ts';

/** Nearly every ray through a body meets the brightest of its tissue, which is to stay dark: percents of the body. */
const darkFrom = 75;
const brightTo = 99.9;
/** Their slices and projections are looked at in one window: from 0 up to an amount. */
const tracers: readonly string[] = ['PT', 'NM'];

/**
 * What a maximum projection of values without a scale (MR) opens with: tissue dark, what is brighter than nearly all of it
 * (vessels of an angiography) up to white. The windows of slices have tissue in the middle of the greys, which a projection
 * shows as white. Undefined for tracers, and where the values do not differ.
 */
export function mipStart(modality: string, percentileOf: PercentileOf): WindowLevel | undefined {
  if (tracers.includes(modality)) return undefined;
  const at = valueOfUnit('bodyPercentile', percentileOf);
  const high = at(brightTo);
  // Where much of the body is as bright as the brightest (fat), it is white and the rest still has its greys.
  const low = Math.min(at(darkFrom), (Math.min(0, percentileOf(1) ?? 0) + high) / 2);
  return high > low ? { ...windowLevel(high - low, (low + high) / 2), function: 'LINEAR_EXACT' } : undefined;
}
