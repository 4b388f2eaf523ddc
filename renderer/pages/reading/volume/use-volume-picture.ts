import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { withoutGrain } from '../../../../core/render/grain.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import { PicturePainter } from '../../../viewport/picture-painter.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { GpuVolumeView } from '../../../vtk/volume-view.ts';
import type { FusedVolume } from '../fusion/use-fused-volume.ts';
import { useGpuLayers } from '../masks/use-gpu-layers.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { PairQueue } from './pair-queue.ts';
import { type GpuRoadView, useGpuBricks, useGpuView } from './use-gpu-view.ts';
import { type Road, useGpuTrial, useRoad } from './volume-road.ts';

/** After this long without a change the picture is drawn sharp. */
const restMs = 100;
/** What one moving picture may take; coarser pixels keep to it. */
const movingMs = 45;
/** A moving picture keeps at least this many computed pixels along a square's edge. */
const leastEdge = 256;
/** Until it is known how fast this machine is. */
const startCoarse = 3;

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
  /** A second series over it: both are painted at once, or neither. */
  readonly over?: FusedVolume | null;
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
  useGpuBricks(view, renderer);
  const labelled = useGpuLayers(input.session, view, renderer, input.scene?.layers);
  useGpuPicture(input, view, labelled, { proven, failed });
  return { road, reduced: view?.factor ?? 1 };
}

function useGpuPicture(
  { scene, size, holder, over = null }: VolumePictureInput,
  view: GpuVolumeView | null,
  labelled: number,
  { proven, failed }: Pick<GpuRoadView, 'proven' | 'failed'>,
): void {
  const pairs = useRef(new PairQueue());
  const numbers = useRef({ asked: 0, painted: 0 });
  const coarse = useRef(startCoarse);
  useEffect(() => {
    if (!view || !scene || size.width === 0 || labelled < 0) return;
    const draw = (number: number, isMoving: boolean): boolean => {
      if (number < numbers.current.painted) return false;
      numbers.current.painted = number;
      try {
        view.draw(scene, size.width, size.height, isMoving);
        const element = holder.current;
        if (element) element.dataset['painted'] = isMoving ? 'moving' : 'rest';
        if (!isMoving) proven();
      } catch {
        failed();
      }
      return true;
    };
    const pair = async (number: number, isMoving: boolean): Promise<void> => {
      // At rest the coarse projection of the same scene lies over it until the sharp one is there.
      if (!isMoving && !draw(number, false)) return;
      const factor = isMoving ? Math.min(coarse.current, coarsestOf(size)) : 1;
      const startMs = performance.now();
      const paint = await over?.draw(scene, size, isMoving ? 'moving' : 'rest', factor);
      if (!paint || number < numbers.current.painted) return;
      if (isMoving) {
        adapt(coarse, performance.now() - startMs, coarsestOf(size));
        draw(number, true);
      }
      paint();
    };
    const start = (isMoving: boolean): void => {
      numbers.current.asked += 1;
      const number = numbers.current.asked;
      if (!over) draw(number, isMoving);
      else if (isMoving) pairs.current.move(() => pair(number, true));
      else pairs.current.rest(() => pair(number, false));
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The picture at rest is begun after the moving one also where the page was busy: the last is what stays.
    const request = requestAnimationFrame(() => {
      start(true);
      timer = setTimeout(() => start(false), restMs);
    });
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  }, [view, scene, size, holder, labelled, over, proven, failed]);
}

function useCpuPicture(
  { canvas, scene, size, over = null }: VolumePictureInput,
  renderer: CpuRenderer | null,
): void {
  const painter = useRef<PicturePainter | null>(null);
  const coarse = useRef(startCoarse);
  const pairs = useRef(new PairQueue());
  const numbers = useRef({ asked: 0, painted: 0 });

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    painter.current ??= new PicturePainter(element);
    painter.current.resize(size.width, size.height);
  }, [canvas, size]);

  useEffect(() => {
    if (!renderer || !scene || size.width === 0) return;
    const draw = async (number: number, quality: 'moving' | 'rest'): Promise<void> => {
      const factor = quality === 'rest' ? 1 : Math.min(coarse.current, coarsestOf(size));
      const startMs = performance.now();
      const options = { channel: 'volume', quality, coarse: factor, values: false } as const;
      const [frame, paintOver] = await Promise.all([
        renderer.volume(scene, size, options),
        over?.draw(scene, size, quality, factor),
      ]);
      if (!frame || (over && !paintOver) || number < numbers.current.painted) return;
      numbers.current.painted = number;
      const { rgba, width, height } = frame;
      const isGrainy = quality === 'moving' && scene.mode === 'composite';
      const shown = isGrainy ? { ...frame, rgba: withoutGrain(rgba, width, height) } : frame;
      if (quality === 'moving') adapt(coarse, performance.now() - startMs, coarsestOf(size));
      painter.current?.paint(shown);
      paintOver?.();
      const element = canvas.current;
      if (element) element.dataset['painted'] = quality;
    };
    const start = (quality: 'moving' | 'rest'): void => {
      numbers.current.asked += 1;
      const number = numbers.current.asked;
      const make = (): Promise<void> => draw(number, quality);
      // A renderer that has ended answers with an error; its successor draws the same scene.
      if (!over) void make().catch(() => undefined);
      else if (quality === 'moving') pairs.current.move(make);
      else pairs.current.rest(make);
    };
    start('moving');
    const timer = setTimeout(() => start('rest'), restMs);
    return () => clearTimeout(timer);
  }, [canvas, renderer, scene, size, over]);
}

/** Beyond this a moving picture shows too little. */
const coarsestOf = ({ width, height }: CanvasSize): number =>
  Math.max(1, Math.sqrt(width * height) / leastEdge);

/** Finds the coarseness whose pictures keep the hand's pace on this machine. */
function adapt(coarse: { current: number }, tookMs: number, coarsest: number): void {
  const next = coarse.current * Math.sqrt(tookMs / movingMs);
  coarse.current = Math.min(coarsest, Math.max(1.5, coarse.current * 0.5 + next * 0.5));
}
