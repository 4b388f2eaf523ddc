import type { VolumeGroup } from './types.ts';

/** One value a voxel. */
export type VoxelArray = Int16Array | Float32Array;
/** Uint8Array: red, green and blue of each voxel side by side. */
export type AnyVoxels = VoxelArray | Uint8Array;

/**
 * Fills the regular grid of a resampled group from its acquired slices: linear between the two neighbouring
 * planes, bilinear in-plane where the stack is sheared (backward, lesson L5). Places no slice covers get
 * `outside`. `acquired` holds slice k at k · columns · rows, modality values; `out` the regular grid likewise.
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
  const low = new Float64Array(plane);
  const high = new Float64Array(plane);
  for (const [k, fraction] of resampleK.entries()) {
    const slice = Math.floor(fraction);
    const weight = fraction - slice;
    shiftedSlice(group, acquired, slice, spacingMm, low);
    if (weight > 0) shiftedSlice(group, acquired, slice + 1, spacingMm, high);
    writePlane(out, k * plane, low, high, weight, outside);
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

/** One acquired slice on the in-plane lattice of the regular grid; NaN outside. */
function shiftedSlice(
  group: VolumeGroup,
  acquired: VoxelArray,
  slice: number,
  spacingMm: readonly [number, number],
  out: Float64Array,
): void {
  const [columns, rows] = group.acquired!.size;
  const [outColumns, outRows] = group.regular!.size;
  const [shiftColumnMm, shiftRowMm] = group.shearMm![slice]!;
  const shiftColumns = snap(shiftColumnMm / spacingMm[1]);
  const shiftRows = snap(shiftRowMm / spacingMm[0]);
  const base = slice * columns * rows;
  for (let row = 0; row < outRows; row++) {
    const y = row - shiftRows;
    for (let column = 0; column < outColumns; column++) {
      out[row * outColumns + column] = bilinear(acquired, base, columns, rows, column - shiftColumns, y);
    }
  }
}

/** Shifts within a thousandth of a pixel of a whole one are whole: exact slices stay exact. */
const snap = (pixels: number): number =>
  Math.abs(pixels - Math.round(pixels)) < 1e-3 ? Math.round(pixels) : pixels;

function bilinear(
  data: VoxelArray,
  base: number,
  columns: number,
  rows: number,
  x: number,
  y: number,
): number {
  if (x < 0 || y < 0 || x > columns - 1 || y > rows - 1) return Number.NaN;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const at = base + y0 * columns + x0;
  const right = fx > 0 ? 1 : 0;
  const below = fy > 0 ? columns : 0;
  const top = data[at]! + fx * (data[at + right]! - data[at]!);
  const bottom = data[at + below]! + fx * (data[at + below + right]! - data[at + below]!);
  return top + fy * (bottom - top);
}

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
