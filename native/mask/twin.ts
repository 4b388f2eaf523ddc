import type { Triple } from '../types.ts';

/** Plain twin of the veil: 0 … 255, how much of what lies around a voxel is removed; 128 and more where it is itself. */
export function veilTwin(labels: ArrayLike<number>, size: Triple, roles: Uint8Array): Uint8Array {
  const [nx, ny, nz] = size;
  const veil = new Uint8Array(nx * ny * nz);
  const isRemoved = (i: number, j: number, k: number): number => {
    const at = [i, j, k].map((v, axis) => Math.min(Math.max(v, 0), size[axis]! - 1)) as [
      number,
      number,
      number,
    ];
    return roles[labels[(at[2] * ny + at[1]) * nx + at[0]]!] === 1 ? 1 : 0;
  };
  const weight = (offset: number): number => (offset === 0 ? 2 : 1);
  const offsets = [-1, 0, 1];
  let n = 0;
  for (let k = 0; k < nz; k += 1)
    for (let j = 0; j < ny; j += 1)
      for (let i = 0; i < nx; i += 1, n += 1) {
        let sum = 0;
        for (const c of offsets)
          for (const b of offsets)
            for (const a of offsets)
              sum += weight(a) * weight(b) * weight(c) * isRemoved(i + a, j + b, k + c);
        const share = Math.floor((sum * 255 + 32) / 64);
        veil[n] = isRemoved(i, j, k) ? Math.max(share, 128) : Math.min(share, 127);
      }
  return veil;
}
