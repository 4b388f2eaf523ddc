import { problem } from '../base/problem.ts';
import { matrixFromColumns, spacingMm } from '../geometry/matrices.ts';
import type { Mat4, Vec3, VolumeGeometry } from '../geometry/types.ts';
import { noDataInt16 } from '../pixels/native-shorts.ts';
import type { VolumeGroup } from './types.ts';

/** A volume that does not fit into memory is read with `factor` × `factor` pixels of a slice averaged to one. */
export const largestReduction = 16;

/**
 * The grid whose voxels are the means of `factor` × `factor` pixels within a slice; slices stay as they are. The centre
 * of a block lies (factor − 1) / 2 pixels beyond its first pixel. Pixels at the far edges that fill no block are left out.
 */
export function reducedGeometry(
  { size, patientFromIndex: m }: VolumeGeometry,
  factor: number,
): VolumeGeometry {
  const column = (at: number, by = 1): Vec3 => [m[at]! * by, m[4 + at]! * by, m[8 + at]! * by];
  const [i, j, origin] = [column(0), column(1), column(3)];
  const inwards = (factor - 1) / 2;
  const first = origin.map((mm, x) => mm + inwards * (i[x]! + j[x]!)) as unknown as Vec3;
  return {
    size: [reducedCount(size[0], factor), reducedCount(size[1], factor), size[2]],
    patientFromIndex: matrixFromColumns(column(0, factor), column(1, factor), column(2), first) as Mat4,
  };
}

export const reducedCount = (count: number, factor: number): number => Math.floor(count / factor);

/** The group with coarser pixels on both its grids; the verdict says so. Shifts are millimetres and stay. */
export function reducedGroup(group: VolumeGroup, factor: number): VolumeGroup {
  const { acquired, regular, verdict } = group;
  if (!acquired || !regular) return group;
  const [fromMm] = spacingMm(acquired.patientFromIndex);
  const params = { factor, from: round(fromMm), to: round(fromMm * factor) };
  return {
    ...group,
    acquired: reducedGeometry(acquired, factor),
    regular: reducedGeometry(regular, factor),
    verdict: { ...verdict, reasons: [problem('VOLUME_REDUCED', params), ...verdict.reasons] },
  };
}

/** The same of RGB, three bytes a pixel: the mean of each channel, rounded to a level. */
export function reduceColours(
  rgb: Uint8Array,
  columns: number,
  rows: number,
  factor: number,
  out: Uint8Array,
): void {
  const [across, down] = [reducedCount(columns, factor), reducedCount(rows, factor)];
  for (let at = 0; at < 3 * across * down; at++) {
    const [block, channel] = [Math.floor(at / 3), at % 3];
    const [left, top] = [(block % across) * factor, Math.floor(block / across) * factor];
    let sum = 0;
    for (let y = top; y < top + factor; y++)
      for (let x = left; x < left + factor; x++) sum += rgb[3 * (y * columns + x) + channel]!;
    out[at] = Math.floor(sum / factor ** 2 + 0.5);
  }
}

const round = (mm: number): number => Number(mm.toFixed(2));

/**
 * One slice of modality values, block by block: the mean of the pixels that hold data, no data (−32768 among int16, NaN)
 * where none does. `out` holds the blocks of `reducedGeometry`.
 */
export function reduceSlice(
  values: Int16Array | Float32Array,
  columns: number,
  rows: number,
  factor: number,
  out: Int16Array | Float32Array,
): void {
  const isShort = values instanceof Int16Array;
  const isShortOut = out instanceof Int16Array;
  const [across, down] = [reducedCount(columns, factor), reducedCount(rows, factor)];
  for (let row = 0, to = 0; row < down; row++) {
    for (let column = 0; column < across; column++, to++) {
      let sum = 0;
      let count = 0;
      for (let y = 0; y < factor; y++) {
        const from = (row * factor + y) * columns + column * factor;
        for (let at = from; at < from + factor; at++) {
          const value = values[at]!;
          if (isShort ? value === noDataInt16 : Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
      }
      if (count === 0) out[to] = isShortOut ? noDataInt16 : Number.NaN;
      else out[to] = isShortOut ? Math.floor(sum / count + 0.5) : sum / count;
    }
  }
}
