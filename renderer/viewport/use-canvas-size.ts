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

interface BoxSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The canvas for a box. Its device pixels are the browser's own count, rounded as the box is snapped, where that fits the
 * pixel ratio: a screen that is emulated has another ratio than the pixels that are counted, and a picture made for
 * both would lie beside its crosshair.
 */
export function canvasSize(css: BoxSize, device: BoxSize | undefined, ratio: number): CanvasSize {
  const sides = ['width', 'height'] as const;
  const isCounted =
    device !== undefined && sides.every((side) => Math.abs(device[side] - css[side] * ratio) <= 1);
  const [width, height] = sides.map((side) => (isCounted ? device[side] : Math.round(css[side] * ratio)));
  return { cssWidth: css.width, cssHeight: css.height, width: width!, height: height!, ratio };
}

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
      const counted = device && { width: device.inlineSize, height: device.blockSize };
      setSize(canvasSize(css, counted, devicePixelRatio));
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
