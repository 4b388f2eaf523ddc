import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Vec3 } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { voxelCount } from './mask.ts';
import { decodeMask } from './run-length.ts';

/** Before the runs: four letters and the volume's size, little endian. */
const magic = 0x4b534d43;
const headBytes = 16;
const voxelsMost = 2 ** 32;

/** A mask as it is kept: its volume's size, and its run lengths. */
export function packVoxels(size: Vec3, runs: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headBytes + runs.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, magic, true);
  for (const [axis, n] of size.entries()) head.setUint32(4 + axis * 4, n, true);
  bytes.set(runs, headBytes);
  return bytes;
}

interface Unpacked {
  readonly mask: VoxelMask;
  readonly runs: Uint8Array;
}

/** Problem: MASK_DAMAGED. */
export function unpackVoxels(bytes: Uint8Array): Result<Unpacked> {
  const damaged: Problem = problem('MASK_DAMAGED');
  if (bytes.length < headBytes) return fail(damaged);
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  const size: Vec3 = [head.getUint32(4, true), head.getUint32(8, true), head.getUint32(12, true)];
  const count = voxelCount(size);
  if (head.getUint32(0, true) !== magic || !(count > 0 && count <= voxelsMost)) return fail(damaged);
  const runs = bytes.slice(headBytes);
  const mask = decodeMask(size, runs);
  return mask.ok ? ok({ mask: mask.value, runs }) : mask;
}
