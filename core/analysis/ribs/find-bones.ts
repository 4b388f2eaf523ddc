import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { applyPoint, invert } from '../../geometry/matrices.ts';
import { type PatientPoint, patientVector } from '../../geometry/types.ts';
import { distanceMm, polylineLengthMm, resampleEvenly } from '../curve/polyline.ts';
import { samplePoints } from '../curve/sample-line.ts';
import { smoothPinned } from '../curve/smooth.ts';
import { type FieldSampler, fieldSampler } from '../lumen/field-sampler.ts';
import type { LinePiece, PieceState, SampledLine, ScalarField } from '../types.ts';
import { roughCanal } from './canal.ts';
import { along, type CanalStation, canalStations } from './canal-frame.ts';
import { type ColumnVertebra, columnProfile, findDiscs, findVertebrae } from './column.ts';
import { type RibCandidate, ribCandidates } from './rib-candidates.ts';
import { ribHead } from './rib-head.ts';
import { levelsOf } from './rib-levels.ts';
import type { FoundBones, FoundRib, FoundVertebra, Side } from './types.ts';

/** Told now and then how far it is (0…1); false = stop. */
export type BonesProgress = (done: number) => boolean;

const spineStepMm = 1;
/** Thin discs are lost between thicker slices, and vertebrae would be counted wrongly. */
const coarsestMm = 4.6;
/** Share of bone along a rib's neck above which it counts as found. */
const neckShare = 0.55;
const ribStepMm = 1;
/** Points this near to a gap belong to it. */
const weakReachMm = 3;

/**
 * Spine, vertebrae and ribs of a CT volume, without names (`labelFrom` gives them). Problems: SPINE_NOT_FOUND where
 * there is no vertebral canal, BONES_TOO_COARSE beyond 4.5 mm, PATH_GEOMETRY_UNSAFE for a singular geometry, CANCELLED.
 */
export function findBones(field: ScalarField, onProgress: BonesProgress = () => true): Result<FoundBones> {
  let isStopped = false;
  const progress = (done: number): boolean => {
    isStopped ||= !onProgress(done);
    return !isStopped;
  };
  const sampler = fieldSampler(field);
  if (!sampler) return fail(problem('PATH_GEOMETRY_UNSAFE'));
  const coarsest = Math.max(...sampler.spacingMm);
  if (coarsest > coarsestMm) return fail(problem('BONES_TOO_COARSE', { mm: Math.round(10 * coarsest) / 10 }));
  const rough = roughCanal(field, () => progress(0.1));
  if (!progress(0.3)) return fail(problem('CANCELLED'));
  if (rough.length === 0) return fail(problem('SPINE_NOT_FOUND'));
  const stations = canalStations(sampler, rough);
  const column = findVertebrae(sampler, stations, findDiscs(columnProfile(sampler, stations)));
  if (!progress(0.4)) return fail(problem('CANCELLED'));
  const candidates = ribCandidates(field, sampler, stations, (done) => progress(0.4 + 0.55 * done));
  if (!candidates) return fail(problem('CANCELLED'));
  const spine = spineLine(stations, column);
  const vertebrae = column.map((vertebra, n) => asVertebra(field, vertebra, n, stations, spine));
  const ribs = (['left', 'right'] as const).flatMap((side) => {
    const own = candidates.filter((candidate) => candidate.side === side);
    const levels = levelsOf(
      own.map(({ station }) => station),
      column,
    );
    return own.flatMap((candidate, n) => {
      const level = levels[n] ?? null;
      if (level === null && !isBesideColumn(candidate, column)) return [];
      return [asRib(sampler, stations, candidate, n, column, level)];
    });
  });
  progress(1);
  return ok({ canalMm: stations.map(({ centreMm }) => centreMm), spine, vertebrae, ribs });
}

/** Below the last vertebra runs the pelvis, above the first the skull. */
function isBesideColumn({ station }: RibCandidate, column: readonly ColumnVertebra[]): boolean {
  const [first, last] = [column[0], column[column.length - 1]];
  if (!first || !last) return true;
  return station > first.station - first.heightMm && station < last.station + last.heightMm;
}

/** Through the bodies' middles; beyond the first and the last along the canal. */
function spineLine(stations: readonly CanalStation[], column: readonly ColumnVertebra[]): SampledLine {
  const centres = column.map(({ centreMm }) => centreMm);
  const inside = centres.filter(
    (_, n) => column[n]!.station >= 0 && column[n]!.station <= stations.length - 1,
  );
  return samplePoints(inside.length > 1 ? inside : [], spineStepMm, {
    right: patientVector(1, 0, 0),
    state: 'found',
  });
}

/** A rib must be seen this far beside the canal to be told from a transverse process. */
const ribReachMm = 76;

/** Sides on which the place where a rib would run lies in the volume. */
function ribSidesAt({ geometry }: ScalarField, { centreMm, left }: CanalStation): Side[] {
  const indexFromPatient = invert(geometry.patientFromIndex)!;
  return (['left', 'right'] as const).filter((side) => {
    const place = along(centreMm, left, side === 'left' ? ribReachMm : -ribReachMm);
    return applyPoint(indexFromPatient, place).every(
      (index, axis) => index >= 0 && index <= geometry.size[axis]! - 1,
    );
  });
}

function asVertebra(
  field: ScalarField,
  vertebra: ColumnVertebra,
  n: number,
  stations: readonly CanalStation[],
  spine: SampledLine,
): FoundVertebra {
  const { centreMm, heightMm, isCut } = vertebra;
  const station = stations[Math.max(0, Math.min(stations.length - 1, Math.round(vertebra.station)))]!;
  return {
    id: `vertebra-${n + 1}`,
    centreMm,
    down: station.down,
    heightMm,
    atMm: nearestMm(spine, centreMm),
    isCut,
    ribSides: ribSidesAt(field, station),
  };
}

function nearestMm({ points, count, stepMm }: SampledLine, to: PatientPoint): number {
  let [best, at] = [Number.POSITIVE_INFINITY, 0];
  for (let n = 0; n < count; n++) {
    const away = Math.hypot(points[3 * n]! - to[0], points[3 * n + 1]! - to[1], points[3 * n + 2]! - to[2]);
    if (away < best) [best, at] = [away, n];
  }
  return at * stepMm;
}

function asRib(
  sampler: FieldSampler,
  stations: readonly CanalStation[],
  candidate: RibCandidate,
  n: number,
  column: readonly ColumnVertebra[],
  level: number | null,
): FoundRib {
  const { side, isCut } = candidate;
  const followed = followedPieces(candidate);
  const start = followed[0]!.pointsMm;
  const pieces: LinePiece[] = [...followed];
  if (level !== null) {
    const { pointsMm, boneShare } = ribHead(sampler, stations, column[level]!, side, start);
    pieces.unshift({ pointsMm, state: boneShare >= neckShare ? 'found' : 'weak' });
  }
  return {
    id: `rib-${side}-${n + 1}`,
    side,
    vertebraId: level === null ? null : `vertebra-${level + 1}`,
    pieces,
    lengthMm: polylineLengthMm(pieces.flatMap(({ pointsMm }) => pointsMm)),
    isCut,
  };
}

/** What was followed, split into found and weak pieces; smoothed between weak places, so that steps stay. */
function followedPieces({ points }: RibCandidate): LinePiece[] {
  const runs: { from: number; to: number; state: PieceState }[] = [];
  const isNear = points.map(({ pointMm }, n) =>
    points.some(
      (other, m) =>
        other.isWeak &&
        Math.abs(m - n) <= 12 &&
        (m === n || m === n + 1 || distanceMm(other.pointMm, pointMm) < weakReachMm),
    ),
  );
  for (let n = 1; n < points.length; n++) {
    const state: PieceState = isNear[n - 1] && isNear[n] ? 'weak' : 'found';
    const last = runs[runs.length - 1];
    if (last && last.state === state) last.to = n;
    else runs.push({ from: n - 1, to: n, state });
  }
  return runs.map(({ from, to, state }) => {
    const raw = points.slice(from, to + 1).map(({ pointMm }) => pointMm);
    if (state === 'weak') return { pointsMm: raw, state };
    const even = resampleEvenly(raw, ribStepMm);
    return { pointsMm: smoothPinned(even, ribStepMm, 3, 1.5), state };
  });
}
