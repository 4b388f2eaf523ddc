import { cross, dot, length, normalise, rotateAbout } from '../../geometry/matrices.ts';
import { type PatientVector, patientVector } from '../../geometry/types.ts';
import type { CurvedRows } from '../../scene/types.ts';
import type { SampledLine } from '../types.ts';
import type { CprOptions } from './types.ts';

/** How large a picture will be, before it is made. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  fill(): { readonly rows: CurvedRows; readonly trace: Float64Array };
}

export const emptyRows = (height: number): CurvedRows => ({
  centres: new Float64Array(3 * height),
  across: new Float64Array(3 * height),
  through: new Float64Array(3 * height),
});

/** Below this share of its length apart, a line's ends say nothing of where it goes. */
const leastReach = 0.05;

const stationVector = ({ points }: SampledLine, from: number, to: number): PatientVector =>
  patientVector(
    points[3 * to]! - points[3 * from]!,
    points[3 * to + 1]! - points[3 * from + 1]!,
    points[3 * to + 2]! - points[3 * from + 2]!,
  );

/** The direction from a line's start to its end; to its farthest station where it comes back to its start. */
export function lineAxis(line: SampledLine): PatientVector {
  const chord = stationVector(line, 0, line.count - 1);
  if (length(chord) >= leastReach * line.lengthMm) return normalise(chord);
  let farthest = chord;
  for (let n = 1; n < line.count; n += 1) {
    const v = stationVector(line, 0, n);
    if (length(v) > length(farthest)) farthest = v;
  }
  return normalise(farthest);
}

/** Lengths of vectors that say where they point, in doubles. */
const isDirection = (v: PatientVector): boolean => length(v) > 1e-6 && length(v) < 1e6;

/** Directions of a sheet of parallel rows. */
export interface SheetDirections {
  readonly axis: PatientVector;
  /** Along the rows: perpendicular to `axis`; at angle 0 to the patient's left (to the back where the axis runs left). */
  readonly across: PatientVector;
}

export function sheetDirections(line: SampledLine, options: CprOptions): SheetDirections {
  const axis = options.axis && isDirection(options.axis) ? normalise(options.axis) : lineAxis(line);
  const aside = Math.abs(axis[0]) < 0.9 ? patientVector(1, 0, 0) : patientVector(0, 1, 0);
  const along = dot(aside, axis);
  const start = normalise(
    patientVector(aside[0] - along * axis[0], aside[1] - along * axis[1], aside[2] - along * axis[2]),
  );
  const turned = rotateAbout(start, axis, options.angleRad ?? 0);
  // Once more at right angles to both: rounding must not tilt the rows.
  return { axis, across: normalise(cross(cross(axis, turned), axis)) };
}

/** Coordinates of all stations along a direction. */
export function heightsAlong({ points, count }: SampledLine, direction: PatientVector): Float64Array {
  const out = new Float64Array(count);
  for (let n = 0; n < count; n += 1)
    out[n] =
      points[3 * n]! * direction[0] + points[3 * n + 1]! * direction[1] + points[3 * n + 2]! * direction[2];
  return out;
}

export function rangeOf(values: Float64Array): { readonly least: number; readonly most: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}
