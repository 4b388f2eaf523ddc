import { between, cross, length } from '../../geometry/matrices.ts';
import type { Vec3 } from '../../geometry/types.ts';
import {
  type LumenContour,
  type PieceState,
  pieceStates,
  type SampledLine,
  type ScalarField,
  type StationMeasure,
  type Stenosis,
} from '../types.ts';
import { assumedKernelMm2, type Blur, blurOf, EdgeSpread } from './blur.ts';
import { hollowShare } from './contour-shape.ts';
import { blurredDisc, normalCumulative } from './disc.ts';
import { brightLimit, type Levels, wallThicknessMm } from './edges.ts';
import { type FieldSampler, fieldSampler } from './field-sampler.ts';
import { noiseNear } from './noise.ts';
import { type OwnPlateau, roughPlateaus, smoothPlateaus } from './plateau.ts';
import { frameAt, rayCount, type SectionFrame } from './section.ts';
import { type SectionLumen, SectionReader, voxelsAcross } from './section-reader.ts';
import { measureContour, openStation, uncertaintyMm, withBlurAlong, withWall } from './station.ts';
import { proposeStenoses } from './stenosis.ts';
import { learnFromThin } from './thin-lumen.ts';
import { type SectionFit, withTouchingDoubt } from './touching.ts';

export interface MeasureOptions {
  /** Distance of sections; the line's end gets one too. */
  readonly stepMm: number;
  /** Width of the sections: no lumen is wider. */
  readonly sectionMm: number;
  /**
   * HU of an artery's wall; the lumen ends half-way between its plateau and this. null where values are no HU, or the
   * lumen has no wall (veins). Lumens below 135 HU are always taken against what surrounds them. Default 45.
   */
  readonly wallHu?: number | null;
  /** Value of the lumen where blur does not reach, as a wide parent vessel shows it; else it is taken from the line. */
  readonly lumenHu?: number;
  /** The lumen is darker than its wall (airways). Taken for granted where values are HU and the line runs in air. */
  readonly dark?: boolean;
  /** Contours changed by hand: kept as they are. */
  readonly kept?: readonly LumenContour[];
  /** Share done 0…1; false stops. */
  readonly progress?: (done: number) => boolean;
}

export interface LineMeasures {
  /** One a station, in order; open stations have a contour of zero radii. */
  readonly contours: readonly LumenContour[];
  readonly stations: readonly StationMeasure[];
  readonly stenoses: readonly Stenosis[];
  /** Standard deviation of one voxel near the line, and of the blur across the line. */
  readonly noise: number;
  readonly sigmaMm: number;
  /** An artery as dark as its wall: LUMEN_WITHOUT_CONTRAST. No stenoses are proposed, diameters are near the outer wall's. */
  readonly unopacified?: true;
}

const stationsMost = 20_000;
const defaultWallHu = 45;
/** Below this a lumen is as dark as its wall. */
const walledFromHu = 135;
/** Blood without contrast medium has 30 to 60 HU. */
const opacifiedFromHu = 90;

/**
 * Contours, numbers and proposed stenoses of a line; mere links (straight, out of range) stay open. Gives
 * undefined where it was stopped, the line has no length or the field
 * cannot be read. Every section is read three times: twice to learn plateau and blur, once with them.
 */
export function measureLine(
  field: ScalarField,
  line: SampledLine,
  options: MeasureOptions,
): LineMeasures | undefined {
  const sampler = fieldSampler(field);
  if (!sampler || !(line.count > 1 && line.lengthMm > 0)) return undefined;
  const asked = Math.round(line.lengthMm / Math.max(options.stepMm, 0.05)) + 1;
  const count = Math.max(2, Math.min(stationsMost, asked));
  const frames = Array.from({ length: count }, (_, n) => frameAt(line, (line.lengthMm * n) / (count - 1)));
  const dark = options.dark || (options.wallHu !== null && runsInAir(sampler, frames));
  const how = { ...options, dark };
  const pass = new Pass(sampler, frames, noiseNear(field, line), line.lengthMm / (count - 1), how);
  if (!pass.learn()) return undefined;
  const all = pass.read(2 / 3);
  if (!all) return undefined;
  // A mere link between two points is no vessel, whatever it happens to cross.
  const lumens = all.map((lumen, n) => (isLink(line, frames[n]!.sMm) ? undefined : lumen));
  const keptAt = new Map(
    (options.kept ?? []).filter((c) => c.edited).map((c) => [nearest(frames, c.sMm), c]),
  );
  const contours = frames.map((frame, n) => keptAt.get(n) ?? contourOf(frame, lumens[n]));
  const alone = contours.map((contour, n): StationMeasure => {
    const lumen = lumens[n];
    const voxelMm = pass.voxelMm;
    if (contour.edited) return measureContour(contour, lumen ? uncertaintyMm(lumen) : voxelMm);
    if (!lumen) return openStation(contour.sMm);
    return measureContour(contour, uncertaintyMm(lumen), lumen.thin);
  });
  const unopacified = pass.isUnopacified();
  const sections = withBlurAlong(
    withTouchingDoubt(
      alone,
      contours.map((contour, n) => fitOf(contour, lumens[n], frames[n]!)),
    ),
    frames.map((frame) => pass.blurAlongMm(frame)),
  );
  // Without contrast medium what touches is no part of the lumen: there none is made up.
  const isMadeUp = (n: number): boolean => unopacified && sections[n]!.doubt !== undefined;
  const seen = sections.map((one, n) => (isMadeUp(n) ? openStation(one.s) : one));
  const stations = unopacified ? seen.map(withWall) : seen;
  return {
    contours: contours.map((contour, n) => (isMadeUp(n) ? contourOf(frames[n]!, undefined) : contour)),
    stations,
    stenoses: unopacified ? [] : proposeStenoses(stations),
    noise: pass.noise,
    sigmaMm: pass.sigmaMm,
    ...(unopacified && { unopacified }),
  };
}

/** No blood and no wall is below this. */
const airBelowHu = -300;

/** Half of the line's places and more are in air. */
function runsInAir(sampler: FieldSampler, frames: readonly SectionFrame[]): boolean {
  const value = new Float64Array(1);
  const inAir = frames.filter(({ centreMm }) => {
    sampler.ray(value, 0, 1, centreMm, [0, 0, 0]);
    return value[0]! < airBelowHu;
  });
  return inAir.length * 2 > frames.length;
}

const nearest = (frames: readonly SectionFrame[], sMm: number): number =>
  frames.reduce(
    (best, frame, n) => (Math.abs(frame.sMm - sMm) < Math.abs(frames[best]!.sMm - sMm) ? n : best),
    0,
  );

const links: readonly PieceState[] = ['straight', 'outOfRange'];

function isLink(line: SampledLine, sMm: number): boolean {
  const state = pieceStates[line.states[Math.round(sMm / line.stepMm)] ?? 0];
  return state !== undefined && links.includes(state);
}

/** A contour that a hand drew stands as it is. */
function fitOf(
  contour: LumenContour,
  lumen: SectionLumen | undefined,
  frame: SectionFrame,
): SectionFit | undefined {
  if (!lumen || contour.edited) return undefined;
  const { missing, voxelMm } = lumen;
  const offsetMm = length(between(frame.centreMm, contour.centreMm));
  return { offsetMm, missing, hollow: hollowShare(contour), voxelMm };
}

const contourOf = (frame: SectionFrame, lumen: SectionLumen | undefined): LumenContour => ({
  ...(lumen?.frame ?? frame),
  radiiMm: lumen?.radiiMm ?? new Float64Array(rayCount),
  edited: false,
});

class Pass {
  readonly noise: number;
  /** Of a typical section. */
  sigmaMm = 0;
  readonly voxelMm: number;
  private readonly sampler: FieldSampler;
  private readonly frames: readonly SectionFrame[];
  private readonly stepMm: number;
  private readonly options: MeasureOptions;
  private readonly reader: SectionReader;
  private plateaus: Float64Array = new Float64Array(0);
  private blur: Blur;

  constructor(
    sampler: FieldSampler,
    frames: readonly SectionFrame[],
    noise: number,
    stepMm: number,
    options: MeasureOptions,
  ) {
    this.sampler = sampler;
    this.frames = frames;
    this.noise = noise;
    this.stepMm = stepMm;
    this.options = options;
    this.reader = new SectionReader(sampler, options.sectionMm / 2, options.dark ? -1 : 1);
    this.blur = blurOf(sampler, assumedKernelMm2);
    this.voxelMm = Math.max(...sampler.spacingMm);
  }

  /** Finds out plateau and blur; false where it was stopped. */
  learn(): boolean {
    const { frames, reader, stepMm } = this;
    const rough = roughPlateaus(
      Float64Array.from(frames, (frame) => reader.middle(frame)),
      stepMm,
      15,
    );
    this.plateaus = rough;
    // Once with what is assumed, once more with what that showed.
    for (const from of [0, 1 / 3]) if (!this.learnOnce(from, rough)) return false;
    const middle = frames[frames.length >> 1]!;
    this.sigmaMm = (this.blur.along(middle.right) + this.blur.along(middle.down)) / 2;
    return true;
  }

  private learnOnce(from: number, rough: Float64Array): boolean {
    const { reader, sampler, stepMm, options } = this;
    const spread = new EdgeSpread(Math.min(...sampler.spacingMm));
    const own: OwnPlateau[] = [];
    const lumens = this.read(from, (n, lumen) => {
      own.push(lumen ? ownPlateau(reader, lumen, this.levels(n)) : { value: 0, voxels: 0 });
      if (lumen && !lumen.thin) addEdges(spread, reader, lumen, this.levels(n), sampler);
    });
    if (!lumens) return false;
    const thin = own.some(({ voxels }) => voxels > 0) ? undefined : this.learnThin(lumens);
    this.plateaus = thin ? rough.map(() => thin.plateau) : smoothPlateaus(own, rough, stepMm);
    this.blur = blurOf(sampler, spread.kernelMm2() ?? thin?.kernelMm2 ?? assumedKernelMm2);
    if (options.lumenHu !== undefined) this.plateaus.fill(options.dark ? -options.lumenHu : options.lumenHu);
    return true;
  }

  /** Most of the line is no brighter than blood alone; values that are no HU say nothing about that. */
  isUnopacified(): boolean {
    const { wallHu = defaultWallHu, dark = false } = this.options;
    if (wallHu === null || dark) return false;
    const known = this.plateaus.filter((value) => !Number.isNaN(value)).sort();
    return known.length > 0 && known[known.length >> 1]! < opacifiedFromHu;
  }

  blurAlongMm({ right: r, down: d }: SectionFrame): number {
    return this.blur.along(cross<Vec3>(r, d));
  }

  private learnThin(lumens: readonly (SectionLumen | undefined)[]) {
    const profiles = lumens.flatMap((lumen) => lumen?.profile ?? []);
    return learnFromThin(profiles, voxelsAcross * this.voxelMm);
  }

  /** Every section with what is known; undefined where it was stopped. */
  read(
    from: number,
    seen: (n: number, lumen: SectionLumen | undefined) => void = () => {},
  ): readonly (SectionLumen | undefined)[] | undefined {
    const out: (SectionLumen | undefined)[] = [];
    for (let n = 0; n < this.frames.length; n++) {
      if (n % 16 === 0 && this.options.progress?.(from + n / 3 / this.frames.length) === false)
        return undefined;
      const lumen = this.reader.read(this.frames[n]!, this.levels(n), this.blur);
      out.push(lumen);
      seen(n, lumen);
    }
    return out;
  }

  private levels(n: number): Levels {
    const plateau = this.plateaus[n]!;
    const { wallHu = defaultWallHu, dark = false } = this.options;
    const walled = wallHu !== null && !dark && plateau >= wallHu + walledFromHu - defaultWallHu;
    return { plateau, wall: walled ? wallHu : null, noise: this.noise };
  }
}

/** Mean of the lumen where blur does not reach. The reader still holds the section. */
function ownPlateau(reader: SectionReader, lumen: SectionLumen, levels: Levels): OwnPlateau {
  const least = lumen.radiiMm.reduce((a, b) => Math.min(a, b));
  const inner = Math.min(0.75 * least, least - 1.7 * lumen.sigmaMm);
  if (lumen.thin || !(inner > 0.3 * lumen.voxelMm)) return { value: 0, voxels: 0 };
  const value = reader.section.meanWithin(inner);
  const bright = brightLimit(levels, levels.plateau - lumen.contrast);
  if (!(value < bright)) return { value: 0, voxels: 0 };
  // Blur keeps even the middle of a narrow lumen a little below its plateau.
  const { sigmaMm, contrast } = lumen;
  const filled = blurredDisc((0.67 * inner) / sigmaMm, lumen.shape.equivalentDiameterMm / (2 * sigmaMm));
  const low = levels.plateau - contrast;
  return {
    value: low + (value - low) / filled,
    voxels: Math.max(1, (Math.PI * inner * inner) / lumen.voxelMm ** 2),
  };
}

function addEdges(
  spread: EdgeSpread,
  reader: SectionReader,
  lumen: SectionLumen,
  levels: Levels,
  sampler: FieldSampler,
): void {
  const { section, edges } = reader;
  const low = levels.plateau - lumen.contrast;
  const { right, down } = lumen.frame;
  const voxelMm = Math.sqrt((sampler.voxelAlong(right) ** 2 + sampler.voxelAlong(down) ** 2) / 2);
  if (lumen.rising > 0 || lumen.missing > 0.2) return;
  for (let ray = 0; ray < rayCount; ray++) {
    if (edges.kinds[ray] !== 'falling') continue;
    const at = ray * section.count;
    const edgeMm = lumen.radiiMm[ray]!;
    // What shines through a thin wall is taken off, so that only the lumen's own edge is left.
    const thick = wallThicknessMm(edgeMm);
    const behind = levels.wall === null ? 0 : (edges.outside[ray]! - low) / lumen.contrast;
    const share = (n: number): number => {
      const own = (section.values[at + n]! - low) / lumen.contrast;
      if (behind === 0) return own;
      return own - behind * normalCumulative((n * section.stepMm - edgeMm - thick) / lumen.sigmaMm);
    };
    spread.add(share, section.count, section.stepMm, edgeMm, voxelMm);
  }
}
