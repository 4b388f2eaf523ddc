import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../../app/transport/client.ts';
import type { FrameLoader } from '../../../volumes/frame-loader.ts';
import { openSeries } from '../../../volumes/open-series.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { PlansAhead } from '../../../volumes/plans-ahead.ts';
import type { MemoryLimits } from '../../../volumes/volume-memory.ts';
import type { KeptState } from '../keeping/kept-state.ts';
import { isPicture } from './hanging.ts';
import type { ReadingState, StackCell } from './reading-state.ts';

/** The series whose planes were left on screen, while the study still has it. */
export function planesLeft({ now: { mpr } }: KeptState, series: ReadingState['series']): string | null {
  return mpr && series.some((row) => row.seriesKey === mpr.seriesKey) ? mpr.seriesKey : null;
}

type SeriesStatus = ReadingState['opened'][string];

const frameCapBytes = 512 * 2 ** 20;

export interface SeriesServices extends MemoryLimits {
  readonly client: Pick<Client, 'call' | 'fetchBytes'>;
  readonly frames: FrameLoader;
  readonly plans: Pick<PlansAhead, 'open'>;
}

/** The series of a study that are open, and news of their frames. */
export class SessionSeries {
  private readonly store: StoreApi<ReadingState>;
  private readonly services: SeriesServices;
  private readonly watched = new WeakSet<OpenStack>();
  private isClosed = false;

  constructor(store: StoreApi<ReadingState>, services: SeriesServices) {
    this.store = store;
    this.services = services;
  }

  /** A stack of an open series; undefined while it is not open. */
  stack(seriesKey: string | null | undefined, group: number): OpenStack | undefined {
    const status = seriesKey ? this.store.getState().opened[seriesKey] : undefined;
    return status?.kind === 'open' ? status.series.stack(group) : undefined;
  }

  stackOf = (cell: StackCell | undefined): OpenStack | undefined =>
    this.stack(cell?.seriesKey, cell?.group ?? 0);

  /** What planes and 3D show of a series. */
  volumeStack(seriesKey: string | null | undefined, group: number): OpenStack | undefined {
    const status = seriesKey ? this.store.getState().opened[seriesKey] : undefined;
    return status?.kind === 'open' ? status.series.volumeStack(group) : undefined;
  }

  /** The reader agrees to averaged pixels where a volume of this series does not fit into memory. */
  reduce(seriesKey: string, reduction: number): void {
    const status = this.store.getState().opened[seriesKey];
    if (status?.kind === 'open') status.series.reduce(reduction);
  }

  /** How many stacks a series has; 1 while it is not open. */
  groupCount(seriesKey: string | null): number {
    const status = seriesKey ? this.store.getState().opened[seriesKey] : undefined;
    return status?.kind === 'open' ? status.series.plan.groups.length : 1;
  }

  async open(seriesKey: string): Promise<void> {
    const status = await this.load(seriesKey);
    if (status) this.setStatuses({ [seriesKey]: status });
  }

  /**
   * Opens what cells show, and then does `then`. Planes that were left are shown at once with what it does, never first the
   * stacks that lie under them.
   */
  async openFor(shown: readonly string[], planes: string | null, then: () => void): Promise<void> {
    if (planes === null) await Promise.all(shown.map((seriesKey) => this.open(seriesKey)));
    else {
      const keys = [...new Set([...shown, planes])];
      const statuses = await Promise.all(keys.map((key) => this.load(key)));
      const changed = keys.flatMap((key, n) => (statuses[n] ? [[key, statuses[n]]] : []));
      this.setStatuses(Object.fromEntries(changed));
    }
    if (!this.isClosed) then();
  }

  /** Null where there is nothing to change: it is open, or is being opened, or is no picture. */
  private async load(seriesKey: string): Promise<SeriesStatus | null> {
    const { opened, series } = this.store.getState();
    if (opened[seriesKey] && opened[seriesKey].kind !== 'failed') return null;
    const row = series.find((known) => known.seriesKey === seriesKey);
    if (row && !isPicture(row)) return null;
    this.setStatuses({ [seriesKey]: { kind: 'opening' } });
    const { plans, frames, workerCount, volumeCapBytes } = this.services;
    const limits = { workerCount, frameCapBytes, ...(volumeCapBytes !== undefined && { volumeCapBytes }) };
    const result = await openSeries(plans, seriesKey, { frames, ...limits });
    if (!this.isClosed)
      return result.ok ? { kind: 'open', series: result.value } : { kind: 'failed', problem: result.problem };
    if (result.ok) result.value.close();
    return null;
  }

  /** Counts the frames of a stack that arrive, so that bars and windows follow. */
  watch(stack: OpenStack): void {
    if (this.watched.has(stack)) return;
    this.watched.add(stack);
    stack.arrivals.subscribe(() => this.noteArrival());
  }

  close(): void {
    this.isClosed = true;
    for (const status of Object.values(this.store.getState().opened)) {
      if (status.kind === 'open') status.series.close();
    }
  }

  private setStatuses(statuses: ReadingState['opened']): void {
    if (this.isClosed) return;
    this.store.setState({ opened: { ...this.store.getState().opened, ...statuses } });
  }

  private noteArrival(): void {
    if (!this.isClosed) this.store.setState({ arrivals: this.store.getState().arrivals + 1 });
  }
}
