import type { VolumeScene } from '../../../../core/scene/types.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { volumeScene } from '../volume/volume-look.ts';
import { lacksMask } from './preset-masks.ts';

/** The scene that the 3D viewport shows, or would show; null without a volume. */
export function pictureScene(session: ReadingSession): VolumeScene | null {
  const { mpr } = session.state;
  const stack = session.mprStack();
  if (!mpr || !stack) return null;
  const window = stack.unit === 'HU' ? null : windowSetting(mpr.window, session.isFileInverted(stack, 0));
  return volumeScene(mpr, window, lacksMask(session.state, stack.group.id));
}

export const valueAtPercent =
  (stack: OpenStack) =>
  (percent: number): number =>
    stack.range.percentile(percent) ?? 0;
