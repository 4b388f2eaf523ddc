/** Which rows of a long list are worth drawing, and which pages of it worth asking for. Sizes in CSS px. */

export interface RowWindow {
  /** First row drawn. */
  readonly first: number;
  /** One past the last row drawn. */
  readonly end: number;
}

/** Rows in view, with `overscan` more on both sides. */
export function rowWindow(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
  overscan: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + overscan);
  return { first: Math.min(first, count), end: Math.max(end, Math.min(first, count)) };
}

/** Numbers of the pages that hold a window's rows. */
export function pagesOf(window: RowWindow, pageSize: number): number[] {
  if (window.end <= window.first) return [];
  const firstPage = Math.floor(window.first / pageSize);
  const lastPage = Math.floor((window.end - 1) / pageSize);
  return Array.from({ length: lastPage - firstPage + 1 }, (_, i) => firstPage + i);
}

/** Rows that pass in so many frames are asked for before they come into view. */
const framesAhead = 30;
const rowsAheadMost = 2000;

/**
 * Rows that come next when a list goes on as it moved from one window to the next, beside the window itself. None after
 * a jump: nothing says that it goes on.
 */
export function rowsAhead(before: RowWindow, now: RowWindow, count: number): RowWindow {
  const step = now.first - before.first;
  const size = now.end - now.first;
  const isJump = Math.abs(step) > 8 * size;
  const ahead = isJump ? 0 : Math.min(rowsAheadMost, Math.abs(step) * framesAhead);
  if (step < 0) return { first: Math.max(0, now.first - ahead), end: now.first };
  return { first: now.end, end: Math.min(count, now.end + ahead) };
}

/** Scroll position that brings a row wholly into view with the least move. */
export function scrollToRow(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + viewHeight ? top + rowHeight - viewHeight : scrollTop;
}
