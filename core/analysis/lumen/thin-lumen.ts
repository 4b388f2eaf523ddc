import { blurredDisc } from './disc.ts';
import { brightLimit, type Levels, wallThicknessMm } from './edges.ts';
import { type PolarSection, rayCount } from './section.ts';

/** A thin lumen's mean profile, from its centre outwards. */
export interface ThinProfile {
  readonly stepMm: number;
  /** NaN where nothing was read. */
  readonly values: Float64Array;
  /** Behind the wall. */
  readonly outside: number;
  readonly low: number;
  readonly walled: boolean;
  /** Blur that the grid makes, before any kernel. */
  readonly gridMm2: number;
}

/** Of a section whose centre is the lumen's. `mostMm`: no thin lumen has a larger radius. */
export function thinProfile(
  section: PolarSection,
  levels: Levels,
  low: number,
  sigmaMm: number,
  mostMm: number,
  gridMm2: number,
): ThinProfile {
  const { stepMm } = section;
  const last = Math.max(4, Math.ceil((2.2 * sigmaMm + 0.5 * mostMm) / stepMm));
  const further = last + Math.ceil((2 * sigmaMm) / stepMm);
  const profile = trimmedProfile(section, Math.min(section.count - 1, further), brightLimit(levels, low));
  const walled = levels.wall !== null;
  const behindIt = behind(profile, last);
  return {
    stepMm,
    values: profile.subarray(0, Math.min(last + 1, profile.length)),
    outside: walled ? Math.min(behindIt, low) : Math.min(behindIt, levels.plateau),
    low,
    walled,
    gridMm2,
  };
}

interface Fit {
  readonly cost: number;
  readonly plateau: number;
}

/**
 * How badly a blurred disc of this radius, in its wall, fits a profile. Without a plateau the best one is found (a linear
 * least square). `weightMm`: how far out values count.
 */
function fitDisc(
  profile: ThinProfile,
  radiusMm: number,
  sigmaMm: number,
  weightMm: number,
  plateau?: number,
  wallMm = wallThicknessMm(radiusMm),
): Fit {
  const { values, stepMm, outside, low, walled } = profile;
  const floor = walled ? low : outside;
  let [dd, dr, rr] = [0, 0, 0];
  for (let n = 0; n < values.length; n++) {
    const seen = values[n]!;
    if (Number.isNaN(seen)) continue;
    const rho = (n * stepMm) / sigmaMm;
    const disc = blurredDisc(rho, radiusMm / sigmaMm);
    const wall = walled ? (low - outside) * blurredDisc(rho, (radiusMm + wallMm) / sigmaMm) : 0;
    const rest = seen - outside - wall;
    // Rings by their area, the tail by less: what lies there is not the lumen's.
    const weight = (n + 0.3) * Math.exp(-0.5 * ((n * stepMm) / weightMm) ** 2);
    dd += weight * disc * disc;
    dr += weight * disc * rest;
    rr += weight * rest * rest;
  }
  const height = plateau === undefined ? (dd > 0 ? dr / dd : 0) : plateau - floor;
  return { cost: rr - 2 * height * dr + height * height * dd, plateau: floor + height };
}

/** Walls of a thin lumen: its own, or plaque as thick as the vessel once was wide. */
const wallsMm = [0.5, 1, 1.6, 2.4];

/**
 * Radius of a round lumen by how bright it is (densitometry): the blurred disc in its wall or plaque that fits the section's
 * mean profile best, with plateau, wall's value and blur known.
 */
export function fitThinLumen(profile: ThinProfile, plateau: number, sigmaMm: number, mostMm: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const wallMm of profile.walled ? wallsMm : [0]) {
    const cost = (radius: number): number =>
      fitDisc(profile, radius, sigmaMm, 2.2 * sigmaMm, plateau, wallMm).cost;
    const radius = goldenLeast(cost, 0.05 * sigmaMm, mostMm);
    const found = cost(radius);
    if (found < least) [best, least] = [radius, found];
  }
  return best;
}

const kernels = [0, 0.15, 0.25, 0.35, 0.45, 0.6, 0.8].map((sigma) => sigma * sigma);

/**
 * Plateau and blur of a line that is thin throughout, by the shape of its profiles: which kernel fits them all best, and
 * the median of the plateaus with it. undefined without a profile.
 */
export function learnFromThin(
  profiles: readonly ThinProfile[],
  mostMm: number,
): { readonly plateau: number; readonly kernelMm2: number } | undefined {
  if (profiles.length === 0) return undefined;
  const every = Math.max(1, Math.floor(profiles.length / 16));
  const some = profiles.filter((_, n) => n % every === 0);
  let best = { cost: Number.POSITIVE_INFINITY, plateau: 0, kernelMm2: 0 };
  for (const kernelMm2 of kernels) {
    let cost = 0;
    const plateaus: number[] = [];
    for (const profile of some) {
      const sigma = Math.sqrt(profile.gridMm2 + kernelMm2);
      const weight = 2.2 * Math.sqrt(profile.gridMm2 + 0.1);
      const radius = goldenLeast((r) => fitDisc(profile, r, sigma, weight).cost, 0.7 * sigma, mostMm);
      const fit = fitDisc(profile, radius, sigma, weight);
      cost += fit.cost;
      plateaus.push(fit.plateau);
    }
    plateaus.sort((a, b) => a - b);
    if (cost < best.cost) best = { cost, plateau: plateaus[plateaus.length >> 1]!, kernelMm2 };
  }
  return best;
}

/** Mean of the middle half of the rays' values at each radius, bright ones left out. */
function trimmedProfile(section: PolarSection, last: number, bright: number): Float64Array {
  const out = new Float64Array(last + 1).fill(Number.NaN);
  const ring: number[] = [];
  for (let n = 0; n <= last && n < section.count; n++) {
    ring.length = 0;
    for (let ray = 0; ray < rayCount; ray++) {
      const value = section.values[ray * section.count + n]!;
      if (value <= bright) ring.push(value);
    }
    if (ring.length < rayCount / 4) continue;
    ring.sort((a, b) => a - b);
    const cut = Math.floor(ring.length / 4);
    let sum = 0;
    for (let m = cut; m < ring.length - cut; m++) sum += ring[m]!;
    out[n] = sum / (ring.length - 2 * cut);
  }
  return out;
}

function behind(profile: Float64Array, from: number): number {
  let [sum, n] = [0, 0];
  for (let at = from; at < profile.length; at++) {
    const value = profile[at]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    n += 1;
  }
  return n > 0 ? sum / n : 0;
}

/** Least of a function with one valley. */
function goldenLeast(cost: (x: number) => number, from: number, to: number): number {
  const share = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [x1, x2] = [b - share * (b - a), a + share * (b - a)];
  let [f1, f2] = [cost(x1), cost(x2)];
  for (let n = 0; n < 18; n++) {
    if (f1 < f2) {
      [b, x2, f2] = [x2, x1, f1];
      x1 = b - share * (b - a);
      f1 = cost(x1);
    } else {
      [a, x1, f1] = [x1, x2, f2];
      x2 = a + share * (b - a);
      f2 = cost(x2);
    }
  }
  return (a + b) / 2;
}

/** Centre of brightness within `reachMm`, from the section's centre: 0 below the wall, bright calcium left out. */
export function brightnessCentre(
  section: PolarSection,
  levels: Levels,
  low: number,
  reachMm: number,
  cosines: Float64Array,
  sines: Float64Array,
): readonly [number, number] {
  const { values, count, stepMm } = section;
  const bright = brightLimit(levels, low);
  const last = Math.min(count - 1, Math.floor(reachMm / stepMm));
  const floor = low + 0.15 * (levels.plateau - low);
  let [sum, x, y] = [0, 0, 0];
  for (let ray = 0; ray < rayCount; ray++)
    for (let n = 1; n <= last; n++) {
      const value = values[ray * count + n]!;
      if (!(value > floor)) continue;
      if (value > bright) break;
      const weight = n * Math.min(1, (value - floor) / (levels.plateau - floor));
      sum += weight;
      x += weight * n * stepMm * cosines[ray]!;
      y += weight * n * stepMm * sines[ray]!;
    }
  return sum > 0 ? [x / sum, y / sum] : [0, 0];
}
