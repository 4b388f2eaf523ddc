import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { PicturePainter } from '../../viewport/picture-painter.ts';
import type { CanvasSize } from '../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { useGpuLayers } from './masks/use-gpu-layers.ts';
import type { ReadingSession } from './reading-session.ts';
import { useGpuBricks, useGpuView } from './use-gpu-view.ts';
import { type Road, useGpuTrial, useRoad } from './volume-road.ts';

/** After this long without a change the picture is drawn sharp. */
const restMs = 100;
/** What one moving picture may take; coarser pixels keep to it. */
const movingMs = 45;
/** A moving picture keeps at least this many computed pixels along a square's edge. */
const leastEdge = 256;

export interface VolumePictureInput {
  readonly session: ReadingSession;
  /** For the CPU road. */
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** The GPU road puts its own canvas here. */
  readonly holder: RefObject<HTMLDivElement | null>;
  readonly stack: OpenStack;
  /** Null = not yet. */
  readonly scene: VolumeScene | null;
  readonly size: CanvasSize;
}

export interface VolumePicture {
  readonly road: Road;
  /** The picture is made of blocks of this many voxels along each edge; 1 = of all voxels. */
  readonly reduced: number;
}

/** Keeps a 3D picture on screen by the road of this machine: coarse while it moves, sharp at rest. */
export function useVolumePicture(input: VolumePictureInput): VolumePicture {
  const road = useRoad();
  useGpuTrial();
  const isReady = input.scene !== null;
  const renderer = useCpuRenderer(input.stack, isReady ? 1 : 0);
  useCpuPicture(input, road === 'cpu' ? renderer : null);
  const { view, proven, failed } = useGpuView(input.holder, input.stack, road === 'gpu' && isReady);
  const { scene, size, holder } = input;
  useGpuBricks(view, renderer);
  const labelled = useGpuLayers(input.session, view, renderer, scene?.layers);
  useEffect(() => {
    if (!view || !scene || size.width === 0 || labelled < 0) return;
    const draw = (isMoving: boolean): void => {
      try {
        view.draw(scene, size.width, size.height, isMoving);
        const element = holder.current;
        if (element) element.dataset['painted'] = isMoving ? 'moving' : 'rest';
        if (!isMoving) proven();
      } catch {
        failed();
      }
    };
    const request = requestAnimationFrame(() => draw(true));
    const timer = setTimeout(() => draw(false), restMs);
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  }, [view, scene, size, holder, labelled, proven, failed]);
  return { road, reduced: view?.factor ?? 1 };
}

function useCpuPicture({ canvas, scene, size }: VolumePictureInput, renderer: CpuRenderer | null): void {
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
      const factor = quality === 'rest' ? 1 : Math.min(coarse.current, coarsestOf(size));
      const startMs = performance.now();
      const frame = await renderer.volume(scene, size, {
        channel: 'volume',
        quality,
        coarse: factor,
        values: false,
      });
      if (!frame || number < numbers.current.painted) return;
      numbers.current.painted = number;
      if (quality === 'moving') adapt(coarse, performance.now() - startMs, coarsestOf(size));
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
}

/** Beyond this a moving picture shows too little. */
const coarsestOf = ({ width, height }: CanvasSize): number =>
  Math.max(1, Math.sqrt(width * height) / leastEdge);

/** Finds the coarseness whose pictures keep the hand's pace on this machine. */
function adapt(coarse: { current: number }, tookMs: number, coarsest: number): void {
  const next = coarse.current * Math.sqrt(tookMs / movingMs);
  coarse.current = Math.min(coarsest, Math.max(1.5, coarse.current * 0.5 + next * 0.5));
}
