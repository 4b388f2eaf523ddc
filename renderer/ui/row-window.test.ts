import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pagesOf, rowWindow, scrollToRow } from './row-window.ts';

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
