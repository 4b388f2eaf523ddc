import { sampleLine } from '../../../../core/analysis/curve/sample-line.ts';
import type { Centreline, SampledLine } from '../../../../core/analysis/types.ts';
import { patientVector } from '../../../../core/geometry/types.ts';

/** Stations of lines on screen and of what is measured along them. */
export const stationStepMm = 0.5;

/** To the feet. */
const footwards = patientVector(0, 0, -1);

const made = new WeakMap<Centreline['pieces'], SampledLine>();
const madeUpright = new WeakMap<Centreline['pieces'], SampledLine>();

/** A line at even steps; made once for each course it takes. A dental arch stands upright: nothing turns along it. */
export function sampledOf({ pieces, kind }: Pick<Centreline, 'pieces' | 'kind'>): SampledLine {
  const isArch = kind === 'dental';
  const kept = isArch ? madeUpright : made;
  const had = kept.get(pieces);
  if (had) return had;
  const line = sampleLine(pieces, stationStepMm, isArch ? { upright: footwards } : {});
  kept.set(pieces, line);
  return line;
}

/** A line with a course: two places at least. */
export const isDrawable = (line: Centreline): boolean => line.pieces.length > 0 && sampledOf(line).count > 1;
