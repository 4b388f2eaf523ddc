import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPoint, matrixFromColumns } from '../geometry/matrices.ts';
import type { VolumeGeometry } from '../geometry/types.ts';
import { noDataInt16 } from '../pixels/native-shorts.ts';
import { reducedGeometry, reducedGroup, reduceSlice } from './reduce.ts';
import { resampleToRegular } from './resample.ts';
import type { VolumeGroup } from './types.ts';

/** Oblique, sheared along the stack, pixels that are not square. */
const oblique: VolumeGeometry = {
  size: [11, 9, 4],
  patientFromIndex: matrixFromColumns([0.6, 0.3, 0], [-0.4, 0.8, 0.1], [0.2, 0.1, 2.5], [-31, 17, 250]),
};

describe('pixels averaged within a slice', () => {
  test('a block lies where its pixels lie on average', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.nat(1), fc.nat(1), fc.nat(3), (factor, i, j, k) => {
        const reduced = reducedGeometry(oblique, factor);
        expect(reduced.size).toEqual([Math.floor(11 / factor), Math.floor(9 / factor), 4]);
        const sum = [0, 0, 0];
        for (let y = 0; y < factor; y++) {
          for (let x = 0; x < factor; x++) {
            const at = applyPoint(oblique.patientFromIndex, [i * factor + x, j * factor + y, k]);
            for (const axis of [0, 1, 2] as const) sum[axis]! += at[axis] / factor ** 2;
          }
        }
        const centre = applyPoint(reduced.patientFromIndex, [i, j, k]);
        for (const axis of [0, 1, 2] as const) expect(centre[axis]).toBeCloseTo(sum[axis]!, 9);
      }),
    );
  });

  test('a ramp through space keeps its value at every place', () => {
    const ramp = ([x, y, z]: readonly [number, number, number]): number => 3 * x - 2 * y + 0.5 * z;
    const [columns, rows] = [12, 8];
    const geometry = { ...oblique, size: [columns, rows, 1] as const };
    const values = Float32Array.from({ length: columns * rows }, (_, n) =>
      ramp(applyPoint(geometry.patientFromIndex, [n % columns, Math.floor(n / columns), 0])),
    );
    for (const factor of [2, 4]) {
      const reduced = reducedGeometry(geometry, factor);
      const out = new Float32Array(reduced.size[0] * reduced.size[1]);
      reduceSlice(values, columns, rows, factor, out);
      for (const [n, value] of out.entries()) {
        const at = [n % reduced.size[0], Math.floor(n / reduced.size[0]), 0] as const;
        expect(value).toBeCloseTo(ramp(applyPoint(reduced.patientFromIndex, at)), 3);
      }
    }
  });

  test('what holds no data takes no part, and halves are rounded up', () => {
    const none = noDataInt16;
    const values = Int16Array.of(1, 2, none, none, 7, 4, none, none, none, none, none, none, 0, 0, 0);
    const out = new Int16Array(2);
    reduceSlice(values, 5, 3, 2, out);
    // (1 + 2 + 4) / 3 rounded, and nothing but padding.
    expect([...out]).toEqual([2, none]);
    const float = new Float32Array(2);
    reduceSlice(Float32Array.of(1, Number.NaN, 5, Number.NaN, 4, 2, 5, 5), 4, 2, 2, float);
    expect([...float]).toEqual([7 / 3, 5].map(Math.fround));
    reduceSlice(Int16Array.of(-1, 0, -1, 0), 2, 2, 2, out.subarray(0, 1));
    expect(out[0]).toBe(0);
  });
});

test('reduced slices of a tilted stack fall on the reduced regular grid', () => {
  // Each slice lies 1.2 mm further along the rows; values are the column's place in mm.
  const [columns, rows, slices] = [16, 4, 3];
  const shearMm = [0, 1, 2].map((k) => [1.2 * k, 0] as const);
  const acquired = {
    size: [columns, rows, slices] as const,
    patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [1.2, 0, 2], [0, 0, 0]),
  };
  const regular = {
    size: [columns + 3, rows, slices] as const,
    patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]),
  };
  const verdict = { kind: 'resampled', reasons: [] } as unknown as VolumeGroup['verdict'];
  const group = { acquired, regular, shearMm, resampleK: [0, 1, 2], verdict } as unknown as VolumeGroup;
  const reduced = reducedGroup(group, 2);
  expect(reduced.verdict.reasons[0]).toEqual({
    code: 'VOLUME_REDUCED',
    params: { factor: 2, from: 1, to: 2 },
  });
  const [across, down] = reduced.acquired!.size;
  const small = new Float32Array(across * down * slices);
  for (let k = 0; k < slices; k++) {
    const slice = Float32Array.from({ length: columns * rows }, (_, n) => (n % columns) + 1.2 * k);
    reduceSlice(slice, columns, rows, 2, small.subarray(k * across * down, (k + 1) * across * down));
  }
  const [outAcross, outDown] = reduced.regular!.size;
  const out = new Float32Array(outAcross * outDown * slices);
  resampleToRegular(reduced, small, out, Number.NaN, [2, 2]);
  let known = 0;
  for (const [n, value] of out.entries()) {
    if (Number.isNaN(value)) continue;
    known++;
    const at = applyPoint(reduced.regular!.patientFromIndex, [n % outAcross, 0, 0]);
    expect(value).toBeCloseTo(at[0], 4);
  }
  expect(known).toBeGreaterThan(across * down * slices * 0.8);
});
