import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Vec3 } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { emptyMask, voxelCount } from './mask.ts';

/**
 * Masks for keeping, and their changes for undo: lengths of runs of absent and present voxels in turn, absent first,
 * each as a little-endian base-128 number. The last run of absent voxels is left out.
 */

class Bytes {
  private bytes = new Uint8Array(1024);
  private length = 0;
  number(value: number): void {
    if (this.length + 6 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }
  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/** The bits as bytes of runs; `other` given: of where the two differ. */
function encode(bits: Uint8Array, other?: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Bytes();
  let state = 0;
  let start = 0;
  for (let at = 0; at < bits.length; at++) {
    const byte = other ? bits[at]! ^ other[at]! : bits[at]!;
    let turns = (byte ^ ((byte << 1) | state)) & 0xff;
    while (turns !== 0) {
      const n = at * 8 + 31 - Math.clz32(turns & -turns);
      turns &= turns - 1;
      out.number(n - start);
      start = n;
      state ^= 1;
    }
  }
  if (state === 1) out.number(bits.length * 8 - start);
  return out.done();
}

/** A mask as it is stored: usually a hundredth of its bits. */
export const encodeMask = (mask: VoxelMask): Uint8Array<ArrayBuffer> => encode(mask.bits);

/** Where two masks of one volume differ; `applyDelta` with it turns either into the other. */
export const maskDelta = (before: VoxelMask, after: VoxelMask): Uint8Array<ArrayBuffer> =>
  encode(before.bits, after.bits);

/** Turns over the voxels of the runs, from the given bits. False where the runs do not fit. */
function turnOver(bits: Uint8Array, voxels: number, runs: Uint8Array): boolean {
  let n = 0;
  let present = false;
  for (let at = 0; at < runs.length; ) {
    let length = 0;
    let factor = 1;
    for (;;) {
      const byte = runs[at++];
      if (byte === undefined || factor > 2 ** 42) return false;
      length += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
    }
    if (n + length > Math.ceil(voxels / 8) * 8) return false;
    if (present) turnRun(bits, n, n + length);
    n += length;
    present = !present;
  }
  return true;
}

function turnRun(bits: Uint8Array, from: number, end: number): void {
  let n = from;
  for (; n < end && (n & 7) !== 0; n++) bits[n >> 3]! ^= 1 << (n & 7);
  for (; n + 8 <= end; n += 8) bits[n >> 3]! ^= 0xff;
  for (; n < end; n++) bits[n >> 3]! ^= 1 << (n & 7);
}

/** Bits beyond the last voxel say that the runs belong to another volume. */
const endsRight = ({ size, bits }: VoxelMask): boolean =>
  (bits[bits.length - 1] ?? 0) >> (8 - (bits.length * 8 - voxelCount(size))) === 0;

/** Problem: MASK_DAMAGED. */
export function decodeMask(size: Vec3, runs: Uint8Array): Result<VoxelMask> {
  const mask = emptyMask(size);
  return turnOver(mask.bits, voxelCount(size), runs) && endsRight(mask)
    ? ok(mask)
    : fail(problem('MASK_DAMAGED'));
}

/** Problem: MASK_DAMAGED. */
export function applyDelta(mask: VoxelMask, delta: Uint8Array): Result<VoxelMask> {
  const out = { size: mask.size, bits: mask.bits.slice() };
  return turnOver(out.bits, voxelCount(mask.size), delta) && endsRight(out)
    ? ok(out)
    : fail(problem('MASK_DAMAGED'));
}
