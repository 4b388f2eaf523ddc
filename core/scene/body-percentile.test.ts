import { describe, expect, it } from 'vitest';
import { airPercent, isByPercent, valueOfUnit } from './body-percentile.ts';

/** Evenly spread places 0…1 instead of chance: the n-th of `count` in a shuffled order that is the same each time. */
const spread = (count: number): number[] => Array.from({ length: count }, (_, n) => (n + 0.5) / count);

/** Magnitude of noise alone, and tissue from 0.4 to 1.6 times its mean: the closed forms of their quantiles. */
const rayleigh = (sigma: number) => (u: number) => sigma * Math.sqrt(-2 * Math.log(1 - u));
const tissue = (mean: number) => (u: number) => mean * (0.4 + 1.2 * u);

/** Percentiles of a volume that is air to a known part. */
function volume(air: number, noise: number, mean: number, offset = 0, count = 20_000) {
  const inAir = Math.round(count * air);
  const values = [...spread(inAir).map(rayleigh(noise)), ...spread(count - inAir).map(tissue(mean))]
    .map((value) => value + offset)
    .sort((a, b) => a - b);
  return (percent: number) => values[Math.round((percent / 100) * (values.length - 1))];
}

describe('where air ends', () => {
  it.each([0.2, 0.4, 0.6, 0.8, 0.9])('finds the part of a volume that is air: %d', (air) => {
    for (const noise of [0.5, 20, 60])
      expect(Math.abs(airPercent(volume(air, noise, 600)) - 100 * air)).toBeLessThan(2);
  });
  it('does so whatever the values begin at, and for few voxels', () => {
    expect(Math.abs(airPercent(volume(0.7, 20, 600, -1024)) - 70)).toBeLessThan(2);
    expect(Math.abs(airPercent(volume(0.5, 20, 600, 0, 40)) - 50)).toBeLessThan(5);
  });
  it('takes no more than the darkest part where there is no air', () => {
    expect(airPercent(volume(0, 1, 600))).toBeLessThan(15);
  });
  it('is 0 where all values are equal or there are none', () => {
    expect(airPercent(() => 7)).toBe(0);
    expect(airPercent(() => undefined)).toBe(0);
  });
});

describe('values of a transfer function', () => {
  it('stay as they are, are those of the volume, or those of what is not air', () => {
    const of = volume(0.75, 20, 600);
    expect(valueOfUnit('modality', of)(42)).toBe(42);
    expect(valueOfUnit('percentile', of)(50)).toBe(of(50));
    const body = valueOfUnit('bodyPercentile', of);
    for (const percent of [10, 50, 90])
      expect(Math.abs(body(percent) - tissue(600)(percent / 100))).toBeLessThan(600 * 0.04);
  });
  it('are percents but for modality values', () => {
    expect((['modality', 'percentile', 'bodyPercentile'] as const).map(isByPercent)).toEqual([
      false,
      true,
      true,
    ]);
  });
});
