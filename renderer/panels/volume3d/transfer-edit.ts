import { fixed } from '../../../core/measure/format.ts';
import { isByPercent } from '../../../core/scene/body-percentile.ts';
import type { ColourPoint, OpacityPoint, Rgb, TransferFunction } from '../../../core/scene/types.ts';
import { niceStep } from '../../ui/nice-step.ts';

/** The values that the graph spans: the function's own points and the series' values; percentiles are 0 … 100. */
export function domainOf(
  transfer: TransferFunction,
  least: number,
  most: number,
  shift = 0,
): readonly [number, number] {
  if (isByPercent(transfer.unit)) return [0, 100];
  const values = [...transfer.opacity, ...transfer.colour].map((point) => point.value + shift);
  return [Math.min(least, ...values), Math.max(most, ...values, least + 1)];
}

export interface AxisTick {
  /** Place along the axis, 0 … 1. */
  readonly at: number;
  readonly label: string;
}

/** Round values along a domain, few enough for their labels to stand apart. */
export function axisTicks([low, high]: readonly [number, number]): readonly AxisTick[] {
  const step = niceStep(high - low, 5);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => {
    const value = (first + n) * step;
    return { at: (value - low) / (high - low), label: fixed(value, digits) };
  });
}

/** Point `n` put to a value and an opacity: between its neighbours, 0 … 1. */
export function movePoint(
  points: readonly OpacityPoint[],
  n: number,
  value: number,
  opacity: number,
): readonly OpacityPoint[] {
  const low = points[n - 1]?.value ?? -Infinity;
  const high = points[n + 1]?.value ?? Infinity;
  const moved = { value: Math.min(Math.max(value, low), high), opacity: Math.min(Math.max(opacity, 0), 1) };
  return points.map((point, at) => (at === n ? moved : point));
}

/** Opacities a point may have are few enough when there are this many points. */
const pointsMost = 24;

/** A new point in its place among the others; the same points when there are enough. */
export function addPoint(
  points: readonly OpacityPoint[],
  value: number,
  opacity: number,
): readonly OpacityPoint[] {
  if (points.length >= pointsMost) return points;
  const at = points.findIndex((point) => point.value > value);
  const added = { value, opacity: Math.min(Math.max(opacity, 0), 1) };
  return at < 0 ? [...points, added] : [...points.slice(0, at), added, ...points.slice(at)];
}

/** Without point `n`; two always stay. */
export const removePoint = (points: readonly OpacityPoint[], n: number): readonly OpacityPoint[] =>
  points.length <= 2 ? points : points.filter((_, at) => at !== n);

/** Colour `n` put to a value between those of its neighbours. */
export function moveColour(points: readonly ColourPoint[], n: number, value: number): readonly ColourPoint[] {
  const low = points[n - 1]?.value ?? -Infinity;
  const high = points[n + 1]?.value ?? Infinity;
  return points.map((point, at) =>
    at === n ? { ...point, value: Math.min(Math.max(value, low), high) } : point,
  );
}

/** A colour at a value, as it was there: nothing changes until it is picked or moved. */
export function addColour(points: readonly ColourPoint[], value: number): readonly ColourPoint[] {
  if (points.length >= pointsMost) return points;
  const at = points.findIndex((point) => point.value > value);
  const [a, b] = [points[(at < 0 ? points.length : at) - 1], at < 0 ? undefined : points[at]];
  const share = a && b ? (value - a.value) / (b.value - a.value) : 0;
  const [from, to] = [a ?? b, b ?? a];
  if (!from || !to) return points;
  const colour = from.colour.map((c, n) => Math.round(c + share * (to.colour[n]! - c))) as unknown as Rgb;
  const added = { value, colour };
  return at < 0 ? [...points, added] : [...points.slice(0, at), added, ...points.slice(at)];
}

/** Without colour `n`; one always stays. */
export const removeColour = (points: readonly ColourPoint[], n: number): readonly ColourPoint[] =>
  points.length <= 1 ? points : points.filter((_, at) => at !== n);

/** Heights 0 … 1 of a histogram of `bins` over the domain, from the percentiles of the values; roots, so that small peaks show. */
export function histogramOf(
  percentile: (percent: number) => number,
  [low, high]: readonly [number, number],
  bins: number,
): readonly number[] {
  const counts = Array<number>(bins).fill(0);
  for (let percent = 0; percent <= 100; percent += 0.1) {
    const bin = Math.floor(((percentile(percent) - low) / (high - low)) * bins);
    if (bin >= 0 && bin < bins) counts[bin]! += 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => Math.cbrt(count / most));
}

const byte = (x: number): string => Math.round(x).toString(16).padStart(2, '0');
export const hexOf = (rgb: readonly [number, number, number]): string => `#${rgb.map(byte).join('')}`;
export const rgbOf = (hex: string): readonly [number, number, number] => {
  const n = Number.parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
};
