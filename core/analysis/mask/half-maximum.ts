import type { ScalarField } from '../types.ts';
import { type BitRows, copyRows } from './bit-rows.ts';

/** Around bone and vessel. */
const softHu = 50;

/** Voxels of the mask with a face neighbour that is not; the volume's border is no such neighbour. */
function surfaceWord({ data, words, size }: BitRows, at: number, j: number, k: number): number {
  const word = data[at]!;
  if (word === 0) return 0;
  const w = at % words;
  const end = w === words - 1 && size[0] % 32 !== 0 ? 1 << ((size[0] % 32) - 1) : 0;
  const before = w === 0 ? 1 : data[at - 1]! >>> 31;
  const after = w === words - 1 ? (size[0] % 32 === 0 ? 1 << 31 : 0) : data[at + 1]! << 31;
  const row = words;
  const slice = words * size[1];
  let inner = ((word << 1) | before) & ((word >>> 1) | after | end);
  if (j > 0) inner &= data[at - row]!;
  if (j < size[1] - 1) inner &= data[at + row]!;
  if (k > 0) inner &= data[at - slice]!;
  if (k < size[2] - 1) inner &= data[at + slice]!;
  return word & ~inner;
}

/**
 * The mask without those voxels of its surface that are less than half filled: darker than the middle between soft
 * tissue and the brightest voxel around. Thin parts, whose brightest voxel is dark itself, stay.
 */
export function halfFilledRows(field: ScalarField, mask: BitRows): BitRows {
  const out = copyRows(mask);
  const { size, words } = mask;
  for (let k = 0, at = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let w = 0; w < words; w++, at++) {
        let surface = surfaceWord(mask, at, j, k);
        while (surface !== 0) {
          const bit = 31 - Math.clz32(surface & -surface);
          surface &= surface - 1;
          if (!isHalfFilled(field, w * 32 + bit, j, k)) out.data[at]! &= ~(1 << bit);
        }
      }
  return out;
}

function isHalfFilled({ geometry, voxels, rescale }: ScalarField, i: number, j: number, k: number): boolean {
  const [nx, ny, nz] = geometry.size;
  let most = Number.NEGATIVE_INFINITY;
  for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k + 1); z++)
    for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j + 1); y++)
      for (let x = Math.max(0, i - 1); x <= Math.min(nx - 1, i + 1); x++)
        most = Math.max(most, voxels[x + nx * (y + ny * z)]! * rescale.slope);
  const own = voxels[i + nx * (j + ny * k)]! * rescale.slope + rescale.intercept;
  return own >= (most + rescale.intercept + softHu) / 2;
}
