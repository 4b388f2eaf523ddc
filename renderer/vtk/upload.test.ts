import { describe, expect, test } from 'vitest';
import { applyPoint } from '../../core/geometry/matrices.ts';
import type { Mat4, Vec3, VolumeGeometry } from '../../core/geometry/types.ts';
import { reductionFor, uploadOf } from './upload.ts';

// Oblique on purpose: columns of unlike length, not along the axes.
const patientFromIndex = [0.6, -0.8, 0, 10, 0.8, 0.6, 0, -20, 0, 0, 2.5, 30, 0, 0, 0, 1] as unknown as Mat4;
const size: Vec3 = [13, 12, 9];
const geometry: VolumeGeometry = { size, patientFromIndex };
const noData = -32768;
const wide = { edgeMost: 2048, voxelsMost: 1e9 };

/** A field that is linear in the patient. */
const field = ([x, y, z]: Vec3): number => 3 * x - 2 * y + 5 * z + 100;

function filled(make: (count: number) => Int16Array | Float32Array) {
  const voxels = make(size[0] * size[1] * size[2]);
  for (let n = 0, k = 0; k < size[2]; k += 1)
    for (let j = 0; j < size[1]; j += 1)
      for (let i = 0; i < size[0]; i += 1, n += 1) voxels[n] = field(applyPoint(patientFromIndex, [i, j, k]));
  return voxels;
}

describe('reduction', () => {
  test.each([
    [[512, 512, 300], wide, 1],
    [[512, 512, 300], { edgeMost: 2048, voxelsMost: 2 ** 21 }, 4],
    [[512, 512, 2100], { edgeMost: 2048, voxelsMost: 1e9 }, 2],
    [[100, 100, 100], { edgeMost: 2048, voxelsMost: 1e6 }, 1],
  ] as const)('%j within %j: %d', (of, limits, factor) => {
    expect(reductionFor(of, limits)).toBe(factor);
  });

  test('keeps a linear field where it was in the patient', () => {
    const voxels = filled((n) => new Float32Array(n));
    const {
      geometry: small,
      voxels: means,
      factor,
    } = uploadOf({ geometry, voxels, noData, least: 0, most: 200 }, { edgeMost: 5, voxelsMost: 1e9 });
    expect([factor, small.size]).toEqual([3, [5, 4, 3]]);
    for (let k = 0; k < 3; k += 1)
      for (let j = 0; j < 4; j += 1)
        // The last column's blocks are not whole: 13 = 4 × 3 + 1.
        for (let i = 0; i < 4; i += 1) {
          const at = applyPoint(small.patientFromIndex, [i, j, k]);
          expect(means[(k * 4 + j) * 5 + i]).toBeCloseTo(field(at), 3);
        }
  });

  test('"no data" does not enter a mean; a block of nothing else is "no data"', () => {
    const voxels = new Int16Array(size[0] * size[1] * size[2]).fill(noData);
    voxels[0] = 7;
    const { voxels: means, missingBelow } = uploadOf(
      { geometry, voxels, noData, least: -1024, most: 7 },
      { edgeMost: 7, voxelsMost: 1e9 },
    );
    expect(means[0]).toBe(7);
    expect(means.subarray(1).every((mean) => mean < missingBelow)).toBe(true);
    expect(missingBelow).toBeLessThan(-1024);
  });
});

test('what fits is copied out of shared memory, value by value', () => {
  const shared = new Float32Array(new SharedArrayBuffer(size[0] * size[1] * size[2] * 4));
  shared.set(filled((n) => new Float32Array(n)));
  shared[5] = Number.NaN;
  const source = { geometry, voxels: shared, noData, least: -9, most: 300 };
  const { geometry: same, voxels, factor, missingBelow } = uploadOf(source, wide);
  expect([same, factor]).toEqual([geometry, 1]);
  expect(voxels.buffer).toBeInstanceOf(ArrayBuffer);
  expect(voxels[5]).toBeLessThan(missingBelow);
  expect(missingBelow).toBeLessThan(-9);
  const others = (x: ArrayLike<number>) => Array.from(x).filter((_, n) => n !== 5);
  expect(others(voxels)).toEqual(others(shared));
});

test('a volume without "no data" says so', () => {
  const source = { geometry, voxels: filled((n) => new Float32Array(n)), noData, least: -9, most: 300 };
  expect(uploadOf(source, wide).missingBelow).toBe(-Infinity);
});
