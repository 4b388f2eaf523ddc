import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import { type BitRows, emptyRows, isEmptyRows, maskOfRows } from './bit-rows.ts';
import { type Progress, stoppable, type Work } from './work.ts';

/** Modality values, both included; infinite ends are allowed. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** The range as stored values. */
function storedRange({ rescale }: ScalarField, { low, high }: ValueRange): readonly [number, number] {
  const a = (low - rescale.intercept) / rescale.slope;
  const b = (high - rescale.intercept) / rescale.slope;
  return a <= b ? [a, b] : [b, a];
}

type Range = readonly [low: number, high: number];

/** Whole stored numbers: without branches, since noise makes them unpredictable. Only words of `within` that are not 0. */
function shortsToRows(
  voxels: Int16Array | Uint16Array,
  out: BitRows,
  [low, high]: Range,
  noData: number,
  within: Uint32Array | undefined,
  work: Work | undefined,
): void {
  const a = Math.max(-40_000, Math.ceil(low));
  const b = Math.min(70_000, Math.floor(high));
  const [columns, rows, slices] = out.size;
  const mayLack = noData >= a && noData <= b;
  for (let k = 0, at = 0, n = 0; k < slices; k++) {
    work?.step(k / slices);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; at++, i += 32) {
        const count = Math.min(32, columns - i);
        if (within?.[at] === 0) {
          n += count;
          continue;
        }
        let word = 0;
        for (let bit = 0; bit < count; bit++, n++) {
          const value = voxels[n]!;
          word |= (((value - a) | (b - value)) >>> 31) << bit;
        }
        word = ~word & (count === 32 ? -1 : 2 ** count - 1);
        if (mayLack && word !== 0)
          for (let bit = 0; bit < count; bit++) if (voxels[n - count + bit] === noData) word &= ~(1 << bit);
        out.data[at] = within ? word & within[at]! : word;
      }
    }
  }
}

function floatsToRows(
  voxels: Float32Array,
  out: BitRows,
  [low, high]: Range,
  noData: number,
  within: Uint32Array | undefined,
  work: Work | undefined,
): void {
  const [columns, rows, slices] = out.size;
  for (let k = 0, n = 0; k < slices; k++) {
    work?.step(k / slices);
    for (let j = 0; j < rows; j++) {
      const at = out.words * (j + rows * k);
      for (let i = 0; i < columns; i++, n++) {
        const value = voxels[n]!;
        if (value >= low && value <= high && value !== noData) out.data[at + (i >> 5)]! |= 1 << (i & 31);
      }
    }
  }
  if (within) for (let at = 0; at < within.length; at++) out.data[at]! &= within[at]!;
}

/** Voxels whose values lie in the range and are data; with `within`, only those that it holds. */
export function thresholdRows(field: ScalarField, range: ValueRange, work?: Work, within?: BitRows): BitRows {
  const out = emptyRows(field.geometry.size);
  const stored = storedRange(field, range);
  const noData = field.noData ?? Number.NaN;
  const { voxels } = field;
  if (voxels instanceof Float32Array) floatsToRows(voxels, out, stored, noData, within?.data, work);
  else shortsToRows(voxels, out, stored, noData, within?.data, work);
  return out;
}

/** Voxels that are data from `low` upwards, and those from `lower` upwards: memory is read once for both. */
export function upwardsRows(
  field: ScalarField,
  low: number,
  lower: number,
  work: Work | undefined,
): readonly [above: BitRows, aboveLower: BitRows] {
  const { voxels, rescale, noData = Number.NaN, geometry } = field;
  const stored = (value: number): number =>
    Math.min(70_000, Math.max(-40_000, Math.ceil((value - rescale.intercept) / rescale.slope)));
  const [a, b] = [stored(low), stored(lower)];
  if (voxels instanceof Float32Array || !(rescale.slope > 0) || noData >= Math.min(a, b)) {
    const from = (least: number): ValueRange => ({ low: least, high: Number.POSITIVE_INFINITY });
    return [thresholdRows(field, from(low), work), thresholdRows(field, from(lower), work)];
  }
  const above = emptyRows(geometry.size);
  const aboveLower = emptyRows(geometry.size);
  const [columns, rows, slices] = geometry.size;
  for (let k = 0, at = 0, n = 0; k < slices; k++) {
    work?.step(k / slices);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; at++, i += 32) {
        const count = Math.min(32, columns - i);
        let word = 0;
        let lowerWord = 0;
        for (let bit = 0; bit < count; bit++, n++) {
          const value = voxels[n]!;
          word |= ((value - a) >>> 31) << bit;
          lowerWord |= ((value - b) >>> 31) << bit;
        }
        const all = count === 32 ? -1 : 2 ** count - 1;
        above.data[at] = ~word & all;
        aboveLower.data[at] = ~lowerWord & all;
      }
    }
  }
  return [above, aboveLower];
}

/** Problems: INPUT_INVALID (no range), MASK_EMPTY, CANCELLED. */
export function thresholdMask(field: ScalarField, range: ValueRange, progress?: Progress): Result<VoxelMask> {
  if (!(range.low <= range.high))
    return fail(problem('INPUT_INVALID', { name: 'threshold', value: `${range.low},${range.high}` }));
  return stoppable(progress, (work) => {
    const rows = thresholdRows(field, range, work);
    return isEmptyRows(rows) ? fail(problem('MASK_EMPTY')) : ok(maskOfRows(rows));
  });
}
