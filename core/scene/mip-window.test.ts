import { expect, it } from 'vitest';
import { projectionStart } from './mip-window.ts';

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
    const window = projectionStart('mip', 'MR', head(air, vessels))!;
    const grey = (value: number): number => (value - window.centre) / window.width + 0.5;
    // The largest of 100 values of tissue lies about their 99th percentile, on average.
    expect(grey(tissue(0.99))).toBeLessThan(0.25);
    expect(grey(tissue(0.5))).toBeLessThan(0);
    expect(grey(vessel(0.5))).toBeGreaterThan(0.6);
    expect(grey(vessel(1))).toBeLessThan(1.2);
  },
);

it.each([0.2, 0.4, 0.7])('has greys for means and least values of a body beside air (air %d)', (air) => {
  const values = head(air, 0.01);
  const greyIn = (mode: 'mean' | 'minip') => {
    const window = projectionStart(mode, 'MR', values)!;
    return (value: number): number => (value - window.centre) / window.width + 0.5;
  };
  // Of a ray that lies in the head by as much as the head fills its box along each of three axes.
  const mean = greyIn('mean')((1 - air) ** (1 / 3) * tissue(0.5));
  expect(mean).toBeGreaterThan(0.4);
  expect(mean).toBeLessThan(1);
  expect(greyIn('minip')(tissue(0.05))).toBeGreaterThan(0.4);
  expect(greyIn('minip')(tissue(0.5))).toBeLessThan(1);
  expect(greyIn('minip')(rayleigh(0.5))).toBeLessThan(0.15);
});

it('shows a mean through a volume without air with nearly all of its values', () => {
  const window = projectionStart('mean', 'MR', (percent) => 500 + percent)!;
  expect(window.centre + window.width / 2).toBeCloseTo(595, 6);
});

it('keeps the greys where a quarter of the body is as bright as its brightest', () => {
  const fat = (percent: number): number => (percent < 50 ? 0 : percent < 72 ? 600 : 1100);
  const window = projectionStart('mip', 'MR', fat)!;
  expect(window.centre - window.width / 2).toBe(550);
  expect(window.centre + window.width / 2).toBe(1100);
});

it('is none of tracers, which have one window for slices and projections, and of equal values', () => {
  expect(projectionStart('mip', 'PT', head(0.4, 0.01))).toBeUndefined();
  expect(projectionStart('mip', 'NM', head(0.4, 0.01))).toBeUndefined();
  expect(projectionStart('mip', 'MR', () => 0)).toBeUndefined();
  expect(projectionStart('mip', 'MR', () => undefined)).toBeUndefined();
});
