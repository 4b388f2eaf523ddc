import type { RetrieveItem } from '../../../core/contract/remote.ts';
import type { RemoteInstance } from './archive.ts';

/**
 * What to ask for, so that only missing objects come: the item as it is when nothing of it is here, whole series of
 * which nothing is here, and single objects of the others.
 */
export function planRetrieval(
  item: RetrieveItem,
  expected: readonly RemoteInstance[],
  missing: readonly RemoteInstance[],
): RetrieveItem[][] {
  if (missing.length === expected.length) return [[item]];
  const { studyInstanceUID } = item;
  const whole: RetrieveItem[] = [];
  const single: RetrieveItem[] = [];
  const counts = countBySeries(expected);
  const missingCounts = countBySeries(missing);
  for (const [seriesInstanceUID, count] of missingCounts) {
    if (count === counts.get(seriesInstanceUID) && !item.sopInstanceUID) {
      whole.push({ studyInstanceUID, seriesInstanceUID });
      continue;
    }
    single.push(...singleObjects(missing.filter((one) => one.seriesInstanceUID === seriesInstanceUID)));
  }
  return [whole, single].filter((items) => items.length > 0);
}

export const singleObjects = (instances: readonly RemoteInstance[]): RetrieveItem[] =>
  instances.map(({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }) => ({
    studyInstanceUID,
    seriesInstanceUID,
    sopInstanceUID,
  }));

function countBySeries(instances: readonly RemoteInstance[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { seriesInstanceUID } of instances) {
    counts.set(seriesInstanceUID, (counts.get(seriesInstanceUID) ?? 0) + 1);
  }
  return counts;
}
