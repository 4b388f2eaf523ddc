import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, length, matrixFromColumns, moved } from './matrices.ts';
import {
  distanceToPlaneMm,
  extentAlongMm,
  orthonormalPlane,
  patientFromView,
  planeNormal,
  projectedSpacingMm,
  viewFromPatient,
  volumeCentre,
  volumeCorners,
} from './planes.ts';
import { patientPoint, patientVector, type VolumeGeometry, viewPoint } from './types.ts';

const geometry: VolumeGeometry = {
  size: [10, 20, 5],
  patientFromIndex: matrixFromColumns([0, 0.4, 0], [0.8, 0, 0], [0, 0, 2.5], [-100, 50, 7]),
};
const number = fc.integer({ min: -500, max: 500 }).map((n) => n / 10);

describe('planes', () => {
  it('makes any two directions orthonormal and keeps the first', () => {
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number, number), (a, b) => {
        const right = patientVector(...a);
        const down = patientVector(...b);
        fc.pre(
          length(right) > 1 &&
            length(down) > 1 &&
            Math.abs(dot(right, down)) < 0.99 * length(right) * length(down),
        );
        const plane = orthonormalPlane(patientPoint(0, 0, 0), right, down);
        expect(length(plane.down)).toBeCloseTo(1, 9);
        expect(dot(plane.right, plane.down)).toBeCloseTo(0, 9);
        expect(dot(plane.right, right)).toBeCloseTo(length(right), 6);
        expect(length(planeNormal(plane))).toBeCloseTo(1, 9);
      }),
      { seed: 11 },
    );
  });
  it('goes from the view to the patient and back', () => {
    const plane = orthonormalPlane(patientPoint(3, -4, 5), patientVector(1, 2, 3), patientVector(-2, 1, 0));
    const p = moved(patientFromView(plane, viewPoint(12.5, -7)), planeNormal(plane), 3);
    const v = viewFromPatient(plane, p);
    expect(v[0]).toBeCloseTo(12.5, 9);
    expect(v[1]).toBeCloseTo(-7, 9);
    expect(distanceToPlaneMm(plane, p)).toBeCloseTo(3, 9);
  });
});

describe('a volume in the patient', () => {
  it('has its centre at (d − 1)/2 and its extent half a voxel beyond', () => {
    const centre = volumeCentre(geometry);
    expect(centre[0]).toBeCloseTo(-100 + 0.8 * 9.5, 9);
    expect(centre[1]).toBeCloseTo(50 + 0.4 * 4.5, 9);
    expect(centre[2]).toBeCloseTo(7 + 2.5 * 2, 9);
    expect(volumeCorners(geometry)[0]).toEqual([-100.4, 49.8, 5.75]);
    const extent = extentAlongMm(geometry, centre, patientVector(0, 0, 1));
    expect(extent.most).toBeCloseTo(6.25, 9);
    expect(extent.least).toBeCloseTo(-6.25, 9);
  });
  it('has the voxel size along an axis, and the finest crossing along an oblique', () => {
    expect(projectedSpacingMm(geometry, patientVector(0, 0, 1))).toBeCloseTo(2.5, 9);
    expect(projectedSpacingMm(geometry, patientVector(0, 1, 0))).toBeCloseTo(0.4, 9);
    const h = Math.SQRT1_2;
    expect(projectedSpacingMm(geometry, patientVector(0, h, h))).toBeCloseTo(0.4 / h, 9);
  });
});
