import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cineAt, cineWayOf } from './cine-way.ts';

const played = (first: number, count: number, way: 'loop' | 'bounce', length: number): readonly number[] =>
  Array.from({ length }, (_, passed) => cineAt(first, passed, count, way));

describe('what cine shows', () => {
  test('a loop begins again; to and fro each end is shown once', () => {
    expect(played(1, 4, 'loop', 7)).toEqual([1, 2, 3, 0, 1, 2, 3]);
    expect(played(1, 4, 'bounce', 9)).toEqual([1, 2, 3, 2, 1, 0, 1, 2, 3]);
    expect(played(3, 4, 'bounce', 3)).toEqual([3, 2, 1]);
    expect(played(0, 2, 'bounce', 4)).toEqual([0, 1, 0, 1]);
  });

  test('to and fro each image follows a neighbour, and all are shown', () => {
    const stacks = fc
      .integer({ min: 2, max: 60 })
      .chain((count) => fc.record({ count: fc.constant(count), first: fc.nat(count - 1) }));
    fc.assert(
      fc.property(stacks, ({ count, first }) => {
        const shown = played(first, count, 'bounce', 2 * count);
        expect(shown[0]).toBe(first);
        expect(new Set(shown)).toEqual(new Set(Array.from({ length: count }, (_, n) => n)));
        for (const [n, k] of shown.entries()) {
          if (n > 0) expect(Math.abs(k - shown[n - 1]!)).toBe(1);
        }
      }),
    );
  });

  test('plays in a loop unless to and fro was chosen', () => {
    expect(cineWayOf({})).toBe('loop');
    expect(cineWayOf({ cineWay: 'bounce' })).toBe('bounce');
    expect(cineWayOf({ cineWay: 'backwards' })).toBe('loop');
  });
});
