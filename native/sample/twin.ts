import type { KernelVolume, Triple } from '../types.ts';

/** Plain twin of sample.as.ts in doubles. Stored values; NaN where there is no data. */
export type Voxels = ArrayLike<number>;

const clamp = (value: number, last: number): number => Math.min(Math.max(value, 0), last);

function voxelAt(voxels: Voxels, volume: KernelVolume, i: number, j: number, k: number): number {
  const value = voxels[(k * volume.size[1] + j) * volume.size[0] + i]!;
  return value === volume.noData ? Number.NaN : value;
}

export function sampleTwin(
  voxels: Voxels,
  volume: KernelVolume,
  at: Triple,
  interpolation: 'nearest' | 'linear',
): number {
  const p = at.map((value, axis) => clamp(value, volume.size[axis]! - 1)) as [number, number, number];
  if (interpolation === 'nearest') {
    const [i, j, k] = p.map((value) => Math.floor(value + 0.5)) as [number, number, number];
    return voxelAt(voxels, volume, i, j, k);
  }
  const base = p.map((value, axis) => Math.floor(Math.min(value, Math.max(volume.size[axis]! - 2, 0))));
  let sum = 0;
  let weights = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    const bits = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const w = bits.reduce((product, bit, axis) => {
      const f = p[axis]! - base[axis]!;
      return product * (bit ? f : 1 - f);
    }, 1);
    if (w <= 0) continue;
    const value = voxelAt(voxels, volume, base[0]! + bits[0]!, base[1]! + bits[1]!, base[2]! + bits[2]!);
    if (Number.isNaN(value)) continue;
    sum += w * value;
    weights += w;
  }
  // Half of the weight must count as half however the products were rounded.
  return weights >= 0.49999 ? sum / weights : Number.NaN;
}
