/** Which studies are selected, as a list of any length is used: by key, with an anchor and a cursor by row. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Row where Shift began. */
  readonly anchor: number | null;
  /** Row that the keyboard is on. */
  readonly cursor: number | null;
  readonly cursorKey: string | null;
}

export const nothingSelected: Selection = { keys: new Set(), anchor: null, cursor: null, cursorKey: null };

/** Plain click or arrow: only this row. */
export const selectOne = (row: number, key: string): Selection => ({
  keys: new Set([key]),
  anchor: row,
  cursor: row,
  cursorKey: key,
});

/** Ctrl+click: this row in or out; Shift continues from here. */
export function toggleOne(selection: Selection, row: number, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: row, cursor: row, cursorKey: key };
}

/** Rows from the anchor to `row`, both included, whichever is first. */
export function rangeTo(selection: Selection, row: number): { first: number; last: number } {
  const anchor = selection.anchor ?? row;
  return { first: Math.min(anchor, row), last: Math.max(anchor, row) };
}

/** Shift: exactly the keys of the range; Ctrl+Shift adds them. */
export const selectRange = (
  selection: Selection,
  row: number,
  key: string,
  rangeKeys: readonly string[],
  isAdding: boolean,
): Selection => ({
  keys: new Set(isAdding ? [...selection.keys, ...rangeKeys] : rangeKeys),
  anchor: selection.anchor ?? row,
  cursor: row,
  cursorKey: key,
});

/**
 * The selection after the list has moved: the cursor stays on its study, wherever that is now.
 * `rowOf` answers a study's row, undefined when it is not known.
 */
export function followCursor(selection: Selection, rowOf: (key: string) => number | undefined): Selection {
  const { cursor, cursorKey, anchor } = selection;
  if (cursorKey === null) return selection;
  const row = rowOf(cursorKey);
  if (row === undefined || row === cursor) return selection;
  return { ...selection, cursor: row, anchor: anchor === cursor ? row : anchor };
}

/**
 * The selection of one study after its reader has gone on from it, study by study: the one that was read last, as far from
 * it as in the order of reading. Several that were chosen stay.
 */
export function selectionAfterReading(
  selection: Selection,
  order: readonly string[],
  lastRead: string | null,
): Selection {
  const { keys, cursor, cursorKey } = selection;
  if (keys.size !== 1 || cursor === null || cursorKey === null || lastRead === null) return selection;
  const [from, to] = [order.indexOf(cursorKey), order.indexOf(lastRead)];
  const row = cursor + to - from;
  return from < 0 || to < 0 || from === to || row < 0 ? selection : selectOne(row, lastRead);
}

/** What of a list is known: rows that have not come have no key. */
export interface KnownList {
  readonly total: number;
  rowOf(key: string): number | undefined;
  keyAt(row: number): string | undefined;
}

/**
 * The selection of one study that has left the list, as one that was read leaves the unread: the next of the order in which
 * they were listed that is there still, else the nearest before it. As it was while nobody knows whether it has left.
 */
export function selectionStillListed(
  selection: Selection,
  order: readonly string[],
  list: KnownList,
): Selection {
  const { keys, cursorKey } = selection;
  if (keys.size !== 1 || cursorKey === null || list.rowOf(cursorKey) !== undefined) return selection;
  if (list.total === 0) return nothingSelected;
  const at = order.indexOf(cursorKey);
  if (at < 0) return selection;
  // Between its neighbours of before it would stand now: their rows must be known on that side.
  for (const [candidates, side] of [
    [order.slice(at + 1), -1],
    [order.slice(0, at).reverse(), 1],
  ] as const) {
    const key = candidates.find((candidate) => list.rowOf(candidate) !== undefined);
    const row = key === undefined ? undefined : list.rowOf(key);
    if (key === undefined || row === undefined) continue;
    const isEnd = side < 0 ? row === 0 : row === list.total - 1;
    return isEnd || list.keyAt(row + side) !== undefined ? selectOne(row, key) : selection;
  }
  return selection;
}

/**
 * The selection when rows have come: on its study wherever that stands now; as it was found on coming back, gone on from a
 * study that has left the list. Rows may come several times until then, and each may move the study.
 */
export function selectionInNewRows(
  selection: Selection,
  isAsFound: boolean,
  order: readonly string[],
  list: KnownList,
): { readonly selection: Selection; readonly isAsFound: boolean; readonly hasGoneOn: boolean } {
  const { cursor, cursorKey } = selection;
  const same = { selection, isAsFound, hasGoneOn: false };
  if (cursor !== null && list.keyAt(cursor) === cursorKey) return same;
  const moved = followCursor(selection, list.rowOf);
  if (moved !== selection || !isAsFound) return { ...same, selection: moved };
  const next = selectionStillListed(selection, order, list);
  return next === selection ? same : { selection: next, isAsFound: false, hasGoneOn: true };
}

/** Row the keyboard goes to; null when the key is not for the list or the list is empty. */
export function rowForKey(
  code: string,
  cursor: number | null,
  count: number,
  pageRows: number,
): number | null {
  if (count === 0) return null;
  const at = cursor ?? -1;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: cursor === null ? 0 : at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
  };
  const row = steps[code];
  return row === undefined ? null : Math.min(count - 1, Math.max(0, row));
}
