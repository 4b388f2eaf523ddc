import { sampleLine } from '../../../../core/analysis/curve/sample-line.ts';
import type { Centreline, SampledLine } from '../../../../core/analysis/types.ts';

/** Stations of lines on screen and of what is measured along them. */
export const stationStepMm = 0.5;

const made = new WeakMap<Centreline['pieces'], SampledLine>();

/** A line at even steps; made once for each course it takes. */
export function sampledOf({ pieces }: Centreline): SampledLine {
  const had = made.get(pieces);
  if (had) return had;
  const line = sampleLine(pieces, stationStepMm);
  made.set(pieces, line);
  return line;
}

/** A line with a course: two places at least. */
export const isDrawable = (line: Centreline): boolean => line.pieces.length > 0 && sampledOf(line).count > 1;
