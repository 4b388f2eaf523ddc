import { applyPoint, invert } from '../../geometry/matrices.ts';
import type { PatientPoint, PatientVector, Vec3 } from '../../geometry/types.ts';
import { distanceMm, nearestOnPolyline } from '../curve/polyline.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import type { ScalarField } from '../types.ts';
import { type CanalStation, canalStepMm } from './canal-frame.ts';
import { RibCutter } from './rib-section.ts';
import { type RibSeed, ribSeeds } from './rib-seeds.ts';
import { isRibLike, type TracedPoint, traceRib } from './rib-trace.ts';
import type { Side } from './types.ts';

/** Everything that runs like a rib and comes from beside the spine. */
export interface RibCandidate {
  readonly side: Side;
  /** From beside the transverse process to the front. */
  readonly points: readonly TracedPoint[];
  readonly lengthMm: number;
  readonly isCut: boolean;
  /** Station of the canal (with its fraction) beside which it begins. */
  readonly station: number;
}

/** Nearer to the canal's middle a rib runs into the transverse process. */
const besideMm = 34;
const besideMostMm = 50;
/** Of where ribs pass the transverse processes, backwards from the canal's middle. */
const backLeastMm = -14;
const backMostMm = 48;
/** Transverse processes are shorter. */
const leastLengthMm = 42;
/** Lines nearer than this are one rib. */
const sameMm = 6;
/** What a weak place takes from a candidate's worth. */
const weakCostMm = 8;
/** Seeds in the first planes are all followed, so that of several lines the best is kept. */
const surePlanes = 2;

export interface CanalPlace {
  readonly station: number;
  readonly leftMm: number;
  readonly backMm: number;
}

/** Where a point is, seen from the canal. */
export function placeBeside(stations: readonly CanalStation[], p: Vec3): CanalPlace {
  let n = 0;
  let best = Number.POSITIVE_INFINITY;
  stations.forEach(({ centreMm, down }, m) => {
    const off = Math.abs(
      (p[0] - centreMm[0]) * down[0] + (p[1] - centreMm[1]) * down[1] + (p[2] - centreMm[2]) * down[2],
    );
    // On the inside of a bend several stations face a point: the nearest along the body counts.
    const away = off + 0.15 * Math.abs(p[2] - centreMm[2]);
    if (away < best) [best, n] = [away, m];
  });
  const { centreMm, down, left, front } = stations[n]!;
  const d: Vec3 = [p[0] - centreMm[0], p[1] - centreMm[1], p[2] - centreMm[2]];
  const part = (v: Vec3): number => d[0] * v[0] + d[1] * v[1] + d[2] * v[2];
  return { station: n + part(down) / canalStepMm, leftMm: part(left), backMm: -part(front) };
}

const reversed = (v: Vec3): PatientVector => [-v[0], -v[1], -v[2]] as unknown as PatientVector;

interface Tracer {
  readonly cutter: RibCutter;
  readonly stations: readonly CanalStation[];
  readonly isInside: (p: Vec3) => boolean;
}

function follow({ cutter, stations, isInside }: Tracer, seed: RibSeed): RibCandidate | null {
  const start = cutter.centred(seed.pointMm, seed.direction, 3);
  if (!isRibLike(start)) return null;
  const sign = seed.side === 'left' ? 1 : -1;
  const asideOf = (p: Vec3): number => sign * placeBeside(stations, p).leftMm;
  const isEnd = (p: PatientPoint): boolean => asideOf(p) < besideMm;
  const inwards = traceRib(cutter, start.centreMm, reversed(seed.direction), isInside, {
    isEnd,
    mostMm: 120,
  });
  const outwards = traceRib(cutter, start.centreMm, seed.direction, isInside);
  const before = inwards.points.toReversed();
  // A weak step lies between two points: turned round it belongs to the point before.
  const points = withoutTails([
    ...before.map(({ pointMm }, n) => ({ pointMm, isWeak: before[n - 1]?.isWeak ?? false })),
    { pointMm: start.centreMm, isWeak: before[before.length - 1]?.isWeak ?? false },
    ...outwards.points,
  ]);
  const place = placeBeside(stations, points[0]!.pointMm);
  const isBeside =
    sign * place.leftMm <= besideMostMm &&
    sign * place.leftMm > 0 &&
    place.backMm >= backLeastMm &&
    place.backMm <= backMostMm;
  let lengthMm = 0;
  for (let n = 1; n < points.length; n++) lengthMm += distanceMm(points[n - 1]!.pointMm, points[n]!.pointMm);
  if (!isBeside || lengthMm < leastLengthMm) return null;
  return { side: seed.side, points, lengthMm, isCut: outwards.isCut, station: place.station };
}

/** A front end after a gap, shorter than this, is calcium in the rib's cartilage. */
const tailLeastMm = 20;

/** Without short ends beyond gaps. */
function withoutTails(points: readonly TracedPoint[]): readonly TracedPoint[] {
  let end = points.length;
  let tailMm = 0;
  for (let n = points.length - 1; n > 0; n--) {
    const stepMm = distanceMm(points[n - 1]!.pointMm, points[n]!.pointMm);
    if (points[n]!.isWeak) {
      if (tailMm >= tailLeastMm) break;
      end = n;
      tailMm = 0;
    } else tailMm += stepMm;
  }
  return points.slice(0, end);
}

const lineOf = ({ points }: RibCandidate): PatientPoint[] => points.map(({ pointMm }) => pointMm);

const worth = ({ lengthMm, points }: RibCandidate): number =>
  lengthMm - weakCostMm * points.filter(({ isWeak }) => isWeak).length;

/** True when the shorter of two lines runs mostly along the other. */
function isSameRib(a: RibCandidate, b: RibCandidate): boolean {
  if (a.side !== b.side) return false;
  const [short, long] = a.lengthMm < b.lengthMm ? [a, b] : [b, a];
  const line = lineOf(long);
  const points = short.points.filter((_, n) => n % 4 === 0);
  const near = points.filter(({ pointMm }) => nearestOnPolyline(line, pointMm)!.distanceMm < sameMm);
  return near.length > 0.5 * points.length;
}

/** The best line of each rib, left then right, from the top downwards; null when stopped. */
export function ribCandidates(
  field: ScalarField,
  sampler: FieldSampler,
  stations: readonly CanalStation[],
  progress: (done: number) => boolean,
): RibCandidate[] | null {
  const indexFromPatient = invert(field.geometry.patientFromIndex);
  if (!indexFromPatient) return [];
  const { size } = field.geometry;
  const isInside = (p: Vec3): boolean =>
    applyPoint(indexFromPatient, p).every((index, axis) => index >= 1 && index <= size[axis]! - 2);
  const tracer: Tracer = { cutter: new RibCutter(sampler), stations, isInside };
  const seeds = ribSeeds(sampler, stations);
  let kept: RibCandidate[] = [];
  for (const [n, seed] of seeds.entries()) {
    if (n % 4 === 0 && !progress(n / seeds.length)) return null;
    const isKnown = kept.some(
      (candidate) =>
        candidate.side === seed.side &&
        nearestOnPolyline(lineOf(candidate), seed.pointMm)!.distanceMm < sameMm,
    );
    if (isKnown && seed.plane >= surePlanes) continue;
    const found = follow(tracer, seed);
    if (!found) continue;
    const same = kept.filter((candidate) => isSameRib(candidate, found));
    if (same.some((candidate) => worth(candidate) >= worth(found))) continue;
    kept = [...kept.filter((candidate) => !same.includes(candidate)), found];
  }
  return kept.sort((a, b) => (a.side === b.side ? a.station - b.station : a.side === 'left' ? -1 : 1));
}
