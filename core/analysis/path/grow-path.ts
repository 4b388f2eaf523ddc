import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { between, cross, dot, moved, normalise, scale } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector } from '../../geometry/types.ts';
import type { GeometryVerdict } from '../../volume/types.ts';
import { distanceMm } from '../curve/polyline.ts';
import { type FieldSampler, fieldSampler } from '../lumen/field-sampler.ts';
import type { ControlPoint, LineKind, LinePiece, ScalarField } from '../types.ts';
import { type BranchMouth, branchMouths, type Station } from './branch-mouths.ts';
import { bandOf, isBone } from './lumen-guess.ts';
import { refineLine, withEnds } from './refine-line.ts';
import { SectionReader, sectionRay } from './section-centre.ts';
import { placePoint, type SnappedPoint, snapPoint } from './snap-point.ts';

/**
 * Onwards from one click: the lumen is followed section by section, both ways, until it ends, opens into something
 * wide, leaves the volume or meets itself. Where rays run into a side branch its mouth is reported, not followed.
 */
export interface GrowOptions {
  readonly kind: LineKind;
  readonly verdict?: GeometryVerdict['kind'];
  /** Follow this way only (roughly; the lumen's own direction is used). */
  readonly direction?: PatientVector;
  /** Longest way in each direction. */
  readonly mostMm?: number;
  /** Millimetres followed so far; false stops with CANCELLED. */
  readonly progress?: (doneMm: number) => boolean;
}

/** Why it went no further. `opens`: into a chamber or a much wider vessel. */
export type GrowthEnd = 'ends' | 'opens' | 'outside' | 'meetsItself' | 'mostReached';

export interface GrownPath {
  /** Both ends and the click, in the order of the line. */
  readonly controls: readonly ControlPoint[];
  readonly pieces: readonly LinePiece[];
  readonly ends: readonly [start: GrowthEnd, end: GrowthEnd];
  readonly branches: readonly BranchMouth[];
}

interface Track {
  readonly stations: readonly Station[];
  readonly end: GrowthEnd;
}

/** A section this much wider than those before it belongs to something else. */
const opensFactor = 1.9;
const tiltsRad = [0.35, 0.7, 1.05];

/** PATH_POINT_OUTSIDE, PATH_POINT_IN_AIR, PATH_NO_LUMEN, PATH_GEOMETRY_UNSAFE, CANCELLED. */
export function growPath(field: ScalarField, from: PatientPoint, options: GrowOptions): Result<GrownPath> {
  const { kind, direction } = options;
  const sampler = fieldSampler(field);
  if (!sampler || options.verdict === 'none') return fail(problem('PATH_GEOMETRY_UNSAFE'));
  const snapped = snapPoint(field, from, { kind });
  if (!snapped.ok) return snapped;
  const { pointMm, along, radiusMm } = snapped.value;
  const placed = placePoint(sampler, pointMm, kind, 1);
  if (!placed.ok) return placed;
  const { guess } = placed.value;
  if (guess.openShare > 0.6) return fail(problem('PATH_NO_LUMEN', { n: 1 }));
  const reader = new SectionReader(sampler, { sign: guess.sign, ...bandOf(guess, kind) }, 3 * radiusMm + 4);
  const start = stationAt(reader, pointMm, along, true);
  if (!start) return fail(problem('PATH_NO_LUMEN', { n: 1 }));
  const tracks: Track[] = [];
  let doneMm = 0;
  for (const sign of [-1, 1] as const) {
    const isAsked = !direction || sign * dot(along, direction) > 0;
    const first = { ...start, tangent: scale(along, sign) };
    const track = isAsked
      ? follow(reader, sampler, first, radiusMm, options, (mm) => options.progress?.(doneMm + mm) ?? true)
      : { stations: [first], end: 'mostReached' as const };
    if (!track) return fail(problem('CANCELLED'));
    doneMm += lengthOf(track);
    tracks.push(track);
  }
  return ok(joined(field, sampler, reader, tracks as [Track, Track], { kind, radiusMm }));
}

const lengthOf = ({ stations }: Track): number =>
  stations.reduce((sum, { at }, n) => (n > 0 ? sum + distanceMm(stations[n - 1]!.at, at) : 0), 0);

/** The section across `tangent` at a place, moved to its middle; null where there is no lumen. */
function stationAt(
  reader: SectionReader,
  at: PatientPoint,
  tangent: PatientVector,
  isNear: boolean,
): Station | null {
  const helper = Math.abs(tangent[0]) < 0.7 ? patientVector(1, 0, 0) : patientVector(0, 1, 0);
  const right = normalise(cross(tangent, helper));
  const down = cross(tangent, right);
  const section = reader.centre(at, right, down, isNear);
  if (!section) return null;
  const middle = moved(moved(at, right, section.rightMm), down, section.downMm);
  return { at: middle, tangent, right, down, section };
}

/** The next station: straight on, else the best of tilted ways (a bend, a fork's apex); null where it ends. */
function step(reader: SectionReader, { at, tangent, right, down }: Station, stepMm: number): Station | null {
  // Beyond the volume nothing is tried: a tilted way would only creep along its edge.
  if (Number.isNaN(reader.valueAt(moved(at, tangent, stepMm)))) return null;
  const ahead = stationAt(reader, moved(at, tangent, stepMm), tangent, false);
  if (ahead && ahead.section.closedShare > 0.5) return ahead;
  let best: Station | null = ahead;
  for (const tilt of tiltsRad)
    for (let n = 0; n < 32; n += 4) {
      const aside = sectionRay(right, down, n);
      const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
      const way = patientVector(
        c * tangent[0] + s * aside[0],
        c * tangent[1] + s * aside[1],
        c * tangent[2] + s * aside[2],
      );
      const there = stationAt(reader, moved(at, way, stepMm), way, false);
      if (there && there.section.closedShare > (best?.section.closedShare ?? 0.5)) best = there;
    }
  return best;
}

function follow(
  reader: SectionReader,
  sampler: FieldSampler,
  start: Station,
  radiusMm: number,
  { mostMm = 600 }: GrowOptions,
  goesOn: (doneMm: number) => boolean,
): Track | null {
  const stations: Station[] = [start];
  const value = new Float64Array(1);
  let usual = radiusMm;
  for (let doneMm = 0; doneMm < mostMm; ) {
    const here = stations[stations.length - 1]!;
    const stepMm = Math.max(0.5, Math.min(3, 0.6 * Math.max(0.5 * usual, here.section.radiusMm)));
    if (!goesOn(doneMm)) return null;
    const next = step(reader, here, stepMm);
    if (!next) {
      sampler.ray(value, 0, 1, moved(here.at, here.tangent, stepMm), [0, 0, 0]);
      return { stations, end: !Number.isNaN(value[0]!) ? 'ends' : 'outside' };
    }
    const { section } = next;
    if (section.closedShare < 0.45 || section.radiusMm > opensFactor * usual)
      return { stations, end: 'opens' };
    const walkedMm = distanceMm(here.at, next.at);
    // Recentring that undoes the step would go on for ever.
    if (walkedMm < 0.3 * stepMm) return { stations, end: 'ends' };
    if (meets(stations, next.at, usual)) return { stations, end: 'meetsItself' };
    doneMm += walkedMm;
    usual += 0.15 * (section.radiusMm - usual);
    const back = stations[Math.max(0, stations.length - 3)]!;
    const course = normalise(between(back.at, next.at));
    const blend = patientVector(
      next.tangent[0] + course[0],
      next.tangent[1] + course[1],
      next.tangent[2] + course[2],
    );
    stations.push({ ...next, tangent: normalise(blend) });
  }
  return { stations, end: 'mostReached' };
}

/** A branch goes on for this long with walls around it, no wider than it began by this much. */
const branchLeastMm = 6;
const branchClosed = 0.7;
const branchWidens = 1.5;

/** Marrow, a chamber's rim and a vessel that merely touches have no walls around a course that leads away. */
function leadsOn(reader: SectionReader, mouth: SnappedPoint, direction: PatientVector): boolean {
  const way = dot(mouth.along, direction) < 0 ? scale(mouth.along, -1) : mouth.along;
  let here = stationAt(reader, mouth.pointMm, way, true);
  const stepMm = Math.max(0.5, 0.6 * mouth.radiusMm);
  for (let doneMm = 0; here && doneMm < branchLeastMm; doneMm += stepMm) {
    const { section } = here;
    if (section.closedShare < branchClosed || section.radiusMm > branchWidens * mouth.radiusMm) return false;
    const ahead = moved(here.at, here.tangent, stepMm);
    // A branch may leave the volume.
    if (Number.isNaN(reader.valueAt(ahead))) return true;
    here = step(reader, here, stepMm);
  }
  return here !== null;
}

/** True when a place lies on the track's earlier part. */
function meets(stations: readonly Station[], at: PatientPoint, radiusMm: number): boolean {
  let awayMm = 0;
  for (let n = stations.length - 1; n > 0; n--) {
    awayMm += distanceMm(stations[n]!.at, stations[n - 1]!.at);
    if (awayMm > 6 * radiusMm && distanceMm(stations[n - 1]!.at, at) < 0.7 * radiusMm) return true;
  }
  return false;
}

/** Both tracks as one refined line through the click, and the mouths of its branches. */
function joined(
  field: ScalarField,
  sampler: FieldSampler,
  reader: SectionReader,
  [backwards, onwards]: readonly [Track, Track],
  { kind, radiusMm }: { readonly kind: LineKind; readonly radiusMm: number },
): GrownPath {
  const click = onwards.stations[0]!.at;
  const all = [...backwards.stations.slice(1).toReversed(), ...onwards.stations];
  const finest = Math.min(...sampler.spacingMm);
  const stepMm = Math.max(0.4, Math.min(1, finest));
  const controls: ControlPoint[] = [];
  const pieces: LinePiece[] = [];
  for (const track of [backwards, onwards]) {
    if (track.stations.length < 2) continue;
    const rough = track.stations.map((station) => station.at);
    const line = refineLine(reader, rough, { stepMm, searchMm: stepMm, rounds: 3, radiusMm });
    const end = rough[rough.length - 1]!;
    const points = withEnds(line.points, click, end, Math.max(2, radiusMm), stepMm);
    pieces.push({ pointsMm: track === backwards ? points.toReversed() : points, state: 'found' });
  }
  const ends = [backwards, onwards].map(({ stations }) => stations[stations.length - 1]!.at);
  if (backwards.stations.length > 1) controls.push({ pointMm: ends[0]!, snapped: true });
  controls.push({ pointMm: click, snapped: true });
  if (onwards.stations.length > 1) controls.push({ pointMm: ends[1]!, snapped: true });
  return {
    controls,
    pieces,
    ends: [backwards.end, onwards.end],
    branches: isBone(kind)
      ? []
      : branchMouths(field, sampler, reader, all, kind, (mouth, direction) =>
          leadsOn(reader, mouth, direction),
        ),
  };
}
