import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointAtMm } from '../../../../core/analysis/curve/line-places.ts';
import { samplePoints } from '../../../../core/analysis/curve/sample-line.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { between, cross, dot, length } from '../../../../core/geometry/matrices.ts';
import { planeNormal } from '../../../../core/geometry/planes.ts';
import { type PatientPoint, patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import type { WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { fitSheet, sheetAxis, sheetPicture } from './curved-sheet.ts';
import { sectionPlane } from './section-plane.ts';
import { straightPicture } from './straight-picture.ts';
import { mmOfX, stripMap, stripMarginPx, xOfMm, zoomedPlace } from './strip-map.ts';
import { type CprPlace, startCprView } from './vessel-state.ts';

const size: CanvasSize = { cssWidth: 600, cssHeight: 240, width: 900, height: 360, ratio: 1.5 };
const window: WindowSetting = { kind: 'window', function: 'LINEAR', centre: 40, width: 400, invert: false };
const fitted: CprPlace = { mmPerPx: null, panXMm: 0, panYMm: 0 };

/** An oblique half circle, mm. */
const radiusMm = 50;
const arc: SampledLine = samplePoints(
  Array.from({ length: 200 }, (_, n) => {
    const angle = (Math.PI * n) / 199;
    const [u, v] = [radiusMm * Math.cos(angle), radiusMm * Math.sin(angle)];
    return patientPoint(11 + u, -7 + 0.6 * v, 130 - 0.8 * v);
  }),
  0.5,
);
const arcCentre = patientPoint(11, -7, 130);

const away = (a: PatientPoint, b: PatientPoint): number => length(between(a, b));

describe('the straightened picture', () => {
  test('is as long as the line between its margins, the same scale both ways', () => {
    const picture = straightPicture(arc, startCprView, fitted, size, window);
    expect(picture.spotOfS(0).x).toBeCloseTo(stripMarginPx, 6);
    expect(picture.spotOfS(arc.lengthMm).x).toBeCloseTo(size.cssWidth - stripMarginPx, 6);
    expect(arc.lengthMm).toBeCloseTo(Math.PI * radiusMm, 1);
    const { x, y } = picture.spotOfS(60);
    const p = picture.patientAt(x, y)!;
    expect(away(p, pointAtMm(arc, 60)!)).toBeLessThan(0.02);
    const above = picture.patientAt(x, y - 40)!;
    expect(away(p, above)).toBeCloseTo(40 * picture.mmPerPx, 6);
  });

  test('takes every place to the patient and back, panned, zoomed and turned', () => {
    fc.assert(
      fc.property(
        fc.record({
          turnDeg: fc.integer({ min: -180, max: 180 }),
          mmPerPx: fc.option(fc.double({ min: 0.1, max: 0.5, noNaN: true }), { nil: null }),
          panXMm: fc.double({ min: -20, max: 20, noNaN: true }),
          panYMm: fc.double({ min: -5, max: 5, noNaN: true }),
          s: fc.double({ min: 15, max: 140, noNaN: true }),
          off: fc.double({ min: -20, max: 20, noNaN: true }),
        }),
        ({ turnDeg, s, off, ...place }) => {
          const look = { ...startCprView, turnDeg };
          const picture = straightPicture(arc, look, place, size, window);
          const spot = picture.spotOfS(s);
          const onLine = picture.patientAt(spot.x, spot.y);
          // The line lies where its marks are drawn.
          if (onLine) expect(away(onLine, pointAtMm(arc, s)!)).toBeLessThan(0.1);
          const at = { x: spot.x, y: spot.y + off / picture.mmPerPx };
          if (at.x < 2 || at.x > size.cssWidth - 2 || at.y < 2 || at.y > size.cssHeight - 2) return;
          const back = picture.placeOf(picture.patientAt(at.x, at.y)!)!;
          expect(Math.hypot(back.spot.x - at.x, back.spot.y - at.y)).toBeLessThan(0.5);
          expect(Math.abs(back.depthMm)).toBeLessThan(0.05);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('has nothing beyond the ends', () => {
    const picture = straightPicture(arc, startCprView, fitted, size, window);
    expect(picture.patientAt(stripMarginPx - 3, 100)).toBeNull();
    expect(picture.scene.rows.centres[0]).toBeNaN();
    expect(picture.sOf(0, 0)).toBe(0);
  });

  test('is hatched beyond the centre of the bend, and nowhere on its other side', () => {
    // The direction across that points to the centre of the circle, by its turn.
    const turns = Array.from({ length: 72 }, (_, n) => n * 5);
    const inwards = (turnDeg: number): number => {
      const picture = straightPicture(arc, { ...startCprView, turnDeg }, fitted, size, window);
      const { x, y } = picture.spotOfS(80);
      const p = picture.patientAt(x, y)!;
      const side = between(p, picture.patientAt(x, y + 10)!);
      return dot(side, between(p, arcCentre)) / (length(side) * radiusMm);
    };
    const turnDeg = turns.reduce((a, b) => (inwards(b) > inwards(a) ? b : a));
    expect(inwards(turnDeg)).toBeGreaterThan(0.99);
    // 60 mm to either side: the fold begins 50 mm below the line.
    const place = { mmPerPx: 0.5, panXMm: 0, panYMm: 0 };
    const { folds, spotOfS } = straightPicture(arc, { ...startCprView, turnDeg }, place, size, window);
    const tops = [...folds.matchAll(/M[\d.]+ ([\d.]+)H/g)].map(([, y]) => Number(y));
    expect(tops.length).toBeGreaterThan(50);
    const middle = tops[tops.length >> 1]!;
    expect((middle - spotOfS(0).y) * 0.5).toBeGreaterThan(48.5);
    expect((middle - spotOfS(0).y) * 0.5).toBeLessThan(51.5);
    expect(Math.min(...tops)).toBeGreaterThan(spotOfS(0).y);
    const narrow = straightPicture(arc, startCprView, fitted, { ...size, cssHeight: 40, height: 60 }, window);
    expect(narrow.folds).toBe('');
  });
});

describe('stretched and projected pictures', () => {
  const around = { sectionMm: 40, focusMm: 0 };
  test('show the whole line, however it is turned', () => {
    for (const mode of ['stretched', 'projected'] as const) {
      for (const turnDeg of [0, 37, 90, -120]) {
        const picture = sheetPicture(arc, mode, { ...startCprView, turnDeg }, fitted, size, window, around)!;
        for (const s of [0, 50, 100, arc.lengthMm]) {
          const { x, y } = picture.spotOfS(s);
          expect(x).toBeGreaterThan(0);
          expect(x).toBeLessThan(size.cssWidth);
          expect(y).toBeGreaterThan(0);
          expect(y).toBeLessThan(size.cssHeight);
        }
      }
    }
    expect(fitSheet(arc, 'stretched', 40, size)).toBeGreaterThan(0.3);
  });

  test('a stretched picture takes the line’s own places back to the line, with true lengths', () => {
    const picture = sheetPicture(arc, 'stretched', startCprView, fitted, size, window, around)!;
    let long = 0;
    for (let s = 0; s < arc.lengthMm - 1; s += 1) {
      const [a, b] = [picture.spotOfS(s), picture.spotOfS(s + 1)];
      long += picture.lengthMm(a, b)!;
      expect(away(picture.patientAt(a.x, a.y)!, pointAtMm(arc, s)!)).toBeLessThan(0.4);
    }
    expect(long).toBeGreaterThan(0.995 * Math.ceil(arc.lengthMm - 1));
    expect(long).toBeLessThan(1.005 * Math.ceil(arc.lengthMm - 1));
  });

  test('a projected picture gives no length', () => {
    const picture = sheetPicture(arc, 'projected', startCprView, fitted, size, window, around)!;
    expect(picture.lengthMm({ x: 100, y: 100 }, { x: 200, y: 100 })).toBeNull();
  });

  test('feet are down where the line runs along the body', () => {
    const up = samplePoints([patientPoint(0, 0, -80), patientPoint(20, 10, 90)], 1);
    expect(sheetAxis(up)).toEqual(patientVector(0, 0, -1));
    const aside = samplePoints([patientPoint(90, 0, 0), patientPoint(-20, 10, 4)], 1);
    expect(sheetAxis(aside)).toEqual(patientVector(1, 0, 0));
  });
});

describe('sections', () => {
  test('lie across the line, as the nearest anatomical plane does on screen', () => {
    fc.assert(
      fc.property(
        fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true }))),
        ([x, y, z]) => {
          const to = patientPoint(60 * x!, 60 * y!, 60 * z!);
          if (length(between(patientPoint(0, 0, 0), to)) < 5) return;
          const line = samplePoints([patientPoint(0, 0, 0), to], 1);
          const plane = sectionPlane(line, 2)!;
          const along = dot(planeNormal(plane), between(patientPoint(0, 0, 0), to)) / line.lengthMm;
          expect(Math.abs(along)).toBeCloseTo(1, 6);
          expect(dot(plane.right, plane.down)).toBeCloseTo(0, 9);
          // Never mirrored: seen from the feet, the front or the left; half-way between two of them from either.
          const seen = cross(plane.right, plane.down);
          const largest = Math.max(...seen.map(Math.abs));
          expect(Math.max(-seen[0], seen[1], seen[2])).toBeGreaterThan(largest - 1e-6);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('the strip', () => {
  test('keeps what lies under the pointer when it zooms', () => {
    const before = stripMap(fitted, 120, 600);
    const at = mmOfX(before, 450);
    const place = zoomedPlace(fitted, before.mmPerPx, 1.7, 450 - 300, 0);
    expect(xOfMm(stripMap(place, 120, 600), at)).toBeCloseTo(450, 6);
  });
});
