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

/** So many stay of each kind: those that pages read, and those that were only looked at. */
const keptPlans = 48;

/** The one used last is at the end. */
class RecentPlans {
  readonly #plans = new Map<string, CachedPlan>();

  take(planId: string): CachedPlan | undefined {
    const known = this.#plans.get(planId);
    this.#plans.delete(planId);
    return known;
  }

  keep(cached: CachedPlan): CachedPlan {
    this.#plans.set(cached.plan.planId, cached);
    const oldest = this.#plans.keys().next().value;
    if (this.#plans.size > keptPlans && oldest !== undefined) this.#plans.delete(oldest);
    return cached;
  }
}

export class PlanCache {
  readonly #read = new RecentPlans();
  /** For thumbnails and verdicts: a study of a hundred series must not push out the one that is read. */
  readonly #seen = new RecentPlans();
  readonly #seriesOf = new Map<string, string>();
  readonly #folder: DataFolder;

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  /**
   * The plan that a page was given; made again where it has been dropped meanwhile, unless the series is another one now.
   *
   * @param contentOf the series with a key, as it is now
   */
  async find(
    planId: string,
    contentOf: (seriesKey: string) => Promise<SeriesContent | null>,
  ): Promise<CachedPlan | undefined> {
    const known = this.#used(planId);
    const seriesKey = this.#seriesOf.get(planId);
    if (known || seriesKey === undefined) return known;
    const content = await contentOf(seriesKey);
    return content && planIdOf(content) === planId ? this.make(content) : undefined;
  }

  /** The plan with this id, when it is that of the series as it is now. */
  stillRight(planId: string, stamp: SeriesStamp): CachedPlan | undefined {
    return planIdOf(stamp) === planId ? this.#used(planId) : undefined;
  }

  #used(planId: string): CachedPlan | undefined {
    const known = this.#read.take(planId);
    return known && this.#read.keep(known);
  }

  /** The plan of a series as it is now, for who reads it; the same content has the same id. */
  make(content: SeriesContent): CachedPlan {
    const planId = planIdOf(content);
    this.#seriesOf.set(planId, content.seriesKey);
    const known = this.#read.take(planId) ?? this.#seen.take(planId);
    return this.#read.keep(known ?? this.#build(content, planId));
  }

  /** The same for one look: nobody asks for its pixels by its id. */
  glance(content: SeriesContent): CachedPlan {
    const planId = planIdOf(content);
    const known = this.#used(planId);
    return known ?? this.#seen.keep(this.#seen.take(planId) ?? this.#build(content, planId));
  }

  #build(content: SeriesContent, planId: string): CachedPlan {
    const { seriesKey, studyKey, stored, demo, instances } = content;
    const plan = buildSeriesPlan(instances, { planId, seriesKey, studyKey, stored, demo });
    const byKey = new Map(instances.map((instance) => [instance.instanceKey, instance]));
    const files = plan.instances.map(({ instanceKey }) => {
      const instance = byKey.get(instanceKey)!;
      return { scan: instance.scan, location: locationOf(instance, this.#folder) };
    });
    return { plan, files };
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
