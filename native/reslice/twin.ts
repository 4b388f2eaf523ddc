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

function pixel(voxels: Voxels, r: ResliceRequest, column: number, row: number): number {
  let best = r.mode === 'mip' ? -Infinity : r.mode === 'minip' ? Infinity : 0;
  let weights = 0;
  r.offsetsMm.forEach((offset, s) => {
    const at = [0, 1, 2].map(
      (axis) =>
        r.origin[axis]! +
        column * r.columnStep[axis]! +
        row * r.rowStep[axis]! +
        offset * r.normalPerMm[axis]!,
    ) as unknown as Triple;
    if (at.some((value, axis) => value < r.box.lo[axis]! - 1e-6 || value > r.box.hi[axis]! + 1e-6)) return;
    const value =
      r.interpolation === 'cubic'
        ? cubicTwin(voxels, r.volume, at)
        : sampleTwin(voxels, r.volume, at, r.interpolation);
    if (Number.isNaN(value)) return;
    weights += r.weights[s]!;
    if (r.mode === 'mip') best = Math.max(best, value);
    else if (r.mode === 'minip') best = Math.min(best, value);
    else best += r.weights[s]! * value;
  });
  if (weights === 0) return Number.NaN;
  const stored = r.mode === 'mip' || r.mode === 'minip' ? best : best / weights;
  return stored * r.volume.slope + r.volume.intercept;
}
