import { voiWindow } from '../../../../core/pixels/voi.ts';
import { mipStart } from '../../../../core/scene/mip-window.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import type { WindowSetting } from '../../../../core/scene/types.ts';
import { type WindowState, windowOf, windowSetting } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { startWindow } from '../session/start-window.ts';

/**
 * The window of 3D's projections; null where values are HU, for which the presets have their own. It is that of the planes,
 * but a MIP opens with its own, and follows what is done to that of the planes: twice as wide there is twice as wide here.
 */
export function windowIn3d(
  stack: OpenStack,
  planeWindow: WindowState,
  presetId: string,
  isFileInverted: boolean,
  /** Percentiles of what has arrived say nothing of the rest. */
  isWhole = true,
): WindowSetting | null {
  if (stack.unit === 'HU') return null;
  const isMip = isWhole && volumePreset(presetId)?.mode === 'mip';
  return windowSetting((isMip && mipWindow(stack, planeWindow)) || planeWindow, isFileInverted);
}

function mipWindow(stack: OpenStack, planeWindow: WindowState): WindowState | null {
  const info = stack.info(Math.floor(stack.count / 2));
  const opens = mipStart(stack.plan.common.Modality ?? '', (percent) => stack.range.percentile(percent));
  if (!info || !opens) return null;
  const before = windowOf(startWindow(stack, info, {}).voi);
  const now = windowOf(planeWindow.voi);
  const scale = opens.width / before.width;
  const centre = opens.centre + (now.center - before.center) * scale;
  return { ...planeWindow, voi: voiWindow(centre, now.width * scale, 'LINEAR_EXACT') };
}
