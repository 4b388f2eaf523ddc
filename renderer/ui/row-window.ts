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

/** Scroll position that brings a row wholly into view with the least move. */
export function scrollToRow(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + viewHeight ? top + rowHeight - viewHeight : scrollTop;
}
