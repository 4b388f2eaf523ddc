import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { volumeScene } from '../volume/volume-look.ts';
import { windowIn3d } from '../volume/window-in-3d.ts';
import { lacksMask } from './preset-masks.ts';

/** The scene that the 3D viewport shows, or would show; null without a volume. */
export function pictureScene(session: ReadingSession): VolumeScene | null {
  const { mpr } = session.state;
  const stack = session.mprStack();
  if (!mpr || !stack) return null;
  const window = windowIn3d(stack, mpr.window, mpr.presetId, session.isFileInverted(stack, 0));
  return volumeScene(mpr, window, lacksMask(session.state, stack.group.id));
}

export const valueAtPercent =
  (stack: OpenStack) =>
  (percent: number): number =>
    stack.range.percentile(percent) ?? 0;
