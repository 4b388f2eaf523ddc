import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pagesOf, rowsAhead, rowWindow, scrollToRow } from './row-window.ts';

const nat = (max: number) => fc.integer({ min: 0, max });

describe('row window', () => {
  it('draws 44 rows of 100,000', () => {
    expect(rowWindow(28 * 50_000, 28 * 30, 28, 100_000, 7)).toEqual({ first: 49_993, end: 50_037 });
  });

  it('covers every visible row and nothing outside the list', () => {
    fc.assert(
      fc.property(nat(3e6), nat(2000), nat(100_000), nat(20), (scrollTop, viewHeight, count, overscan) => {
        const { first, end } = rowWindow(scrollTop, viewHeight, 28, count, overscan);
        const visible = (row: number) => row * 28 < scrollTop + viewHeight && (row + 1) * 28 > scrollTop;
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(first).toBeLessThanOrEqual(end);
        for (const row of [Math.floor(scrollTop / 28), Math.floor((scrollTop + viewHeight - 1) / 28)]) {
          if (row >= 0 && row < count && visible(row)) expect(row >= first && row < end).toBe(true);
        }
      }),
    );
  });

  it('looks ahead the way and at the pace of the movement, inside the list, and not after a jump', () => {
    const at = (first: number) => ({ first, end: first + 40 });
    // 43 rows a frame, downwards and upwards; one row a frame; at the end; thrown somewhere else.
    expect(rowsAhead(at(1000), at(1043), 100_000)).toEqual({ first: 1083, end: 1083 + 43 * 30 });
    expect(rowsAhead(at(1043), at(1000), 100_000)).toEqual({ first: 0, end: 1000 });
    expect(rowsAhead(at(5001), at(5000), 100_000)).toEqual({ first: 4970, end: 5000 });
    expect(rowsAhead(at(99_900), at(99_943), 100_000)).toEqual({ first: 99_983, end: 100_000 });
    expect(rowsAhead(at(0), at(50_000), 100_000)).toEqual({ first: 50_040, end: 50_040 });
  });

  it('asks for exactly the pages that hold the rows', () => {
    fc.assert(
      fc.property(nat(100_000), nat(100), fc.integer({ min: 1, max: 300 }), (first, size, pageSize) => {
        const end = first + size;
        const pages = new Set(pagesOf({ first, end }, pageSize));
        const wanted = new Set(Array.from({ length: size }, (_, i) => Math.floor((first + i) / pageSize)));
        expect(pages).toEqual(wanted);
      }),
    );
  });

  it('scrolls no further than it must', () => {
    expect(scrollToRow(10, 0, 280, 28)).toBe(28);
    expect(scrollToRow(5, 0, 280, 28)).toBe(0);
    expect(scrollToRow(2, 100, 280, 28)).toBe(56);
  });
});
