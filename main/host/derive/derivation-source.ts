import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { DerivationSource } from '../../../core/dicom/derive/derived-object.ts';
import { valueUnit } from '../../../core/dicom/value-unit.ts';
import { type Dataset, element } from '../../../core/dicom/write/element.ts';
import { isInverted } from '../../../core/pixels/voi.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import type { SeriesPlan, VolumeGroup } from '../../../core/volume/types.ts';

/** What an instance hands down: the call `instance.inherited`. */
export type InheritedOf = (instanceKey: string) => Promise<Result<{ readonly elements: Dataset }>>;

/** What objects derived from a volume group take over: from its middle image. Problems: NOT_FOUND, of reading it. */
export async function derivationSource(
  inheritedOf: InheritedOf,
  plan: SeriesPlan,
  group: VolumeGroup,
): Promise<Result<DerivationSource>> {
  const middle = group.frames[Math.floor(group.frames.length / 2)];
  const frame = middle === undefined ? undefined : plan.frames[middle];
  const instance = frame && plan.instances[frame.instance];
  if (middle === undefined || !instance) return fail(problem('NOT_FOUND'));
  const inherited = await inheritedOf(instance.instanceKey);
  if (!inherited.ok) return inherited;
  const used = [...new Set(group.frames.map((at) => plan.frames[at]!.instance))];
  const classOf = (at: number): string =>
    plan.instances[at]!.attributes.SOPClassUID ?? plan.common.SOPClassUID ?? '';
  const attributes = frameAttributes(plan, middle);
  return ok({
    sopClassUID: attributes.SOPClassUID ?? '',
    seriesInstanceUID: attributes.SeriesInstanceUID ?? '',
    ...(isInverted(instance.format?.photometricInterpretation ?? '', attributes) && { isInverted: true }),
    ...(attributes.Modality === 'CT' && { isHu: valueUnit(attributes) === 'HU' }),
    inherited: attributes.RescaleUnreadable
      ? withoutUnit(inherited.value.elements)
      : inherited.value.elements,
    instances: used.map((at) => ({
      sopClassUID: classOf(at),
      sopInstanceUID: plan.instances[at]!.sopInstanceUID,
    })),
  });
}

const unitsTag = 0x00541001;

/** PET values that could not be rescaled have no unit (PS3.3 C.8.9.1.1.3). */
const withoutUnit = (elements: Dataset): Dataset =>
  elements.map((one) => (one.tag === unitsTag ? element(unitsTag, 'CS', 'NONE') : one));
