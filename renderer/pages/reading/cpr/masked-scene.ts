import { useMemo, useState } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { SceneLayer } from '../../../../core/scene/layers.ts';
import type { CurvedScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useMaskLayers, withPlaneLayers } from '../masks/use-mask-layers.ts';
import type { ReadingSession } from '../session/reading-session.ts';

export interface MaskedScene {
  readonly scene: CurvedScene | null;
  readonly layers: readonly SceneLayer[] | null;
  /** The picture with the labels of its masks, once it is drawn. */
  readonly labelled: Frame | null;
  readonly onFrame: ((frame: Frame) => void) | undefined;
}

/** A curved picture with the masks of its volume: their labels on the curved plane itself, in the middle of a slab. */
export function useMaskedScene(
  session: ReadingSession,
  stack: OpenStack,
  renderer: CpuRenderer | null,
  plain: CurvedScene | null,
): MaskedScene {
  const masks = useMaskLayers(session, stack, renderer);
  const [labelled, setLabelled] = useState<Frame | null>(null);
  const scene = useMemo(
    () => plain && (masks ? { ...plain, ...withPlaneLayers(masks) } : plain),
    [plain, masks],
  );
  return {
    scene,
    layers: masks?.planeLayers ?? null,
    labelled,
    onFrame: masks ? setLabelled : undefined,
  };
}
