import type { TransferFunction } from '../scene/types.ts';
import type { TransferTable, VolumeInfo } from './types.ts';

/** Transfer functions as tables over voxel values, opacity corrected for the step. */
export const tableSize = 4096;

/** Opacity of one step of `stepMm` where `perMm` is that of one millimetre (L33). */
export const opacityOfStep = (perMm: number, stepMm: number): number =>
  1 - (1 - Math.min(perMm, 1)) ** stepMm;

/** Modality value at a percentile 0…100, linear between the table's entries. */
export function percentileValue(percentiles: Float32Array, percentile: number): number {
  const last = percentiles.length - 1;
  const at = Math.min(Math.max((percentile / 100) * last, 0), last);
  const below = Math.floor(at);
  const a = percentiles[below] ?? 0;
  const b = percentiles[Math.min(below + 1, last)] ?? a;
  return a + (b - a) * (at - below);
}

interface Point {
  readonly value: number;
  readonly levels: readonly number[];
}

/** Piecewise linear, constant beyond the ends. Points ascend; equal values make a step. */
function valueAt(points: readonly Point[], x: number, channel: number): number {
  const after = points.findIndex((p) => p.value > x);
  if (after === 0) return points[0]!.levels[channel]!;
  const a = points[(after < 0 ? points.length : after) - 1];
  if (!a) return 0;
  const b = after < 0 ? a : points[after]!;
  if (b.value === a.value) return a.levels[channel]!;
  const share = (x - a.value) / (b.value - a.value);
  return a.levels[channel]! + (b.levels[channel]! - a.levels[channel]!) * share;
}

/** The function in modality values, moved by `shiftHu`. */
function placed(transfer: TransferFunction, volume: VolumeInfo, shiftHu: number) {
  const place = (value: number): number =>
    shiftHu + (transfer.unit === 'percentile' ? percentileValue(volume.percentiles, value) : value);
  const ascending = (a: Point, b: Point): number => a.value - b.value;
  return {
    opacity: transfer.opacity
      .map((p): Point => ({ value: place(p.value), levels: [p.opacity] }))
      .sort(ascending),
    colour: transfer.colour
      .map((p): Point => ({ value: place(p.value), levels: p.colour.map((c) => c / 255) }))
      .sort(ascending),
  };
}

/**
 * The table for one volume and step. Its entries span the points of the function; values beyond take
 * the end entries. Entries run along voxel values, so a negative slope turns the table round.
 */
export function transferTable(
  volume: VolumeInfo,
  transfer: TransferFunction,
  shiftHu: number,
  stepMm: number,
): TransferTable {
  const { opacity, colour } = placed(transfer, volume, shiftHu);
  const values = [...opacity, ...colour].map((p) => p.value);
  const least = Math.min(...values);
  const span = Math.max(Math.max(...values) - least, 1e-6);
  const { slope, intercept } = volume.rescale;
  const alpha = new Float32Array(tableSize);
  const rgba = new Float32Array(tableSize * 4);
  for (let i = 0; i < tableSize; i += 1) {
    const entry = slope < 0 ? tableSize - 1 - i : i;
    const x = least + (span * entry) / (tableSize - 1);
    alpha[i] = opacityOfStep(valueAt(opacity, x, 0), stepMm);
    for (let c = 0; c < 3; c += 1) rgba[i * 4 + c] = valueAt(colour, x, c);
  }
  const start = slope < 0 ? least + span : least;
  return {
    alpha,
    colour: rgba,
    lo: (start - intercept) / slope,
    scale: ((tableSize - 1) / span) * Math.abs(slope),
  };
}
