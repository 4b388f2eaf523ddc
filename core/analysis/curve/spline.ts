import { type PatientPoint, patientPoint } from '../../geometry/types.ts';
import { distanceMm } from './polyline.ts';

/**
 * Catmull-Rom splines in Hermite form over uneven knots (Barry & Goldman 1988). `alpha` says how knots
 * follow chords: ½ (centripetal) neither loops nor overshoots between points set by hand, 1 (chord length)
 * has second order tangents on points that lie close along a curve.
 */
export interface Spline {
  readonly points: readonly PatientPoint[];
  /** Knot interval of each chord. */
  readonly intervals: Float64Array;
  /** Derivative by the knot at each point, three numbers each, for the chord after it and the chord before it. */
  readonly leaving: Float64Array;
  readonly arriving: Float64Array;
}

/** `corners[n]`: the curve does not run smoothly through point n. */
export function makeSpline(
  points: readonly PatientPoint[],
  alpha: number,
  corners?: readonly boolean[],
): Spline {
  const count = points.length;
  const intervals = new Float64Array(Math.max(0, count - 1));
  for (let n = 0; n < count - 1; n++) intervals[n] = distanceMm(points[n]!, points[n + 1]!) ** alpha;
  const leaving = new Float64Array(3 * count);
  const arriving = new Float64Array(3 * count);
  const slope = (n: number, axis: number): number =>
    (points[n + 1]![axis]! - points[n]![axis]!) / (intervals[n]! || 1);
  const isEnd = (n: number): boolean => n === 0 || n === count - 1 || corners?.[n] === true;
  const through = (n: number, axis: number): number => {
    const [h0, h1] = [intervals[n - 1]!, intervals[n]!];
    return h0 + h1 > 0 ? (slope(n - 1, axis) * h1 + slope(n, axis) * h0) / (h0 + h1) : 0;
  };
  for (let n = 0; n < count; n++) {
    for (let axis = 0; axis < 3; axis++) {
      const o = 3 * n + axis;
      if (!isEnd(n)) leaving[o] = arriving[o] = through(n, axis);
      else {
        // The parabola through the next point; a straight chord between two ends.
        if (n < count - 1)
          leaving[o] = isEnd(n + 1) ? slope(n, axis) : 2 * slope(n, axis) - through(n + 1, axis);
        if (n > 0)
          arriving[o] = isEnd(n - 1) ? slope(n - 1, axis) : 2 * slope(n - 1, axis) - through(n - 1, axis);
      }
    }
  }
  return { points, intervals, leaving, arriving };
}

/** The point at share t (0…1) of chord n. */
export function splinePoint(spline: Spline, n: number, t: number): PatientPoint {
  const out = new Float64Array(3);
  writeSplinePoint(spline, n, t, out, 0);
  return patientPoint(out[0]!, out[1]!, out[2]!);
}

/** As `splinePoint`, three numbers into `out` from `o` on. */
export function writeSplinePoint(spline: Spline, n: number, t: number, out: Float64Array, o: number): void {
  const h = spline.intervals[n]!;
  const a = spline.points[n]!;
  const b = spline.points[n + 1]!;
  const t2 = t * t;
  const t3 = t2 * t;
  const fromA = 2 * t3 - 3 * t2 + 1;
  const fromB = 3 * t2 - 2 * t3;
  const leaves = h * (t3 - 2 * t2 + t);
  const arrives = h * (t3 - t2);
  const [before, after] = [3 * n, 3 * n + 3];
  out[o] = fromA * a[0] + fromB * b[0] + leaves * spline.leaving[before]! + arrives * spline.arriving[after]!;
  out[o + 1] =
    fromA * a[1] +
    fromB * b[1] +
    leaves * spline.leaving[before + 1]! +
    arrives * spline.arriving[after + 1]!;
  out[o + 2] =
    fromA * a[2] +
    fromB * b[2] +
    leaves * spline.leaving[before + 2]! +
    arrives * spline.arriving[after + 2]!;
}

/** Direction along the curve at share t of chord n, not normalised. */
export function splineDirection(spline: Spline, n: number, t: number): readonly [number, number, number] {
  const h = spline.intervals[n]!;
  const [a, b] = [spline.points[n]!, spline.points[n + 1]!];
  const at = (axis: 0 | 1 | 2): number =>
    (6 * t - 6 * t * t) * (b[axis] - a[axis]) +
    h *
      ((3 * t * t - 4 * t + 1) * spline.leaving[3 * n + axis]! +
        (3 * t * t - 2 * t) * spline.arriving[3 * n + 3 + axis]!);
  return [at(0), at(1), at(2)];
}

/**
 * A centripetal curve through points set by hand: one polyline between each pair, both of its ends exact.
 * `stepMm` is about the length of a chord. Points in one place give a piece of two equal points.
 */
export function splinePieces(controls: readonly PatientPoint[], stepMm = 0.5): PatientPoint[][] {
  const places = controls.filter((p, n) => n === 0 || distanceMm(p, controls[n - 1]!) > 0);
  const spline = makeSpline(places, 0.5);
  let chord = -1;
  return controls.slice(1).map((to, n) => {
    const from = controls[n]!;
    const chordMm = distanceMm(from, to);
    if (chordMm === 0) return [from, to];
    chord += 1;
    const steps = Math.max(1, Math.min(4096, Math.ceil(chordMm / stepMm)));
    const piece = [from];
    for (let k = 1; k < steps; k++) piece.push(splinePoint(spline, chord, k / steps));
    piece.push(to);
    return piece;
  });
}
