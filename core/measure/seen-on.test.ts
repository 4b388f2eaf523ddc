import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, normalise, rotateAbout } from '../geometry/matrices.ts';
import { orthonormalPlane, patientFromView, planeNormal } from '../geometry/planes.ts';
import { type PatientPoint, type Plane, patientPoint, patientVector, viewPoint } from '../geometry/types.ts';
import { boxCorners, type FlatPicture, inPatientOf, isSeenOn } from './seen-on.ts';
import type { InPatient, Measurement, MeasurementKind } from './types.ts';

const frameOfReferenceUID = '1.2.3';
/** An oblique plane, 30° about an axis that is none of the patient's. */
const axis = normalise(patientVector(1, 2, -0.5));
const plane: Plane = orthonormalPlane(
  patientPoint(-31, 47, 112),
  rotateAbout(patientVector(1, 0, 0), axis, Math.PI / 6),
  rotateAbout(patientVector(0, 1, 0), axis, Math.PI / 6),
);
const normal = planeNormal(plane);
const gapMm = 2.5;

const on = (x: number, y: number, of = plane): PatientPoint => patientFromView(of, viewPoint(x, y));
const mark = (a: readonly [number, number], b: readonly [number, number], of = plane): InPatient => ({
  frameOfReferenceUID,
  plane: of,
  points: [on(...a, of), on(...b, of)],
});
const shifted = (mm: number, of = plane): Plane => ({ ...of, origin: moved(of.origin, normal, mm) });
const turned = (deg: number, about = plane.right, of = plane): Plane =>
  orthonormalPlane(
    of.origin,
    rotateAbout(of.right, about, (deg * Math.PI) / 180),
    rotateAbout(of.down, about, (deg * Math.PI) / 180),
  );
const picture = (of: Plane, part: Partial<FlatPicture> = {}): FlatPicture => ({
  seriesKey: 's',
  frameOfReferenceUID,
  plane: of,
  layerMm: gapMm,
  thicknessMm: gapMm,
  ...part,
});
const kinds: readonly MeasurementKind[] = ['length', 'ellipse', 'rectangle'];

describe('a mark on parallel pictures', () => {
  it('is seen within half the distance of the slices and not beyond', () => {
    const drawn = mark([-20, -11], [13, 9]);
    for (const kind of kinds) {
      const isSeen = (mm: number) => isSeenOn(kind, 's', drawn, picture(shifted(mm)));
      expect([0, 1.2, -1.2, 1.249].map(isSeen)).toEqual([true, true, true, true]);
      expect([1.26, -1.26, 2.5, -2.5, 40].map(isSeen)).toEqual([false, false, false, false, false]);
    }
  });

  it('lies on exactly one of a stack of slices, wherever it was drawn between them', () => {
    const slices = Array.from({ length: 9 }, (_, k) => picture(shifted((k - 4) * gapMm)));
    const depth = fc.oneof(
      fc.double({ min: -9, max: 9, noNaN: true }),
      // Midway between two slices.
      fc.integer({ min: -3, max: 3 }).map((k) => (k + 0.5) * gapMm),
    );
    fc.assert(
      fc.property(depth, fc.constantFrom(...kinds), (mm, kind) => {
        const drawn = mark([-20, -11], [13, 9], shifted(mm));
        const seen = slices.filter((slice) => isSeenOn(kind, 's', drawn, slice));
        expect(seen.length).toBe(1);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('is seen in a slab that holds it, as thick as the slab is', () => {
    const drawn = mark([0, 0], [10, 10]);
    const slab = (mm: number) => picture(shifted(mm), { layerMm: 20, thicknessMm: 20 });
    expect(isSeenOn('ellipse', 's', drawn, slab(9.9))).toBe(true);
    expect(isSeenOn('ellipse', 's', drawn, slab(10.1))).toBe(false);
  });

  it('is seen from behind, and where the picture is turned in itself', () => {
    const drawn = mark([0, 0], [10, 10]);
    const behind = orthonormalPlane(plane.origin, patientVector(...neg(plane.right)), plane.down);
    for (const kind of kinds) {
      expect(isSeenOn(kind, 's', drawn, picture(behind))).toBe(true);
      expect(isSeenOn(kind, 's', drawn, picture(turned(37, normal)))).toBe(true);
    }
  });
});

const neg = ([x, y, z]: readonly [number, number, number]): [number, number, number] => [-x, -y, -z];

describe('a mark on pictures that are not parallel', () => {
  it('is seen as a region up to 1° only, and while all its corners lie in the layer', () => {
    const small = mark([-5, -5], [5, 5]);
    const large = mark([-200, -200], [200, 200]);
    for (const kind of ['ellipse', 'rectangle'] as const) {
      expect(isSeenOn(kind, 's', small, picture(turned(0.95)))).toBe(true);
      expect(isSeenOn(kind, 's', small, picture(turned(1.05)))).toBe(false);
      // 200 mm × sin 0.95° = 3.3 mm beside the plane.
      expect(isSeenOn(kind, 's', large, picture(turned(0.95)))).toBe(false);
    }
    // Its first two corners lie on the axis of the turn, the other two do not.
    expect(isSeenOn('rectangle', 's', mark([-100, 0], [100, 150]), picture(turned(0.9)))).toBe(false);
  });

  it('is seen as a length in any direction that holds both ends', () => {
    const along = mark([-40, 0], [60, 0]);
    for (const deg of [20, 90, 179]) expect(isSeenOn('length', 's', along, picture(turned(deg)))).toBe(true);
    // An end 30 mm down the plane is 30 mm × sin α beside a plane turned by α about its right.
    const down = mark([-40, 0], [60, 30]);
    const deg = (Math.asin(1.2 / 30) * 180) / Math.PI;
    expect(isSeenOn('length', 's', down, picture(turned(deg)))).toBe(true);
    const beyond = (Math.asin(1.3 / 30) * 180) / Math.PI;
    expect(isSeenOn('length', 's', down, picture(turned(beyond)))).toBe(false);
  });

  it('across another picture keeps to what that one shows, not to its steps', () => {
    const drawn = mark([-40, 0.5], [60, 0.5]);
    const coronal = (thicknessMm: number) => picture(turned(90), { layerMm: 5, thicknessMm });
    expect(isSeenOn('length', 's', drawn, coronal(0.8))).toBe(false);
    expect(isSeenOn('length', 's', drawn, coronal(1.2))).toBe(true);
  });
});

describe('frames of reference', () => {
  const drawn = mark([0, 0], [10, 0]);
  it('keeps a mark in its own, in whichever series', () => {
    expect(isSeenOn('length', 'other', drawn, picture(plane))).toBe(true);
    expect(isSeenOn('length', 's', drawn, picture(plane, { frameOfReferenceUID: '1.2.4' }))).toBe(false);
    expect(isSeenOn('length', 's', drawn, picture(plane, { frameOfReferenceUID: '' }))).toBe(false);
  });

  it('keeps a mark of files that name none to its series', () => {
    const unnamed = { ...drawn, frameOfReferenceUID: '' };
    const on = picture(plane, { frameOfReferenceUID: '' });
    expect(isSeenOn('length', 's', unnamed, on)).toBe(true);
    expect(isSeenOn('length', 'other', unnamed, on)).toBe(false);
  });
});

describe('where a mark lies', () => {
  it('has the corners of its box along its own plane', () => {
    const [a, b, c, d] = boxCorners(mark([-3, 4], [9, -8]));
    const places = [on(-3, 4), on(9, 4), on(9, -8), on(-3, -8)];
    for (const [n, corner] of [a, b, c, d].entries())
      for (const axis of [0, 1, 2]) expect(corner[axis]).toBeCloseTo(places[n]![axis]!, 9);
  });

  it('is nowhere for a frame without a place and for marks along a line', () => {
    const anchor = (part: object) => ({ anchor: part }) as unknown as Pick<Measurement, 'anchor'>;
    expect(inPatientOf(anchor({ kind: 'image' }))).toBeUndefined();
    expect(inPatientOf(anchor({ kind: 'curve', ...mark([0, 0], [1, 1]) }))).toBeUndefined();
  });
});
