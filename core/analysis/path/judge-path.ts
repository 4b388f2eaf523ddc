import type { PatientPoint } from '../../geometry/types.ts';
import { distanceMm } from '../curve/polyline.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';

/** What a path is worth: its worst stretch outside the lumen's values. */
export interface JudgedPath {
  readonly state: 'found' | 'weak' | 'gap' | 'outOfRange';
  /** The longest stretch whose values are not lumen. */
  readonly gapMm: number;
}

/** A stretch this long may be noise, a calcified ring or the throat of a stenosis finer than the voxels. */
const weakFromMm = 2;
/** Longer than this nothing says that it is the same vessel. */
const gapFromMm = 9;

/** Lumen here: above 30 % of the way from the surroundings, or bright as calcium; a narrow throat is partial volume. */
export function judgePath(
  sampler: FieldSampler,
  points: readonly PatientPoint[],
  lumen: { readonly sign: 1 | -1; readonly value: number; readonly around: number },
  stepMm: number,
): JudgedPath {
  const least = lumen.around + 0.3 * (lumen.value - lumen.around);
  const value = new Float64Array(1);
  const values = points.map((p) => {
    sampler.ray(value, 0, 1, p, [0, 0, 0]);
    return lumen.sign * value[0]!;
  });
  // The brighter of neighbours half a millimetre away: noise alone makes no gap.
  const reach = Math.max(1, Math.round(0.5 / stepMm));
  let outMm = 0;
  let gapMm = 0;
  let outsideMm = 0;
  for (let n = 0; n < values.length; n++) {
    const lengthMm = n > 0 ? distanceMm(points[n - 1]!, points[n]!) : 0;
    if (Number.isNaN(values[n]!)) outsideMm += lengthMm;
    const near = values.slice(Math.max(0, n - reach), n + reach + 1).filter((v) => !Number.isNaN(v));
    const mean = near.reduce((sum, v) => sum + v, 0) / near.length;
    outMm = mean >= least ? 0 : outMm + lengthMm;
    gapMm = Math.max(gapMm, outMm);
  }
  if (outsideMm > 0) return { state: 'outOfRange', gapMm };
  if (gapMm > gapFromMm) return { state: 'gap', gapMm };
  return { state: gapMm > weakFromMm ? 'weak' : 'found', gapMm };
}
