import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import type { Frame } from '../../../core/render/types.ts';
import type { SliceScene } from '../../../core/scene/types.ts';
import { PicturePainter } from '../../viewport/picture-painter.ts';

/** After this long without a change the picture is drawn exactly. */
const restMs = 120;
/** Planes that take longer than this (the three of a step are one job) are drawn coarse while something moves. */
const exactMostMs = 50;

let drawing = 0;

/** True while planes are being drawn: whoever plays waits for them. */
export const isDrawingSlices = (): boolean => drawing > 0;

/**
 * Keeps a canvas showing a scene: coarse while it changes where exact would be too slow, exact at rest. The
 * newest scene of a channel wins; `version` counts changes of the voxels themselves. `onFrame` is told what was painted.
 */
export function useSlice(
  canvas: RefObject<HTMLCanvasElement | null>,
  renderer: CpuRenderer | null,
  channel: string,
  scene: SliceScene | null,
  version: number,
  onFrame?: (frame: Frame) => void,
): void {
  const painter = useRef<PicturePainter | null>(null);
  const exactMs = useRef(0);
  const order = useRef({ asked: 0, painted: 0 });

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !scene) return;
    painter.current ??= new PicturePainter(element);
    painter.current.resize(scene.width, scene.height);
  }, [canvas, scene]);

  useEffect(() => {
    if (!renderer || !scene || scene.width === 0 || scene.height === 0) return;
    const draw = async (coarse: number): Promise<void> => {
      order.current.asked += 1;
      const number = order.current.asked;
      const startMs = performance.now();
      // Planes go before a 3D picture at rest, which takes its time.
      drawing += 1;
      const drawn = renderer.slice(scene, { channel, coarse, quality: 'moving', values: false });
      const frame = await drawn.finally(() => {
        drawing -= 1;
      });
      // Pictures come back in order; an older one never covers a newer one.
      if (!frame || number < order.current.painted) return;
      order.current.painted = number;
      if (coarse === 1) exactMs.current = performance.now() - startMs;
      painter.current?.paint(frame);
      onFrame?.(frame);
      const element = canvas.current;
      if (element) element.dataset['painted'] = `${version}.${number}`;
    };
    // A renderer that has ended answers with an error; its successor draws the same scene.
    const start = (coarse: number): void => void draw(coarse).catch(() => undefined);
    const isSlow = exactMs.current > exactMostMs;
    start(isSlow ? 2 : 1);
    const timer = isSlow ? setTimeout(() => start(1), restMs) : undefined;
    return () => clearTimeout(timer);
  }, [canvas, renderer, channel, scene, version, onFrame]);
}
