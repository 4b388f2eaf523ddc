import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDirection,
  applyNormal,
  applyPoint,
  cross,
  determinant3,
  dot,
  identity4,
  invert,
  length,
  matrixFromColumns,
  multiply,
  normalise,
  rotateAbout,
  spacingMm,
} from './matrices.ts';
import { type Mat4, patientVector, type Vec3 } from './types.ts';

/** Oblique, spacing 0.4 × 0.8 × 2.5 mm, origin not 0. */
const c = Math.cos(Math.PI / 6);
const s = Math.sin(Math.PI / 6);
const oblique = matrixFromColumns(
  [0.4 * c, 0.4 * s, 0],
  [-0.8 * s, 0.8 * c, 0],
  [0, 0, 2.5],
  [-120, 33, 410],
);

const number = fc.integer({ min: -500, max: 500 }).map((n) => n / 10);
const affine = fc
  .tuple(...Array.from({ length: 12 }, () => number))
  .map((v) => [...v, 0, 0, 0, 1] as unknown as Mat4)
  .filter((m) => Math.abs(determinant3(m)) > 1);

describe('matrices', () => {
  it('places the eight corners of a volume at hand-computed points', () => {
    const [ni, nj, nk] = [99, 49, 19];
    for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const [i, j, k] = [corner & 1 ? ni : 0, corner & 2 ? nj : 0, corner & 4 ? nk : 0];
      const expected = [-120 + 0.4 * c * i - 0.8 * s * j, 33 + 0.4 * s * i + 0.8 * c * j, 410 + 2.5 * k];
      applyPoint(oblique, [i, j, k]).forEach((x, axis) => {
        expect(x).toBeCloseTo(expected[axis]!, 9);
      });
    }
  });
  it('moves points but not directions', () => {
    expect(applyPoint(oblique, [0, 0, 0])).toEqual([-120, 33, 410]);
    expect(applyDirection(oblique, [0, 0, 0])).toEqual([0, 0, 0]);
    expect(length(applyDirection(oblique, [1, 0, 0]))).toBeCloseTo(0.4, 12);
    spacingMm(oblique).forEach((mm, axis) => {
      expect(mm).toBeCloseTo([0.4, 0.8, 2.5][axis]!, 12);
    });
  });
  it('inverts: product is the identity', () => {
    fc.assert(
      fc.property(affine, (m) => {
        multiply(m, invert(m)!).forEach((x, n) => {
          expect(x).toBeCloseTo(identity4[n]!, 6);
        });
      }),
      { seed: 3 },
    );
  });
  it('refuses singular and non-finite matrices', () => {
    expect(invert(matrixFromColumns([1, 0, 0], [2, 0, 0], [0, 0, 1], [1, 2, 3]))).toBeUndefined();
    expect(invert(matrixFromColumns([Number.NaN, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]))).toBeUndefined();
  });
  it('keeps normals perpendicular to moved planes', () => {
    fc.assert(
      fc.property(affine, fc.tuple(number, number, number), fc.tuple(number, number, number), (m, a, b) => {
        const n = cross<Vec3>(a, b);
        fc.pre(length(n) > 1);
        const moved = normalise(applyNormal(invert(m)!, n));
        expect(Math.abs(dot(moved, normalise(applyDirection(m, a))))).toBeLessThan(1e-6);
        expect(Math.abs(dot(moved, normalise(applyDirection(m, b))))).toBeLessThan(1e-6);
      }),
      { seed: 5 },
    );
  });
  it('turns a quarter right-handed about z: L to P', () => {
    const turned = rotateAbout(patientVector(1, 0, 0), patientVector(0, 0, 1), Math.PI / 2);
    expect(turned[0]).toBeCloseTo(0, 12);
    expect(turned[1]).toBeCloseTo(1, 12);
  });
});
