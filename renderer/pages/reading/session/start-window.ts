import { voiWindow } from '../../../../core/pixels/voi.ts';
import { type WindowPreset, windowPresets, windowPresetsOf } from '../../../../core/scene/presets.ts';
import { activityUnits, startOfUptake } from '../../../../core/scene/uptake.ts';
import {
  firstWindow,
  offeredBy,
  presetWindow,
  uptakeUpTo,
  type WindowState,
  windowOf,
} from '../../../viewport/windowing.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';

/** What a preset that says all itself is applied to. */
const noWindow: WindowState = { voi: voiWindow(0.5, 1), isInverted: false, presetId: null };

/** Presets of the modality; those in SUV need values in SUV, never counts or Bq/ml. */
export function presetsFor(stack: Pick<OpenStack, 'plan' | 'unit'>): readonly WindowPreset[] {
  const modality = stack.plan.common.Modality ?? '';
  if (modality === 'PT' && activityUnits.includes(stack.unit)) return windowPresets.activity;
  if (modality === 'PT' && stack.unit !== 'g/ml') return windowPresetsOf('MR');
  if (modality === 'CT' && stack.unit !== 'HU') return windowPresetsOf('MR');
  return windowPresetsOf(modality);
}

/**
 * Where the last preset of a kind of picture is remembered, in `settings.reading`. It needs the body part: a lung
 * window of a chest must not meet the next head. Undefined where the file does not name it.
 */
export function presetMemoryKey({ plan }: Pick<OpenStack, 'plan'>): string | undefined {
  const { Modality, BodyPartExamined } = plan.common;
  const part = BodyPartExamined?.trim().toUpperCase();
  return Modality && part ? `preset ${Modality} ${part}`.slice(0, 64) : undefined;
}

/** Presets that mean the same on the next picture: neither relative ones nor the file's own windows. */
export const isRememberable = ({ setting }: WindowPreset): boolean =>
  ['window', 'percentile', 'uptake'].includes(setting.kind);

/**
 * PET on white, from 0: the windows that scanners send often end at the hottest voxel, where all but the bladder is pale.
 * Where a hot organ fills the field, as in a brain, the window ends where that does.
 */
function petWindow(stack: Pick<OpenStack, 'plan' | 'unit' | 'range'>): WindowState | undefined {
  const [first] = presetsFor(stack);
  if (stack.plan.common.Modality !== 'PT' || first?.setting.kind === 'asSent') return undefined;
  if (first?.setting.kind === 'window') return presetWindow(first, noWindow, [], stack.range);
  const made = first && presetWindow(first, noWindow, [], stack.range);
  const most = startOfUptake((percent) => stack.range.percentile(percent));
  if (!made || most === undefined || most === windowOf(made.voi).width) return made;
  return { ...made, voi: uptakeUpTo(most), presetId: null };
}

/** How a stack is first shown: the preset that the reader last chose for its kind, else PET's first, else as the file says. */
export function startWindow(
  stack: Pick<OpenStack, 'plan' | 'unit' | 'range'>,
  info: FrameInfo,
  remembered: Readonly<Record<string, string>>,
): WindowState {
  const asSent = firstWindow(info, stack.range);
  const key = presetMemoryKey(stack);
  const preset = key && presetsFor(stack).find((p) => p.id === remembered[key] && isRememberable(p));
  return (preset && presetWindow(preset, asSent, offeredBy(info), stack.range)) || petWindow(stack) || asSent;
}

/**
 * What a reset goes back to: as the file says, whatever preset is remembered. Null (each image as its file says) where
 * none is, as a window that is left open would be the remembered one when the study comes back.
 */
export function resetWindow(
  stack: Pick<OpenStack, 'plan' | 'unit' | 'range'>,
  info: FrameInfo,
  remembered: Readonly<Record<string, string>>,
): WindowState | null {
  const key = presetMemoryKey(stack);
  return key !== undefined && remembered[key] !== undefined ? startWindow(stack, info, {}) : null;
}
