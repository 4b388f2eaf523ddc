import { valueOfUnit } from './body-percentile.ts';
import { windowLevel } from './presets.ts';
import type { VolumeMode, WindowLevel } from './types.ts';
import type { PercentileOf } from './uptake.ts';

/** Nearly every ray through a body meets the brightest of its tissue, which is to stay dark: percents of the body. */
const darkFrom = 75;
const brightTo = 99.9;
/** Their slices and projections are looked at in one window: from 0 up to an amount. */
const tracers: readonly string[] = ['PT', 'NM'];

/** The least value along a ray lies below what nine tenths of a body are. */
const minipTo = 90;
/** A mean over a body's depth holds the air before and behind it; no mean is brighter than nearly all of a body. */
const meanTo = 95;
/** The brightest of a mean picture is about so many means of the whole picture, which is that of the volume. */
const meanShare = 3.5;

/**
 * What a projection of values without a scale (MR) opens with. A maximum: tissue dark, what is brighter than nearly all of
 * it (vessels of an angiography) up to white; the windows of slices have tissue in the middle of the greys, which it shows
 * as white. A least value and a mean would be dark in them, as air is part of every ray. Undefined for tracers, and where
 * the values do not differ.
 */
export function projectionStart(
  mode: VolumeMode,
  modality: string,
  percentileOf: PercentileOf,
): WindowLevel | undefined {
  if (mode === 'composite' || tracers.includes(modality)) return undefined;
  const at = valueOfUnit('bodyPercentile', percentileOf);
  const least = Math.min(0, percentileOf(1) ?? 0);
  const [low, high] =
    mode === 'mip'
      ? mipEnds(at, least)
      : [least, mode === 'minip' ? at(minipTo) : Math.min(at(meanTo), least + meanOver(percentileOf, least))];
  return high > low ? { ...windowLevel(high - low, (low + high) / 2), function: 'LINEAR_EXACT' } : undefined;
}

function mipEnds(at: (percent: number) => number, least: number): readonly [number, number] {
  const high = at(brightTo);
  // Where much of the body is as bright as the brightest (fat), it is white and the rest still has its greys.
  return [Math.min(at(darkFrom), (least + high) / 2), high];
}

/** So far above the least values, by the mean of a hundred parts of all. */
function meanOver(percentileOf: PercentileOf, least: number): number {
  let sum = 0;
  for (let part = 0; part < 100; part += 1) sum += (percentileOf(part + 0.5) ?? least) - least;
  return meanShare * (sum / 100);
}
