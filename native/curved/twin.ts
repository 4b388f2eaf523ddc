import { resliceTwin } from '../reslice/twin.ts';
import type { Voxels } from '../sample/twin.ts';
import type { CurvedRequest, ResliceRequest, Triple } from '../types.ts';

const three = (rows: Float64Array, at: number): Triple => [rows[at]!, rows[at + 1]!, rows[at + 2]!];

/** Plain twin of curved.as.ts: each row a plane of one row, in doubles. */
export function curvedTwin(voxels: Voxels, r: CurvedRequest): Float32Array {
  const out = new Float32Array(r.width * r.height).fill(Number.NaN);
  for (let row = 0; row < r.height; row += 1) {
    const at = row * 10;
    if (Number.isNaN(r.rows[at])) continue;
    const last = r.rows[at + 9]! - 1;
    const request: ResliceRequest = {
      volume: r.volume,
      origin: three(r.rows, at),
      columnStep: three(r.rows, at + 3),
      rowStep: [0, 0, 0],
      normalPerMm: three(r.rows, at + 6),
      width: r.width,
      height: 1,
      offsetsMm: last < 1 ? [0] : Array.from({ length: last + 1 }, (_, s) => r.slabMm * (s / last - 0.5)),
      weights: last < 1 ? [1] : Array.from({ length: last + 1 }, (_, s) => (s === 0 || s === last ? 1 : 2)),
      ...(last > 0 && { peaksApartMm: r.slabMm / last }),
      mode: r.mode,
      interpolation: r.interpolation,
      box: r.box,
      values: r.values,
    };
    out.set(resliceTwin(voxels, request), row * r.width);
  }
  return out;
}
