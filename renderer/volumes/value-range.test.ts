import { describe, expect, it } from 'vitest';
import { rangeVoi } from '../viewport/windowing.ts';
import { RangeKeeper } from './value-range.ts';

const count = 120;
/** A head: slices grow brighter from both ends to the middle. */
const frame = (k: number) => {
  const brightest = 400 + 600 * Math.sin(((k + 0.5) / count) * Math.PI);
  const sample = Float32Array.from({ length: 500 }, (_, n) => Math.round((n / 499) * brightest));
  return { min: 0, max: Math.round(brightest), sample };
};

/** Windows that a page shows, repainted at each arrival. */
function windowsOf(order: readonly number[]): string[] {
  let arrived = 0;
  const range = new RangeKeeper(() => arrived === order.length);
  return order.map((k) => {
    arrived += 1;
    range.add(frame(k));
    return JSON.stringify(rangeVoi(range, 2, 98));
  });
}

const outward = Array.from(
  { length: count },
  (_, n) => count / 2 + (n % 2 === 0 ? 1 : -1) * Math.ceil(n / 2),
).map((k) => (k + count) % count);
const upward = Array.from({ length: count }, (_, n) => n);

describe('the range of the values seen so far', () => {
  it('keeps its percentiles while frames arrive, and has those of all in the end', () => {
    for (const [order, most] of [
      [outward, 2],
      [upward, 5],
    ] as const) {
      const shown = windowsOf(order);
      expect(new Set(shown).size).toBeLessThanOrEqual(most);
      const all = new RangeKeeper();
      for (const k of order) all.add(frame(k));
      expect(shown.at(-1)).toBe(JSON.stringify(rangeVoi(all, 2, 98)));
    }
  });

  it('gives a first image up that says nothing of the rest', () => {
    const range = new RangeKeeper(() => false);
    range.add({ min: 0, max: 3, sample: Float32Array.of(0, 1, 2, 3) });
    expect(range.percentile(98)).toBe(3);
    range.add(frame(60));
    expect(range.percentile(98)).toBeGreaterThan(900);
  });

  it('has no percentile before the first value', () => {
    expect(new RangeKeeper(() => false).percentile(50)).toBeUndefined();
  });
});
