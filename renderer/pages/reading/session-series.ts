import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../app/transport/client.ts';
import type { FrameLoader } from '../../volumes/frame-loader.ts';
import { openSeries } from '../../volumes/open-series.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import type { MemoryLimits } from '../../volumes/volume-memory.ts';
import { isPicture } from './hanging.ts';
import type { ReadingState, StackCell } from './reading-state.ts';

const frameCapBytes = 512 * 2 ** 20;

export interface SeriesServices extends MemoryLimits {
  readonly client: Pick<Client, 'call' | 'fetchBytes'>;
  readonly frames: FrameLoader;
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
    const { opened, series } = this.store.getState();
    if (opened[seriesKey] && opened[seriesKey].kind !== 'failed') return;
    const row = series.find((known) => known.seriesKey === seriesKey);
    if (row && !isPicture(row)) return;
    this.setStatus(seriesKey, { kind: 'opening' });
    const { client, frames, workerCount, volumeCapBytes } = this.services;
    const limits = { workerCount, frameCapBytes, ...(volumeCapBytes !== undefined && { volumeCapBytes }) };
    const result = await openSeries(client, seriesKey, { frames, ...limits });
    if (this.isClosed) {
      if (result.ok) result.value.close();
      return;
    }
    this.setStatus(
      seriesKey,
      result.ok ? { kind: 'open', series: result.value } : { kind: 'failed', problem: result.problem },
    );
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

  private setStatus(seriesKey: string, status: ReadingState['opened'][string]): void {
    if (this.isClosed) return;
    this.store.setState({ opened: { ...this.store.getState().opened, [seriesKey]: status } });
  }

  private noteArrival(): void {
    if (!this.isClosed) this.store.setState({ arrivals: this.store.getState().arrivals + 1 });
  }
}
