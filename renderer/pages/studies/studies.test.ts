import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Moment } from '../../../core/terms/format-date.ts';
import {
  columns,
  defaultSort,
  defaultView,
  gridTemplate,
  moved,
  readSort,
  readView,
  resized,
  sortedBy,
  visibleColumns,
} from './columns.ts';
import { isNarrowed, noFilter, studyFilterOf } from './filter.ts';
import { type RowPage, RowPages } from './row-pages.ts';
import { rowsBySlot } from './rows-by-slot.ts';
import {
  followCursor,
  nothingSelected,
  rangeTo,
  rowForKey,
  selectionAfterReading,
  selectionInNewRows,
  selectionStillListed,
  selectOne,
  selectRange,
  toggleOne,
} from './selection.ts';

const now: Moment = { year: 2026, month: 11, day: 21, hour: 9, minute: 0, second: 0 };

describe('filter', () => {
  it('asks for nothing more than what is set', () => {
    expect(studyFilterOf(noFilter, now)).toEqual({});
    expect(isNarrowed({ ...noFilter, source: 'bin' })).toBe(false);
  });
  it('counts today in', () => {
    expect(studyFilterOf({ ...noFilter, period: '1' }, now)).toEqual({ dateFrom: '20261121' });
    expect(studyFilterOf({ ...noFilter, period: '3' }, now)).toEqual({ dateFrom: '20261119' });
  });
  it('joins source, words, range and marks', () => {
    const state = {
      ...noFilter,
      source: 'discs' as const,
      query: ' 王伟 ',
      period: 'range' as const,
      from: '2026-01-02',
      modalities: ['CT'],
      unreadOnly: true,
    };
    expect(studyFilterOf(state, now)).toEqual({
      source: 'disc',
      query: '王伟',
      dateFrom: '20260102',
      modalities: ['CT'],
      unread: true,
    });
  });
  it('finds radiographs by the code of either standard', () => {
    expect(studyFilterOf({ ...noFilter, modalities: ['MG', 'DR'] }, now)).toEqual({
      modalities: ['MG', 'DR', 'DX'],
    });
  });
});

describe('columns', () => {
  it('folds minor ones on small screens unless chosen', () => {
    const small = visibleColumns(defaultView, true).map((column) => column.id);
    expect(small).not.toContain('bytes');
    expect(visibleColumns({ ...defaultView, shown: { bytes: true } }, true).map((c) => c.id)).toContain(
      'bytes',
    );
    expect(visibleColumns({ ...defaultView, shown: { name: false } }, false).map((c) => c.id)).not.toContain(
      'name',
    );
  });
  it('keeps widths within their bounds', () => {
    const name = columns[1]!;
    expect(resized(defaultView, name, 3).widthsPx.name).toBe(name.minPx);
    expect(gridTemplate(resized(defaultView, name, 300), [name], true)).toBe('300px');
  });
  it('gives the description what is left, until it has a width of its own: then the last column takes that', () => {
    const shown = visibleColumns(defaultView, true);
    const at = (id: string) => shown.findIndex((column) => column.id === id);
    const tracks = (view: typeof defaultView) => gridTemplate(view, shown, false).split(/ (?!1fr)/);
    expect(tracks(defaultView)[at('description')]).toBe('minmax(150px, 1fr)');
    // A screen of 1366 px: the list has 1156, and the description more than any other column.
    const others = shown.filter((column) => !column.grows).reduce((sum, column) => sum + column.widthPx, 0);
    expect(1156 - others).toBeGreaterThan(
      Math.max(...shown.map((column) => (column.grows ? 0 : column.widthPx))),
    );
    const set = tracks(resized(defaultView, columns.find((column) => column.grows)!, 320));
    expect([set[at('description')], set[at('status')]]).toEqual(['320px', 'minmax(164px, 1fr)']);
  });
  it('moves a column and back', () => {
    const there = moved(defaultView, 'sex', -1, false);
    const order = visibleColumns(there, false).map((column) => column.id);
    expect(order.indexOf('sex')).toBe(order.indexOf('patientId') - 1);
    expect(visibleColumns(moved(there, 'sex', 1, false), false)).toEqual(visibleColumns(defaultView, false));
  });
  it('reads what it wrote and nothing else', () => {
    const view = moved(resized(defaultView, columns[1]!, 300), 'age', 1, false);
    expect(readView(JSON.stringify(view))).toEqual(view);
    expect(readView('{"widthsPx":{"name":"wide","no":3},"order":["x"]}')).toEqual(defaultView);
    fc.assert(
      fc.property(fc.string(), (text) => Array.isArray(readView(text).order) && readSort(text).length > 0),
    );
  });
  it('sorts, turns round, and joins with Shift', () => {
    const byName = sortedBy(defaultSort, 'name', false);
    expect(byName).toEqual([{ column: 'name', descending: false }]);
    expect(sortedBy(byName, 'name', false)).toEqual([{ column: 'name', descending: true }]);
    expect(sortedBy(byName, 'bytes', true)).toEqual([...byName, { column: 'bytes', descending: true }]);
    expect(readSort(JSON.stringify(byName))).toEqual(byName);
    expect(readSort('[{"column":"; drop"}]')).toEqual(defaultSort);
  });
});

describe('selection', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];
  const listOf = (keys: readonly (string | undefined)[]) => ({
    total: keys.length,
    rowOf: (key: string) => (keys.includes(key) ? keys.indexOf(key) : undefined),
    keyAt: (row: number) => keys[row],
  });

  it('goes to the study that was read last, where one was chosen and the reader has gone on from it', () => {
    const order = ['b', 'c', 'd', 'e'];
    const one = selectOne(7, 'c');
    expect(selectionAfterReading(one, order, 'e')).toEqual(selectOne(9, 'e'));
    expect(selectionAfterReading(one, order, 'b')).toEqual(selectOne(6, 'b'));
    // The same study, one opened from elsewhere, a list that was read before, several that were chosen.
    expect(selectionAfterReading(one, order, 'c')).toBe(one);
    expect(selectionAfterReading(one, order, 'x')).toBe(one);
    expect(selectionAfterReading(one, order, null)).toBe(one);
    expect(selectionAfterReading(selectOne(1, 'a'), order, 'e')).toEqual(selectOne(1, 'a'));
    const two = toggleOne(one, 8, 'd');
    expect(selectionAfterReading(two, order, 'e')).toBe(two);
  });

  it('goes to the next study that is listed where the one that was read has left the list', () => {
    const one = selectOne(2, 'c');
    expect(selectionStillListed(one, order, listOf(['a', 'd', 'e']))).toEqual(selectOne(1, 'd'));
    expect(selectionStillListed(one, order, listOf(['d', 'e']))).toEqual(selectOne(0, 'd'));
    // One that came meanwhile is none of those that were listed; the last ones were read too.
    expect(selectionStillListed(one, order, listOf(['x', 'a', 'y', 'e']))).toEqual(selectOne(3, 'e'));
    expect(selectionStillListed(one, order, listOf(['a', 'b']))).toEqual(selectOne(1, 'b'));
    expect(selectionStillListed(one, order, listOf([]))).toEqual(nothingSelected);
    // Still listed; nobody knows, as rows between have not come; not of this list; several.
    expect(selectionStillListed(one, order, listOf(['a', 'c', 'd']))).toBe(one);
    expect(selectionStillListed(one, order, listOf(['a', undefined, 'd']))).toBe(one);
    expect(selectionStillListed(one, ['d', 'e'], listOf(['d', 'e']))).toBe(one);
    expect(selectionStillListed(one, order, listOf(['x', 'y']))).toBe(one);
    const two = toggleOne(one, 3, 'd');
    expect(selectionStillListed(two, order, listOf(['a', 'd']))).toBe(two);
  });

  it('goes on from a study that leaves the list only after it was moved there', () => {
    // Both studies were read; the first leaves the list at once, the second with the rows after those.
    const found = selectOne(1, 'b');
    const first = selectionInNewRows(found, true, order, listOf(['b', 'c', 'd']));
    expect(first).toEqual({ selection: selectOne(0, 'b'), isAsFound: true, hasGoneOn: false });
    const second = selectionInNewRows(first.selection, first.isAsFound, order, listOf(['c', 'd']));
    expect(second).toEqual({ selection: selectOne(0, 'c'), isAsFound: false, hasGoneOn: true });
    // What a hand has chosen stays chosen where it is not listed any more.
    expect(selectionInNewRows(found, false, order, listOf(['c', 'd'])).selection).toBe(found);
  });

  it('goes by key, adds with Ctrl, spans with Shift', () => {
    const one = selectOne(3, 'c');
    const two = toggleOne(one, 5, 'e');
    expect([...two.keys]).toEqual(['c', 'e']);
    expect([...toggleOne(two, 3, 'c').keys]).toEqual(['e']);
    expect(rangeTo(one, 1)).toEqual({ first: 1, last: 3 });
    const range = selectRange(one, 1, 'a', ['a', 'b', 'c'], false);
    expect(range).toMatchObject({ anchor: 3, cursor: 1 });
    expect([...range.keys]).toEqual(['a', 'b', 'c']);
  });
  it('keeps the cursor on its study when the list moves', () => {
    const one = selectOne(3, 'c');
    expect(followCursor(one, () => 5)).toMatchObject({ cursor: 5, anchor: 5, cursorKey: 'c' });
    expect(followCursor(one, () => undefined)).toBe(one);
    const range = selectRange(one, 6, 'f', ['c', 'd', 'e', 'f'], false);
    expect(followCursor(range, () => 7)).toMatchObject({ cursor: 7, anchor: 3 });
  });
  it('moves by keys within the list', () => {
    expect(rowForKey('ArrowDown', nothingSelected.cursor, 10, 5)).toBe(0);
    expect(rowForKey('ArrowUp', 0, 10, 5)).toBe(0);
    expect(rowForKey('PageDown', 7, 10, 5)).toBe(9);
    expect(rowForKey('End', 0, 100_000, 5)).toBe(99_999);
    expect(rowForKey('KeyA', 0, 10, 5)).toBeNull();
    expect(rowForKey('ArrowDown', null, 0, 5)).toBeNull();
  });
});

describe('row pages', () => {
  const list =
    (name: string, total: number) =>
    async (offset: number, limit: number): Promise<Result<RowPage<string>>> =>
      ok({
        total,
        rows: Array.from({ length: Math.min(limit, total - offset) }, (_, i) => `${name}${offset + i}`),
      });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('asks only for pages in view, once', async () => {
    const load = vi.fn(list('a', 100_000));
    const pages = new RowPages(load, 200);
    pages.show({ first: 0, end: 40 });
    await settle();
    pages.show({ first: 59_990, end: 60_030 });
    pages.show({ first: 59_991, end: 60_031 });
    await settle();
    expect(load.mock.calls).toEqual([
      [0, 200],
      [59_800, 200],
      [60_000, 200],
    ]);
    expect(pages.snapshot().rowAt(60_000)).toBe('a60000');
    expect(pages.snapshot().rowAt(1000)).toBeUndefined();
  });

  it('asks ahead of a list that moves, what is in view first, and for nothing that has gone by', async () => {
    const waiting: (() => void)[] = [];
    const asked: number[] = [];
    const pages = new RowPages<string>(async (offset, limit) => {
      asked.push(offset);
      if (offset > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return list('a', 100_000)(offset, limit);
    }, 100);
    const view = (first: number) => pages.show({ first, end: first + 40 });
    view(0);
    await settle();
    view(20);
    // 600 rows ahead, but four calls at a time.
    expect(asked).toEqual([0, 100, 200, 300, 400]);
    // Thrown far away while they are under way: what is in view comes next, the pages between never.
    view(9000);
    for (const resolve of waiting.splice(0)) resolve();
    await settle();
    for (const resolve of waiting.splice(0)) resolve();
    await settle();
    expect(asked).toEqual([0, 100, 200, 300, 400, 9000]);
    expect(pages.snapshot().rowAt(9000)).toBe('a9000');
    // Upwards the nearest page comes first.
    view(8990);
    expect(asked.slice(6)).toEqual([8900, 8800, 8700, 8600]);
  });

  it('drops answers to older questions and keeps old rows until new ones are there', async () => {
    let answer: (value: Result<RowPage<string>>) => void = () => undefined;
    const pages = new RowPages<string>(list('a', 50), 20);
    pages.show({ first: 0, end: 10 });
    await settle();
    pages.replace(() => new Promise((resolve) => (answer = resolve)));
    const first = answer;
    const newer = list('b', 1);
    pages.replace(newer);
    expect(pages.snapshot().rowAt(0)).toBe('a0');
    // What is on screen answers another question yet.
    expect(pages.isOf(newer)).toBe(false);
    await settle();
    expect(pages.isOf(newer)).toBe(true);
    first(ok({ total: 9, rows: ['late'] }));
    await settle();
    expect(pages.snapshot().total).toBe(1);
    expect(pages.snapshot().rowAt(0)).toBe('b0');
    expect(pages.snapshot().rowAt(25)).toBeUndefined();
  });

  it('says a problem and keeps the rows', async () => {
    const pages = new RowPages<string>(list('a', 5), 20);
    pages.show({ first: 0, end: 5 });
    await settle();
    const failing = async () => fail({ code: 'IO_ERROR' });
    pages.replace(failing);
    await settle();
    expect(pages.isOf(failing)).toBe(false);
    expect(pages.snapshot().problem?.code).toBe('IO_ERROR');
    expect(pages.snapshot().rowAt(0)).toBe('a0');
  });

  it('holds no more pages than it should', async () => {
    const load = vi.fn(list('a', 100_000));
    const pages = new RowPages(load, 10, 3);
    for (let first = 0; first < 100; first += 10) {
      pages.show({ first, end: first + 10 });
      await settle();
    }
    expect(pages.snapshot().rowAt(0)).toBeUndefined();
    expect(pages.snapshot().rowAt(95)).toBe('a95');
  });
});

describe('rows by slot', () => {
  it('gives each row an element of its own that it keeps while it is drawn', () => {
    const slots = 49;
    const slotOf = (first: number, end: number) =>
      new Map(rowsBySlot({ first, end, slots }).map(({ row, slot }) => [row, slot]));
    for (const [first, end] of [
      [0, 41],
      [30, 79],
      [31, 80],
    ] as const) {
      const found = slotOf(first, end);
      expect([...found.keys()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: end - first }, (_, i) => first + i),
      );
      expect(new Set(found.values()).size).toBe(end - first);
    }
    const before = slotOf(30, 79);
    for (const [row, slot] of slotOf(31, 80)) if (row < 79) expect(before.get(row)).toBe(slot);
  });
});
