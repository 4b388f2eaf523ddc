import { expect, test } from 'vitest';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { noDataInt16 } from '../pixels/native-shorts.ts';
import { resampleToRegular } from './resample.ts';
import type { VolumeGroup } from './types.ts';

/** Four slices of 4 × 3 pixels; the grid lies between them, shifted by a third of a pixel in the plane. */
const columns = 4;
const rows = 3;
const group = {
  acquired: {
    size: [columns, rows, 4],
    patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]),
  },
  regular: {
    size: [columns, rows, 7],
    patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]),
  },
  resampleK: [0, 0.5, 1, 1.5, 2, 2.5, 3],
  shearMm: [0, 1, 2, 3].map(() => [0, -1 / 3] as const),
} as unknown as VolumeGroup;

test('a slice that is not there, or padding, never mixes with tissue', () => {
  const acquired = new Int16Array(columns * rows * 4).fill(100);
  // Slice 2 has not arrived; one pixel of slice 0 is padding.
  acquired.fill(noDataInt16, columns * rows * 2, columns * rows * 3);
  acquired[0] = noDataInt16;
  const out = new Int16Array(columns * rows * 7);
  resampleToRegular(group, acquired, out, noDataInt16, [1, 1]);
  expect([...new Set(out)].sort((a, b) => a - b)).toEqual([noDataInt16, 100]);
  const plane = (k: number): number[] => [...out.subarray(k * columns * rows, (k + 1) * columns * rows)];
  for (const k of [3, 4, 5]) expect(new Set(plane(k))).toEqual(new Set([noDataInt16]));
  expect(plane(2).slice(0, columns * (rows - 1))).toEqual(new Array(columns * (rows - 1)).fill(100));
  expect(plane(0)[0]).toBe(noDataInt16);
  expect(plane(0)[1]).toBe(100);
});

test('zero is a value, where the marker is another', () => {
  const acquired = new Int16Array(columns * rows * 4).fill(50);
  acquired.fill(0, 0, columns * rows);
  const out = new Int16Array(columns * rows * 7);
  resampleToRegular(group, acquired, out, 0, [1, 1]);
  expect(out[columns * rows]).toBe(25);
});
