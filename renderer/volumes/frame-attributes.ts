import type { Attributes, FrameAttributes } from '../../core/dicom/types.ts';
import type { PlanFrame, PlanInstance, SeriesPlan } from '../../core/volume/types.ts';

/** One frame of a plan with everything that is said about it, merged from series to frame. */
export interface FrameInfo {
  readonly instance: PlanInstance;
  readonly frame: PlanFrame;
  readonly attributes: Attributes & FrameAttributes;
}

/** The same for all pictures that are parts of one stored frame. */
export const storedFrameKey = ({ instance, frame }: PlanFrame): string => `${instance}/${frame}`;

const cache = new WeakMap<SeriesPlan, (FrameInfo | undefined)[]>();

/** `index` counts in `plan.frames`. Merged once and kept with the plan. */
export function frameInfo(plan: SeriesPlan, index: number): FrameInfo | undefined {
  const known = cache.get(plan) ?? [];
  cache.set(plan, known);
  const had = known[index];
  if (had) return had;
  const frame = plan.frames[index];
  const instance = frame && plan.instances[frame.instance];
  if (!frame || !instance) return undefined;
  const info = {
    instance,
    frame,
    attributes: { ...plan.common, ...instance.attributes, ...frame.attributes },
  };
  known[index] = info;
  return info;
}
