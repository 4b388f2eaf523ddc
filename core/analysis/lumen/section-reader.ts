import type { Blur } from './blur.ts';
import { type ContourShape, contourShape } from './contour-shape.ts';
import { radiusFromHalfMaximum } from './disc.ts';
import { type Edges, findEdges, type Levels, lowLevel, makeEdges } from './edges.ts';
import type { FieldSampler } from './field-sampler.ts';
import { smoothPeriodic } from './periodic-smooth.ts';
import {
  PolarSection,
  pointInSection,
  rayCosines,
  rayCount,
  rayDirection,
  raySines,
  type SectionFrame,
} from './section.ts';
import { brightnessCentre, fitThinLumen, type ThinProfile, thinProfile } from './thin-lumen.ts';

/** A lumen found in a section. */
export interface SectionLumen {
  /** Its centre is the lumen's now. */
  readonly frame: SectionFrame;
  readonly radiiMm: Float64Array;
  readonly shape: ContourShape;
  /** Too thin for its edge: a circle by densitometry. */
  readonly thin: boolean;
  /** Of thin ones. */
  readonly profile?: ThinProfile;
  /** Largest size of a voxel in the section, and the mean deviation of the blur. */
  readonly voxelMm: number;
  readonly sigmaMm: number;
  /** Standard deviation of the mean radius by noise. */
  readonly radiusNoiseMm: number;
  /** Shares of the rays with an edge at calcium or bone, and without an edge of their own. */
  readonly rising: number;
  readonly missing: number;
  /** How far the edge lies off if there is no wall before a neighbour brighter than one (a vein), mean of the rays. */
  readonly besideMm: number;
  /** From plateau to wall. */
  readonly contrast: number;
}

/** Three voxels across. */
export const voxelsAcross = 3;

/** Finds the lumen in one section after the other; holds the buffers. */
export class SectionReader {
  readonly section: PolarSection;
  readonly edges: Edges = makeEdges();
  private readonly sampler: FieldSampler;
  private readonly sign: number;
  private readonly weights = new Float64Array(rayCount);
  private readonly smooth = new Float64Array(rayCount);
  private readonly sigmas = new Float64Array(rayCount);

  constructor(sampler: FieldSampler, reachMm: number, sign: number) {
    this.sampler = sampler;
    this.sign = sign;
    this.section = new PolarSection(sampler, reachMm);
  }

  /** Mean value of the middle of a section, about a voxel across. */
  middle(frame: SectionFrame): number {
    this.section.read(this.sampler, frame, this.sign);
    return this.section.meanWithin(0.6 * voxelInSection(this.sampler, frame));
  }

  /** undefined where there is no lumen to be seen. */
  read(first: SectionFrame, levels: Levels, blur: Blur): SectionLumen | undefined {
    const voxelMm = voxelInSection(this.sampler, first);
    const { section } = this;
    section.read(this.sampler, first, this.sign);
    const low = lowLevel(section, levels);
    const contrast = levels.plateau - low;
    if (!(contrast > Math.max(25, levels.noise))) return undefined;
    let frame = first;
    const share = (): number => (section.meanWithin(0.6 * voxelMm) - low) / contrast;
    for (let n = 0; n < 2 && !(share() > 0.8 && share() < 1.4); n++)
      frame = this.centred(frame, brightnessCentre(section, levels, low, 2 * voxelMm, rayCosines, raySines));
    if (!(share() > Math.max(0.1, (0.7 * levels.noise) / contrast))) return undefined;
    let sigmaMm = 0;
    for (let ray = 0; ray < rayCount; ray++) {
      this.sigmas[ray] = blur.along(rayDirection(frame, ray));
      sigmaMm += this.sigmas[ray]! / rayCount;
    }
    const geometry = { voxelMm, sigmaMm };
    const wide = share() > 0.55 ? this.readWide(frame, levels, low, geometry) : undefined;
    const wideMm = wide?.shape.equivalentDiameterMm ?? 0;
    // Just above the limit blur makes a lumen look wider than it is: there densitometry decides.
    if (wide && !isThin(wideMm / 1.15, geometry)) return wide;
    if (!wide && share() > 0.9) return undefined;
    const thin = this.readThin(wide?.frame ?? frame, levels, low, geometry);
    if (!wide || isThin(wideMm, geometry)) return thin;
    return thin && isThin(thin.shape.equivalentDiameterMm, geometry) ? thin : wide;
  }

  private centred(frame: SectionFrame, [x, y]: readonly [number, number]): SectionFrame {
    const moved = { ...frame, centreMm: pointInSection(frame, x, y) };
    this.section.read(this.sampler, moved, this.sign);
    return moved;
  }

  private readWide(
    first: SectionFrame,
    levels: Levels,
    low: number,
    { voxelMm, sigmaMm }: Geometry,
  ): SectionLumen | undefined {
    let frame = first;
    let shape: ContourShape | undefined;
    let fit: Fit | undefined;
    for (let n = 0; n < 3; n++) {
      findEdges(this.section, levels, low, (ray) => this.sigmas[ray]!, voxelMm, this.edges);
      fit = this.smoothEdges(voxelMm, sigmaMm, (0.5 * levels.noise) / (levels.plateau - low));
      if (!fit) return undefined;
      shape = contourShape({ radiiMm: this.smooth });
      const [x, y] = shape.centroidMm;
      if (Math.hypot(x, y) < Math.max(0.04 * shape.equivalentDiameterMm, 0.1 * voxelMm) || n === 2) break;
      frame = this.centred(frame, shape.centroidMm);
    }
    const half = shape!.equivalentDiameterMm / 2;
    const shift = radiusFromHalfMaximum(half / sigmaMm) * sigmaMm - half;
    const radiiMm = this.smooth.map((radius) => Math.max(0.2 * half, radius + shift));
    return {
      frame,
      radiiMm,
      shape: contourShape({ radiiMm }),
      thin: false,
      voxelMm,
      sigmaMm,
      besideMm: this.besideMm(low, levels),
      contrast: levels.plateau - low,
      ...fit!,
    };
  }

  private readThin(
    first: SectionFrame,
    levels: Levels,
    low: number,
    { voxelMm, sigmaMm }: Geometry,
  ): SectionLumen | undefined {
    let frame = first;
    for (let n = 0; n < 2; n++) {
      const reach = Math.max(2.2 * sigmaMm, voxelMm);
      const offset = brightnessCentre(this.section, levels, low, reach, rayCosines, raySines);
      frame = this.centred(frame, offset);
    }
    const mostMm = voxelsAcross * voxelMm;
    const profile = thinProfile(this.section, levels, low, sigmaMm, mostMm, this.gridMm2(frame));
    const radius = fitThinLumen(profile, levels.plateau, sigmaMm, mostMm);
    if (!(radius > 0.12 * voxelMm)) return undefined;
    const radiiMm = new Float64Array(rayCount).fill(radius);
    const contrast = levels.plateau - low;
    // Area's noise: that of the voxels under the blurred disc.
    const covered = Math.PI * (radius + 1.5 * sigmaMm) ** 2;
    const areaNoise = ((1.2 * levels.noise) / contrast) * voxelMm * Math.sqrt(covered);
    return {
      frame,
      radiiMm,
      shape: contourShape({ radiiMm }),
      thin: true,
      profile,
      voxelMm,
      sigmaMm,
      radiusNoiseMm: areaNoise / (2 * Math.PI * Math.max(radius, 0.5 * sigmaMm)),
      rising: 0,
      missing: 0,
      besideMm: 0,
      contrast,
    };
  }

  /** Half of the step from wall to neighbour, by the slope of the edge. */
  private besideMm(low: number, levels: Levels): number {
    if (levels.wall === null) return 0;
    let sum = 0;
    for (let ray = 0; ray < rayCount; ray++) {
      const more = Math.min(this.edges.outside[ray]!, levels.plateau) - low;
      if (more > 0) sum += (more / (levels.plateau - low)) * 1.2535 * this.sigmas[ray]!;
    }
    return sum / rayCount;
  }

  /** Mean variance of the blur that the grid makes in a section. */
  private gridMm2({ right, down }: SectionFrame): number {
    return (this.sampler.voxelAlong(right) ** 2 + this.sampler.voxelAlong(down) ** 2) / 8;
  }

  /** Rays that disagree with their neighbours are left out; the rest is smoothed as far as its noise asks. */
  private smoothEdges(voxelMm: number, sigmaMm: number, noiseShare: number): Fit | undefined {
    const { edges, weights, smooth } = this;
    const median = medianOf(edges.radiiMm);
    if (!(median > 0)) return undefined;
    for (let ray = 0; ray < rayCount; ray++) {
      const radius = edges.radiiMm[ray]!;
      const near = medianAround(edges.radiiMm, ray);
      const agrees = Math.abs(radius - near) <= Math.max(0.4 * near, 1.5 * voxelMm);
      weights[ray] = agrees ? (edges.kinds[ray] === 'rising' ? 0.4 : 1) : 0;
    }
    // Neighbouring rays read the same voxels: so many count as one.
    const alike = Math.max(1, (rayCount * 1.2 * voxelMm) / (2 * Math.PI * median));
    const theory = Math.hypot(noiseShare * 2.507 * sigmaMm, 0.06 * voxelMm);
    const rayNoise = theory * Math.sqrt(alike);
    if (!smoothPeriodic(edges.radiiMm, weights, rayNoise, smooth)) return undefined;
    let residual = 0;
    for (let pass = 0; pass < 3; pass++) {
      residual = this.weighAgain(Math.max(3.5 * theory, 0.5 * voxelMm));
      if (!smoothPeriodic(edges.radiiMm, weights, rayNoise, smooth)) return undefined;
    }
    let [rising, missing] = [0, 0];
    for (let ray = 0; ray < rayCount; ray++) {
      if (!(weights[ray]! > 0.05)) missing += 1 / rayCount;
      else if (edges.kinds[ray] === 'rising') rising += 1 / rayCount;
    }
    if (missing > 0.6) return undefined;
    const used = rayCount * (1 - missing);
    return {
      radiusNoiseMm: Math.max(theory, residual) * Math.sqrt(alike / used),
      rising,
      missing,
    };
  }

  /** Tukey's weights by the distance from the smooth contour; the root mean square of what is kept. */
  private weighAgain(cutMm: number): number {
    const { edges, weights, smooth } = this;
    let [sum, n] = [0, 0];
    for (let ray = 0; ray < rayCount; ray++) {
      const away = edges.radiiMm[ray]! - smooth[ray]!;
      const known = edges.kinds[ray] !== 'none' && Math.abs(away) < cutMm;
      weights[ray] = known ? (edges.kinds[ray] === 'rising' ? 0.4 : 1) * (1 - (away / cutMm) ** 2) ** 2 : 0;
      if (known) {
        sum += away * away;
        n += 1;
      }
    }
    return n > 0 ? Math.sqrt(sum / n) : 0;
  }
}

interface Geometry {
  readonly voxelMm: number;
  readonly sigmaMm: number;
}

interface Fit {
  readonly radiusNoiseMm: number;
  readonly rising: number;
  readonly missing: number;
}

/** Below three voxels across, or so thin that blur keeps the middle from its plateau. */
const isThin = (diameterMm: number, { voxelMm, sigmaMm }: Geometry): boolean =>
  diameterMm < voxelsAcross * voxelMm || diameterMm < 4 * sigmaMm;

/** Largest size of a voxel along any direction of the section. */
export function voxelInSection(sampler: FieldSampler, frame: SectionFrame): number {
  let most = 0;
  for (let ray = 0; ray < rayCount / 2; ray += 2)
    most = Math.max(most, sampler.voxelAlong(rayDirection(frame, ray)));
  return most;
}

function medianOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length > 0 ? known[known.length >> 1]! : Number.NaN;
}

const around = 8;
const window = new Float64Array(2 * around + 1);

/** Median of a quarter turn about a ray. */
function medianAround(values: Float64Array, ray: number): number {
  let n = 0;
  for (let by = -around; by <= around; by++) {
    const value = values[(ray + by + rayCount) % rayCount]!;
    if (!Number.isNaN(value)) window[n++] = value;
  }
  if (n < 4) return Number.NaN;
  return window.subarray(0, n).sort()[n >> 1]!;
}
