import type { PatientPoint, Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import type { LineKind } from '../types.ts';

/**
 * What a place looks like from within: value of the lumen, value around it, noise, radius. Read along rays in
 * all directions, so that nothing need be known about the course yet. `sign` −1 turns dark lumens (airways)
 * into bright ones; every value here is already turned.
 */
export interface LumenGuess {
  readonly sign: 1 | -1;
  readonly value: number;
  readonly around: number;
  readonly noise: number;
  readonly radiusMm: number;
  /** Share of the rays that found no wall. */
  readonly openShare: number;
  /** The direction in which it goes on furthest, unit. */
  readonly along: Vec3;
}

export const signOf = (kind: LineKind): 1 | -1 => (kind === 'airway' ? -1 : 1);

/** Kinds whose inside may be brighter without end. */
export const isBone = (kind: LineKind): boolean => kind !== 'vessel' && kind !== 'airway';

const softTissueHu = 50;
/** Blood without contrast medium is darker (HU). */
const enhancedHu = 100;
/** Longest ray: a little more than the widest aneurysm's radius. */
const reachMm = 45;
const rayCount = 96;

/** Directions spread evenly over the sphere (Fibonacci). */
const directions: readonly Vec3[] = Array.from({ length: rayCount }, (_, n) => {
  const z = 1 - (2 * n + 1) / rayCount;
  const r = Math.sqrt(1 - z * z);
  const a = n * Math.PI * (3 - Math.sqrt(5));
  return [r * Math.cos(a), r * Math.sin(a), z];
});

/** Values along every ray of a place: value n of ray t is `values[t · count + n]`. */
interface Rays {
  readonly values: Float64Array;
  readonly count: number;
  readonly stepMm: number;
}

function readRays(sampler: FieldSampler, at: PatientPoint, sign: 1 | -1): Rays {
  const stepMm = Math.max(0.25, 0.6 * Math.min(...sampler.spacingMm));
  const count = Math.ceil(reachMm / stepMm) + 1;
  const values = new Float64Array(rayCount * count);
  directions.forEach(([x, y, z], ray) => {
    sampler.ray(values, ray * count, count, at, [x * stepMm, y * stepMm, z * stepMm]);
  });
  if (sign < 0) for (let n = 0; n < values.length; n++) values[n] = -values[n]!;
  return { values, count, stepMm };
}

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.min(sorted.length - 1, Math.floor(share * sorted.length)))] ?? Number.NaN;

/** Of the samples within `toMm`, each ring once however many rays: sorted. NaN are left out. */
function valuesWithin({ values, count, stepMm }: Rays, toMm: number): Float64Array {
  const last = Math.min(count - 1, Math.floor(toMm / stepMm));
  const kept: number[] = [];
  for (let ray = 0; ray < rayCount; ray++)
    for (let n = 0; n <= last; n++) {
      const value = values[ray * count + n]!;
      if (!Number.isNaN(value)) kept.push(value);
    }
  return Float64Array.from(kept).sort();
}

/** Spread of the noise: the median step between neighbouring samples, which edges hardly change. */
function noiseOf({ values, count, stepMm }: Rays): number {
  const last = Math.min(count - 1, Math.ceil(8 / stepMm));
  const steps: number[] = [];
  for (let ray = 0; ray < rayCount; ray++)
    for (let n = 2; n <= last; n += 2) {
      const step = Math.abs(values[ray * count + n]! - values[ray * count + n - 2]!);
      if (!Number.isNaN(step)) steps.push(step);
    }
  // Interpolated samples a voxel apart share noise; 1.2 makes up for it about.
  return (1.2 * quantile(Float64Array.from(steps).sort(), 0.5)) / (0.6745 * Math.SQRT2);
}

/** Where a ray leaves the band between `low` and `high` for good (two samples): mm, or the reach. */
function wallMm(rays: Rays, ray: number, low: number, high: number): number {
  const { values, count, stepMm } = rays;
  const o = ray * count;
  for (let n = 1; n < count; n++) {
    const value = values[o + n]!;
    if (Number.isNaN(value)) return reachMm;
    if (value >= low && value <= high) continue;
    const next = values[o + Math.min(count - 1, n + 1)]!;
    if (next >= low && next <= high) continue;
    const before = values[o + n - 1]!;
    const edge = value < low ? low : high;
    const span = value - before;
    const share = span === 0 ? 0 : Math.max(0, Math.min(1, (edge - before) / span));
    return (n - 1 + share) * stepMm;
  }
  return reachMm;
}

/** Share of the samples that makes a tissue of a peak. */
const peakShare = 0.22;

/**
 * The brightest tissue among what is darker than the lumen: the brightest peak of its histogram that holds a good
 * share of it. Muscle beside a vessel counts, not the lung behind it, nor partial volume, which spreads evenly.
 */
function brightestPeak(sorted: Float64Array, value: number, noise: number): number | undefined {
  const width = Math.max(1.5 * noise, 0.04 * (value - quantile(sorted, 0.05)));
  const lowest = sorted[0]!;
  const counts = new Float64Array(Math.max(3, Math.ceil((value - lowest) / width) + 2));
  for (const one of sorted) counts[1 + Math.floor((one - lowest) / width)]! += 1;
  for (let n = counts.length - 2; n > 0; n--) {
    const [before, here, after] = [counts[n - 1]!, counts[n]!, counts[n + 1]!];
    if (here < before || here < after || before + here + after < peakShare * sorted.length) continue;
    const centre = (after - before) / (before + here + after);
    return lowest + (n - 0.5 + centre) * width;
  }
  return undefined;
}

/** Value around the lumen: what is darker, in the smallest ball that holds enough of it. */
function aroundOf(rays: Rays, { value, noise, kind, hasPeaks }: Omit<Known, 'sign'>): number {
  const below = value - Math.max(3 * noise, 0.12 * Math.abs(value));
  for (const toMm of [4, 6, 9, 14, 20, 30, reachMm]) {
    const sorted = valuesWithin(rays, toMm);
    let darker = 0;
    while (darker < sorted.length && sorted[darker]! < below) darker += 1;
    if (darker > 0.2 * sorted.length) {
      const among = sorted.subarray(0, darker);
      if (isBone(kind)) return quantile(among, 0.85);
      return (hasPeaks ? brightestPeak(among, value, noise) : undefined) ?? quantile(among, 0.55);
    }
  }
  return Number.NaN;
}

/**
 * `around` is NaN where nothing darker lies within reach: there is no lumen to follow. Undefined outside the volume.
 */
export function guessLumen(sampler: FieldSampler, at: PatientPoint, kind: LineKind): LumenGuess | undefined {
  const sign = signOf(kind);
  const rays = readRays(sampler, at, sign);
  const inner = valuesWithin(rays, Math.max(rays.stepMm * 1.01, 0.8));
  if (inner.length === 0) return undefined;
  const noise = noiseOf(rays);
  const value = quantile(inner, 0.5);
  // Partial volume makes most of what lies around a lumen finer than the voxels, and airways have thin walls: no
  // peak can be trusted there. Blood without contrast is told from fat, as muscle looks the same.
  const known = { sign, value, noise, kind };
  if (kind === 'vessel' && value > enhancedHu) {
    const byPeak = describe(rays, { ...known, hasPeaks: true });
    if (byPeak.radiusMm >= Math.max(...sampler.spacingMm)) return byPeak;
  }
  return describe(rays, { ...known, hasPeaks: false });
}

interface Known extends Pick<LumenGuess, 'sign' | 'value' | 'noise'> {
  readonly kind: LineKind;
  readonly hasPeaks: boolean;
}

function describe(rays: Rays, { sign, value, noise, kind, hasPeaks }: Known): LumenGuess {
  const found = aroundOf(rays, { value, noise, kind, hasPeaks });
  // Lung behind a rib says nothing about the muscle beside it.
  const around = isBone(kind) && value > 2.5 * softTissueHu ? Math.max(found, softTissueHu) : found;
  const { low, high } = bandOf({ value, around, noise }, kind);
  const walls = Float64Array.from(directions, (_, ray) => wallMm(rays, ray, low, high));
  const open = walls.filter((mm) => mm >= reachMm).length / rayCount;
  // A ray at angle θ to a tube's axis meets the wall at r / sin θ; the median over the sphere is r / sin 60°.
  const radiusMm = quantile(walls.toSorted(), 0.5) * Math.sin(Math.PI / 3);
  return { sign, value, around, noise, radiusMm, openShare: open, along: mainDirection(walls) };
}

/** Values that belong to the lumen: from half-way to the wall up to clearly brighter (calcium, bone). */
export function bandOf(
  { value, around, noise }: Pick<LumenGuess, 'value' | 'around' | 'noise'>,
  kind: LineKind,
): { readonly low: number; readonly high: number } {
  const low = (value + around) / 2;
  if (kind !== 'vessel') return { low, high: Number.POSITIVE_INFINITY };
  return { low, high: value + Math.max(0.5 * (value - around), 60) + 3 * noise };
}

/** The axis of the longest rays: largest eigenvector of Σ w·ddᵀ by power iteration. */
function mainDirection(walls: Float64Array): Vec3 {
  const m = new Float64Array(9);
  directions.forEach((d, ray) => {
    const weight = Math.min(walls[ray]!, reachMm) ** 2;
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) m[3 * r + c]! += weight * d[r]! * d[c]!;
  });
  let v: [number, number, number] = [0.31, 0.47, 0.83];
  for (let n = 0; n < 60; n++) {
    const w = [0, 1, 2].map((r) => m[3 * r]! * v[0] + m[3 * r + 1]! * v[1] + m[3 * r + 2]! * v[2]);
    const size = Math.hypot(...w) || 1;
    v = [w[0]! / size, w[1]! / size, w[2]! / size];
  }
  return v;
}
