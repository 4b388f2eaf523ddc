import type { Vec3 } from '../../geometry/types.ts';

/** Gaussian blur of cells in three axes; beyond the edges values are those of the edge. */

/** An axis of the array: `count` cells, `stride` apart; `run` neighbours in memory move together. */
interface Axis {
  readonly count: number;
  readonly stride: number;
  readonly run: number;
}

/** From this many cells on three boxes do for the Gaussian (its width within 10 %) and cost the same at any width. */
const boxesFrom = 1.8;

/** Standard deviations in cells along i, j, k. The input stays as it is. */
export function blurCells(values: Float32Array, size: Vec3, sigmas: Vec3): Float32Array {
  const [sx, sy] = size;
  const axes: readonly Axis[] = [
    { count: size[0], stride: 1, run: 1 },
    { count: size[1], stride: sx, run: sx },
    { count: size[2], stride: sx * sy, run: sx * sy },
  ];
  let from = values;
  let spare: Float32Array | null = null;
  axes.forEach((axis, n) => {
    const sigma = sigmas[n as 0 | 1 | 2];
    const passes = sigma < boxesFrom ? [null] : boxRadii(sigma);
    for (const radius of passes) {
      const to: Float32Array = spare ?? new Float32Array(values.length);
      if (radius === null) gaussianAxis(from, to, axis, sigma);
      else boxAxis(from, to, axis, radius);
      spare = from === values ? null : from;
      from = to;
    }
  });
  return from;
}

/** Radii of three boxes with the Gaussian's variance (Kovesi 2010). */
function boxRadii(sigma: number): number[] {
  const ideal = Math.sqrt(4 * sigma * sigma + 1);
  const low = 2 * Math.floor((ideal - 1) / 2) + 1;
  const lows = Math.round((12 * sigma * sigma - 3 * low * low - 12 * low - 9) / (-4 * low - 4));
  return [0, 1, 2].map((n) => (n < lows ? (low - 1) / 2 : (low + 1) / 2));
}

function gaussianAxis(from: Float32Array, to: Float32Array, axis: Axis, sigma: number): void {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const { count, stride, run } = axis;
  if (run === 1) {
    gaussianRows(
      from,
      to,
      count,
      Float64Array.from(weights, (weight) => weight / sum),
    );
    return;
  }
  const cell = (start: number, n: number): number => start + Math.max(0, Math.min(count - 1, n)) * stride;
  for (let start = 0; start < from.length; start += stride * count)
    for (let n = 0; n < count; n++) {
      const at = start + n * stride;
      for (let d = 0; d <= reach; d++) {
        const weight = weights[reach + d]! / sum;
        const [below, above] = [cell(start, n - d), cell(start, n + d)];
        if (d === 0) for (let r = 0; r < run; r++) to[at + r] = weight * from[at + r]!;
        else for (let r = 0; r < run; r++) to[at + r]! += weight * (from[below + r]! + from[above + r]!);
      }
    }
}

function gaussianRows(from: Float32Array, to: Float32Array, count: number, weights: Float64Array): void {
  const reach = (weights.length - 1) / 2;
  const padded = new Float64Array(count + 2 * reach);
  for (let start = 0; start < from.length; start += count) {
    padded.fill(from[start]!, 0, reach);
    padded.fill(from[start + count - 1]!, count + reach);
    for (let n = 0; n < count; n++) padded[reach + n] = from[start + n]!;
    for (let n = 0; n < count; n++) {
      let sum = 0;
      for (let d = 0; d < weights.length; d++) sum += weights[d]! * padded[n + d]!;
      to[start + n] = sum;
    }
  }
}

/** Mean over 2 · radius + 1 cells by a running sum. */
function boxAxis(from: Float32Array, to: Float32Array, { count, stride, run }: Axis, radius: number): void {
  const sums = new Float64Array(run);
  const scale = 1 / (2 * radius + 1);
  const last = count - 1;
  for (let start = 0; start < from.length; start += stride * count) {
    sums.fill(0);
    for (let d = -radius; d <= radius; d++) {
      const at = start + Math.max(0, Math.min(last, d)) * stride;
      for (let r = 0; r < run; r++) sums[r]! += from[at + r]!;
    }
    for (let n = 0; n < count; n++) {
      const at = start + n * stride;
      const enters = start + Math.min(last, n + 1 + radius) * stride;
      const leaves = start + Math.max(0, n - radius) * stride;
      for (let r = 0; r < run; r++) {
        const sum = sums[r]!;
        to[at + r] = sum * scale;
        sums[r] = sum + from[enters + r]! - from[leaves + r]!;
      }
    }
  }
}
