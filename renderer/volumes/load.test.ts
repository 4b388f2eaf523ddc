import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameList, viewingOrder } from './load-order.ts';

describe('viewing order', () => {
  test('what is seen first, then outward', () => {
    expect(viewingOrder(6, 2, 0)).toEqual([2, 3, 1, 4, 0, 5]);
    expect(viewingOrder(6, 2, 1)).toEqual([2, 3, 4, 1, 5, 0]);
    expect(viewingOrder(0, 0, 0)).toEqual([]);
  });
  test('every frame once, starting at the clamped focus', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: -5, max: 400 }),
        fc.integer({ min: -1, max: 1 }),
        (n, focus, d) => {
          const order = viewingOrder(n, focus, d);
          expect(order[0]).toBe(Math.min(n - 1, Math.max(0, focus)));
          expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
    );
  });
});

const expand = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number);
    return Array.from({ length: (to ?? from!) - from! + 1 }, (_, n) => from! + n);
  });

test('a frame list shortens ascending runs and keeps the order', () => {
  expect(frameList([9, 4, 5, 6, 12, 11])).toBe('9,4-6,12,11');
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), (frames) => {
      expect(expand(frameList(frames))).toEqual(frames);
    }),
  );
});
