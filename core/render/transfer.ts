import { deepestMm } from '../geometry/planes.ts';
import type { VolumeGeometry } from '../geometry/types.ts';
import { valueOfUnit } from '../scene/body-percentile.ts';
import type { TransferFunction } from '../scene/types.ts';
import type { TransferTable, VolumeInfo } from './types.ts';

/** Transfer functions as tables of extinction over voxel values, the same for any step. */
export const tableSize = 1024;

/** A millimetre that lets nothing through would have no finite extinction. */
const mostOpacity = 0.9999;

/** Opacities are meant for bodies: a volume that is less deep (micro-CT) is drawn as if it were this many mm, or nothing showed. */
const leastDepthMm = 20;

/** How many times as opaque as its transfer function says a volume is drawn. */
export const enlargement = (geometry: VolumeGeometry): number =>
  Math.max(1, leastDepthMm / deepestMm(geometry));

/** Extinction per mm from opacity per mm: a step of s mm then has opacity 1 − (1 − α)^s (L33). */
export const extinctionPerMm = (opacityPerMm: number): number =>
  Math.log(1 / (1 - Math.min(Math.max(opacityPerMm, 0), mostOpacity)));

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
  const modalityOf = valueOfUnit(transfer.unit, (percent) => percentileValue(volume.percentiles, percent));
  const place = (value: number): number => shiftHu + modalityOf(value);
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
 * The table for one volume. Its entries span the points of the function; values beyond take the end
 * entries. Entries run along stored values, so a negative slope turns the table round.
 */
export function transferTable(
  volume: VolumeInfo,
  transfer: TransferFunction,
  shiftHu: number,
): TransferTable {
  const { opacity, colour } = placed(transfer, volume, shiftHu);
  const values = [...opacity, ...colour].map((p) => p.value);
  const least = Math.min(...values);
  const span = Math.max(Math.max(...values) - least, 1e-6);
  const { slope, intercept } = volume.rescale;
  const enlarged = enlargement(volume.geometry);
  const direct = new Float32Array(tableSize * 4);
  for (let i = 0; i < tableSize; i += 1) {
    const entry = slope < 0 ? tableSize - 1 - i : i;
    const x = least + (span * entry) / (tableSize - 1);
    const extinction = extinctionPerMm(valueAt(opacity, x, 0)) * enlarged;
    for (let c = 0; c < 3; c += 1) direct[i * 4 + c] = extinction * valueAt(colour, x, c);
    direct[i * 4 + 3] = extinction;
  }
  const start = slope < 0 ? least + span : least;
  return { direct, lo: (start - intercept) / slope, scale: ((tableSize - 1) / span) * Math.abs(slope) };
}
