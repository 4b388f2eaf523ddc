import type { Attributes, FrameAttributes } from '../dicom/types.ts';
import { valueUnit } from '../dicom/value-unit.ts';

/** Where pictures of activity (PET that has no SUV) end. Values are modality values in an activity's unit. */

/** The value below which so many percent of the values lie; undefined before there are values. */
export type PercentileOf = (percent: number) => number | undefined;

/** Units of PET that say how much there is, though not as SUV. */
export const activityUnits: readonly string[] = ['Bq/ml', 'counts', 'propcounts', 'propcps', 'cps'];

const quantiles = Array.from({ length: 100 }, (_, n) => n + 0.5);
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/**
 * Mean of what lies in the body in a picture of activity: of the values above a quarter of the mean of all, as the air
 * around it holds next to nothing. Undefined before there are values, and without activity.
 */
export function bodyMean(percentileOf: PercentileOf): number | undefined {
  const values = quantiles.flatMap((percent) => percentileOf(percent) ?? []);
  const inside = values.filter((value) => value > meanOf(values) / 4);
  const mean = meanOf(inside);
  return mean > 0 ? mean : undefined;
}

/** An activity in two digits: more would dance while frames arrive. */
export const roundedActivity = (activity: number): number => Number(activity.toPrecision(2));

/**
 * Where a picture that begins at 0 ends at first: at five times the mean of the body, as SUV 0–5 would, but not above what
 * is there (where a hot organ fills the field, as in a brain). Undefined without activity.
 */
export function startOfUptake(percentileOf: PercentileOf): number | undefined {
  const mean = bodyMean(percentileOf);
  if (mean === undefined) return undefined;
  const hottest = percentileOf(99.9) ?? 0;
  const most = roundedActivity(5 * mean);
  return hottest > 0 && most > hottest ? roundedActivity(hottest) : most;
}

/**
 * Where PET, which begins at 0 and is shown on white, ends at first: at SUV 5 or what stands for it. Undefined for other
 * modalities and where the values say no amount: such pictures are shown as the file says.
 */
export function startOfPet(
  attributes: Attributes & FrameAttributes,
  percentileOf: PercentileOf,
): number | undefined {
  if (attributes.Modality !== 'PT') return undefined;
  const unit = valueUnit(attributes);
  if (activityUnits.includes(unit)) return startOfUptake(percentileOf);
  return unit === 'g/ml' ? 5 : undefined;
}
