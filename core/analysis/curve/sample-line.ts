import { type PatientPoint, type PatientVector, patientPoint } from '../../geometry/types.ts';
import { type LinePiece, type PieceState, pieceStates, type SampledLine } from '../types.ts';
import { type Frames, rotationMinimisingFrames, uprightFrames } from './frames.ts';
import { distanceMm, isFinitePoint, polylineLengthMm } from './polyline.ts';
import { makeSpline, type Spline, splineDirection, writeSplinePoint } from './spline.ts';

/**
 * A centreline at even steps of arc length. Points of the pieces are joined by a spline, so that lengths are
 * those of the curve and not of its chords; links that are merely straight stay straight.
 */
export interface SampleOptions {
  /** Where `right` of the first station should point. */
  readonly right?: PatientVector;
  /** Frames that stand upright all along instead: `right` points this way (to the feet, for a dental arch). */
  readonly upright?: PatientVector;
}

const framesOf = (points: Float64Array, tangents: Float64Array, { right, upright }: SampleOptions): Frames =>
  upright ? uprightFrames(points, tangents, upright) : rotationMinimisingFrames(points, tangents, right);

/** Points nearer than this are one: the direction between them is that of their rounding. */
const mergeMm = 0.02;
const stationsMost = 100_000;
const denseMost = 1_000_000;
/** Half the arc over which curvature is taken. */
const curvatureReachMm = 1;

interface Joined {
  readonly points: PatientPoint[];
  /** Of the chord after each point: index into `pieceStates`. */
  readonly states: number[];
}

function joinPieces(pieces: readonly LinePiece[]): Joined {
  const points: PatientPoint[] = [];
  const states: number[] = [];
  for (const piece of pieces) {
    const state = Math.max(0, pieceStates.indexOf(piece.state));
    const finite = piece.pointsMm.filter(isFinitePoint);
    finite.forEach((p, n) => {
      const before = points[points.length - 1];
      if (before && distanceMm(before, p) < mergeMm) {
        // The line's own ends stay exact.
        if (n === finite.length - 1 && points.length > 1) points[points.length - 1] = p;
        return;
      }
      if (before) states.push(state);
      points.push(p);
    });
  }
  return { points, states };
}

const straightState = pieceStates.indexOf('straight');

/** A corner where a straight link begins or ends. */
const cornersOf = ({ points, states }: Joined): boolean[] =>
  points.map((_, n) => states[n] === straightState || states[n - 1] === straightState);

interface Dense {
  readonly chords: Int32Array;
  readonly shares: Float64Array;
  readonly arcsMm: Float64Array;
  readonly count: number;
}

/** The curve's arc length at places so close that chords do for it. */
function measureDensely(spline: Spline, chordStates: readonly number[], stepMm: number): Dense {
  const chordCount = spline.points.length - 1;
  const totalMm = polylineLengthMm(spline.points);
  const fineMm = Math.max(Math.min(stepMm / 8, 0.1), totalMm / denseMost);
  const steps = Array.from({ length: chordCount }, (_, n) =>
    chordStates[n] === straightState
      ? 1
      : Math.max(2, Math.ceil(distanceMm(spline.points[n]!, spline.points[n + 1]!) / fineMm)),
  );
  const count = 1 + steps.reduce((sum, k) => sum + k, 0);
  const chords = new Int32Array(count);
  const shares = new Float64Array(count);
  const arcsMm = new Float64Array(count);
  const p = new Float64Array(3);
  let [x, y, z] = spline.points[0]!;
  let at = 0;
  for (let n = 0; n < chordCount; n++) {
    const chordSteps = steps[n]!;
    for (let k = 1; k <= chordSteps; k++) {
      writeSplinePoint(spline, n, k / chordSteps, p, 0);
      const [dx, dy, dz] = [p[0]! - x, p[1]! - y, p[2]! - z];
      at += 1;
      chords[at] = n;
      shares[at] = k / chordSteps;
      // Thousands of them while a point is dragged: `Math.hypot` takes ten times as long.
      arcsMm[at] = arcsMm[at - 1]! + Math.sqrt(dx * dx + dy * dy + dz * dz);
      [x, y, z] = [p[0]!, p[1]!, p[2]!];
    }
  }
  return { chords, shares, arcsMm, count };
}

/** A line of one station or none: no direction is known, so one is made up. */
function pointLine(point: PatientPoint | undefined, state: number, options: SampleOptions): SampledLine {
  const points = Float64Array.from(point ?? []);
  const tangents = Float64Array.from(point ? [0, 0, 1] : []);
  return {
    count: point ? 1 : 0,
    stepMm: 0,
    lengthMm: 0,
    points,
    tangents,
    ...framesOf(points, tangents, options),
    ...(options.upright && { isUpright: true as const }),
    curvaturePerMm: new Float64Array(point ? 1 : 0),
    states: Uint8Array.from(point ? [state] : []),
  };
}

/**
 * Stations about `stepMm` apart (the last exactly at the end), with tangents, frames and curvature. Points that
 * are not finite are passed over; one place gives one station with a made-up direction, none gives none.
 */
export function sampleLine(
  pieces: readonly LinePiece[],
  stepMm: number,
  options: SampleOptions = {},
): SampledLine {
  const joined = joinPieces(pieces);
  const [first] = joined.points;
  const askedMm = stepMm > 0 && Number.isFinite(stepMm) ? stepMm : 1;
  if (joined.points.length < 2) {
    const state = pieceStates.indexOf(pieces[0]?.state ?? 'drawn');
    return pointLine(first, Math.max(0, state), options);
  }
  const spline = makeSpline(joined.points, 1, cornersOf(joined));
  const dense = measureDensely(spline, joined.states, askedMm);
  const lengthMm = dense.arcsMm[dense.count - 1]!;
  const count = Math.max(2, Math.min(stationsMost, Math.round(lengthMm / askedMm) + 1));
  const points = new Float64Array(3 * count);
  const tangents = new Float64Array(3 * count);
  const states = new Uint8Array(count);
  let at = 1;
  for (let n = 0; n < count; n++) {
    const targetMm = n === count - 1 ? lengthMm : (lengthMm * n) / (count - 1);
    while (at < dense.count - 1 && dense.arcsMm[at]! < targetMm) at += 1;
    const chord = dense.chords[at]!;
    const spanMm = dense.arcsMm[at]! - dense.arcsMm[at - 1]!;
    const within = spanMm > 0 ? (targetMm - dense.arcsMm[at - 1]!) / spanMm : 1;
    const from = dense.chords[at - 1] === chord ? dense.shares[at - 1]! : 0;
    const share = Math.max(0, Math.min(1, from + (dense.shares[at]! - from) * within));
    writeSplinePoint(spline, chord, share, points, 3 * n);
    setUnit(tangents, 3 * n, splineDirection(spline, chord, share), spline, chord);
    states[n] = joined.states[chord]!;
  }
  return {
    count,
    stepMm: lengthMm / (count - 1),
    lengthMm,
    points,
    tangents,
    ...framesOf(points, tangents, options),
    ...(options.upright && { isUpright: true as const }),
    curvaturePerMm: curvatures(tangents, lengthMm / (count - 1)),
    states,
  };
}

/** As `sampleLine`, of one polyline. */
export const samplePoints = (
  pointsMm: readonly PatientPoint[],
  stepMm: number,
  options: SampleOptions & { readonly state?: PieceState } = {},
): SampledLine => sampleLine([{ pointsMm, state: options.state ?? 'drawn' }], stepMm, options);

function setUnit(
  out: Float64Array,
  o: number,
  direction: readonly [number, number, number],
  spline: Spline,
  chord: number,
): void {
  let [x, y, z] = direction;
  let size = Math.hypot(x, y, z);
  if (!(size > 1e-12)) {
    const [a, b] = [spline.points[chord]!, spline.points[chord + 1]!];
    [x, y, z] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    size = Math.hypot(x, y, z);
  }
  out.set([x / size, y / size, z / size], o);
}

/** Turn of the tangent per mm of arc, over about ±1 mm so that it is the vessel's and not its rounding's. */
function curvatures(tangents: Float64Array, stepMm: number): Float64Array {
  const count = tangents.length / 3;
  const reach = Math.max(1, Math.round(curvatureReachMm / stepMm));
  const out = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const a = Math.max(0, n - reach);
    const b = Math.min(count - 1, n + reach);
    const chord = Math.hypot(
      tangents[3 * b]! - tangents[3 * a]!,
      tangents[3 * b + 1]! - tangents[3 * a + 1]!,
      tangents[3 * b + 2]! - tangents[3 * a + 2]!,
    );
    out[n] = b > a ? (2 * Math.asin(Math.min(1, chord / 2))) / ((b - a) * stepMm) : 0;
  }
  return out;
}

/** Point n of a sampled line. */
export const stationPoint = ({ points }: SampledLine, n: number): PatientPoint =>
  patientPoint(points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!);
