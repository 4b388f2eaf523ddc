import { useEffect } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { SliceScene, VolumeScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { maskBoard } from './mask-board.ts';
import type { ShownLayers } from './mask-work.ts';

/** What the masks of a volume bring to its pictures; null without any. `renderer` gets the labels first. */
export function useMaskLayers(
  session: ReadingSession,
  stack: OpenStack,
  renderer: CpuRenderer | null,
): ShownLayers | null {
  useEffect(() => {
    if (renderer && session.mprStack() === stack) maskBoard(session).attach(stack, renderer);
  }, [session, stack, renderer]);
  const shown = useReading(session, (s) => s.maskWork.shown);
  const isOwn = shown?.seriesKey === stack.plan.seriesKey && shown.groupId === stack.group.id;
  return isOwn ? shown : null;
}

/** Part of a 3D scene: nothing where there are no masks, so that the scene stays the same. */
export const withLayers = (shown: ShownLayers | null): Pick<VolumeScene, 'layers'> =>
  shown ? { layers: shown.layers } : {};

/** Part of a plane's scene. */
export const withPlaneLayers = (shown: ShownLayers | null): Pick<SliceScene, 'layers'> =>
  shown ? { layers: shown.planeLayers } : {};
