import { sampleTwin, type Voxels } from '../sample/twin.ts';
import type { KernelVolume, Triple } from '../types.ts';

/** Catmull-Rom weights of the voxels at −1, 0, 1 and 2 for a point at `f` (0…1). */
const catmullRom = (f: number): readonly number[] => [
  0.5 * f * (f * (2 - f) - 1),
  0.5 * (f * f * (3 * f - 5) + 2),
  0.5 * f * (f * (4 - 3 * f) + 1),
  0.5 * f * f * (f - 1),
];

/** Voxels along one axis and their weights; the voxel alone where the point lies on its centre. */
function taps(at: number, last: number): readonly (readonly [number, number])[] {
  const base = Math.floor(at);
  if (at === base) return [[base, 1]];
  return catmullRom(at - base).map((weight, tap) => [Math.min(Math.max(base + tap - 1, 0), last), weight]);
}

/** Plain twin of the cubic in points.as.ts, in doubles: separable, clamped at the border. */
export function cubicTwin(voxels: Voxels, volume: KernelVolume, at: Triple): number {
  const { size, noData } = volume;
  const p = at.map((value, axis) => Math.min(Math.max(value, 0), size[axis]! - 1)) as unknown as Triple;
  let sum = 0;
  let whole = true;
  for (const [k, wz] of taps(p[2], size[2] - 1))
    for (const [j, wy] of taps(p[1], size[1] - 1))
      for (const [i, wx] of taps(p[0], size[0] - 1)) {
        const value = voxels[(k * size[1] + j) * size[0] + i]!;
        if (value === noData || Number.isNaN(value)) whole = false;
        sum += wx * wy * wz * value;
      }
  return whole ? sum : sampleTwin(voxels, volume, p, 'linear');
}
