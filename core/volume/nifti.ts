import type { Mat4, Vec3, VolumeGeometry } from '../geometry/types.ts';
import { cross, dot, scaled, subtract } from './order.ts';
import type { AnyVoxels } from './resample.ts';

/** Rows 0 and 1 change sign: NIfTI is RAS, DICOM is LPS (lesson L13). */
export function rasFromLps(patientFromIndex: Mat4): Mat4 {
  return patientFromIndex.map((value, at) => (at < 8 ? 0 - value : value)) as unknown as Mat4;
}

const headerBytes = 352;
/** Code of qform and sform: scanner-based coordinates (nifti1.h). */
const scannerCode = 1;
/** What a qform says may lie so far from the affine at a corner, as a part of the finest spacing. */
const qformPart = 0.1;
/** Where the square of a quaternion's first part is below this, readers take it as 0 (nifti1_io.c). */
const leastSquare = 1e-7;

type Axes = readonly [Vec3, Vec3, Vec3];

const columnOf = (m: Mat4, c: number): Vec3 => [m[c]!, m[4 + c]!, m[8 + c]!];

/** Second to fourth part of a rotation's unit quaternion whose first part is not below 0, as float32 keeps them. */
function quaternionOf([[r11, r21, r31], [r12, r22, r32], [r13, r23, r33]]: Axes): Vec3 {
  // Four times the products of all parts with the largest, which is the root of its own square.
  const rows: readonly (readonly [number, number, number, number])[] = [
    [1 + r11 + r22 + r33, r32 - r23, r13 - r31, r21 - r12],
    [r32 - r23, 1 + r11 - r22 - r33, r12 + r21, r13 + r31],
    [r13 - r31, r12 + r21, 1 - r11 + r22 - r33, r23 + r32],
    [r21 - r12, r13 + r31, r23 + r32, 1 - r11 - r22 + r33],
  ];
  const largest = rows.reduce((best, row, n) => (row[n]! > rows[best]![best]! ? n : best), 0);
  const row = rows[largest]!;
  const over = (row[0] < 0 ? -1 : 1) / (2 * Math.sqrt(row[largest]!));
  return [Math.fround(row[1] * over), Math.fround(row[2] * over), Math.fround(row[3] * over)];
}

/** The axes that readers make of a quaternion (nifti1.h, method 2). */
function axesOfQuaternion(quaternion: Vec3): Axes {
  const square = 1 - dot(quaternion, quaternion);
  const isHalfTurn = square < leastSquare;
  const a = isHalfTurn ? 0 : Math.sqrt(square);
  const [b, c, d] = isHalfTurn ? scaled(quaternion, 1 / Math.hypot(...quaternion)) : quaternion;
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c],
  ];
}

/**
 * An affine as a rotation: quaternion, and the sign of the third axis (`pixdim[0]`). Null where readers of it would see
 * a corner of the box elsewhere (slices that are sheared, by less than what counts as tilt).
 */
function qformOf(
  affine: Mat4,
  spacingMm: Vec3,
  size: Vec3,
): { readonly quaternion: Vec3; readonly sign: 1 | -1 } | null {
  const columns = [columnOf(affine, 0), columnOf(affine, 1), columnOf(affine, 2)] as const;
  const first = scaled(columns[0], 1 / spacingMm[0]);
  const beside = subtract(columns[1], scaled(first, dot(first, columns[1])));
  const second = scaled(beside, 1 / Math.hypot(...beside));
  const third = cross(first, second);
  const sign = dot(third, columns[2]) < 0 ? -1 : 1;
  const quaternion = quaternionOf([first, second, third]);
  const besideMm = axesOfQuaternion(quaternion).reduce((sum, axis, n) => {
    const told = scaled(axis, (n === 2 ? sign : 1) * spacingMm[n]!);
    return sum + Math.hypot(...subtract(told, columns[n]!)) * (size[n]! - 1);
  }, 0);
  return besideMm <= qformPart * Math.min(...spacingMm) ? { quaternion, sign } : null;
}

/** Codes of nifti1.h and bits a voxel. */
function typeOf(voxels: AnyVoxels): readonly [datatype: number, bits: number] {
  if (voxels instanceof Uint8Array) return [128, 24];
  return voxels instanceof Int16Array ? [4, 16] : [16, 32];
}

/**
 * The 352 bytes before the voxels of a NIfTI-1 single file (.nii): little endian, i fastest, sform in RAS mm (code 1,
 * scanner), and the same as a qform wherever a rotation says it; else qform_code is 0. Values are modality values,
 * nothing is scaled; a Uint8Array is RGB24. Sizes beyond 32,767 do not fit the format.
 *
 * @param voxels for their type only.
 */
export function niftiHeader(
  geometry: VolumeGeometry,
  voxels: AnyVoxels,
  description: string,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  const affine = rasFromLps(geometry.patientFromIndex);
  const spacing = [0, 1, 2].map((column) => Math.hypot(...columnOf(affine, column))) as unknown as Vec3;
  view.setInt32(0, 348, true);
  view.setInt16(40, 3, true);
  for (const [axis, size] of geometry.size.entries()) view.setInt16(42 + 2 * axis, size, true);
  for (let axis = 3; axis < 7; axis++) view.setInt16(42 + 2 * axis, 1, true);
  const [datatype, bits] = typeOf(voxels);
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  for (const [axis, mm] of spacing.entries()) view.setFloat32(80 + 4 * axis, mm, true);
  view.setFloat32(108, headerBytes, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  bytes.set(new TextEncoder().encode(description).subarray(0, 79), 148);
  const qform = qformOf(affine, spacing, geometry.size);
  view.setFloat32(76, qform?.sign ?? 1, true);
  if (qform) {
    view.setInt16(252, scannerCode, true);
    for (const [part, value] of qform.quaternion.entries()) view.setFloat32(256 + 4 * part, value, true);
    for (let axis = 0; axis < 3; axis++) view.setFloat32(268 + 4 * axis, affine[4 * axis + 3]!, true);
  }
  view.setInt16(254, scannerCode, true);
  for (let at = 0; at < 12; at++) view.setFloat32(280 + 4 * at, affine[at]!, true);
  bytes.set([0x6e, 0x2b, 0x31, 0], 344);
  return bytes;
}

/** Header and voxels as one file. */
export function writeNifti(
  geometry: VolumeGeometry,
  voxels: AnyVoxels,
  description: string,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + voxels.byteLength);
  bytes.set(niftiHeader(geometry, voxels, description));
  bytes.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), headerBytes);
  return bytes;
}
