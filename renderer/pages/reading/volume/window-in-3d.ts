import { voiWindow } from '../../../../core/pixels/voi.ts';
import { projectionStart } from '../../../../core/scene/mip-window.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import type { VolumeMode, WindowSetting } from '../../../../core/scene/types.ts';
import { type WindowState, windowOf, windowSetting } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { startWindow } from '../session/start-window.ts';

/**
 * The window of 3D's projections; null where values are HU, for which the presets have their own. It is that of the planes,
 * but projections of MR open with their own, and follow what is done to that of the planes: twice as wide there is twice as
 * wide here.
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
  const mode = isWhole ? volumePreset(presetId)?.mode : undefined;
  const own = mode && ownWindow(stack, planeWindow, mode);
  return windowSetting(own ?? planeWindow, isFileInverted);
}

function ownWindow(stack: OpenStack, planeWindow: WindowState, mode: VolumeMode): WindowState | undefined {
  const info = stack.info(Math.floor(stack.count / 2));
  const modality = stack.plan.common.Modality ?? '';
  const opens = projectionStart(mode, modality, (percent) => stack.range.percentile(percent));
  if (!info || !opens) return undefined;
  const before = windowOf(startWindow(stack, info, {}).voi);
  const now = windowOf(planeWindow.voi);
  const scale = opens.width / before.width;
  const centre = opens.centre + (now.center - before.center) * scale;
  return { ...planeWindow, voi: voiWindow(centre, now.width * scale, 'LINEAR_EXACT') };
}
