import type { TransferFunction } from './types.ts';
import type { PercentileOf } from './uptake.ts';

/** Where the air around a patient ends in values without a scale (MR), and transfer functions that are placed above it. */

const steps = 1000;
/** A median of half its own is a level between air and body that holds from a tenth to all of a volume (as AFNI's 3dClipLevel). */
const clipShare = 0.5;
/** Skin and dark tissue reach down to here, as parts of the body's median. */
const darkShare = 0.3;
/** 99 % of the noise of a magnitude (Rayleigh) lie below this many of its medians. */
const noiseMedians = 2.6;

const firstFrom = (values: Float64Array, level: number): number => {
  const at = values.findIndex((value) => value >= level);
  return at < 0 ? steps : at;
};

/**
 * Percent 0…100 of a volume's values that are air: 0 where all values are equal or there are none. Air is what lies little
 * above 0, or above the least values where they are negative; where there is none, the darkest tissue takes its place.
 */
export function airPercent(percentileOf: PercentileOf): number {
  const least = Math.min(0, percentileOf(1) ?? 0);
  const values = Float64Array.from({ length: steps + 1 }, (_, n) =>
    Math.max(0, (percentileOf((n / steps) * 100) ?? 0) - least),
  );
  if (!(values[steps]! > 0)) return 0;
  // From within the body: cubes let the noise of much air weigh nothing, the brightest hundredth no more than its least.
  const cut = values.map((x) => Math.min(x, values[0.99 * steps]!));
  const sum = (power: number): number => cut.reduce((all, x) => all + x ** power, 0);
  let from = firstFrom(values, clipShare * (sum(3) / sum(2) || 0));
  let median = 0;
  for (let round = 0; round < 30; round += 1) {
    median = values[Math.floor((from + steps) / 2)]!;
    const next = firstFrom(values, clipShare * median);
    if (next === from) break;
    from = next;
  }
  const noise = noiseMedians * values[Math.floor(from / 2)]!;
  const end = Math.min(clipShare * median, Math.max(darkShare * median, noise));
  return (firstFrom(values, end) / steps) * 100;
}

/** Whether a function's values are percents of a volume's values, not the values themselves. */
export const isByPercent = (unit: TransferFunction['unit']): boolean => unit !== 'modality';

/** From a transfer function's values to modality values of the volume that `percentileOf` tells of. */
export function valueOfUnit(
  unit: TransferFunction['unit'],
  percentileOf: PercentileOf,
): (value: number) => number {
  if (unit === 'modality') return (value) => value;
  const air = unit === 'bodyPercentile' ? airPercent(percentileOf) : 0;
  return (value) => percentileOf(air + (value / 100) * (100 - air)) ?? 0;
}
