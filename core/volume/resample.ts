import { noDataInt16 } from '../pixels/native-shorts.ts';
import type { VolumeGroup } from './types.ts';

/** One value a voxel. */
export type VoxelArray = Int16Array | Float32Array;
/** Uint8Array: red, green and blue of each voxel side by side. */
export type AnyVoxels = VoxelArray | Uint8Array;

/**
 * Fills the regular grid of a resampled group from its acquired slices: linear between the two neighbouring
 * planes, bilinear in-plane where the stack is sheared (backward, lesson L5). Places no slice covers get
 * `outside`, and so do places beside voxels that hold no data (NaN; `noDataInt16` where `outside` is that). `acquired` holds slice k at k · columns · rows, modality values; `out` the regular grid likewise.
 */
export function resampleToRegular(
  group: VolumeGroup,
  acquired: VoxelArray,
  out: VoxelArray,
  outside: number,
  spacingMm: readonly [number, number],
): void {
  if (!group.acquired || !group.regular) return;
  const { resampleK, shearMm } = group;
  if (!resampleK || !shearMm) {
    out.set(acquired);
    return;
  }
  const [outColumns, outRows] = group.regular.size;
  const plane = outColumns * outRows;
  let low = { slice: -1, values: new Float64Array(plane) };
  let high = { slice: -1, values: new Float64Array(plane) };
  const [columns, rows] = group.acquired.size;
  const known = new Float64Array(columns * rows);
  const load = (kept: { slice: number; values: Float64Array }, slice: number): void => {
    if (kept.slice !== slice) {
      knownSlice(acquired, slice, outside, known);
      shiftedSlice(group, known, slice, spacingMm, kept.values);
    }
    kept.slice = slice;
  };
  for (const [k, fraction] of resampleK.entries()) {
    const slice = Math.floor(fraction);
    const weight = fraction - slice;
    // Planes rise: what was above is below next.
    if (high.slice === slice) [low, high] = [high, low];
    load(low, slice);
    if (weight > 0) load(high, slice + 1);
    writePlane(out, k * plane, low.values, high.values, weight, outside);
  }
}

function writePlane(
  out: VoxelArray,
  at: number,
  low: Float64Array,
  high: Float64Array,
  weight: number,
  outside: number,
): void {
  const whole = out instanceof Int16Array;
  for (let pixel = 0; pixel < low.length; pixel++) {
    const a = low[pixel]!;
    const value = weight > 0 ? a + weight * (high[pixel]! - a) : a;
    // NaN marks what no slice covers: a mix of known and unknown stays unknown.
    out[at + pixel] = Number.isNaN(value) ? outside : whole ? Math.floor(value + 0.5) : value;
  }
}

/** One acquired slice as it is, NaN where it holds no data: a mix of tissue and marker would be a false value. */
function knownSlice(acquired: VoxelArray, slice: number, outside: number, out: Float64Array): void {
  const from = slice * out.length;
  out.set(acquired.subarray(from, from + out.length));
  if (!(acquired instanceof Int16Array) || outside !== noDataInt16) return;
  for (let n = 0; n < out.length; n++) if (out[n] === noDataInt16) out[n] = Number.NaN;
}

/**
 * One acquired slice on the in-plane lattice of the regular grid; NaN outside. A shift is the same for all pixels, so
 * are the weights of the four neighbours.
 */
function shiftedSlice(
  group: VolumeGroup,
  known: Float64Array,
  slice: number,
  spacingMm: readonly [number, number],
  out: Float64Array,
): void {
  const [columns, rows] = group.acquired!.size;
  const [outColumns, outRows] = group.regular!.size;
  const [shiftColumnMm, shiftRowMm] = group.shearMm![slice]!;
  const across = placeOf(snap(shiftColumnMm / spacingMm[1]), columns, outColumns);
  const down = placeOf(snap(shiftRowMm / spacingMm[0]), rows, outRows);
  out.fill(Number.NaN);
  const right = across.weight > 0 ? 1 : 0;
  const below = down.weight > 0 ? columns : 0;
  for (let row = down.from; row < down.end; row++) {
    const base = (row + down.offset) * columns + across.offset;
    const to = row * outColumns;
    for (let column = across.from; column < across.end; column++) {
      const at = base + column;
      const top = known[at]! + across.weight * (known[at + right]! - known[at]!);
      if (below === 0) {
        out[to + column] = top;
        continue;
      }
      const under = at + below;
      const bottom = known[under]! + across.weight * (known[under + right]! - known[under]!);
      out[to + column] = top + down.weight * (bottom - top);
    }
  }
}

/** Along one axis: lattice places from `from` to `end` (exclusive) lie at `place + offset + weight` of the slice. */
function placeOf(
  shift: number,
  count: number,
  outCount: number,
): { offset: number; weight: number; from: number; end: number } {
  const offset = Math.floor(-shift);
  const weight = -shift - offset;
  const from = Math.max(0, -offset);
  // With a weight the next pixel is needed too.
  const end = Math.min(outCount, count - offset - (weight > 0 ? 1 : 0));
  return { offset, weight, from, end };
}

/** Shifts within a thousandth of a pixel of a whole one are whole: exact slices stay exact. */
const snap = (pixels: number): number =>
  Math.abs(pixels - Math.round(pixels)) < 1e-3 ? Math.round(pixels) : pixels;

/** The same for RGB, one colour after the other; places that no slice covers are black. */
export function resampleColour(
  group: VolumeGroup,
  acquired: Uint8Array,
  out: Uint8Array,
  spacingMm: readonly [number, number],
): void {
  const plane = new Int16Array(acquired.length / 3);
  const made = new Int16Array(out.length / 3);
  for (let colour = 0; colour < 3; colour++) {
    for (let n = 0; n < plane.length; n++) plane[n] = acquired[3 * n + colour]!;
    resampleToRegular(group, plane, made, 0, spacingMm);
    for (let n = 0; n < made.length; n++) out[3 * n + colour] = made[n]!;
  }
}
