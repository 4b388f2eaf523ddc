import type { SliceSource } from '../../dicom/derive/segmentation.ts';
import { frameAttributes } from '../../volume/plan.ts';
import type { SeriesPlan, VolumeGroup } from '../../volume/types.ts';

/** The image that each slice of a group's regular grid comes from: itself, or the nearest of the acquired ones. */
export function sliceSources(plan: SeriesPlan, group: VolumeGroup): SliceSource[] {
  const { resampleK, shearMm } = group;
  return Array.from({ length: group.regular?.size[2] ?? 0 }, (_, k) => {
    const at = resampleK?.[k] ?? k;
    const nearest = Math.max(0, Math.min(group.frames.length - 1, Math.round(at)));
    const number = group.frames[nearest]!;
    const frame = plan.frames[number]!;
    const instance = plan.instances[frame.instance]!;
    const attributes = frameAttributes(plan, number);
    const isSingle = plan.frames.filter((one) => one.instance === frame.instance).length === 1;
    return {
      sopClassUID: attributes.SOPClassUID ?? '',
      sopInstanceUID: instance.sopInstanceUID,
      ...(!isSingle && { frame: frame.frame + 1 }),
      isSame: !shearMm && frame.tile === undefined && Math.abs(at - nearest) < 1e-3,
    };
  });
}
