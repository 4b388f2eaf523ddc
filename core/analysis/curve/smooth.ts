import { type PatientPoint, patientPoint } from '../../geometry/types.ts';

/**
 * Even points smoothed by a Gaussian of `sigmaMm`, used twice so that arcs keep their radius (2G − G²: the bias is
 * of fourth order). Both ends stay, and no point moves further than `mostMm`.
 */
export function smoothPinned(
  points: readonly PatientPoint[],
  stepMm: number,
  sigmaMm: number,
  mostMm: number,
): PatientPoint[] {
  const count = points.length;
  if (count < 3 || !(sigmaMm > 0) || !(stepMm > 0)) return [...points];
  const axes = [0, 1, 2].map((axis) => Float64Array.from(points, (p) => p[axis]!));
  const smoothed = axes.map((values) => twicing(values, sigmaMm / stepMm));
  return points.map((p, n) => {
    if (n === 0 || n === count - 1) return p;
    const d = smoothed.map((values, axis) => values[n]! - p[axis as 0 | 1 | 2]) as [number, number, number];
    const movedMm = Math.hypot(d[0], d[1], d[2]);
    const share = movedMm > mostMm ? mostMm / movedMm : 1;
    return patientPoint(p[0] + d[0] * share, p[1] + d[1] * share, p[2] + d[2] * share);
  });
}

/** 2G − G² of values at even steps; sigma in steps. */
export function twicing(values: Float64Array, sigma: number): Float64Array {
  const once = gaussian(values, sigma);
  const twice = gaussian(once, sigma);
  return once.map((value, n) => 2 * value - twice[n]!);
}

/** Beyond an end values go on mirrored at its point, so that the end stays and its slope goes on. */
function gaussian(values: Float64Array, sigma: number): Float64Array {
  const reach = Math.max(1, Math.min(values.length - 1, Math.ceil(3 * sigma)));
  const weights = Float64Array.from({ length: reach + 1 }, (_, k) =>
    Math.exp(-(k * k) / (2 * sigma * sigma)),
  );
  const last = values.length - 1;
  const at = (n: number): number =>
    n < 0 ? 2 * values[0]! - values[-n]! : n > last ? 2 * values[last]! - values[2 * last - n]! : values[n]!;
  return values.map((_, n) => {
    let sum = values[n]! * weights[0]!;
    let weight = weights[0]!;
    for (let k = 1; k <= reach; k++) {
      sum += (at(n - k) + at(n + k)) * weights[k]!;
      weight += 2 * weights[k]!;
    }
    return sum / weight;
  });
}
