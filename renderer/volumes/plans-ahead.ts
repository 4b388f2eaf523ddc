import { ok, type Result } from '../../core/base/result.ts';
import type { SeriesRow } from '../../core/contract/studies.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import { client } from '../app/client.ts';
import type { Client } from '../app/transport/client.ts';

/** Longer ones say more than is worth asking for without being sure. */
const framesMost = 3000;

export interface AheadWatcher {
  onPlan(plan: SeriesPlan): void;
  /** All plans of this study are here that were worth asking for; null: it is no longer likely to be opened. */
  onStudy(studyKey: string | null): void;
}

/**
 * Plans of the study that is likely to be opened next, asked for while nobody waits: of one study at a time, and of none
 * that is no longer likely once its turn has come. A plan that is taken is checked by the host before anything is shown.
 */
export class PlansAhead {
  private readonly client: Pick<Client, 'call'>;
  private wanted: string | null = null;
  private running = false;
  private preparedFor: string | null = null;
  private readonly plans = new Map<string, SeriesPlan>();

  private watcher: AheadWatcher = { onPlan: () => undefined, onStudy: () => undefined };

  constructor(client: Pick<Client, 'call'>) {
    this.client = client;
  }

  /** Tells what has come, and comes: what it needs can be made ready, too. */
  watch(watcher: AheadWatcher): void {
    this.watcher = watcher;
    for (const plan of this.plans.values()) watcher.onPlan(plan);
    if (!this.running) watcher.onStudy(this.wanted);
  }

  /** This study may be opened soon; null: none. */
  async prepare(studyKey: string | null): Promise<void> {
    this.wanted = studyKey;
    if (studyKey === null) this.watcher.onStudy(null);
    if (this.running) return;
    this.running = true;
    while (this.wanted !== null && this.wanted !== this.preparedFor) await this.ask(this.wanted);
    this.running = false;
    if (this.wanted !== null) this.watcher.onStudy(this.wanted);
  }

  /** What is here may be of yesterday: it is asked for again where it is still wanted. */
  renew(): Promise<void> {
    this.preparedFor = null;
    return this.prepare(this.wanted);
  }

  /** The plan of a series that is here, without opening it; null: none. */
  planned(seriesKey: string): SeriesPlan | null {
    return this.plans.get(seriesKey) ?? null;
  }

  /** The plan of a series as the host gives it to who opens it: the one from ahead where that is still right. */
  async open(seriesKey: string): Promise<Result<SeriesPlan>> {
    const ahead = this.plans.get(seriesKey);
    this.plans.delete(seriesKey);
    if (!ahead) return this.client.call('series.plan', { seriesKey });
    const answer = await this.client.call('series.open', { seriesKey, planId: ahead.planId });
    return answer.ok ? ok(answer.value.plan ?? ahead) : answer;
  }

  private async ask(studyKey: string): Promise<void> {
    this.preparedFor = studyKey;
    this.plans.clear();
    const shown = await this.client.call('studies.show', { studyKey });
    if (!shown.ok) return;
    for (const { seriesKey } of likely(shown.value.series)) {
      if (this.wanted !== studyKey) return;
      const answer = await this.client.call('series.plan', { seriesKey, purpose: 'ahead' });
      if (!answer.ok) continue;
      this.plans.set(seriesKey, answer.value);
      this.watcher.onPlan(answer.value);
    }
  }
}

/** Of the series of a study: the first that is no localiser, which a new reading shows, and the largest. */
function likely(series: readonly SeriesRow[]): readonly SeriesRow[] {
  const stacks = series.filter(
    ({ category, frames }) => category === 'image' && frames > 3 && frames <= framesMost,
  );
  const [largest] = [...stacks].sort((a, b) => b.frames - a.frames);
  return [...new Set([...stacks.slice(0, 1), ...(largest ? [largest] : [])])];
}

let shared: PlansAhead | null = null;

/** The window's own. */
export function plansAhead(): PlansAhead {
  shared ??= new PlansAhead(client());
  return shared;
}
