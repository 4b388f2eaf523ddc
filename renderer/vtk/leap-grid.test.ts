import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bricksTwin } from '../../native/bricks/twin.ts';
import { visibleRanks } from '../../native/kernels.ts';
import { leapDistances, reducedRanges } from './leap-grid.ts';
import { uploadOf } from './upload.ts';

/** Shows values of `first` to `last` only; one table entry a value from −512 on. */
const showing = (first: number, last: number) => {
  const direct = new Float32Array(1024 * 4);
  for (let value = first; value <= last; value += 1) direct[(value + 512) * 4 + 3] = 0.5;
  return { direct, lo: -512, scale: 1 };
};

describe('what rays may leave out', () => {
  it('ranks entries by the visible ones before them', () => {
    const { direct } = showing(-511, -510);
    expect([...visibleRanks(direct).subarray(0, 5)]).toEqual([0, 1, 3, 4, 4]);
  });

  it('is as many bricks as lie between one and the nearest in which anything shows', () => {
    const size = [7, 6, 5] as const;
    const count = 7 * 6 * 5;
    const at = (n: number): number[] => [n % 7, Math.floor(n / 7) % 6, Math.floor(n / 42)];
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(count - 1), { maxLength: 4 }), (visible) => {
        const pairs = new Float32Array(count * 2).fill(-100);
        for (const n of visible) pairs[2 * n + 1] = 100;
        const distances = leapDistances(pairs, size, showing(0, 50));
        for (let n = 0; n < count; n += 1) {
          const far = visible.map((v) => Math.max(...at(v).map((c, axis) => Math.abs(c - at(n)[axis]!))));
          expect(distances[n]).toBe(Math.min(255, ...far));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing next to values that interpolation may round to', () => {
    const table = showing(0, 50);
    const reach = (least: number, most: number) =>
      leapDistances(Float32Array.of(least, most), [1, 1, 1], table)[0];
    expect(reach(-90, -2)).toBe(255);
    expect(reach(-90, -1)).toBe(0);
    expect(reach(52, 90)).toBe(255);
    expect(reach(51, 90)).toBe(0);
    // Across all that shows, though neither end does; and a brick without data.
    expect(reach(-90, 90)).toBe(0);
    expect(reach(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(255);
  });
});

describe('ranges of a reduced copy', () => {
  it.each([2, 3, 5, 9])('hold every value of it, by %i', (factor) => {
    const size = [61, 40, 33] as const;
    const voxels = Int16Array.from({ length: 61 * 40 * 33 }, (_, n) => ((n * 7919) % 2001) - 1000);
    const patientFromIndex = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;
    const source = { geometry: { size, patientFromIndex }, voxels, noData: -32768, least: -1000, most: 1000 };
    const edge = Math.ceil(61 / factor);
    const upload = uploadOf(source, { edgeMost: edge, voxelsMost: 1e9 });
    expect(upload.factor).toBe(factor);
    const own = bricksTwin(upload.voxels, upload.geometry.size);
    const wide = reducedRanges(bricksTwin(voxels, size), size, factor);
    expect(wide.length).toBe(own.length);
    for (let n = 0; n < own.length; n += 2) {
      expect(wide[n]!).toBeLessThanOrEqual(own[n]!);
      expect(wide[n + 1]!).toBeGreaterThanOrEqual(own[n + 1]!);
    }
  });
});
