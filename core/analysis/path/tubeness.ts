import type { CostGrid } from './cost-grid.ts';

/**
 * How tube-like a cell's surroundings are, 0…1: the middle eigenvalue of the Hessian at several scales (Sato 1998;
 * the two strong curvatures of a tube, which sheets and edges lack), normalised by that of a solid cylinder. It
 * works on shares of lumen, so that bone and calcium are no brighter tubes than vessels. Values are made when
 * asked for: a path sees few cells.
 */
export interface Tubeness {
  at(cell: number): number;
}

/** Gaussian of `sigma` cells along one axis of stride `stride`, `count` long; edges are repeated. */
function blurAxis(
  from: Float32Array,
  to: Float32Array,
  axis: { readonly count: number; readonly stride: number; readonly run: number },
  sigma: number,
): void {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const { count, stride, run } = axis;
  const block = stride * count;
  to.fill(0);
  // Runs of `run` neighbours move together, so that the inner loop is over memory in order.
  for (let start = 0; start < from.length; start += block)
    for (let n = 0; n < count; n++)
      for (let d = -reach; d <= reach; d++) {
        const m = Math.max(0, Math.min(count - 1, n + d));
        const weight = weights[d + reach]! / sum;
        const [a, b] = [start + n * stride, start + m * stride];
        for (let r = 0; r < run; r++) to[a + r]! += weight * from[b + r]!;
      }
}

/** The same along i, where neighbours are next to each other in memory. */
function blurRows(from: Float32Array, to: Float32Array, count: number, sigma: number): void {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const weights = Float64Array.from({ length: reach + 1 }, (_, n) =>
    Math.exp(-(n * n) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((a, b) => a + 2 * b, -weights[0]!);
  for (let n = 0; n <= reach; n++) weights[n]! /= total;
  const padded = new Float64Array(count + 2 * reach);
  for (let start = 0; start < from.length; start += count) {
    for (let n = 0; n < reach; n++) {
      padded[n] = from[start]!;
      padded[count + reach + n] = from[start + count - 1]!;
    }
    for (let n = 0; n < count; n++) padded[reach + n] = from[start + n]!;
    for (let n = 0; n < count; n++) {
      let sum = weights[0]! * padded[n + reach]!;
      for (let d = 1; d <= reach; d++) sum += weights[d]! * (padded[n + reach - d]! + padded[n + reach + d]!);
      to[start + n] = sum;
    }
  }
}

function blurred({ size, cellMm, lumen }: CostGrid, sigmaMm: number): Float32Array {
  const [sx, sy, sz] = size;
  const a = new Float32Array(lumen.length);
  const b = new Float32Array(lumen.length);
  blurRows(lumen, a, sx, sigmaMm / cellMm[0]);
  blurAxis(a, b, { count: sy, stride: sx, run: sx }, sigmaMm / cellMm[1]);
  blurAxis(b, a, { count: sz, stride: sx * sy, run: sx * sy }, sigmaMm / cellMm[2]);
  return a;
}

/** −(middle eigenvalue) of a symmetric matrix (Smith 1961), at least 0. */
function middleFall(xx: number, yy: number, zz: number, xy: number, xz: number, yz: number): number {
  const mean = (xx + yy + zz) / 3;
  const [a, b, c] = [xx - mean, yy - mean, zz - mean];
  const off = xy * xy + xz * xz + yz * yz;
  const p = Math.sqrt((a * a + b * b + c * c + 2 * off) / 6);
  if (p < 1e-12) return Math.max(0, -mean);
  const det = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz);
  const angle = Math.acos(Math.max(-1, Math.min(1, det / (2 * p * p * p)))) / 3;
  return Math.max(0, -(mean + 2 * p * Math.cos(angle - (2 * Math.PI) / 3)));
}

/** Scale-normalised curvature of a solid cylinder of radius σ√2 at its axis: 1/e. */
const ofCylinder = Math.exp(-1);

/** A cylinder of radius r answers most at σ = r/√2. */
export function makeTubeness(grid: CostGrid, radiiMm: readonly number[]): Tubeness {
  const least = Math.max(...grid.cellMm) * 0.55;
  const sigmas = [...new Set(radiiMm.map((r) => Math.max(least, r / Math.SQRT2)))];
  const layers = sigmas.map((sigmaMm) => ({ values: blurred(grid, sigmaMm), squared: sigmaMm * sigmaMm }));
  const [sx, sy] = grid.size;
  const plane = sx * sy;
  const [hx, hy, hz] = grid.cellMm;
  return {
    at(cell) {
      let best = 0;
      for (const { values: g, squared } of layers) {
        const centre = 2 * g[cell]!;
        const fall = middleFall(
          (g[cell + 1]! + g[cell - 1]! - centre) / (hx * hx),
          (g[cell + sx]! + g[cell - sx]! - centre) / (hy * hy),
          (g[cell + plane]! + g[cell - plane]! - centre) / (hz * hz),
          (g[cell + 1 + sx]! - g[cell + 1 - sx]! - g[cell - 1 + sx]! + g[cell - 1 - sx]!) / (4 * hx * hy),
          (g[cell + 1 + plane]! - g[cell + 1 - plane]! - g[cell - 1 + plane]! + g[cell - 1 - plane]!) /
            (4 * hx * hz),
          (g[cell + sx + plane]! - g[cell + sx - plane]! - g[cell - sx + plane]! + g[cell - sx - plane]!) /
            (4 * hy * hz),
        );
        if (fall * squared > best) best = fall * squared;
      }
      return Math.min(1, best / ofCylinder);
    },
  };
}
