import { between, dot, moved } from '../geometry/matrices.ts';
import { distanceToPlaneMm, planeNormal } from '../geometry/planes.ts';
import type { PatientPoint, Plane } from '../geometry/types.ts';
import type { InPatient, Measurement, MeasurementKind } from './types.ts';

/**
 * Which pictures show a mark that was drawn on another one. A mark lies in the patient: a picture shows it when all its
 * points lie in the layer that the picture stands for, within one frame of reference. A region belongs to its plane,
 * so that only parallel pictures show it. Its numbers stay those of the picture that it was drawn on.
 */

/** A flat picture in the patient: an acquired frame or a reconstructed plane. */
export interface FlatPicture {
  readonly seriesKey: string;
  /** Empty where the files name none. */
  readonly frameOfReferenceUID: string;
  readonly plane: Plane;
  /** Distance to the next picture of its kind, or thickness of its slab: what it stands for among parallel pictures. */
  readonly layerMm: number;
  /** Thickness of what is shown: a voxel along the normal, or the slab. Marks that were drawn across it keep to this. */
  readonly thicknessMm: number;
}

/** Planes are parallel below this angle. */
const parallelDeg = 1;
const parallelCosine = Math.cos((parallelDeg * Math.PI) / 180);
/** Rounding of points that lie on the border of a layer. */
const roundingMm = 1e-6;
/** A picture of unknown thickness still shows what lies in its plane. */
const leastLayerMm = 0.01;

/** True within 1°, whichever side the planes are seen from. */
export const isParallel = (a: Plane, b: Plane): boolean =>
  Math.abs(dot(planeNormal(a), planeNormal(b))) >= parallelCosine;

/** Where a mark lies in the patient; undefined for one that lies along a line, or on a frame whose place is unknown. */
export function inPatientOf({ anchor }: Pick<Measurement, 'anchor'>): InPatient | undefined {
  if (anchor.kind === 'image') return anchor.inPatient;
  return anchor.kind === 'plane' ? anchor : undefined;
}

/** The four corners of a region's box in turn, from its first point on, along the axes of its own plane. */
export function boxCorners({
  plane,
  points: [a, b],
}: Pick<InPatient, 'plane' | 'points'>): readonly [PatientPoint, PatientPoint, PatientPoint, PatientPoint] {
  const diagonal = between(a, b);
  return [
    a,
    moved(a, plane.right, dot(diagonal, plane.right)),
    b,
    moved(a, plane.down, dot(diagonal, plane.down)),
  ];
}

/** True where the points of a mark lie in the picture's layer; of two layers that touch, one has what lies between. */
function isInLayer(plane: Plane, points: readonly PatientPoint[], layerMm: number): boolean {
  const depths = points.map((p) => distanceToPlaneMm(plane, p));
  const halfMm = Math.max(layerMm, leastLayerMm) / 2;
  if (depths.some((depth) => Math.abs(depth) > halfMm + roundingMm)) return false;
  return depths.some((depth) => depth < halfMm - roundingMm);
}

/** True where `picture` shows a mark of a series that lies in the patient as told. */
export function isSeenOn(
  kind: MeasurementKind,
  seriesKey: string,
  mark: InPatient,
  picture: FlatPicture,
): boolean {
  if (mark.frameOfReferenceUID !== picture.frameOfReferenceUID) return false;
  if (mark.frameOfReferenceUID === '' && seriesKey !== picture.seriesKey) return false;
  const areParallel = isParallel(mark.plane, picture.plane);
  if (kind === 'length')
    return isInLayer(picture.plane, mark.points, areParallel ? picture.layerMm : picture.thicknessMm);
  return areParallel && isInLayer(picture.plane, boxCorners(mark), picture.layerMm);
}
