import { between, length } from '../../geometry/matrices.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../geometry/types.ts';

/** Polylines through the patient: lengths, places along them, nearest places. Points are LPS mm. */

/** Nothing lies a kilometre away; beyond it squares and sums would overflow sooner or later. */
const farthestMm = 1e6;

/** Three numbers that can be a place: finite and within a kilometre of the origin. */
export const isFinitePoint = (p: Vec3): boolean =>
  Math.abs(p[0]) <= farthestMm && Math.abs(p[1]) <= farthestMm && Math.abs(p[2]) <= farthestMm;

export const distanceMm = (a: PatientPoint, b: PatientPoint): number => length(between(a, b));

/** `a` + t · (b − a). */
export const mixPoints = (a: PatientPoint, b: PatientPoint, t: number): PatientPoint =>
  patientPoint(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t);

/** Sum of the chords in mm; points that are not finite are passed over. */
export function polylineLengthMm(points: readonly PatientPoint[]): number {
  let sum = 0;
  let before: PatientPoint | undefined;
  for (const p of points) {
    if (!isFinitePoint(p)) continue;
    if (before) sum += distanceMm(before, p);
    before = p;
  }
  return sum;
}

export interface NearestPlace {
  readonly pointMm: PatientPoint;
  /** Index of the chord that holds the place. */
  readonly chord: number;
  /** 0…1 along that chord. */
  readonly share: number;
  /** Length of the polyline before the place. */
  readonly atMm: number;
  readonly distanceMm: number;
}

/** The place on a polyline nearest to a point; undefined without a finite point to be near to. */
export function nearestOnPolyline(
  points: readonly PatientPoint[],
  to: PatientPoint,
): NearestPlace | undefined {
  if (!isFinitePoint(to)) return undefined;
  let best: NearestPlace | undefined;
  let passedMm = 0;
  for (let n = 0; n < points.length; n++) {
    const a = points[n]!;
    const b = points[n + 1] ?? a;
    if (!isFinitePoint(a) || !isFinitePoint(b)) continue;
    const chord = between(a, b);
    const squared = chord[0] ** 2 + chord[1] ** 2 + chord[2] ** 2;
    const along = (to[0] - a[0]) * chord[0] + (to[1] - a[1]) * chord[1] + (to[2] - a[2]) * chord[2];
    const share = squared > 0 ? Math.max(0, Math.min(1, along / squared)) : 0;
    const pointMm = mixPoints(a, b, share);
    const away = distanceMm(pointMm, to);
    const chordMm = Math.sqrt(squared);
    if (!best || away < best.distanceMm)
      best = { pointMm, chord: n, share, atMm: passedMm + share * chordMm, distanceMm: away };
    passedMm += chordMm;
  }
  return best;
}

/** Even steps along the chords, both ends exact; at least two points unless there is only one. */
export function resampleEvenly(points: readonly PatientPoint[], stepMm: number): PatientPoint[] {
  const finite = points.filter(isFinitePoint);
  const totalMm = polylineLengthMm(finite);
  if (finite.length < 2 || totalMm === 0) return finite.slice(0, 1);
  const count = Math.max(1, Math.round(totalMm / stepMm));
  const out: PatientPoint[] = [finite[0]!];
  let n = 0;
  let passedMm = 0;
  let chordMm = distanceMm(finite[0]!, finite[1]!);
  for (let k = 1; k < count; k++) {
    const targetMm = (totalMm * k) / count;
    while (n < finite.length - 2 && passedMm + chordMm < targetMm) {
      passedMm += chordMm;
      n += 1;
      chordMm = distanceMm(finite[n]!, finite[n + 1]!);
    }
    out.push(mixPoints(finite[n]!, finite[n + 1]!, chordMm > 0 ? (targetMm - passedMm) / chordMm : 0));
  }
  out.push(finite[finite.length - 1]!);
  return out;
}
