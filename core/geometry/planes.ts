import {
  between,
  cross,
  dot,
  indexFromPatientVector,
  invert,
  length,
  moved,
  normalise,
  patientFromIndexPoint,
} from './matrices.ts';
import {
  indexPoint,
  type PatientPoint,
  type PatientVector,
  type Plane,
  patientVector,
  type ViewPoint,
  type VolumeGeometry,
  viewPoint,
} from './types.ts';

/** Planes in the patient, and where a volume lies relative to them. */
export const planeNormal = (plane: Plane): PatientVector => cross(plane.right, plane.down);

/**
 * A plane with an orthonormal basis from nearly orthonormal vectors: `right` keeps its direction,
 * `down` is made perpendicular to it (Gram-Schmidt), so that edits never accumulate skew.
 */
export function orthonormalPlane(origin: PatientPoint, right: PatientVector, down: PatientVector): Plane {
  const r = normalise(right);
  const along = dot(r, down);
  const d = normalise(patientVector(down[0] - r[0] * along, down[1] - r[1] * along, down[2] - r[2] * along));
  return { origin, right: r, down: d };
}

export const patientFromView = (plane: Plane, p: ViewPoint): PatientPoint =>
  moved(moved(plane.origin, plane.right, p[0]), plane.down, p[1]);

/** The point's foot on the plane in view millimetres. */
export function viewFromPatient(plane: Plane, p: PatientPoint): ViewPoint {
  const v = between(plane.origin, p);
  return viewPoint(dot(v, plane.right), dot(v, plane.down));
}

/** Signed distance in mm, positive along right × down. */
export const distanceToPlaneMm = (plane: Plane, p: PatientPoint): number =>
  dot(between(plane.origin, p), planeNormal(plane));

/** Centre of the volume: index (d − 1) / 2. */
export function volumeCentre({ size, patientFromIndex }: VolumeGeometry): PatientPoint {
  return patientFromIndexPoint(
    patientFromIndex,
    indexPoint((size[0] - 1) / 2, (size[1] - 1) / 2, (size[2] - 1) / 2),
  );
}

/** The eight corners of the painted extent, index −0.5 to d − 0.5. */
export function volumeCorners({ size, patientFromIndex }: VolumeGeometry): readonly PatientPoint[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    patientFromIndexPoint(
      patientFromIndex,
      indexPoint(
        corner & 1 ? size[0] - 0.5 : -0.5,
        corner & 2 ? size[1] - 0.5 : -0.5,
        corner & 4 ? size[2] - 0.5 : -0.5,
      ),
    ),
  );
}

/** The longest straight way through the painted extent. */
export function deepestMm(geometry: VolumeGeometry): number {
  const corners = volumeCorners(geometry);
  return Math.max(...[0, 1, 2, 3].map((n) => length(between(corners[n]!, corners[7 - n]!))));
}

/** Extent of the volume along a unit direction through `about`: signed mm from that point. */
export function extentAlongMm(
  geometry: VolumeGeometry,
  about: PatientPoint,
  along: PatientVector,
): { readonly least: number; readonly most: number } {
  const distances = volumeCorners(geometry).map((corner) => dot(between(about, corner), along));
  return { least: Math.min(...distances), most: Math.max(...distances) };
}

/**
 * Voxel size along a unit direction in mm: the distance over which the fastest index changes by one.
 * Undefined for a singular matrix.
 */
export function projectedSpacingMm(geometry: VolumeGeometry, along: PatientVector): number | undefined {
  const indexFromPatient = invert(geometry.patientFromIndex);
  if (!indexFromPatient) return undefined;
  const v = indexFromPatientVector(indexFromPatient, along);
  const fastest = Math.max(Math.abs(v[0]), Math.abs(v[1]), Math.abs(v[2]));
  return fastest === 0 ? undefined : length(along) / fastest;
}
