import { volumePreset } from '../../../../core/scene/presets.ts';
import type { ReadingState } from '../session/reading-state.ts';
import type { MaskItem, MaskState } from './mask-state.ts';

/**
 * Masks that go with a preset, where they were made: vessels without bone, bone with it, airways alone. Others stay as
 * they are.
 */
export function masksForPreset(masks: MaskState, presetId: string, seriesKey: string): MaskState {
  const wanted = volumePreset(presetId)?.mask;
  const visibleOf = (nameId: string | null, isVisible: boolean): boolean => {
    if (nameId === 'airwaysOutside') return wanted === 'airways';
    if (nameId !== 'bones') return isVisible;
    return wanted === 'boneRemoved' || (presetId !== 'bone' && isVisible);
  };
  const layers = masks.layers.map((item) => {
    if (item.seriesKey !== seriesKey || item.role !== 'removed') return item;
    const visible = visibleOf(item.nameId, item.visible);
    return visible === item.visible ? item : { ...item, visible };
  });
  return layers.some((item, n) => item !== masks.layers[n]) ? { ...masks, layers } : masks;
}

/** True where 3D shows the preset of the airways and nothing leaves out what lies around them. */
export function lacksMask(
  { masks, mpr }: Pick<ReadingState, 'masks' | 'mpr'>,
  groupId: string | undefined,
): boolean {
  if (!mpr || volumePreset(mpr.presetId)?.mask !== 'airways') return false;
  const isOutside = ({ nameId, role, visible, seriesKey, groupId: of }: MaskItem): boolean =>
    nameId === 'airwaysOutside' &&
    role === 'removed' &&
    visible &&
    seriesKey === mpr.seriesKey &&
    of === groupId;
  return masks.showsRemoved || !masks.layers.some(isOutside);
}
