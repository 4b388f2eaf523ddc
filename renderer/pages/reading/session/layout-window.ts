import { windowPresets } from '../../../../core/scene/presets.ts';
import {
  firstWindow,
  isSameWindow,
  offeredBy,
  presetWindow,
  type WindowState,
} from '../../../viewport/windowing.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { activeLine, type VesselState } from '../cpr/vessel-state.ts';
import type { Mode } from './layouts.ts';

/** What a layout is read in: contrast medium beside calcium, cortical bone. */
const usual: Partial<Record<Mode, string>> = { cpr: 'ct.cta', ribs: 'ct.bone' };

/** Windows that came with a layout: they go with it. */
const brought = new WeakSet<WindowState>();

/**
 * The window of the planes in a layout. CT that nobody has windowed takes the layout's usual one and gives it back with
 * it; a window that a reader has set stays.
 */
export function layoutWindow(
  mode: Mode,
  vessel: VesselState,
  shown: WindowState,
  stack: Pick<OpenStack, 'plan' | 'unit' | 'range'>,
  info: FrameInfo,
): WindowState {
  const asSent = firstWindow(info, stack.range);
  if (!brought.has(shown) && !isSameWindow(shown, asSent)) return shown;
  const isCt = stack.plan.common.Modality === 'CT' && stack.unit === 'HU';
  // Airways, bones and teeth are no vessels.
  const isVessel = (activeLine(vessel)?.line.kind ?? 'vessel') === 'vessel';
  const id = isCt && (mode !== 'cpr' || isVessel) ? usual[mode] : undefined;
  const preset = windowPresets.CT.find((one) => one.id === id);
  const made = preset && presetWindow(preset, shown, offeredBy(info), stack.range);
  if (!made) return brought.has(shown) ? asSent : shown;
  if (isSameWindow(made, shown)) return shown;
  brought.add(made);
  return made;
}
