import { createHash } from 'node:crypto';
import type { Scan } from '../../../core/dicom/types.ts';
import { buildSeriesPlan } from '../../../core/volume/plan.ts';
import type { SeriesPlan } from '../../../core/volume/types.ts';
import type { DataFolder } from '../folder.ts';
import type { SeriesContent, SeriesStamp } from '../store/show-study.ts';
import { type FileLocation, locationOf } from './file-location.ts';

export interface CachedPlan {
  readonly plan: SeriesPlan;
  /** In the order of `plan.instances`. */
  readonly files: readonly { readonly scan: Scan; readonly location: FileLocation }[];
}

/** Plans kept for their pixel requests. An older one is simply asked for again. */
const keptPlans = 48;

export class PlanCache {
  readonly #plans = new Map<string, CachedPlan>();
  readonly #folder: DataFolder;

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  find(planId: string): CachedPlan | undefined {
    return this.#plans.get(planId);
  }

  /** The plan with this id, when it is that of the series as it is now. */
  stillRight(planId: string, stamp: SeriesStamp): CachedPlan | undefined {
    return planIdOf(stamp) === planId ? this.#used(planId) : undefined;
  }

  #used(planId: string): CachedPlan | undefined {
    const known = this.#plans.get(planId);
    if (!known) return undefined;
    this.#plans.delete(planId);
    this.#plans.set(planId, known);
    return known;
  }

  /** The plan of a series as it is now; the same content has the same id. */
  make(content: SeriesContent): CachedPlan {
    const planId = planIdOf(content);
    const known = this.#used(planId);
    if (known) return known;
    const { seriesKey, studyKey, stored, demo, instances } = content;
    const plan = buildSeriesPlan(instances, { planId, seriesKey, studyKey, stored, demo });
    const byKey = new Map(instances.map((instance) => [instance.instanceKey, instance]));
    const files = plan.instances.map(({ instanceKey }) => {
      const instance = byKey.get(instanceKey)!;
      return { scan: instance.scan, location: locationOf(instance, this.#folder) };
    });
    const cached: CachedPlan = { plan, files };
    this.#plans.set(planId, cached);
    const oldest = this.#plans.keys().next().value;
    if (this.#plans.size > keptPlans && oldest !== undefined) this.#plans.delete(oldest);
    return cached;
  }
}

function planIdOf({ seriesKey, instances }: SeriesStamp): string {
  const hash = createHash('sha256').update(seriesKey);
  const parts = instances.map(
    (i) => `${i.instanceKey}|${i.fileSha256 ?? i.path}|${i.sizeBytes}|${i.modifiedAtMs}|${i.missing}`,
  );
  for (const part of parts.sort()) hash.update(`\n${part}`);
  return hash.digest('hex').slice(0, 32);
}
