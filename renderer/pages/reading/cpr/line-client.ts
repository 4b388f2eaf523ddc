import type { ScalarField } from '../../../../core/analysis/types.ts';
import { noDataInt16 } from '../../../../core/pixels/native-shorts.ts';
import { AnalysisClient } from '../../../analysis/client.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { VolumeMemory } from '../../../volumes/volume-memory.ts';

/** A volume's voxels as the analyses take them: modality values, in the memory that the page shares with its workers. */
export const fieldOf = ({ geometry, voxels, scalarType }: VolumeMemory): ScalarField => ({
  geometry,
  voxels,
  rescale: { slope: 1, intercept: 0 },
  ...(scalarType === 'int16' && { noData: noDataInt16 }),
});

const kept = new WeakMap<OpenStack, AnalysisClient>();

/** The analysis worker of a stack's volume; null until there is a volume. Ends with the stack. */
export function analysisOf(stack: OpenStack): AnalysisClient | null {
  const had = kept.get(stack);
  if (had) return had;
  const volume = stack.volume();
  if (!volume) return null;
  const made = new AnalysisClient(fieldOf(volume));
  kept.set(stack, made);
  stack.onClose(() => made.end());
  return made;
}
