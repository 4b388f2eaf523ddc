/** How bone is filled: a cortical rim over cancellous bone with a trabecular texture. */
import type { Part, PartName } from '../part.ts';
import { hash32 } from '../random.ts';
import type { Shape } from '../shape.ts';

const period = 32;
/** One random value in −1…1 for each point of a periodic lattice. */
const latticeValues = Float32Array.from({ length: period ** 3 }, (_, n) => hash32(n + 77) / 2147483648 - 1);

/** Smooth noise between lattice points `cellMm` apart, −1…1; `salt` moves the lattice. */
function lattice(x: number, y: number, z: number, cellMm: number, salt: number): number {
  const fx = x / cellMm + salt;
  const fy = y / cellMm + salt * 3;
  const fz = z / cellMm + salt * 7;
  const ix = Math.floor(fx);
  const iy = Math.floor(fy);
  const iz = Math.floor(fz);
  const tx = fx - ix;
  const ty = fy - iy;
  const tz = fz - iz;
  const i0 = ix & 31;
  const i1 = (ix + 1) & 31;
  const j0 = (iy & 31) << 5;
  const j1 = ((iy + 1) & 31) << 5;
  const k0 = (iz & 31) << 10;
  const k1 = ((iz + 1) & 31) << 10;
  const v = latticeValues;
  const a = v[k0 + j0 + i0]! * (1 - tx) + v[k0 + j0 + i1]! * tx;
  const b = v[k0 + j1 + i0]! * (1 - tx) + v[k0 + j1 + i1]! * tx;
  const c = v[k1 + j0 + i0]! * (1 - tx) + v[k1 + j0 + i1]! * tx;
  const d = v[k1 + j1 + i0]! * (1 - tx) + v[k1 + j1 + i1]! * tx;
  return (a * (1 - ty) + b * ty) * (1 - tz) + (c * (1 - ty) + d * ty) * tz;
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
