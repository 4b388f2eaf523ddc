/** How bone is filled: a cortical rim over cancellous bone with a trabecular texture. */
import type { Part, PartName } from '../part.ts';
import { hash32 } from '../random.ts';
import type { Shape } from '../shape.ts';

/** Smooth noise on a 1.6 mm lattice, ±`amplitude`. */
function lattice(x: number, y: number, z: number, cellMm: number, salt: number): number {
  const [fx, fy, fz] = [x / cellMm, y / cellMm, z / cellMm];
  const [ix, iy, iz] = [Math.floor(fx), Math.floor(fy), Math.floor(fz)];
  const [tx, ty, tz] = [fx - ix, fy - iy, fz - iz];
  const at = (i: number, j: number, k: number): number =>
    hash32((Math.imul(ix + i, 73856093) ^ Math.imul(iy + j, 19349663) ^ Math.imul(iz + k, 83492791)) + salt) /
      2147483648 -
    1;
  const along = (j: number, k: number) => at(0, j, k) * (1 - tx) + at(1, j, k) * tx;
  const plane = (k: number) => along(0, k) * (1 - ty) + along(1, k) * ty;
  return plane(0) * (1 - tz) + plane(1) * tz;
}

export const trabecular = (x: number, y: number, z: number): number => 105 * lattice(x, y, z, 1.9, 11);
export const parenchyma = (x: number, y: number, z: number): number => 9 * lattice(x, y, z, 4, 5);
export const marbling = (x: number, y: number, z: number): number =>
  24 * Math.min(0, lattice(x, y, z * 0.35, 3.2, 23) + 0.25);
export const fatStrands = (x: number, y: number, z: number): number =>
  55 * Math.max(0, lattice(x * 0.6, y, z * 0.6, 5, 41) - 0.45);
export const mottled = (x: number, y: number, z: number): number => 160 * lattice(x, y, z, 6, 31) - 20;

export const bone = (id: string, name: PartName, shape: Shape, rimMm = 1.2): Part => ({
  id,
  name,
  kind: 'bone',
  tissue: 'cancellous',
  shape,
  rim: { mm: rimMm, tissue: rimMm < 1 ? 'thinCortical' : 'cortical' },
  texture: trabecular,
});
