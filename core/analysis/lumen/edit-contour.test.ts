import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PatientPoint, patientPoint, patientVector } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import type { LumenContour } from '../types.ts';
import { contourShape, hollowShare } from './contour-shape.ts';
import {
  contourPoints,
  dragContour,
  polarPlace,
  radiusAt,
  roundContour,
  withContour,
} from './edit-contour.ts';
import { lineProfile, profileCsv, profileJson } from './profile.ts';
import { measureContour, openStation, withBlurAlong } from './station.ts';

const contour = (radius: (angle: number) => number, sMm = 3): LumenContour => ({
  sMm,
  centreMm: patientPoint(10, -20, 30),
  right: patientVector(0.6, 0.8, 0),
  down: patientVector(0, 0, -1),
  radiiMm: Float64Array.from({ length: 64 }, (_, n) => radius((2 * Math.PI * n) / 64)),
  edited: false,
});
const round = contour(() => 2);
/** In the section, from its centre. */
const place = (x: number, y: number): PatientPoint => patientPoint(10 + 0.6 * x, -20 + 0.8 * x, 30 - y);

describe('the shape of a contour', () => {
  it('of a circle and an ellipse has closed forms', () => {
    const circle = contourShape(round);
    expect(circle.areaMm2).toBeCloseTo(4 * Math.PI, 9);
    expect(circle.equivalentDiameterMm).toBeCloseTo(4, 9);
    expect(circle.minDiameterMm).toBeCloseTo(4, 2);
    expect(circle.maxDiameterMm).toBeCloseTo(4, 2);
    const [a, b] = [3, 1.5];
    const ellipse = contourShape(
      contour((t) => (a * b) / Math.hypot(b * Math.cos(t - 0.5), a * Math.sin(t - 0.5))),
    );
    expect(ellipse.areaMm2).toBeCloseTo(Math.PI * a * b, 2);
    expect(ellipse.maxDiameterMm).toBeCloseTo(2 * a, 1);
    expect(ellipse.minDiameterMm).toBeCloseTo(2 * b, 1);
    expect(ellipse.maxAngleRad).toBeCloseTo(0.5, 1);
    expect(ellipse.minAngleRad).toBeCloseTo(0.5 + Math.PI / 2, 1);
    // Mean width of a convex figure is its perimeter over π (Cauchy); Ramanujan's ellipse.
    const h = ((a - b) / (a + b)) ** 2;
    const perimeter = Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
    expect(ellipse.meanDiameterMm).toBeCloseTo(perimeter / Math.PI, 2);
  });

  it('finds the middle of a circle that is off its centre', () => {
    const off = contour((t) => 0.6 * Math.cos(t - 1) + Math.sqrt(4 - (0.6 * Math.sin(t - 1)) ** 2));
    const { centroidMm, equivalentDiameterMm } = contourShape(off);
    expect(centroidMm[0]).toBeCloseTo(0.6 * Math.cos(1), 3);
    expect(centroidMm[1]).toBeCloseTo(0.6 * Math.sin(1), 3);
    expect(equivalentDiameterMm).toBeCloseTo(4, 3);
  });
});

describe('the hollow of a contour', () => {
  it('is none of an oval, and what lies in the waist of two circles', () => {
    const oval = contour((t) => 6 / Math.hypot(2 * Math.cos(t), 3 * Math.sin(t)));
    expect(hollowShare(oval)).toBeCloseTo(0, 9);
    // Two circles of radius 2 whose middles lie 3 mm apart, seen from half-way: union over hull.
    const pair = (t: number): number => {
      const c = 1.5 * Math.abs(Math.cos(t));
      return c + Math.sqrt(4 - (1.5 * Math.sin(t)) ** 2);
    };
    const lens = 8 * Math.acos(0.75) - 1.5 * Math.sqrt(16 - 9);
    const exact = 1 - (8 * Math.PI - lens) / (4 * Math.PI + 12);
    expect(hollowShare(contour(pair))).toBeCloseTo(exact, 2);
    expect(hollowShare(contour(() => 0))).toBe(0);
  });
});

describe('dragging', () => {
  it('moves the edge to the pointer, its neighbours less, the far side not at all', () => {
    const angle = Math.PI / 2;
    const dragged = dragContour(round, angle, place(0.2, 3));
    expect(radiusAt(dragged, angle)).toBeCloseTo(3, 6);
    expect(radiusAt(dragged, angle + 0.35)).toBeCloseTo(2 + Math.exp(-0.5), 1);
    expect(radiusAt(dragged, -angle)).toBeCloseTo(2, 6);
    expect(dragged.edited).toBe(true);
    expect(round.edited).toBe(false);
    expect(contourShape(dragged).areaMm2).toBeGreaterThan(4 * Math.PI);
  });

  it('sees points of the patient in the section and back', () => {
    const [first, quarter] = [contourPoints(round)[0]!, contourPoints(round)[16]!];
    expect(polarPlace(round, first)).toMatchObject({ angleRad: 0 });
    expect(polarPlace(round, quarter).angleRad).toBeCloseTo(Math.PI / 2, 9);
    expect(polarPlace(round, quarter).radiusMm).toBeCloseTo(2, 9);
    expect(quarter[2]).toBeCloseTo(28, 9);
  });

  it('never leaves a contour without finite positive radii', () => {
    const number = fc.double({ min: -200, max: 200 });
    const drag = fc.tuple(fc.double(), fc.oneof(number, fc.double()), number);
    fc.assert(
      fc.property(fc.array(drag, { maxLength: 20 }), (drags) => {
        let now = round;
        for (const [angle, x, y] of drags) now = dragContour(now, angle, place(x, y));
        return now.radiiMm.every((radius) => radius >= 0.1 && radius <= 60);
      }),
    );
  });

  it('makes station and stenoses follow', () => {
    const contours = Array.from({ length: 61 }, (_, s) => contour(() => 2, s));
    const stations = contours.map((one) => measureContour(one, 0.1));
    const before = { contours, stations, stenoses: [], noise: 0, sigmaMm: 0.3 };
    const narrow = (measures: typeof before, at: number) =>
      withContour(measures, at, roundContour(contours[at]!, 1), 0.3) as typeof before;
    const after = narrow(narrow(narrow(before, 29), 30), 31);
    expect(after.stations[30]!.equivalentDiameterMm).toBeCloseTo(2, 6);
    expect(after.stations[30]!.uncertaintyMm).toBe(0.3);
    expect(after.stenoses).toMatchObject([{ rule: 'mean' }]);
    expect((after.stenoses[0] as { percentDiameter?: number } | undefined)?.percentDiameter).toBeCloseTo(
      50,
      6,
    );
    expect(withContour(before, 99, round, 0.3)).toBe(before);
  });
});

describe('doubt', () => {
  const line = (odd: (angle: number) => number) =>
    Array.from({ length: 41 }, (_, s) => measureContour(contour(s > 17 && s < 23 ? odd : () => 2, s), 0.1));

  it('is in a short throat where the sections are blurred along the line', () => {
    const stations = line(() => 1);
    const at = (sigma: number, n: number) =>
      withBlurAlong(
        stations,
        stations.map(() => sigma),
      )[n]!.uncertaintyMm;
    expect(at(0.5, 20)).toBe(0.1);
    // From 4 to 2 mm within 1 mm: D″ is −2, then +2; ½·σ²·2.
    expect(at(0.5, 18)).toBeCloseTo(Math.hypot(0.1, 0.25), 6);
    expect(at(1, 18)).toBeCloseTo(Math.hypot(0.1, 1), 6);
  });
});

describe('the profile', () => {
  const stations = [
    measureContour(
      contour(() => 2, 0),
      0.12,
    ),
    openStation(1),
    measureContour(
      contour(() => 1, 2),
      0.2,
      true,
    ),
  ];

  it('is columns for a plot', () => {
    const profile = lineProfile(stations);
    expect([...profile.s]).toEqual([0, 1, 2]);
    expect(profile.diameterMm[0]).toBeCloseTo(4, 9);
    expect(profile.diameterMm[1]).toBeNaN();
    expect([...profile.limit]).toEqual([0, 0, 1]);
    expect(profile.mostDiameterMm).toBeCloseTo(4, 2);
    expect(profile.mostAreaMm2).toBeCloseTo(4 * Math.PI, 6);
  });

  it('is a table with empty cells for what is not known', () => {
    const lines = profileCsv(stations).trimEnd().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(
      's_mm,area_mm2,min_diameter_mm,max_diameter_mm,mean_diameter_mm,equivalent_diameter_mm,uncertainty_mm,state',
    );
    expect(lines[1]).toMatch(/^0,12\.566,[\d.]+,[\d.]+,[\d.]+,4,0\.12,measured$/);
    expect(lines[2]).toBe('1,,,,,,,open');
    expect(lines[3]).toMatch(/,2,0\.2,limit$/);
  });

  it('is JSON without NaN', () => {
    const line = samplePoints([patientPoint(0, 0, 0), patientPoint(0, 0, 2)], 1);
    const json = JSON.parse(JSON.stringify(profileJson(line, stations, [])));
    expect(json.lengthMm).toBe(2);
    expect(json.points).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 2],
    ]);
    expect(json.stations[1]).toEqual({
      s: 1,
      areaMm2: null,
      minDiameterMm: null,
      maxDiameterMm: null,
      meanDiameterMm: null,
      equivalentDiameterMm: null,
      uncertaintyMm: null,
      open: true,
    });
    expect(json.stations[2].limit).toBe('resolution');
  });
});
