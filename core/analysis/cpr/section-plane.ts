import { cross, dot, normalise } from '../../geometry/matrices.ts';
import { nearestPlane } from '../../geometry/orientation.ts';
import { type PatientVector, type Plane, patientVector } from '../../geometry/types.ts';
import { frameAtMm } from '../curve/line-places.ts';
import type { SampledLine } from '../types.ts';

/** Screen axes of the three planes, LPS: right and down. */
const screenAxes = {
  axial: [patientVector(1, 0, 0), patientVector(0, 1, 0)],
  coronal: [patientVector(1, 0, 0), patientVector(0, 0, -1)],
  sagittal: [patientVector(0, 1, 0), patientVector(0, 0, -1)],
} as const;

/** What is left of a direction across the line, unit. */
function acrossPart(v: PatientVector, tangent: PatientVector): PatientVector {
  const along = dot(v, tangent);
  return normalise(
    patientVector(v[0] - along * tangent[0], v[1] - along * tangent[1], v[2] - along * tangent[2]),
  );
}

/**
 * The plane perpendicular to the line at `sMm`, lying on screen as the anatomical plane nearest to it does (axial seen
 * from the feet, coronal from the front, sagittal from the left); undefined for a line without a course.
 */
export function sectionPlane(line: SampledLine, sMm: number): Plane | undefined {
  const frame = frameAtMm(line, sMm);
  if (!frame) return undefined;
  const { tangent, pointMm: origin } = frame;
  const [screenRight, screenDown] = screenAxes[nearestPlane(tangent).name];
  const right = acrossPart(screenRight, tangent);
  const isAgainst = dot(cross(screenRight, screenDown), tangent) < 0;
  const onwards = cross(tangent, right);
  const down = isAgainst ? patientVector(-onwards[0], -onwards[1], -onwards[2]) : onwards;
  return { origin, right, down };
}

const kept = new WeakMap<SampledLine, number>();

/**
 * Angle from a line's frames to the direction across a straightened picture, with the reader's turn on top. Without
 * a turn it is the screen's right of the section at the line's middle; of upright lines their own right.
 */
export function acrossAngleRad(line: SampledLine, turnDeg: number): number {
  const turnRad = (turnDeg * Math.PI) / 180;
  if (line.isUpright) return turnRad;
  let angleRad = kept.get(line);
  if (angleRad === undefined) {
    const frame = frameAtMm(line, line.lengthMm / 2);
    const plane = sectionPlane(line, line.lengthMm / 2);
    angleRad = frame && plane ? Math.atan2(dot(plane.right, frame.down), dot(plane.right, frame.right)) : 0;
    kept.set(line, angleRad);
  }
  return angleRad + turnRad;
}
