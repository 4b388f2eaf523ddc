import { type PatientPoint, patientPoint, patientVector, type Vec3 } from '../../geometry/types.ts';
import { samplePoints, stationPoint } from '../curve/sample-line.ts';
import { smoothPinned } from '../curve/smooth.ts';
import type { SampledLine } from '../types.ts';
import { type SectionReader, sectionRay, sectionRays } from './section-centre.ts';

/**
 * Moves a rough path into the middle of the lumen: the centre of each section, sections anew from the moved line,
 * three times and more (Shahzad 2013 refines minimum-cost paths so).
 */
export interface RefinedLine {
  readonly points: readonly PatientPoint[];
  /** Median radius of the sections with a wall all around; NaN without any. */
  readonly radiusMm: number;
  /** Longest stretch without such sections. */
  readonly openMm: number;
}

/** Sections with fewer walls than this say nothing about their middle. */
const closedLeast = 0.55;

/** The longest stretch without a believable section that a smooth curve may bridge. */
const bridgeMm = 10;
/** Of the radius: an offset further from its neighbours' median is an outlier. */
const outlierShare = 0.12;

interface Offsets {
  /** Three numbers a station; NaN where the section said nothing. */
  readonly vectors: Float64Array;
  readonly radiiMm: readonly number[];
}

/** A place in the section that is lumen: the middle itself, or the nearest one along the section's rays. */
function nearestLumen(
  reader: SectionReader,
  at: Vec3,
  right: Vec3,
  down: Vec3,
  reachMm: number,
): Vec3 | null {
  if (reader.isInBand(reader.valueAt(at))) return at;
  for (let r = 0.5; r <= reachMm; r += 0.5)
    for (let n = 0; n < sectionRays; n += 2) {
      const [x, y, z] = sectionRay(right, down, n);
      const place: Vec3 = [at[0] + r * x, at[1] + r * y, at[2] + r * z];
      if (reader.isInBand(reader.valueAt(place))) return place;
    }
  return null;
}

function offsetsOf(
  reader: SectionReader,
  line: SampledLine,
  { searchMm, isNear, radiusMm }: { searchMm: number; isNear: boolean; radiusMm: number },
): Offsets {
  const vectors = new Float64Array(3 * line.count).fill(Number.NaN);
  const radiiMm: number[] = [];
  const at = (values: Float64Array, n: number): Vec3 => [
    values[3 * n]!,
    values[3 * n + 1]!,
    values[3 * n + 2]!,
  ];
  for (let n = 0; n < line.count; n++) {
    const [p, r, d] = [at(line.points, n), at(line.rights, n), at(line.downs, n)];
    const start = nearestLumen(reader, p, r, d, searchMm);
    const centre = start && reader.centre(start, patientVector(...r), patientVector(...d), isNear);
    if (!start || !centre || centre.closedShare < closedLeast) continue;
    // Partial volume around a calcification looks like a thin lumen.
    if (centre.brightShare > 0.2 && centre.radiusMm < 0.5 * radiusMm) continue;
    radiiMm.push(centre.radiusMm);
    for (const axis of [0, 1, 2] as const)
      vectors[3 * n + axis] = start[axis] - p[axis] + centre.rightMm * r[axis] + centre.downMm * d[axis];
  }
  return { vectors, radiiMm };
}

/**
 * Stations that would leave their neighbours' way say nothing: what was measured there is a branch's mouth or the
 * rim of a calcification. The line is nearly right already, so offsets are small and alike.
 */
function dropOutliers(vectors: Float64Array, reach: number, mostMm: number): void {
  const count = vectors.length / 3;
  const from = vectors.slice();
  for (let n = 0; n < count; n++) {
    if (Number.isNaN(from[3 * n]!)) continue;
    let squared = 0;
    for (let axis = 0; axis < 3; axis++) {
      const near: number[] = [];
      for (let m = Math.max(0, n - reach); m <= Math.min(count - 1, n + reach); m++) {
        const value = from[3 * m + axis]!;
        if (!Number.isNaN(value)) near.push(value);
      }
      squared += (from[3 * n + axis]! - median(near)) ** 2;
    }
    if (squared > mostMm * mostMm) vectors.fill(Number.NaN, 3 * n, 3 * n + 3);
  }
}

/** Stations that said nothing move as their neighbours do. */
function fillOffsets(vectors: Float64Array): void {
  const count = vectors.length / 3;
  let last = -1;
  for (let n = 0; n <= count; n++) {
    const isKnown = n < count && !Number.isNaN(vectors[3 * n]!);
    if (n < count && !isKnown) continue;
    for (let m = last + 1; m < n; m++)
      for (let axis = 0; axis < 3; axis++) {
        const before = last >= 0 ? vectors[3 * last + axis]! : n < count ? vectors[3 * n + axis]! : 0;
        const after = n < count ? vectors[3 * n + axis]! : before;
        vectors[3 * m + axis] = before + ((after - before) * (m - last)) / (n - last);
      }
    last = n;
  }
}

/** Most stations in a row that said nothing. */
function longestOpen(vectors: Float64Array): number {
  let most = 0;
  let run = 0;
  for (let o = 0; o < vectors.length; o += 3) {
    run = Number.isNaN(vectors[o]!) ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
}

/** Stations in their sections' middles; short stretches that said nothing are left to the curve between the others. */
function movedPoints(line: SampledLine, vectors: Float64Array, bridge: number): PatientPoint[] {
  const isKnown = (n: number): boolean => !Number.isNaN(vectors[3 * n]!);
  const isLeftOut = new Uint8Array(line.count);
  for (let n = 0, from = 0; n < line.count; n++) {
    if (!isKnown(n)) continue;
    if (from > 0 && n - from <= bridge) isLeftOut.fill(1, from, n);
    from = n + 1;
  }
  fillOffsets(vectors);
  const out: PatientPoint[] = [];
  for (let n = 0; n < line.count; n++)
    if (!isLeftOut[n])
      out.push(
        patientPoint(
          line.points[3 * n]! + vectors[3 * n]!,
          line.points[3 * n + 1]! + vectors[3 * n + 1]!,
          line.points[3 * n + 2]! + vectors[3 * n + 2]!,
        ),
      );
  return out;
}

const evenly = (points: readonly PatientPoint[], stepMm: number): PatientPoint[] => {
  const line = samplePoints(points, stepMm);
  return Array.from({ length: line.count }, (_, n) => stationPoint(line, n));
};

const median = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** `stepMm` between sections; `searchMm`: how far off the lumen the rough path may run; `radiusMm`: a first guess. */
export function refineLine(
  reader: SectionReader,
  rough: readonly PatientPoint[],
  options: {
    readonly stepMm: number;
    readonly searchMm: number;
    readonly rounds: number;
    readonly radiusMm: number;
  },
): RefinedLine {
  const { stepMm, rounds } = options;
  let points: readonly PatientPoint[] = rough;
  let radiusMm = Number.NaN;
  let openMm = 0;
  for (let round = 0; round < rounds; round++) {
    const line = samplePoints(points, stepMm);
    const isNear = round >= 2;
    const { vectors, radiiMm } = offsetsOf(reader, line, {
      searchMm: isNear ? stepMm : options.searchMm,
      isNear,
      radiusMm: radiusMm || options.radiusMm,
    });
    radiusMm = median(radiiMm);
    openMm = longestOpen(vectors) * stepMm;
    if (isNear && radiiMm.length > 0)
      dropOutliers(
        vectors,
        Math.ceil(Math.max(4, 2 * radiusMm) / stepMm),
        Math.max(0.15, outlierShare * radiusMm),
      );
    const moved = movedPoints(line, vectors, Math.round(bridgeMm / stepMm));
    const sigmaMm = Math.max(stepMm, Math.min(4, 0.8 * (radiusMm || 1)));
    // The first rounds come from a path of coarse cells, whose sections still tilt.
    const spread = round < rounds - 1 ? 1.5 : 1;
    points = smoothPinned(evenly(moved, stepMm), stepMm, spread * sigmaMm, 2 * sigmaMm);
  }
  return { points, radiusMm, openMm };
}

/** The line led to `from` and `to`, its ends' shifts fading over `fadeMm`. */
export function withEnds(
  points: readonly PatientPoint[],
  from: PatientPoint,
  to: PatientPoint,
  fadeMm: number,
  stepMm: number,
): PatientPoint[] {
  const last = points.length - 1;
  if (last < 1) return [from, to];
  const shift = (a: PatientPoint, b: PatientPoint): Vec3 => [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [first, end] = [shift(points[0]!, from), shift(points[last]!, to)];
  const fadeSteps = Math.max(1, Math.min(last, fadeMm / stepMm));
  const out = points.map((p, n) => {
    const a = Math.max(0, 1 - n / fadeSteps);
    const b = Math.max(0, 1 - (last - n) / fadeSteps);
    return patientPoint(
      p[0] + a * first[0] + b * end[0],
      p[1] + a * first[1] + b * end[1],
      p[2] + a * first[2] + b * end[2],
    );
  });
  out[0] = from;
  out[last] = to;
  return out;
}
