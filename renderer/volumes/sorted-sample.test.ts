import { describe, expect, it } from 'vitest';
import { sortedSample } from './sorted-sample.ts';
import { isNoData } from './volume-memory.ts';

describe('a sample of a volume', () => {
  it('is all of a small one, ascending, without what is no data', () => {
    const shorts = Int16Array.from([5, -32768, 3, -2, -32768, 9]);
    expect([...sortedSample(shorts, isNoData('int16'))]).toEqual([-2, 3, 5, 9]);
    const floats = Float32Array.from([2.5, Number.NaN, -1]);
    expect([...sortedSample(floats, isNoData('float32'))]).toEqual([-1, 2.5]);
  });

  it('has the percentiles of a large one, whatever repeats in it', () => {
    // Rows of 500: the value says the place in the row, and one row in ten is bright.
    const voxels = Int16Array.from({ length: 500 * 4000 }, (_, n) =>
      Math.floor(n / 500) % 10 === 3 ? 1000 + (n % 500) : n % 500,
    );
    const sample = sortedSample(voxels, isNoData('int16'), 9973);
    const at = (percent: number): number => sample[Math.round((percent / 100) * (sample.length - 1))]!;
    // The middle of all is that of the nine tenths below 500 at 50 / 90.
    expect(Math.abs(at(50) - (500 * 50) / 90)).toBeLessThan(8);
    expect(Math.abs(at(95) - 1250)).toBeLessThan(25);
  });
});
