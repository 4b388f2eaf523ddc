import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPoint, between, cross, dot, length, matrixFromColumns, moved } from '../geometry/matrices.ts';
import { orientationLetters } from '../geometry/orientation.ts';
import { volumeCentre, volumeCorners } from '../geometry/planes.ts';
import { patientPoint, type VolumeGeometry } from '../geometry/types.ts';
import {
  cameraBasis,
  centredOn,
  fitCamera,
  halfHeightMm,
  orbit,
  pan,
  roll,
  type StandardView,
  standAt,
  viewFromPatientMatrix,
  withLens,
  zoom,
  zoomAt,
} from './camera.ts';

const geometry: VolumeGeometry = {
  size: [100, 80, 40],
  patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
};

describe('standard views', () => {
  it('show the patient as each view must: letters on the right and at the bottom', () => {
    const letters: Record<StandardView, readonly [string, string]> = {
      A: ['L', 'F'],
      P: ['R', 'F'],
      L: ['P', 'F'],
      R: ['A', 'F'],
      H: ['R', 'P'],
      F: ['L', 'P'],
    };
    for (const [view, [right, down]] of Object.entries(letters)) {
      const basis = cameraBasis(fitCamera(geometry, view as StandardView));
      expect([view, orientationLetters(basis.right), orientationLetters(basis.down)]).toEqual([
        view,
        right,
        down,
      ]);
      expect(length(basis.right)).toBeCloseTo(1, 12);
      expect(dot(basis.direction, cross(basis.right, basis.down))).toBeCloseTo(1, 12);
    }
  });
  it('fit: every corner is inside the picture, at least one near its edge', () => {
    for (const [view, aspect] of [
      ['A', 1],
      ['L', 2],
      ['H', 0.5],
    ] as const) {
      const camera = fitCamera(geometry, view, aspect);
      const half = halfHeightMm(camera);
      const m = viewFromPatientMatrix(camera);
      const reach = volumeCorners(geometry).map((c) => {
        const [x, y] = applyPoint(m, c);
        return Math.max(Math.abs(x) / (half * aspect), Math.abs(y) / half);
      });
      expect(Math.max(...reach)).toBeLessThan(1);
      expect(Math.max(...reach)).toBeGreaterThan(0.95);
    }
  });
});

describe('moving the camera', () => {
  const start = fitCamera(geometry, 'A');
  const about = moved(volumeCentre(geometry), [10, -20, 30]);
  const angle = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
  it('keeps distance and stays square through any drags', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(angle, angle, angle), { minLength: 1, maxLength: 200 }), (drags) => {
        const end = drags.reduce((c, [r, d, t]) => roll(orbit(c, about, r, d), about, t), start);
        const basis = cameraBasis(end);
        expect(Math.abs(dot(basis.direction, end.viewUp))).toBeLessThan(1e-9);
        expect(Math.abs(length(end.viewUp) - 1)).toBeLessThan(1e-9);
        expect(length(between(about, end.position))).toBeCloseTo(length(between(about, start.position)), 6);
        // The point turned about stays where it is on screen.
        const before = applyPoint(viewFromPatientMatrix(start), about);
        expect(length(applyPoint(viewFromPatientMatrix(end), about))).toBeCloseTo(length(before), 6);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
  it('lets the object follow the hand', () => {
    const centre = start.focalPoint;
    const front = moved(centre, cameraBasis(start).direction, -50);
    const x = (c: typeof start, p: typeof centre): readonly number[] =>
      applyPoint(viewFromPatientMatrix(c), p);
    expect(x(orbit(start, centre, 0.1, 0), front)[0]).toBeCloseTo(50 * Math.sin(0.1), 9);
    expect(x(orbit(start, centre, 0, 0.1), front)[1]).toBeCloseTo(50 * Math.sin(0.1), 9);
    expect(x(pan(start, 7, -3), centre)[0]).toBeCloseTo(7, 9);
    expect(x(pan(start, 7, -3), centre)[1]).toBeCloseTo(-3, 9);
    const right = moved(centre, cameraBasis(start).right, 10);
    expect(x(roll(start, centre, 0.1), right)[1]).toBeCloseTo(10 * Math.sin(0.1), 9);
  });
  it('half a turn to the right brings the back to the front', () => {
    const turned = orbit(start, start.focalPoint, Math.PI, 0);
    const back = standAt(start, 'P');
    turned.position.forEach((v, axis) => {
      expect(v).toBeCloseTo(back.position[axis]!, 6);
    });
  });
  it('changes lens and zoom without changing the size at the focal point', () => {
    const perspective = withLens(start, 'perspective');
    expect(halfHeightMm(perspective)).toBeCloseTo(halfHeightMm(start), 9);
    expect(halfHeightMm(withLens(perspective, 'orthographic'))).toBeCloseTo(halfHeightMm(start), 9);
    expect(halfHeightMm(zoom(start, 2))).toBeCloseTo(halfHeightMm(start) / 2, 9);
    expect(halfHeightMm(zoom(perspective, 2))).toBeCloseTo(halfHeightMm(start) / 2, 9);
  });
  it('zooms at a place: what lies in the focal plane there stays, in both lenses', () => {
    for (const camera of [start, withLens(start, 'perspective')]) {
      const { right, down } = cameraBasis(camera);
      const under = moved(moved(camera.focalPoint, right, 30), down, -12);
      const closer = zoomAt(camera, 2.5, 30, -12);
      expect(halfHeightMm(closer)).toBeCloseTo(halfHeightMm(camera) / 2.5, 9);
      // As many pixels from the middle: millimetres are 2.5 times as large now.
      const seen = applyPoint(viewFromPatientMatrix(closer), under);
      [30 / 2.5, -12 / 2.5, 0].forEach((mm, axis) => {
        expect(seen[axis]).toBeCloseTo(mm, 9);
      });
      const back = zoomAt(closer, 1 / 2.5, 30 / 2.5, -12 / 2.5);
      expect(length(between(camera.focalPoint, back.focalPoint))).toBeLessThan(1e-9);
    }
  });
  it('brings a point to the middle without another direction, size or distance', () => {
    const camera = withLens(orbit(start, about, 0.4, 0.3), 'perspective');
    const there = centredOn(camera, about);
    expect(length(applyPoint(viewFromPatientMatrix(there), about))).toBeLessThan(1e-9);
    expect(halfHeightMm(there)).toBeCloseTo(halfHeightMm(camera), 9);
    expect(dot(cameraBasis(camera).direction, cameraBasis(there).direction)).toBeCloseTo(1, 12);
    expect(there.viewUp).toBe(camera.viewUp);
  });
  it('maps the focal point to the origin and millimetres to millimetres', () => {
    const m = viewFromPatientMatrix(start);
    expect(length(applyPoint(m, start.focalPoint))).toBeLessThan(1e-9);
    const p = patientPoint(start.focalPoint[0] + 3, start.focalPoint[1] - 4, start.focalPoint[2] + 12);
    expect(length(applyPoint(m, p))).toBeCloseTo(13, 9);
  });
});
