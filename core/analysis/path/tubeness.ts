import { blurCells } from './blur-cells.ts';
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
  const { cellMm } = grid;
  const blurredBy = (mm: number): Float32Array =>
    blurCells(grid.lumen, grid.size, [mm / cellMm[0], mm / cellMm[1], mm / cellMm[2]]);
  const layers = sigmas.map((sigmaMm) => ({ values: blurredBy(sigmaMm), squared: sigmaMm * sigmaMm }));
  const [sx, sy] = grid.size;
  const plane = sx * sy;
  const [hx, hy, hz] = cellMm;
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
