import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { PicturePainter } from '../../viewport/picture-painter.ts';
import type { CanvasSize } from '../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { type Road, useRoad } from './volume-road.ts';

/** After this long without a change the picture is drawn sharp. */
const restMs = 150;
/** What one moving picture may take; coarser pixels keep to it. */
const movingMs = 60;

/** Keeps a canvas showing a 3D scene: coarse while it moves, sharp at rest. Null scene = not yet. */
export function useVolumePicture(
  canvas: RefObject<HTMLCanvasElement | null>,
  stack: OpenStack,
  scene: VolumeScene | null,
  size: CanvasSize,
): { readonly road: Road } {
  const renderer = useCpuRenderer(stack, 0);
  const road = useRoad();
  const painter = useRef<PicturePainter | null>(null);
  const coarse = useRef(3);
  const numbers = useRef({ asked: 0, painted: 0 });

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    painter.current ??= new PicturePainter(element);
    painter.current.resize(size.width, size.height);
  }, [canvas, size]);

  useEffect(() => {
    if (!renderer || !scene || size.width === 0) return;
    const draw = async (quality: 'moving' | 'rest'): Promise<void> => {
      numbers.current.asked += 1;
      const number = numbers.current.asked;
      const factor = quality === 'rest' ? 1 : coarse.current;
      const startMs = performance.now();
      const frame = await renderer.volume(scene, size, {
        channel: 'volume',
        quality,
        coarse: factor,
        values: false,
      });
      if (!frame || number < numbers.current.painted) return;
      numbers.current.painted = number;
      if (quality === 'moving') adapt(coarse, performance.now() - startMs);
      painter.current?.paint(frame);
      const element = canvas.current;
      if (element) element.dataset['painted'] = quality;
    };
    // A renderer that has ended answers with an error; its successor draws the same scene.
    const start = (quality: 'moving' | 'rest'): void => void draw(quality).catch(() => undefined);
    start('moving');
    const timer = setTimeout(() => start('rest'), restMs);
    return () => clearTimeout(timer);
  }, [canvas, renderer, scene, size]);

  return { road };
}

/** Finds the coarseness whose pictures keep the hand's pace on this machine. */
function adapt(coarse: { current: number }, tookMs: number): void {
  const next = coarse.current * Math.sqrt(tookMs / movingMs);
  coarse.current = Math.min(6, Math.max(1.5, coarse.current * 0.5 + next * 0.5));
}
