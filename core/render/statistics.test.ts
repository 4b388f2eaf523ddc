import { describe, expect, it } from 'vitest';
import { volumeStatistics } from './statistics.ts';

const identity = { slope: 1, intercept: 0 };

describe('volume statistics', () => {
  it('has exact ends and even percentiles', () => {
    const voxels = Int16Array.from({ length: 10_001 }, (_, n) => ((n * 7919) % 10_001) - 2000);
    const { min, max, percentiles, padded } = volumeStatistics(voxels, identity);
    expect([min, max, padded]).toEqual([-2000, 8000, false]);
    for (const p of [0, 10, 250, 500, 999, 1000])
      expect(Math.abs(percentiles[p]! - (p * 10 - 2000))).toBeLessThan(2);
  });
  it('leaves padding and NaN out, and says whether there was padding', () => {
    const padded = volumeStatistics(Int16Array.of(-32768, 5, 9, -32768), identity, -32768);
    expect(padded).toMatchObject({ min: 5, max: 9, padded: true });
    expect(padded.percentiles[0]).toBeCloseTo(5, 3);
    const floats = volumeStatistics(Float32Array.of(Number.NaN, 0.25, 0.75), identity);
    expect(floats).toMatchObject({ min: 0.25, max: 0.75, padded: false });
    expect(floats.percentiles[1000]).toBeCloseTo(0.75, 4);
    expect(volumeStatistics(Int16Array.of(7, 7), identity, 7)).toMatchObject({
      min: 0,
      max: 0,
      padded: true,
    });
  });
  it('answers in modality values, ascending for a negative slope too', () => {
    const { min, max, percentiles } = volumeStatistics(Int16Array.of(0, 100), { slope: -2, intercept: 10 });
    expect([min, max]).toEqual([-190, 10]);
    expect(percentiles[0]).toBeLessThan(percentiles[1000]!);
  });
  it('handles a constant volume', () => {
    const { min, max, percentiles } = volumeStatistics(new Uint16Array(10).fill(3), identity);
    expect([min, max, percentiles[0], percentiles[500], percentiles[1000]]).toEqual([3, 3, 3, 3, 3]);
  });
});
