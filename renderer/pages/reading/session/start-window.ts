import { type WindowPreset, windowPresetsOf } from '../../../../core/scene/presets.ts';
import { firstWindow, offeredBy, presetWindow, type WindowState } from '../../../viewport/windowing.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';

/** Presets of the modality; PET ones need values in SUV, never on counts or Bq/ml. */
export function presetsFor(stack: Pick<OpenStack, 'plan' | 'unit'>): readonly WindowPreset[] {
  const modality = stack.plan.common.Modality ?? '';
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
  setting.kind === 'window' || setting.kind === 'percentile';

/** How a stack is first shown: the preset that the reader last chose for its kind, else as the file says. */
export function startWindow(
  stack: Pick<OpenStack, 'plan' | 'unit' | 'range'>,
  info: FrameInfo,
  remembered: Readonly<Record<string, string>>,
): WindowState {
  const asSent = firstWindow(info, stack.range);
  const key = presetMemoryKey(stack);
  const preset = key && presetsFor(stack).find((p) => p.id === remembered[key] && isRememberable(p));
  return (preset && presetWindow(preset, asSent, offeredBy(info), stack.range)) || asSent;
}
