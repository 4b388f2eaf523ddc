import { between, dot, length, normalise } from '../../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientVector, type Vec3 } from '../../geometry/types.ts';
import { distanceMm } from '../curve/polyline.ts';
import { along } from './canal-frame.ts';
import { type RibCutter, type RibSection, UsualOutline } from './rib-section.ts';

/**
 * Following a rib from section to section: one step on along its course, then into the middle of what lies there.
 * Where there is no bone the next centimetre is searched; a step aside (a displaced fracture) does not turn the
 * course.
 */
export interface TracedPoint {
  readonly pointMm: PatientPoint;
  /** No bone between this point and the one before, or a step aside. */
  readonly isWeak: boolean;
}

export interface Trace {
  /** Without the start. */
  readonly points: readonly TracedPoint[];
  readonly isCut: boolean;
}

export interface TraceOptions {
  /** Asked at each new point; true ends the trace there. */
  readonly isEnd?: (p: PatientPoint) => boolean;
  readonly mostMm?: number;
}

const stepMm = 1.5;
const closedLeast = 0.72;
const areaLeastMm2 = 9;
const areaMostMm2 = 230;
/** A rib does not turn by more than this within a step. */
const turnMostMm = 2.6;
/** Sideways shift within a step that is a fracture's. */
const jumpMm = 1.7;
const gapMostMm = 11;
const gapReachMm = 5;
/** Course is taken over this much of the rib. */
const courseMm = 9;
const curveMm = 18;

const leakMost = 0.5;
/** A sheet goes on in two directions. */
const openMost = 0.07;

export const isRibLike = ({ closedShare, openShare, leakShare, areaMm2 }: RibSection): boolean =>
  closedShare >= closedLeast &&
  leakShare <= leakMost &&
  openShare <= openMost &&
  areaMm2 >= areaLeastMm2 &&
  areaMm2 <= areaMostMm2;

/** Direction at the end of a course: that of its last stretch, turned on by half of what it turned before. */
function courseOf(course: readonly Vec3[], direction: PatientVector): PatientVector {
  const last = course.length - 1;
  const near = Math.round(courseMm / stepMm);
  const far = Math.round(curveMm / stepMm);
  if (last < 3) return direction;
  const chord = (a: number, b: number): PatientVector => {
    const [p, q] = [course[Math.max(0, a)]!, course[b]!];
    return normalise(patientVector(q[0] - p[0], q[1] - p[1], q[2] - p[2]));
  };
  const now = chord(last - near, last);
  if (last < far) {
    const share = Math.min(1, last / near) * 0.8;
    return normalise(mixed(direction, now, share));
  }
  const before = chord(last - far, last - near);
  const turned = patientVector(
    now[0] + 0.5 * (now[0] - before[0]),
    now[1] + 0.5 * (now[1] - before[1]),
    now[2] + 0.5 * (now[2] - before[2]),
  );
  return normalise(turned);
}

const mixed = (a: Vec3, b: Vec3, t: number): PatientVector =>
  patientVector(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t);

/** A section ahead that continues the rib after a gap; null where there is none. */
function acrossGap(
  cutter: RibCutter,
  from: PatientPoint,
  direction: PatientVector,
  isInside: (p: Vec3) => boolean,
  usual: UsualOutline,
): PatientPoint | null {
  for (let mm = 2 * stepMm; mm <= gapMostMm; mm += 1) {
    const guess = along(from, direction, mm);
    if (!isInside(guess)) return null;
    const section = cutter.centred(guess, direction, 3, usual);
    if (!isRibLike(section) || distanceMm(section.centreMm, guess) > gapReachMm) continue;
    // Bone that only begins here must go on.
    const further = cutter.centred(along(section.centreMm, direction, 2.5), direction, 3, usual);
    const shift = distanceMm(further.centreMm, along(section.centreMm, direction, 2.5));
    if (isRibLike(further) && shift < turnMostMm) return section.centreMm;
  }
  return null;
}

/** Follows a rib from a point inside it. `isInside` says whether a point lies in the volume. */
export function traceRib(
  cutter: RibCutter,
  start: PatientPoint,
  towards: PatientVector,
  isInside: (p: Vec3) => boolean,
  { isEnd = () => false, mostMm = 420 }: TraceOptions = {},
): Trace {
  const points: TracedPoint[] = [];
  /** The points as they would lie without steps aside. */
  let course: PatientPoint[] = [start];
  let here = start;
  let direction = normalise(towards);
  const usual = new UsualOutline();
  let passedMm = 0;
  while (passedMm < mostMm) {
    direction = courseOf(course, direction);
    const guess = along(here, direction, stepMm);
    if (!isInside(guess)) return { points, isCut: true };
    const section = cutter.centred(guess, direction, 3, usual);
    const shift = between(guess, section.centreMm);
    const isNext = isRibLike(section) && length(shift) <= turnMostMm + (passedMm < 8 ? 2 : 0);
    const jumped = isRibLike(section) && !isNext && length(shift) <= gapReachMm;
    const next = isNext || jumped ? section.centreMm : acrossGap(cutter, here, direction, isInside, usual);
    if (!next || (points.length > 4 && dot(between(here, next), direction) < 0)) break;
    const isWeak = points.length > 4 && (!isNext || length(shift) > jumpMm);
    if (isNext && section.leakShare === 0) usual.learn(cutter.radii);
    if (isWeak) {
      // The course goes on as if the rib had not been shifted.
      const expected = along(here, direction, Math.max(stepMm, dot(between(here, next), direction)));
      const aside = between(expected, next);
      course = course.map((p) => along(p, aside, 1));
    }
    passedMm += distanceMm(here, next);
    points.push({ pointMm: next, isWeak });
    course.push(next);
    here = next;
    if (isEnd(here)) break;
  }
  return { points, isCut: false };
}
