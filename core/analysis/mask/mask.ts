import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { determinant3 } from '../../geometry/matrices.ts';
import type { Vec3, VolumeGeometry } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { rowsOfMask } from './bit-rows.ts';

/** What can be asked of a mask and done with two of them. Masks are never changed in place. */
export const voxelCount = (size: Vec3): number => size[0] * size[1] * size[2];

export const emptyMask = (size: Vec3): VoxelMask => ({
  size,
  bits: new Uint8Array(Math.ceil(voxelCount(size) / 8)),
});

/** Bits after the last voxel are zero in every mask. */
export function trimmed(mask: VoxelMask): VoxelMask {
  const spare = mask.bits.length * 8 - voxelCount(mask.size);
  if (spare > 0) mask.bits[mask.bits.length - 1]! &= 0xff >> spare;
  return mask;
}

export const copyMask = ({ size, bits }: VoxelMask): VoxelMask => ({ size, bits: bits.slice() });

export const sizeText = (size: Vec3): string => size.join('×');

const sameSize = (a: Vec3, b: Vec3): boolean => a.every((n, axis) => n === b[axis]);

/** MASK_OTHER_VOLUME where the mask has not the volume's voxels. */
export function maskProblem(mask: VoxelMask, size: Vec3): Problem | undefined {
  if (sameSize(mask.size, size) && mask.bits.length === Math.ceil(voxelCount(size) / 8)) return undefined;
  return problem('MASK_OTHER_VOLUME', { mask: sizeText(mask.size), volume: sizeText(size) });
}

/** False outside the volume. */
export function hasVoxel({ size, bits }: VoxelMask, i: number, j: number, k: number): boolean {
  if (!(i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2])) return false;
  const n = i + size[0] * (j + size[1] * k);
  return ((bits[n >> 3]! >> (n & 7)) & 1) === 1;
}

/** A mask of the voxels for which `test` holds. For tests and small volumes: one call a voxel. */
export function maskOf(size: Vec3, test: (i: number, j: number, k: number) => boolean): VoxelMask {
  const mask = emptyMask(size);
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) if (test(i, j, k)) mask.bits[n >> 3]! |= 1 << (n & 7);
  return mask;
}

type ByteOperation = (a: Uint8Array, b: Uint8Array, out: Uint8Array) => void;

const operations = {
  and: (a, b, out) => {
    for (let n = 0; n < out.length; n++) out[n] = a[n]! & b[n]!;
  },
  or: (a, b, out) => {
    for (let n = 0; n < out.length; n++) out[n] = a[n]! | b[n]!;
  },
  /** What is in the first but not in the second. */
  without: (a, b, out) => {
    for (let n = 0; n < out.length; n++) out[n] = a[n]! & ~b[n]!;
  },
  xor: (a, b, out) => {
    for (let n = 0; n < out.length; n++) out[n] = a[n]! ^ b[n]!;
  },
} satisfies Record<string, ByteOperation>;

export type MaskOperation = keyof typeof operations;

/** Two masks of one volume as one. Problem: MASK_OTHER_VOLUME. */
export function combineMasks(a: VoxelMask, b: VoxelMask, operation: MaskOperation): Result<VoxelMask> {
  const unlike = maskProblem(b, a.size);
  if (unlike) return fail(unlike);
  const bits = new Uint8Array(a.bits.length);
  operations[operation](a.bits, b.bits, bits);
  return ok({ size: a.size, bits });
}

export const invertMask = ({ size, bits }: VoxelMask): VoxelMask =>
  trimmed({ size, bits: bits.map((byte) => ~byte) });

const onesOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

/** How many voxels are in the mask. */
export function countVoxels({ bits }: VoxelMask): number {
  let count = 0;
  for (let n = 0; n < bits.length; n++) count += onesOfByte[bits[n]!]!;
  return count;
}

export function isEmptyMask({ bits }: VoxelMask): boolean {
  for (let n = 0; n < bits.length; n++) if (bits[n] !== 0) return false;
  return true;
}

export const isSameMask = (a: VoxelMask, b: VoxelMask): boolean =>
  sameSize(a.size, b.size) &&
  a.bits.length === b.bits.length &&
  a.bits.every((byte, n) => byte === b.bits[n]);

/** First and last index along each axis. */
export interface IndexBox {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** The voxels' bounding box; undefined for an empty mask. */
export function maskBox(mask: VoxelMask): IndexBox | undefined {
  const { size, words, data } = rowsOfMask(mask);
  const [, rows, slices] = size;
  const from: [number, number, number] = [size[0], rows, slices];
  const to: [number, number, number] = [-1, -1, -1];
  for (let k = 0, at = 0; k < slices; k++)
    for (let j = 0; j < rows; j++, at += words) {
      let first = 0;
      while (first < words && data[at + first] === 0) first++;
      if (first === words) continue;
      let last = words - 1;
      while (data[at + last] === 0) last--;
      const [low, high] = [data[at + first]!, data[at + last]!];
      from[0] = Math.min(from[0], first * 32 + 31 - Math.clz32(low & -low));
      to[0] = Math.max(to[0], last * 32 + 31 - Math.clz32(high));
      from[1] = Math.min(from[1], j);
      to[1] = Math.max(to[1], j);
      from[2] = Math.min(from[2], k);
      to[2] = k;
    }
  return to[0] < 0 ? undefined : { from, to };
}

export const voxelVolumeMm3 = ({ patientFromIndex }: VolumeGeometry): number =>
  Math.abs(determinant3(patientFromIndex));

export interface MaskVolume {
  readonly voxels: number;
  /** voxels · |det patientFromIndex|: of the voxels, never of a smoothed surface (L51). */
  readonly volumeMl: number;
  /** It reaches the volume's border, so that part of it may lie outside. */
  readonly touchesBorder: boolean;
}

/** Problem: MASK_OTHER_VOLUME. */
export function maskVolume(mask: VoxelMask, geometry: VolumeGeometry): Result<MaskVolume> {
  const unlike = maskProblem(mask, geometry.size);
  if (unlike) return fail(unlike);
  const voxels = countVoxels(mask);
  const box = maskBox(mask);
  const touchesBorder =
    box !== undefined &&
    mask.size.some((n, axis) => n > 1 && (box.from[axis] === 0 || box.to[axis] === n - 1));
  return ok({ voxels, volumeMl: (voxels * voxelVolumeMm3(geometry)) / 1000, touchesBorder });
}
