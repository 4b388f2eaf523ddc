import { sampleTwin, type Voxels } from '../sample/twin.ts';
import type { ResliceRequest, Triple } from '../types.ts';
import { cubicTwin } from './cubic-twin.ts';

/** Plain twin of reslice.as.ts: the whole plane, one pixel after the other, in doubles. */
export function resliceTwin(voxels: Voxels, request: ResliceRequest): Float32Array {
  const out = new Float32Array(request.width * request.height);
  for (let row = 0; row < request.height; row += 1)
    for (let column = 0; column < request.width; column += 1)
      out[row * request.width + column] = pixel(voxels, request, column, row);
  return out;
}

/** The stored value of a pixel `offset` mm along the normal; NaN where there is none. */
function sample(voxels: Voxels, r: ResliceRequest, column: number, row: number, offset: number): number {
  const at = [0, 1, 2].map(
    (axis) =>
      r.origin[axis]! + column * r.columnStep[axis]! + row * r.rowStep[axis]! + offset * r.normalPerMm[axis]!,
  ) as unknown as Triple;
  if (at.some((value, axis) => value < r.box.lo[axis]! - 1e-6 || value > r.box.hi[axis]! + 1e-6))
    return Number.NaN;
  if (r.interpolation === 'cubic') return cubicTwin(voxels, r.volume, at);
  return sampleTwin(voxels, r.volume, at, r.interpolation);
}

/** Where the surroundings of sample `taken` are looked at again, in mm along the normal. */
function aroundPeak({ offsetsMm, peaksApartMm = 0 }: ResliceRequest, taken: number): readonly number[] {
  const side = taken === 0 ? 1 : taken === offsetsMm.length - 1 ? -1 : 0;
  return [-2, -1, 1, 2].map((fifths) => offsetsMm[taken]! + ((fifths + 2 * side) / 5) * peaksApartMm);
}

function pixel(voxels: Voxels, r: ResliceRequest, column: number, row: number): number {
  let best = r.mode === 'mip' ? -Infinity : r.mode === 'minip' ? Infinity : 0;
  let taken = 0;
  let weights = 0;
  const isBetter = (value: number): boolean => (r.mode === 'mip' ? value > best : value < best);
  const isExtreme = r.mode === 'mip' || r.mode === 'minip';
  r.offsetsMm.forEach((offset, s) => {
    const value = sample(voxels, r, column, row, offset);
    if (Number.isNaN(value)) return;
    weights += r.weights[s]!;
    if (!isExtreme) best += r.weights[s]! * value;
    else if (isBetter(value)) [best, taken] = [value, s];
  });
  if (weights === 0) return Number.NaN;
  if (isExtreme && r.peaksApartMm && r.interpolation === 'linear')
    for (const offset of aroundPeak(r, taken)) {
      const value = sample(voxels, r, column, row, offset);
      if (isBetter(value)) best = value;
    }
  const stored = isExtreme ? best : best / weights;
  return stored * r.volume.slope + r.volume.intercept;
}
