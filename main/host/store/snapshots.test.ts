import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotsToKeep } from './snapshots.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('snapshotsToKeep', () => {
  it('keeps seven days and four weeks, whatever the clock says', () => {
    const daily = Array.from({ length: 60 }, (_, day) => day * dayMs + 5);
    const kept = [...snapshotsToKeep(daily)].sort((a, b) => b - a);
    expect(kept.slice(0, 7)).toEqual(daily.slice(-7).reverse());
    expect(kept.length).toBeLessThanOrEqual(11);
    expect(snapshotsToKeep([])).toEqual(new Set());
  });

  it('always keeps the newest, never more than eleven, and a second look keeps the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 400 * dayMs }), { minLength: 1 }), (times) => {
        const kept = snapshotsToKeep(times);
        expect(kept.has(Math.max(...times))).toBe(true);
        expect(kept.size).toBeLessThanOrEqual(11);
        expect(snapshotsToKeep([...kept])).toEqual(kept);
        // With seven days or fewer at hand, the newest of each day is there.
        const days = new Set(times.map((atMs) => Math.floor(atMs / dayMs)));
        if (days.size <= 7) expect(kept.size).toBeGreaterThanOrEqual(days.size);
      }),
    );
  });
});
