import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { spacingMm } from '../../geometry/matrices.ts';
import type { IndexPoint, Vec3 } from '../../geometry/types.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import { andRows, type BitRows, copyRows, emptyRows, maskOfRows, notRows, setBit } from './bit-rows.ts';
import { componentsOf, partAt, rowsOfParts } from './components.ts';
import { voxelVolumeMm3 } from './mask.ts';
import { dilateRows, erodeRows } from './morphology.ts';
import { thresholdRows, type ValueRange } from './threshold.ts';
import { type Progress, stoppable, type Work } from './work.ts';

/** The voxel at a point; undefined outside the volume. */
export function voxelAt(size: Vec3, point: IndexPoint): Vec3 | undefined {
  const [i, j, k] = point.map(Math.round) as [number, number, number];
  const inside = i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  return inside ? [i, j, k] : undefined;
}

export interface SeedValue {
  readonly mean: number;
  /** Of the voxels around, as noise: from the median absolute deviation. */
  readonly deviation: number;
}

/** What is around a voxel: a cube of 3³ for the mean, of 5³ for the noise. Undefined where there is no data. */
export function seedValue(field: ScalarField, [i, j, k]: Vec3): SeedValue | undefined {
  const values = cube(field, [i, j, k], 2);
  const near = cube(field, [i, j, k], 1);
  if (near.length === 0 || cube(field, [i, j, k], 0).length === 0) return undefined;
  const mean = medianOf(near);
  return { mean, deviation: 1.4826 * medianOf(values.map((value) => Math.abs(value - mean))) };
}

function cube({ geometry, voxels, rescale, noData }: ScalarField, centre: Vec3, half: number): number[] {
  const [nx, ny, nz] = geometry.size;
  const out: number[] = [];
  for (let k = Math.max(0, centre[2] - half); k <= Math.min(nz - 1, centre[2] + half); k++)
    for (let j = Math.max(0, centre[1] - half); j <= Math.min(ny - 1, centre[1] + half); j++)
      for (let i = Math.max(0, centre[0] - half); i <= Math.min(nx - 1, centre[0] + half); i++) {
        const stored = voxels[i + nx * (j + ny * k)]!;
        if (stored !== noData && !Number.isNaN(stored)) out.push(stored * rescale.slope + rescale.intercept);
      }
  return out;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export interface GrowOptions {
  /** Fixed tolerance around the seed's value; without it growing widens until it leaks. */
  readonly tolerance?: number;
  /** The widest tolerance to try; 250 by default. */
  readonly most?: number;
  /** The largest region to keep, in ml; a quarter of the volume by default. */
  readonly mostMl?: number;
  /** What counts as a leak: the volume times `factor` within `window` units; threefold within one by default (L57). */
  readonly leak?: LeakRule;
  /** Growing stays within these voxels. */
  readonly within?: BitRows;
}

interface LeakRule {
  readonly factor: number;
  readonly window: number;
}

export interface Grown {
  readonly mask: VoxelMask;
  readonly seed: number;
  readonly tolerance: number;
  readonly volumeMl: number;
  /** What the next step would have been, where growing stopped before a leak. */
  readonly leak?: { readonly tolerance: number; readonly volumeMl: number };
}

const oneStep: LeakRule = { factor: 3, window: 1 };
/** Below this, regions grow by such factors without leaking anywhere. */
const leakLeastMl = 0.05;

/**
 * The region around a click whose values are like the seed's. All tolerances are found in one pass: voxels are
 * reached in the order of the worst difference on their way. Stops before the step in which the volume grows
 * threefold. Problems: MASK_POINT_OUTSIDE, CANCELLED.
 */
export function growRegion(
  field: ScalarField,
  point: IndexPoint,
  options: GrowOptions = {},
  progress?: Progress,
): Result<Grown> {
  const { size } = field.geometry;
  const voxel = voxelAt(size, point);
  const seed = voxel && seedValue(field, voxel);
  if (!voxel || !seed) return fail(problem('MASK_POINT_OUTSIDE'));
  const mlOf = voxelVolumeMm3(field.geometry) / 1000;
  const { tolerance } = options;
  return stoppable(progress, (work) => {
    if (tolerance !== undefined) return growFixed(field, voxel, seed, tolerance, work);
    const most = options.mostMl === undefined ? field.voxels.length / 4 : options.mostMl / mlOf;
    const flood = new Flood(field, seed.mean, options.most ?? 250, options.within);
    flood.start(voxel);
    // Noise joins voxels by itself; a leak is looked for above it.
    const first = Math.max(20, 2.5 * seed.deviation);
    return ok(growUntilLeak(flood, first, most, options.leak ?? oneStep, work));
  });
}

function growFixed(
  field: ScalarField,
  voxel: Vec3,
  seed: SeedValue,
  tolerance: number,
  work: Work,
): Result<Grown> {
  const inRange = thresholdRows(field, { low: seed.mean - tolerance, high: seed.mean + tolerance }, work);
  // The seed itself belongs to the region whatever its noise.
  setBit(inRange, voxel[0], voxel[1], voxel[2]);
  const parts = componentsOf(inRange, 6);
  const chosen = partAt(parts, voxel[0], voxel[1], voxel[2]);
  const mask = maskOfRows(rowsOfParts(parts, (part) => part === chosen));
  const volumeMl = (parts.sizes[chosen]! * voxelVolumeMm3(field.geometry)) / 1000;
  return ok({ mask, seed: seed.mean, tolerance, volumeMl });
}

function growUntilLeak(flood: Flood, first: number, most: number, leak: LeakRule, work: Work): Grown {
  const reached: number[] = [];
  for (let level = 0; level <= flood.levels; level++) {
    work.step(level / (flood.levels + 1));
    const safe = Math.max(0, level - leak.window);
    const before = reached[safe] ?? 0;
    const now = flood.level(level, Math.max(most, before * leak.factor) + 1, work);
    const tolerance = level * flood.step;
    const jumps = tolerance > first && before * flood.mlOf >= leakLeastMl && now > leak.factor * before;
    if (level > 0 && (now > most || jumps))
      return flood.grown(before, safe * flood.step, { tolerance, volumeMl: now * flood.mlOf });
    reached.push(now);
  }
  return flood.grown(reached[flood.levels]!, flood.levels * flood.step);
}

/** Voxels in the order of the worst difference from the seed on their best way (a bucket a level). */
class Flood {
  readonly levels: number;
  /** Difference between levels: one unit, less where values are finer. */
  readonly step: number;
  /** Of one voxel. */
  readonly mlOf: number;
  private readonly field: ScalarField;
  private readonly mean: number;
  private readonly seen: BitRows;
  private readonly buckets: number[][];
  private readonly order: number[] = [];

  constructor(field: ScalarField, mean: number, highest: number, within?: BitRows) {
    this.field = field;
    this.mean = mean;
    this.mlOf = voxelVolumeMm3(field.geometry) / 1000;
    this.step = highest <= 20 ? highest / 250 : 1;
    this.levels = Math.ceil(highest / this.step - 1e-9);
    // What must not be reached counts as seen.
    this.seen = within ? notRows(copyRows(within)) : emptyRows(field.geometry.size);
    this.buckets = Array.from({ length: this.levels + 1 }, () => []);
  }

  start([i, j, k]: Vec3): void {
    const [nx, ny] = this.field.geometry.size;
    // The seed itself belongs to the region whatever its noise.
    this.buckets[0]!.push(i + nx * (j + ny * k));
    this.mark(i, j, k);
  }

  private mark(i: number, j: number, k: number): boolean {
    const { words, size, data } = this.seen;
    const at = words * (j + size[1] * k) + (i >> 5);
    const bit = 1 << (i & 31);
    if ((data[at]! & bit) !== 0) return false;
    data[at]! |= bit;
    return true;
  }

  private push(i: number, j: number, k: number, level: number): void {
    if (!this.mark(i, j, k)) return;
    const { geometry, voxels, rescale, noData } = this.field;
    const n = i + geometry.size[0] * (j + geometry.size[1] * k);
    const stored = voxels[n]!;
    if (stored === noData) return;
    const difference = Math.abs(stored * rescale.slope + rescale.intercept - this.mean);
    const own = Math.ceil(difference / this.step - 1e-9);
    if (own <= this.levels) this.buckets[Math.max(level, own)]!.push(n);
  }

  /** Reaches everything of one level; gives how many voxels there are then, or stops a little above `most`. */
  level(level: number, most: number, work: Work): number {
    const [nx, ny, nz] = this.field.geometry.size;
    const bucket = this.buckets[level]!;
    while (bucket.length > 0 && this.order.length <= most) {
      const n = bucket.pop()!;
      this.order.push(n);
      if ((this.order.length & 0xfffff) === 0) work.step(level / (this.levels + 1));
      const row = Math.floor(n / nx);
      const i = n - row * nx;
      const k = Math.floor(row / ny);
      const j = row - k * ny;
      if (i > 0) this.push(i - 1, j, k, level);
      if (i < nx - 1) this.push(i + 1, j, k, level);
      if (j > 0) this.push(i, j - 1, k, level);
      if (j < ny - 1) this.push(i, j + 1, k, level);
      if (k > 0) this.push(i, j, k - 1, level);
      if (k < nz - 1) this.push(i, j, k + 1, level);
    }
    return this.order.length;
  }

  grown(count: number, tolerance: number, leak?: Grown['leak']): Grown {
    const bits = new Uint8Array(Math.ceil(this.field.voxels.length / 8));
    for (let at = 0; at < count; at++) {
      const n = this.order[at]!;
      bits[n >> 3]! |= 1 << (n & 7);
    }
    const mask = { size: this.field.geometry.size, bits };
    return { mask, seed: this.mean, tolerance, volumeMl: count * this.mlOf, ...(leak && { leak }) };
  }
}

/**
 * The part of a range of values that hangs together with a click. With `neckMm`, bridges thinner than that do not
 * count as a link. Problems: MASK_POINT_OUTSIDE, MASK_EMPTY (the point is not in range), CANCELLED.
 */
export function growRange(
  field: ScalarField,
  point: IndexPoint,
  range: ValueRange,
  { neckMm = 0 }: { readonly neckMm?: number } = {},
  progress?: Progress,
): Result<VoxelMask> {
  const voxel = voxelAt(field.geometry.size, point);
  if (!voxel) return fail(problem('MASK_POINT_OUTSIDE'));
  return stoppable(progress, (work) => {
    const inRange = thresholdRows(field, range, work);
    const spacing = spacingMm(field.geometry.patientFromIndex);
    const cores = neckMm > 0 ? erodeRows(inRange, neckMm / 2, spacing, work) : inRange;
    const parts = componentsOf(cores, neckMm > 0 ? 6 : 26);
    const chosen = partAt(parts, voxel[0], voxel[1], voxel[2]);
    if (chosen < 0) return fail(problem('MASK_EMPTY'));
    const core = rowsOfParts(parts, (part) => part === chosen);
    if (neckMm <= 0) return ok(maskOfRows(core));
    // Back to the part's own surface, but not through the neck.
    return ok(
      maskOfRows(andRows(dilateRows(core, neckMm / 2 + Math.max(...spacing), spacing, work), inRange)),
    );
  });
}
