import { type RefObject, useEffect, useState } from 'react';

/** Size of an element in CSS pixels and in device pixels. */
export interface CanvasSize {
  readonly cssWidth: number;
  readonly cssHeight: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels of one CSS pixel. */
  readonly ratio: number;
}

export const noSize: CanvasSize = { cssWidth: 0, cssHeight: 0, width: 0, height: 0, ratio: 1 };

/** Follows an element's size and the screen's pixel ratio, which changes when a window moves or zooms. */
export function useCanvasSize(element: RefObject<HTMLElement | null>): CanvasSize {
  const [size, setSize] = useState(noSize);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const observer = new ResizeObserver(([entry]) => {
      const css = entry?.contentRect;
      const device = entry?.devicePixelContentBoxSize?.[0];
      if (!css) return;
      setSize({
        cssWidth: css.width,
        cssHeight: css.height,
        width: device ? device.inlineSize : Math.round(css.width * devicePixelRatio),
        height: device ? device.blockSize : Math.round(css.height * devicePixelRatio),
        ratio: devicePixelRatio,
      });
    });
    try {
      observer.observe(box, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(box);
    }
    return () => observer.disconnect();
  }, [element]);
  return size;
}
