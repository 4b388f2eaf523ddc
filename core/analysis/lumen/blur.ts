import type { Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from './field-sampler.ts';

/** How blurred sections are: standard deviation in mm of the point spread along a direction. */
export interface Blur {
  along(direction: Vec3): number;
}

/**
 * A voxel averages over itself (variance h²/12), trilinear reading adds h²/6 on average: together (h/2)². What the scanner's
 * kernel adds is `kernelMm2`, the same in all directions.
 */
export const blurOf = (sampler: FieldSampler, kernelMm2: number): Blur => ({
  along(direction) {
    const grid = (0.5 * sampler.voxelAlong(direction)) ** 2;
    return Math.sqrt(Math.max(0.6 * grid, grid + kernelMm2));
  },
});

/** Before anything is measured: a kernel of 0.25 mm (FWHM 0.6 mm), as of sharp CT angiography. */
export const assumedKernelMm2 = 0.25 ** 2;
const kernelMostMm2 = 2 ** 2;

/** Mean of edges laid on each other at their contour: the edge's width says how wide the kernel is. */
export class EdgeSpread {
  static readonly reachMm = 4;
  private readonly binMm: number;
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private gridMm2 = 0;
  private edges = 0;

  constructor(leastVoxelMm: number) {
    this.binMm = leastVoxelMm / 5;
    const bins = 2 * Math.ceil(EdgeSpread.reachMm / this.binMm) + 1;
    this.sums = new Float64Array(bins);
    this.counts = new Float64Array(bins);
  }

  /** A ray's values as shares of the step from wall (0) to lumen (1), `edgeMm` from its start. */
  add(share: (n: number) => number, count: number, stepMm: number, edgeMm: number, voxelMm: number): void {
    const middle = (this.sums.length - 1) / 2;
    const first = Math.max(0, Math.ceil((edgeMm - EdgeSpread.reachMm) / stepMm));
    const last = Math.min(count - 1, Math.floor((edgeMm + EdgeSpread.reachMm / 2) / stepMm));
    for (let n = first; n <= last; n++) {
      const value = share(n);
      if (!(value > -3 && value < 3)) continue;
      const bin = middle + Math.round((n * stepMm - edgeMm) / this.binMm);
      this.sums[bin]! += value;
      this.counts[bin]! += 1;
    }
    this.gridMm2 += (0.5 * voxelMm) ** 2;
    this.edges += 1;
  }

  /** Variance that the kernel adds to the grid's; undefined where too few edges were added. */
  kernelMm2(): number | undefined {
    if (this.edges < 200) return undefined;
    // Only the upper half of the edge: beyond the wall lies something else.
    const half = this.crossing(0.5);
    const high = this.crossing(0.84);
    if (!(half > high)) return undefined;
    const sigma = (half - high) / 0.9945;
    // Bins and the ragged contour widen the mean edge a little.
    return Math.min(kernelMostMm2, sigma * sigma - this.gridMm2 / this.edges);
  }

  /** Outermost place where the mean edge falls through `level`; bins that nothing fell into are passed over. */
  private crossing(level: number): number {
    const middle = (this.sums.length - 1) / 2;
    const reach = Math.round(EdgeSpread.reachMm / 2 / this.binMm);
    let [outer, outerBin] = [Number.NaN, 0];
    for (let bin = Math.min(this.sums.length - 1, middle + reach); bin >= 0; bin--) {
      if (this.counts[bin] === 0) continue;
      const inner = this.sums[bin]! / this.counts[bin]!;
      if (inner >= level && outer < level) {
        const share = (inner - level) / (inner - outer);
        return (bin - middle + share * (outerBin - bin)) * this.binMm;
      }
      [outer, outerBin] = [inner, bin];
    }
    return Number.NaN;
  }
}
