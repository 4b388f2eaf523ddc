import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { allocateVolume, type MemoryLimits, type VolumeMemory } from './volume-memory.ts';

/** By the group of the very plan: what nobody opens goes with its plan. */
const ahead = new WeakMap<VolumeGroup, VolumeMemory>();

/** True where slices go into the volume as they are, with nothing resampled. */
export const fillsDirectly = ({ resampleK, shearMm }: VolumeGroup): boolean =>
  resampleK === undefined && shearMm === undefined;

/** Memory for the volume that slices of a group go straight into; null where there is none, or no room for it. */
export function directVolume(group: VolumeGroup, limits: MemoryLimits): VolumeMemory | null {
  const { acquired, regular, scalarType, verdict } = group;
  if (!acquired || !regular || scalarType === 'rgb8' || verdict.kind === 'none' || !fillsDirectly(group))
    return null;
  const had = ahead.get(group);
  ahead.delete(group);
  const { volumeCapBytes = Number.POSITIVE_INFINITY } = limits;
  return had && had.layout.voxelBytes <= volumeCapBytes ? had : allocateVolume(acquired, scalarType, limits);
}

/**
 * Memory for the first volume of a plan that is likely to be opened. Nothing of it is touched, so it takes no room yet; but
 * giving out as much at once has the engine collect garbage for 30 ms, which the first picture would wait for.
 */
export function allocateAhead({ groups }: SeriesPlan, limits: MemoryLimits): void {
  const group = groups[0];
  if (!group || ahead.has(group)) return;
  const memory = directVolume(group, limits);
  if (memory) ahead.set(group, memory);
}
