import type { PatientVector, Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';

/**
 * The lumen's middle in a section, from rays to its wall. A wall is where values leave the lumen's band, be it
 * downwards (soft tissue) or upwards (calcium, bone). Rays into branches, much longer than the others, are cut.
 */
export interface LumenBand {
  readonly sign: 1 | -1;
  /** Turned by `sign`, modality units. */
  readonly low: number;
  readonly high: number;
}

export interface SectionCentre {
  /** From the section's middle along right and down. */
  readonly rightMm: number;
  readonly downMm: number;
  /** Median of the rays. */
  readonly radiusMm: number;
  /** Share of rays that met a wall at a believable distance. */
  readonly closedShare: number;
  /** Share of rays that ended at something brighter: calcium, bone. */
  readonly brightShare: number;
  /** Rays (numbers) that ran into a branch or leaked. */
  readonly leaks: readonly number[];
}

export const sectionRays = 32;
const cosines = Float64Array.from({ length: sectionRays }, (_, n) =>
  Math.cos((2 * Math.PI * n) / sectionRays),
);
const sines = Float64Array.from({ length: sectionRays }, (_, n) => Math.sin((2 * Math.PI * n) / sectionRays));

/** Direction of ray n in the patient, unit. */
export const sectionRay = (right: Vec3, down: Vec3, n: number): Vec3 => [
  cosines[n]! * right[0] + sines[n]! * down[0],
  cosines[n]! * right[1] + sines[n]! * down[1],
  cosines[n]! * right[2] + sines[n]! * down[2],
];

/** Longer than this times the median is a branch's mouth or a leak. */
const leakFactor = 1.45;
/** From a middle that is nearly right, so is a ray this much longer than the median and than the one across. */
const lopsidedFactor = 1.15;

/** Reads sections of a field; keeps its buffers. */
export class SectionReader {
  private readonly sampler: FieldSampler;
  private readonly band: LumenBand;
  private readonly stepMm: number;
  private readonly count: number;
  private readonly values: Float64Array;
  private readonly wallsMm = new Float64Array(sectionRays);
  private brightEnds = 0;

  /** Walls are looked for up to `reachMm`. */
  constructor(sampler: FieldSampler, band: LumenBand, reachMm: number) {
    this.sampler = sampler;
    this.band = band;
    this.stepMm = Math.max(0.2, 0.4 * Math.min(...sampler.spacingMm), reachMm / 100);
    this.count = Math.max(6, Math.ceil(reachMm / this.stepMm) + 1);
    this.values = new Float64Array(this.count);
  }

  isInBand(value: number): boolean {
    const turned = this.band.sign * value;
    return turned >= this.band.low && turned <= this.band.high;
  }

  /** Mean value at a place and half a step around it along `right` and `down`; NaN outside. */
  valueAt(at: Vec3): number {
    this.sampler.ray(this.values, 0, 1, at, [0, 0, 0]);
    return this.values[0]!;
  }

  /** Null where the middle itself is not lumen. `isNear`: `at` is the middle but for a fraction of the radius. */
  centre(at: Vec3, right: PatientVector, down: PatientVector, isNear = false): SectionCentre | null {
    if (!this.isInBand(this.valueAt(at))) return null;
    const { wallsMm } = this;
    this.brightEnds = 0;
    for (let n = 0; n < sectionRays; n++) wallsMm[n] = this.wall(at, sectionRay(right, down, n));
    const brightShare = this.brightEnds / sectionRays;
    const sorted = wallsMm.toSorted();
    const radiusMm = (sorted[sectionRays / 2 - 1]! + sorted[sectionRays / 2]!) / 2;
    if (!Number.isFinite(radiusMm))
      return { rightMm: 0, downMm: 0, radiusMm, closedShare: 0, brightShare: 0, leaks: [] };
    const limitMm = leakFactor * radiusMm + this.stepMm;
    const leaks = Array.from(wallsMm.keys()).filter((n) => wallsMm[n]! > limitMm);
    const mouths = isNear ? this.lopsided(radiusMm) : [];
    for (const n of [...leaks, ...mouths]) wallsMm[n] = Number.NaN;
    fillGaps(wallsMm, radiusMm);
    return {
      ...centroid(wallsMm),
      radiusMm,
      closedShare: 1 - leaks.length / sectionRays,
      brightShare,
      leaks,
    };
  }

  /** Rays into the mouth of a branch, whose wall is further off than that across; with one more on either side. */
  private lopsided(radiusMm: number): number[] {
    const { wallsMm, stepMm } = this;
    const half = sectionRays / 2;
    const isLong = (n: number): boolean =>
      wallsMm[n]! > lopsidedFactor * radiusMm + 0.5 * stepMm &&
      wallsMm[n]! > lopsidedFactor * wallsMm[(n + half) % sectionRays]! + 0.5 * stepMm;
    return Array.from(wallsMm.keys()).filter((n) =>
      [n, n + 1, n + sectionRays - 1].some((m) => isLong(m % sectionRays)),
    );
  }

  /** Distance to where the ray leaves the band, between two samples; Infinity within reach. */
  private wall(at: Vec3, [x, y, z]: Vec3): number {
    const { values, count, stepMm, band } = this;
    this.sampler.ray(values, 0, count, at, [x * stepMm, y * stepMm, z * stepMm]);
    let before = band.sign * values[0]!;
    for (let n = 1; n < count; n++) {
      const value = band.sign * values[n]!;
      if (value >= band.low && value <= band.high) {
        before = value;
        continue;
      }
      if (Number.isNaN(value)) return (n - 1) * stepMm;
      if (value > band.high) this.brightEnds += 1;
      const edge = value < band.low ? band.low : band.high;
      const span = value - before;
      return (n - 1 + (span === 0 ? 0 : Math.max(0, Math.min(1, (edge - before) / span)))) * stepMm;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** Missing rays from their neighbours, around the circle. */
function fillGaps(walls: Float64Array, fallback: number): void {
  const known = walls.findIndex((mm) => !Number.isNaN(mm));
  if (known < 0) {
    walls.fill(fallback);
    return;
  }
  let last = known;
  for (let k = 1; k <= sectionRays; k++) {
    const n = (known + k) % sectionRays;
    if (Number.isNaN(walls[n]!)) continue;
    const gap = known + k - last;
    for (let g = 1; g < gap; g++)
      walls[(last + g) % sectionRays] =
        walls[last % sectionRays]! + ((walls[n]! - walls[last % sectionRays]!) * g) / gap;
    last = known + k;
  }
}

/** Centre of the area of the polygon. */
function centroid(walls: Float64Array): { readonly rightMm: number; readonly downMm: number } {
  let [area, x, y] = [0, 0, 0];
  for (let n = 0; n < sectionRays; n++) {
    const m = (n + 1) % sectionRays;
    const [ax, ay] = [walls[n]! * cosines[n]!, walls[n]! * sines[n]!];
    const [bx, by] = [walls[m]! * cosines[m]!, walls[m]! * sines[m]!];
    const twice = ax * by - ay * bx;
    area += twice;
    x += twice * (ax + bx);
    y += twice * (ay + by);
  }
  return area > 0 ? { rightMm: x / (3 * area), downMm: y / (3 * area) } : { rightMm: 0, downMm: 0 };
}
