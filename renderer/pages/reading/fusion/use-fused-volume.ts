import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { overlayScene } from '../../../../core/render/fused.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { PictureSize, Quality } from '../../../../core/render/volume.ts';
import type { Fusion } from '../../../../core/scene/fusion.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading } from '../use-words.ts';
import { useCpuRenderer } from '../volume/cpu-road.ts';
import { canFuse, fusedStack, fusionRange } from './fusion.ts';
import { type FusedLook, paintFused } from './paint-fused.ts';

/** PET has larger voxels than what it lies over: fewer rays show as much of it while it moves. */
const movingCoarser = 1.8;

/** Draws the second series for a 3D scene. Both roads use it: one volume is in the card's memory at a time. */
export interface FusedVolume {
  /**
   * What paints it, to be called together with the picture of the first series; null where a newer request took its
   * place.
   */
  draw(scene: VolumeScene, size: PictureSize, quality: Quality, coarse: number): Promise<(() => void) | null>;
}

export interface ShownFusion {
  readonly stack: OpenStack;
  readonly look: FusedLook;
  /** Null until its volume is whole. */
  readonly over: FusedVolume | null;
}

/** The second series of a view in 3D; null where there is none, or it lies in another frame of reference. */
export function useFusedVolume(
  session: ReadingSession,
  fusion: Fusion | null,
  canvas: RefObject<HTMLCanvasElement | null>,
): ShownFusion | null {
  const seriesKey = fusion?.seriesKey;
  useReading(session, (s) => s.opened);
  useEffect(() => {
    if (seriesKey !== undefined) void session.open(seriesKey);
  }, [session, seriesKey]);
  const found = fusion ? fusedStack(session, fusion) : undefined;
  const stack = canFuse(session.mprStack(), found) ? found : undefined;
  const version = useStackArrivals(stack);
  useEffect(() => stack?.loader.focus(stack.count >> 1), [stack]);
  const renderer = useCpuRenderer(stack, version);
  const { map = 'hot', opacity = 0 } = fusion ?? {};
  const { low, high } = fusion && stack ? fusionRange(fusion, stack) : { low: 0, high: 1 };
  const look = useMemo(() => ({ map, opacity, low, high }), [map, opacity, low, high]);
  const over = usePainter(stack?.isWhole ? renderer : null, canvas, look);
  return stack ? { stack, look, over } : null;
}

function usePainter(
  renderer: ReturnType<typeof useCpuRenderer>,
  canvas: RefObject<HTMLCanvasElement | null>,
  look: FusedLook,
): FusedVolume | null {
  const now = useRef(look);
  /** What is painted: other colours need no other rays. */
  const last = useRef<{ readonly by: unknown; readonly frame: Frame; readonly size: PictureSize } | null>(
    null,
  );
  useLayoutEffect(() => {
    now.current = look;
    const painted = last.current;
    if (canvas.current && painted && painted.by === renderer)
      paintFused(canvas.current, painted.size, painted.frame, look, 'volume');
  }, [look, canvas, renderer]);
  const over = useMemo<FusedVolume | null>(
    () =>
      renderer && {
        async draw(scene, size, quality, coarse) {
          const factor = quality === 'moving' ? coarse * movingCoarser : coarse;
          const options = { channel: 'fused', quality, coarse: factor, values: true } as const;
          const frame = await renderer.volume(overlayScene(scene), size, options);
          return (
            frame &&
            (() => {
              last.current = { by: renderer, frame, size };
              if (!canvas.current) return;
              paintFused(canvas.current, size, frame, now.current, 'volume');
              canvas.current.dataset['painted'] = quality;
            })
          );
        },
      },
    [renderer, canvas],
  );
  return over;
}
