import type { Mat4, VolumeGeometry } from '../geometry/types.ts';
import type { AnyVoxels } from './resample.ts';

/** Rows 0 and 1 change sign: NIfTI is RAS, DICOM is LPS (lesson L13). */
export function rasFromLps(patientFromIndex: Mat4): Mat4 {
  return patientFromIndex.map((value, at) => (at < 8 ? 0 - value : value)) as unknown as Mat4;
}

const headerBytes = 352;

/** Codes of nifti1.h and bits a voxel. */
function typeOf(voxels: AnyVoxels): readonly [datatype: number, bits: number] {
  if (voxels instanceof Uint8Array) return [128, 24];
  return voxels instanceof Int16Array ? [4, 16] : [16, 32];
}

/**
 * The 352 bytes before the voxels of a NIfTI-1 single file (.nii): little endian, i fastest, sform in RAS mm (code 1,
 * scanner). Values are modality values, nothing is scaled; a Uint8Array is RGB24. Sizes beyond 32,767 do not fit
 * the format.
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
  const spacing = [0, 1, 2].map((column) =>
    Math.hypot(affine[column]!, affine[4 + column]!, affine[8 + column]!),
  );
  view.setInt32(0, 348, true);
  view.setInt16(40, 3, true);
  for (const [axis, size] of geometry.size.entries()) view.setInt16(42 + 2 * axis, size, true);
  for (let axis = 3; axis < 7; axis++) view.setInt16(42 + 2 * axis, 1, true);
  const [datatype, bits] = typeOf(voxels);
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  view.setFloat32(76, 1, true);
  for (const [axis, mm] of spacing.entries()) view.setFloat32(80 + 4 * axis, mm, true);
  view.setFloat32(108, headerBytes, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  bytes.set(new TextEncoder().encode(description).subarray(0, 79), 148);
  view.setInt16(254, 1, true);
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
