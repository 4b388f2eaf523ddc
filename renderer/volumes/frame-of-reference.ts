import type { VolumeGroup } from '../../core/volume/types.ts';
import type { OpenStack } from './open-stack.ts';

const known = new WeakMap<VolumeGroup, string>();

/**
 * The frame of reference that a stack lies in (PS3.3 C.7.4.1). Empty where its files name none, or each another one, as
 * some anonymisers leave them: then its own series is all that is known to lie in the same space.
 */
export function frameOfReferenceOf(stack: Pick<OpenStack, 'plan' | 'group' | 'count' | 'info'>): string {
  const { FrameOfReferenceUID } = stack.plan.common;
  if (FrameOfReferenceUID !== undefined) return FrameOfReferenceUID;
  const had = known.get(stack.group);
  if (had !== undefined) return had;
  const uids = new Set<string>();
  for (let k = 0; k < stack.count; k += 1) uids.add(stack.info(k)?.attributes.FrameOfReferenceUID ?? '');
  const [only = ''] = uids.size === 1 ? uids : [];
  known.set(stack.group, only);
  return only;
}
