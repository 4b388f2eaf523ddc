import {
  type IndexPoint,
  indexPoint,
  type Mat4,
  type PatientPoint,
  type PatientVector,
  patientPoint,
  patientVector,
  type Vec3,
} from './types.ts';

/** Row-major 4×4 algebra and the vector operations of patient space. All doubles. */
const mat4 = (values: number[]): Mat4 => values as unknown as Mat4;

export const identity4: Mat4 = mat4([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);

/** The matrix whose columns are three axes and an origin: `to = x·a + y·b + z·c + origin`. */
export function matrixFromColumns(a: Vec3, b: Vec3, c: Vec3, origin: Vec3): Mat4 {
  const row = (i: 0 | 1 | 2): number[] => [a[i], b[i], c[i], origin[i]];
  return mat4([...row(0), ...row(1), ...row(2), 0, 0, 0, 1]);
}

/** `multiply(cFromB, bFromA)` is `cFromA`. */
export function multiply(left: Mat4, right: Mat4): Mat4 {
  const out: number[] = [];
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += left[row * 4 + k]! * right[k * 4 + column]!;
      out.push(sum);
    }
  }
  return mat4(out);
}

/** Determinant of the upper left 3×3: the signed volume of one voxel in mm³ for a patientFromIndex. */
export function determinant3(m: Mat4): number {
  return (
    m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) -
    m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) +
    m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!)
  );
}

/** Inverse of an affine matrix; undefined where it is singular or not finite. */
export function invert(m: Mat4): Mat4 | undefined {
  const det = determinant3(m);
  if (!Number.isFinite(det) || det === 0) return undefined;
  const cofactor = (a: number, b: number, c: number, d: number): number =>
    (m[a]! * m[d]! - m[b]! * m[c]!) / det;
  const r = [
    [cofactor(5, 6, 9, 10), cofactor(2, 1, 10, 9), cofactor(1, 2, 5, 6)],
    [cofactor(6, 4, 10, 8), cofactor(0, 2, 8, 10), cofactor(2, 0, 6, 4)],
    [cofactor(4, 5, 8, 9), cofactor(1, 0, 9, 8), cofactor(0, 1, 4, 5)],
  ] as const;
  const rows = r.map((v) => [...v, -(v[0] * m[3]! + v[1] * m[7]! + v[2] * m[11]!)]);
  return mat4([...rows.flat(), 0, 0, 0, 1]);
}

function point(m: Mat4, p: Vec3): [number, number, number] {
  const at = (row: number): number => m[row]! * p[0] + m[row + 1]! * p[1] + m[row + 2]! * p[2] + m[row + 3]!;
  return [at(0), at(4), at(8)];
}

function direction(m: Mat4, v: Vec3): [number, number, number] {
  const at = (row: number): number => m[row]! * v[0] + m[row + 1]! * v[1] + m[row + 2]! * v[2];
  return [at(0), at(4), at(8)];
}

/** A point takes the translation (w = 1). */
export const patientFromIndexPoint = (patientFromIndex: Mat4, p: IndexPoint): PatientPoint =>
  patientPoint(...point(patientFromIndex, p));
export const indexFromPatientPoint = (indexFromPatient: Mat4, p: PatientPoint): IndexPoint =>
  indexPoint(...point(indexFromPatient, p));
/** A direction does not (w = 0); the result is not normalised. */
export const indexFromPatientVector = (indexFromPatient: Mat4, v: PatientVector): Vec3 =>
  direction(indexFromPatient, v);

export const applyPoint = (m: Mat4, p: Vec3): Vec3 => point(m, p);
export const applyDirection = (m: Mat4, v: Vec3): Vec3 => direction(m, v);

/** Plane normals transform by the inverse transpose; pass the inverse of the matrix that moves the points. */
export function applyNormal(inverse: Mat4, n: Vec3): Vec3 {
  const at = (c: number): number => inverse[c]! * n[0] + inverse[c + 4]! * n[1] + inverse[c + 8]! * n[2];
  return [at(0), at(1), at(2)];
}

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const cross = <T extends Vec3>(a: T, b: T): T =>
  [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]] as unknown as T;
export const scale = <T extends Vec3>(a: T, s: number): T => [a[0] * s, a[1] * s, a[2] * s] as unknown as T;
/** Unit vector; a zero vector stays zero. */
export function normalise<T extends Vec3>(a: T): T {
  const l = length(a);
  return l === 0 ? a : scale(a, 1 / l);
}
/** `point + s · v`. */
export const moved = (p: PatientPoint, v: Vec3, s = 1): PatientPoint =>
  patientPoint(p[0] + v[0] * s, p[1] + v[1] * s, p[2] + v[2] * s);
/** The displacement from `from` to `to`. */
export const between = (from: PatientPoint, to: PatientPoint): PatientVector =>
  patientVector(to[0] - from[0], to[1] - from[1], to[2] - from[2]);

/** Rodrigues: `v` turned by `angleRad` about the unit vector `axis`, right-handed. */
export function rotateAbout(v: PatientVector, axis: PatientVector, angleRad: number): PatientVector {
  const c = Math.cos(angleRad);
  const s = Math.sin(angleRad);
  const k = dot(axis, v) * (1 - c);
  const x = cross(axis, v);
  return patientVector(
    v[0] * c + x[0] * s + axis[0] * k,
    v[1] * c + x[1] * s + axis[1] * k,
    v[2] * c + x[2] * s + axis[2] * k,
  );
}

/** Distance in mm between neighbours along i, j and k: the lengths of the matrix' columns. */
export const spacingMm = (patientFromIndex: Mat4): Vec3 => {
  const m = patientFromIndex;
  const column = (c: number): number => Math.hypot(m[c]!, m[c + 4]!, m[c + 8]!);
  return [column(0), column(1), column(2)];
};
