import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { type RowWindow, rowWindow } from './row-window.ts';

export interface DrawnRows extends RowWindow {
  /** No window of this size holds more rows: row r may be drawn by element r % slots, which then never moves. */
  readonly slots: number;
}

/**
 * The rows of a scrolling element that are worth drawing. They are drawn in the frame that scrolls, not in the next: a list
 * that is thrown passes more than a screen a frame. Draw them at `row * rowHeight` inside a child of `count * rowHeight` pixels.
 */
export function useRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  overscan = 8,
): DrawnRows {
  const [view, setView] = useState({ top: 0, height: 900 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    // Whole rows only: a move within one changes nothing that is drawn.
    const read = () => {
      const next = {
        top: Math.floor(element.scrollTop / rowHeight) * rowHeight,
        height: element.clientHeight + rowHeight,
      };
      setView((last) => (last.top === next.top && last.height === next.height ? last : next));
    };
    // A browser tells of scrolling once a frame, before it draws.
    const now = () => flushSync(read);
    const sizes = new ResizeObserver(read);
    sizes.observe(element);
    element.addEventListener('scroll', now, { passive: true });
    read();
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', now);
    };
  }, [scroller, rowHeight]);
  const slots = Math.ceil(view.height / rowHeight) + 2 * overscan + 1;
  return { ...rowWindow(view.top, view.height, rowHeight, count, overscan), slots };
}
