import { indexOf, type Services } from '../services.ts';
import type { SeriesContent } from '../store/show-study.ts';
import type { CachedPlan } from './plan-cache.ts';

/** A series as it is now; null where nobody knows the key. */
export async function seriesContent(services: Services, seriesKey: string): Promise<SeriesContent | null> {
  const index = await indexOf(services, seriesKey);
  return (await index?.call('series', { seriesKey })) ?? null;
}

/** The plan that a page was given. */
export const planOf = (services: Services, planId: string): Promise<CachedPlan | undefined> =>
  services.plans.find(planId, (seriesKey) => seriesContent(services, seriesKey));
