import { expect, test } from 'vitest';
import { applyPoint, between, dot } from '../geometry/matrices.ts';
import { type Mat4, patientPoint, type Vec3 } from '../geometry/types.ts';
import {
  boxCorners,
  boxFaces,
  type ClipBox,
  clipPlanesOf,
  faceHandle,
  moveFace,
  wholeClipBox,
} from './clip-box.ts';

// Oblique, unlike spacings, away from the origin.
const patientFromIndex = [0.6, -1.6, 0, 10, 0.8, 1.2, 0, -20, 0, 0, 2.5, 30, 0, 0, 0, 1] as unknown as Mat4;
const geometry = { size: [40, 30, 20] as Vec3, patientFromIndex };
const whole = wholeClipBox(geometry);
const box: ClipBox = { lo: [5, -0.5, 3.5], hi: [30, 29.5, 12] };

test('a whole box cuts nothing, a moved face cuts with its own plane only', () => {
  expect(clipPlanesOf(geometry, null)).toEqual([]);
  expect(clipPlanesOf(geometry, whole)).toEqual([]);
  expect(clipPlanesOf(geometry, box)).toHaveLength(4);
});

test('voxels are shown exactly where their index lies in the box', () => {
  const planes = clipPlanesOf(geometry, box);
  for (let i = 0; i < 40; i += 3)
    for (let j = 0; j < 30; j += 4)
      for (let k = 0; k < 20; k += 1) {
        const at = patientPoint(...applyPoint(patientFromIndex, [i, j, k]));
        const isShown = planes.every(({ origin, normal }) => dot(between(origin, at), normal) >= -1e-9);
        expect(isShown).toBe(i >= 5 && i <= 30 && k >= 3.5 && k <= 12);
      }
});

test('a face moves by millimetres along its axis, within the volume and not through the other', () => {
  const hi = moveFace(geometry, whole, { axis: 1, end: 'hi' }, -10);
  // 2 mm voxels.
  expect(hi).toEqual({ lo: whole.lo, hi: [39.5, 24.5, 19.5] });
  expect(moveFace(geometry, hi, { axis: 1, end: 'hi' }, 1e6)).toEqual(whole);
  expect(moveFace(geometry, hi, { axis: 1, end: 'lo' }, 1e6).lo[1]).toBe(23.5);
  expect(moveFace(geometry, hi, { axis: 1, end: 'hi' }, -1e6).hi[1]).toBe(0.5);
});

test('handles lie in the middle of four corners of the box', () => {
  const corners = boxCorners(geometry, box);
  for (const face of boxFaces) {
    const bit = 1 << face.axis;
    const own = corners.filter((_, n) => ((n & bit) !== 0) === (face.end === 'hi'));
    const { point } = faceHandle(geometry, box, face);
    for (const a of [0, 1, 2] as const)
      expect(point[a]).toBeCloseTo(own.reduce((sum, corner) => sum + corner[a], 0) / 4, 9);
  }
});
