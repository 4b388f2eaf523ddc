import type { Voxels } from '../sample/twin.ts';
import type { Triple } from '../types.ts';

/** Plain twin of `bricks`: pairs (least, most), each brick with one voxel beyond its far sides. */
export function bricksTwin(voxels: Voxels, [nx, ny, nz]: Triple, noData?: number): Float32Array {
  const [bx, by, bz] = [nx, ny, nz].map((n) => Math.ceil(n / 8)) as [number, number, number];
  const out = new Float32Array(bx * by * bz * 2);
  for (let b = 0; b < bx * by * bz; b += 1) {
    const [bi, bj, bk] = [b % bx, Math.floor(b / bx) % by, Math.floor(b / (bx * by))];
    let least = Infinity;
    let most = -Infinity;
    for (let k = bk * 8; k < Math.min(bk * 8 + 9, nz); k += 1)
      for (let j = bj * 8; j < Math.min(bj * 8 + 9, ny); j += 1)
        for (let i = bi * 8; i < Math.min(bi * 8 + 9, nx); i += 1) {
          const value = voxels[(k * ny + j) * nx + i]!;
          if (value === noData) continue;
          if (value < least) least = value;
          if (value > most) most = value;
        }
    out[2 * b] = least;
    out[2 * b + 1] = most;
  }
  return out;
}
