import { describe, expect, it } from 'vitest';
import { dot } from '../../geometry/matrices.ts';
import { type PatientPoint, patientPoint, patientVector } from '../../geometry/types.ts';
import type { LinePiece, SampledLine } from '../types.ts';
import { rotationMinimisingFrames } from './frames.ts';
import { branchAngleRad, frameAtMm, nearestPlace, pointAtMm, tortuosity } from './line-places.ts';
import { nearestOnPolyline, polylineLengthMm, resampleEvenly } from './polyline.ts';
import { sampleLine, samplePoints, stationPoint } from './sample-line.ts';
import { smoothPinned } from './smooth.ts';
import { splinePieces } from './spline.ts';

const radiusMm = 10;
const riseMm = 3;
/** Arc per radian of a helix of radius 10 mm that rises 3 mm a radian. */
const speed = Math.hypot(radiusMm, riseMm);
const helix = (angle: number): PatientPoint =>
  patientPoint(40 + radiusMm * Math.cos(angle), -25 + radiusMm * Math.sin(angle), 7 + riseMm * angle);
const helixTangent = (angle: number) => [
  (-radiusMm * Math.sin(angle)) / speed,
  (radiusMm * Math.cos(angle)) / speed,
  riseMm / speed,
];

/** Degrees between the frame's turn against the helix' own (Frenet) frame and −τ·s. */
function helixTwistErrorDeg(rights: Float64Array, lengthMm: number): number {
  const angleOf = (n: number, angle: number): number => {
    const r = patientVector(rights[3 * n]!, rights[3 * n + 1]!, rights[3 * n + 2]!);
    const normal = patientVector(-Math.cos(angle), -Math.sin(angle), 0);
    const t = helixTangent(angle);
    const binormal = patientVector(
      t[1]! * normal[2] - t[2]! * normal[1],
      t[2]! * normal[0] - t[0]! * normal[2],
      t[0]! * normal[1] - t[1]! * normal[0],
    );
    return Math.atan2(dot(r, binormal), dot(r, normal));
  };
  const turned = angleOf(rights.length / 3 - 1, lengthMm / speed) - angleOf(0, 0);
  const expected = (-riseMm / speed ** 2) * lengthMm;
  const error = turned - expected;
  return (Math.abs(Math.atan2(Math.sin(error), Math.cos(error))) * 180) / Math.PI;
}

function helixFramesErrorDeg(steps: number): number {
  const angles = Array.from({ length: steps + 1 }, (_, n) => (131 / speed) * (n / steps));
  const points = Float64Array.from(angles.flatMap((a) => [...helix(a)]));
  const tangents = Float64Array.from(angles.flatMap((a) => helixTangent(a)));
  return helixTwistErrorDeg(rotationMinimisingFrames(points, tangents).rights, 131);
}

/** Points of an arc in an oblique plane at shares of its length. */
const arc = (lengthMm: number, r: number, shares: readonly number[]): PatientPoint[] =>
  shares.map((share) => {
    const a = (lengthMm / r) * share;
    const [u, v] = [r * Math.cos(a), r * Math.sin(a)];
    return patientPoint(-80 + 0.6 * u, 12 + v, 300 + 0.8 * u);
  });
const even = (count: number): number[] => Array.from({ length: count + 1 }, (_, n) => n / count);

function expectSound(line: SampledLine): void {
  const vectors = [line.tangents, line.rights, line.downs];
  for (let n = 0; n < line.count; n++) {
    const [t, r, d] = vectors.map((values) =>
      patientVector(values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!),
    ) as [never, never, never];
    for (const v of [t, r, d]) expect(dot(v, v)).toBeCloseTo(1, 9);
    expect(Math.abs(dot(t, r))).toBeLessThan(1e-9);
    expect(frameAtMm(line, n * line.stepMm)!.right[0]).toBeCloseTo((r as number[])[0]!, 6);
    expect((r as number[])[1]! * (d as number[])[2]! - (r as number[])[2]! * (d as number[])[1]!).toBeCloseTo(
      (t as number[])[0]!,
      9,
    );
  }
  for (const values of [line.points, line.curvaturePerMm]) expect(values.every(Number.isFinite)).toBe(true);
}

describe('frames along a helix', () => {
  it('turn by −τs, 16 times nearer when steps are halved', () => {
    const coarse = helixFramesErrorDeg(32);
    expect(coarse).toBeLessThan(6e-4);
    expect(coarse).toBeGreaterThan(4e-4);
    expect(helixFramesErrorDeg(131)).toBeLessThan(3e-6);
    expect(coarse / helixFramesErrorDeg(64)).toBeCloseTo(16, 0);
  });
  it('keep that through sampling of uneven points', () => {
    const angles = even(400).map((share) => (131 / speed) * share ** 1.3);
    const line = samplePoints(angles.map(helix), 0.5);
    expect(line.lengthMm).toBeCloseTo(131, 2);
    expect(helixTwistErrorDeg(line.rights, 131)).toBeLessThan(0.02);
    const curvature = radiusMm / speed ** 2;
    for (const k of line.curvaturePerMm) expect(k).toBeCloseTo(curvature, 3);
    expectSound(line);
  });
  it('start as asked, and come back unturned around a planar ring', () => {
    const ring = arc(2 * Math.PI * 60, 60, even(500));
    const line = samplePoints(ring, 0.7, { right: patientVector(0, 0, 1) });
    const [first, last] = [frameAtMm(line, 0)!, frameAtMm(line, line.lengthMm)!];
    expect(first.right[2]).toBeGreaterThan(0);
    for (const axis of [0, 1, 2] as const) expect(last.right[axis]).toBeCloseTo(first.right[axis], 3);
    expect(line.lengthMm).toBeCloseTo(2 * Math.PI * 60, 2);
    for (const k of line.curvaturePerMm) expect(k).toBeCloseTo(1 / 60, 4);
  });
});

describe('arc length', () => {
  it('is that of the curve, not of its chords: an uneven polyline of a 50 mm arc', () => {
    const shares = [0, 0.01, 0.012, 0.05, 0.13, 0.14, 0.25, 0.36, 0.42, 0.5, 0.58, 0.69, 0.7, 0.8, 0.91, 1];
    const line = samplePoints(arc(50, 20, shares), 0.3);
    expect(Math.abs(line.lengthMm - 50)).toBeLessThan(0.05);
    expect(line.count).toBe(Math.round(line.lengthMm / 0.3) + 1);
    const exact = arc(50, 20, even(line.count - 1));
    for (let n = 0; n < line.count; n++) {
      const p = stationPoint(line, n);
      expect(Math.hypot(...([0, 1, 2] as const).map((i) => p[i] - exact[n]![i]))).toBeLessThan(0.06);
    }
  });
  it('steps evenly and ends exactly at the end', () => {
    const line = samplePoints([patientPoint(1, 2, 3), patientPoint(1, 2, 13.26)], 0.5);
    expect(line.lengthMm).toBeCloseTo(10.26, 12);
    expect(line.stepMm * (line.count - 1)).toBeCloseTo(line.lengthMm, 12);
    expect(stationPoint(line, line.count - 1)).toEqual([1, 2, 13.26]);
    expect([...line.tangents.subarray(0, 3)]).toEqual([0, 0, 1]);
    expect([...line.rights.subarray(0, 3)]).toEqual([1, 0, 0]);
    expect(line.curvaturePerMm.every((k) => Math.abs(k) < 1e-9)).toBe(true);
  });
  it('keeps a straight link straight and tells pieces apart', () => {
    const found = arc(50, 20, even(100));
    const to = patientPoint(-100, 90, 290);
    const pieces: LinePiece[] = [
      { pointsMm: found, state: 'found' },
      { pointsMm: [found[100]!, to], state: 'straight' },
    ];
    const line = sampleLine(pieces, 0.5);
    const linkMm = polylineLengthMm([found[100]!, to]);
    expect(line.lengthMm).toBeCloseTo(50 + linkMm, 2);
    expect(line.states[0]).toBe(0);
    expect(line.states[line.count - 1]).toBe(2);
    const halfway = pointAtMm(line, 50 + linkMm / 2)!;
    for (const axis of [0, 1, 2] as const)
      expect(halfway[axis]).toBeCloseTo((found[100]![axis] + to[axis]) / 2, 2);
    expectSound(line);
  });
});

describe('lines that are hardly lines', () => {
  const p = patientPoint(5, 6, 7);
  it.each([
    ['no point', [], 0],
    ['one point', [p], 1],
    ['two points in one place', [p, p], 1],
    ['three, one of them not a number', [p, patientPoint(Number.NaN, 0, 0), p], 1],
    ['a point too far to be one', [p, patientPoint(Number.POSITIVE_INFINITY, 0, 0)], 1],
  ] as const)('%s', (_, points, count) => {
    const line = samplePoints([...points], 0.5);
    expect(line.count).toBe(count);
    expect(line.lengthMm).toBe(0);
    expectSound(line);
    expect(tortuosity(line)).toBeNaN();
    expect(nearestPlace(line, patientPoint(5, 6, 9))?.distanceMm).toBe(count === 1 ? 2 : undefined);
  });
  it('does not mind a wrong step, a line there and back, or rounding to thousandths', () => {
    const there = [p, patientPoint(15, 6, 7), p];
    for (const stepMm of [Number.NaN, 0, -1, 1e9, 0.7]) {
      const line = samplePoints(there, stepMm);
      expect(line.lengthMm).toBeGreaterThan(19);
      expectSound(line);
    }
    const rounded = arc(50, 20, even(20_000)).map((q) =>
      patientPoint(Math.round(q[0] * 1e3) / 1e3, Math.round(q[1] * 1e3) / 1e3, Math.round(q[2] * 1e3) / 1e3),
    );
    expect(Math.abs(samplePoints(rounded, 0.4).lengthMm - 50)).toBeLessThan(0.05);
  });
});

describe('places on a line', () => {
  const line = samplePoints(arc(50, 20, even(300)), 0.5);
  it('finds the nearest place to points beside it', () => {
    const beside = arc(50 * (23 / 20), 23, even(10));
    beside.forEach((q, n) => {
      const place = nearestPlace(line, q)!;
      expect(place.atMm).toBeCloseTo(5 * n, 1);
      expect(place.distanceMm).toBeCloseTo(3, 2);
      expect(nearestOnPolyline(arc(50, 20, even(300)), q)!.atMm).toBeCloseTo(5 * n, 1);
    });
  });
  it('says how tortuous it is and how a branch leaves', () => {
    expect(tortuosity(line)).toBeCloseTo(50 / (2 * 20 * Math.sin(50 / 40)), 3);
    const parent = samplePoints([patientPoint(0, 0, 0), patientPoint(0, 0, -90)], 1);
    const far = patientPoint(30 * Math.sin(0.7), 0, -40 - 30 * Math.cos(0.7));
    const branch = samplePoints([patientPoint(0, 0, -40), far], 1);
    expect(branchAngleRad(parent, 40, branch)).toBeCloseTo(0.7, 9);
    expect(branchAngleRad(parent, 89, parent, 5)).toBeCloseTo(0, 6);
  });
});

describe('splines and smoothing', () => {
  it('goes through every control point and never loops between uneven ones', () => {
    const controls = [
      patientPoint(0, 0, 0),
      patientPoint(0.5, 0, 0),
      patientPoint(0.5, 0, 0),
      patientPoint(30, 5, 0),
      patientPoint(31, 40, 2),
    ];
    const pieces = splinePieces(controls, 0.5);
    expect(pieces.map((piece) => [piece[0], piece[piece.length - 1]])).toEqual(
      controls.slice(1).map((to, n) => [controls[n], to]),
    );
    const straightMm = polylineLengthMm(controls);
    expect(polylineLengthMm(pieces.flat())).toBeLessThan(1.06 * straightMm);
  });
  it('keeps an arc, pins its ends and moves nothing too far', () => {
    const exact = arc(60, 10, even(120));
    const kept = smoothPinned(exact, 0.5, 1.5, 5);
    kept.slice(10, -10).forEach((q, n) => {
      expect(Math.hypot(...([0, 1, 2] as const).map((i) => q[i] - exact[n + 10]![i]))).toBeLessThan(0.01);
    });
    const zigzag = exact.map((q, n) => patientPoint(q[0], q[1], q[2] + (n % 2 ? 0.4 : -0.4)));
    const smooth = smoothPinned(zigzag, 0.5, 1.5, 0.35);
    expect(smooth[0]).toEqual(zigzag[0]);
    expect(smooth[120]).toEqual(zigzag[120]);
    smooth.forEach((q, n) => {
      expect(Math.abs(q[2] - zigzag[n]![2])).toBeLessThanOrEqual(0.35 + 1e-9);
    });
    expect(polylineLengthMm(smooth)).toBeLessThan(0.7 * polylineLengthMm(zigzag));
    expect(resampleEvenly(exact, 0.7)).toHaveLength(Math.round(polylineLengthMm(exact) / 0.7) + 1);
  });
});
