/**
 * Spaces and units (architecture section 4). Points of different spaces are different types:
 * a bare triple never crosses a module border.
 */
declare const space: unique symbol;
type Branded<T, Name extends string> = T & { readonly [space]: Name };

export type Vec3 = readonly [number, number, number];
/** (i, j, k): column, row, slice index; an integer is the centre of a voxel. */
export type IndexPoint = Branded<Vec3, 'IndexPoint'>;
/** DICOM patient coordinates: LPS, millimetres. */
export type PatientPoint = Branded<Vec3, 'PatientPoint'>;
/** A direction or displacement in patient space; unit length where named so. */
export type PatientVector = Branded<Vec3, 'PatientVector'>;
/** Millimetres in the displayed plane: x to the right, y downwards, origin at the plane's centre. */
export type ViewPoint = Branded<readonly [number, number], 'ViewPoint'>;

/** Row-major 4×4 matrix; names say `toFrom` (patientFromIndex). */
export type Mat4 = readonly number[] & { readonly length: 16 };

export const indexPoint = (i: number, j: number, k: number): IndexPoint => [i, j, k] as unknown as IndexPoint;
export const patientPoint = (x: number, y: number, z: number): PatientPoint =>
  [x, y, z] as unknown as PatientPoint;
export const patientVector = (x: number, y: number, z: number): PatientVector =>
  [x, y, z] as unknown as PatientVector;
export const viewPoint = (x: number, y: number): ViewPoint => [x, y] as unknown as ViewPoint;

/** A plane in the patient: `right` and `down` are orthonormal, normal = right × down. */
export interface Plane {
  readonly origin: PatientPoint;
  readonly right: PatientVector;
  readonly down: PatientVector;
}

/** Size in voxels (i, j, k) and the LPS-mm affine of a regular volume. */
export interface VolumeGeometry {
  readonly size: Vec3;
  /** Index (0,0,0) is the centre of the first voxel (PS3.3 C.7.6.2.1.1). */
  readonly patientFromIndex: Mat4;
}
