import { expect, it } from 'vitest';
import { mipStart } from './mip-window.ts';

/** Quantiles of chance without chance: evenly spread places. */
const spread = (count: number): number[] => Array.from({ length: count }, (_, n) => (n + 0.5) / count);
const rayleigh = (u: number): number => 8 * Math.sqrt(-2 * Math.log(1 - u));
/** Tissue about 100 with a deviation of 15, by the logistic distribution: close to the normal one, with a closed quantile. */
const tissue = (u: number): number => 100 + 15 * 0.5513 * Math.log(u / (1 - u));
const vessel = (u: number): number => 220 + 130 * u;

/** An angiography of a head: so much air, so much of the rest vessels. */
function head(air: number, vessels: number) {
  const count = 60_000;
  const parts = [air, (1 - air) * (1 - vessels), (1 - air) * vessels].map((part) => Math.round(count * part));
  const values = [rayleigh, tissue, vessel].flatMap((of, n) => spread(parts[n]!).map(of));
  values.sort((a, b) => a - b);
  return (percent: number) => values[Math.round((percent / 100) * (values.length - 1))];
}

it.each([
  [0.2, 0.005],
  [0.4, 0.01],
  [0.7, 0.02],
])(
  'is dark where a ray meets tissue only, and bright where it meets a vessel (air %d, vessels %d)',
  (air, vessels) => {
    const window = mipStart('MR', head(air, vessels))!;
    const grey = (value: number): number => (value - window.centre) / window.width + 0.5;
    // The largest of 100 values of tissue lies about their 99th percentile, on average.
    expect(grey(tissue(0.99))).toBeLessThan(0.25);
    expect(grey(tissue(0.5))).toBeLessThan(0);
    expect(grey(vessel(0.5))).toBeGreaterThan(0.6);
    expect(grey(vessel(1))).toBeLessThan(1.2);
  },
);

it('keeps the greys where a quarter of the body is as bright as its brightest', () => {
  const fat = (percent: number): number => (percent < 50 ? 0 : percent < 72 ? 600 : 1100);
  const window = mipStart('MR', fat)!;
  expect(window.centre - window.width / 2).toBe(550);
  expect(window.centre + window.width / 2).toBe(1100);
});

it('is none of tracers, which have one window for slices and projections, and of equal values', () => {
  expect(mipStart('PT', head(0.4, 0.01))).toBeUndefined();
  expect(mipStart('NM', head(0.4, 0.01))).toBeUndefined();
  expect(mipStart('MR', () => 0)).toBeUndefined();
  expect(mipStart('MR', () => undefined)).toBeUndefined();
});
