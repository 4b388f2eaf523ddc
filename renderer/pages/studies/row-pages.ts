import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import { pagesOf, type RowWindow, rowsAhead } from '../../ui/row-window.ts';

export interface RowPage<T> {
  readonly total: number;
  readonly rows: readonly T[];
}
export type LoadRows<T> = (offset: number, limit: number) => Promise<Result<RowPage<T>>>;

/** Calls under way at one time. */
const askedMost = 4;

export interface LoadedRow<T> {
  readonly index: number;
  readonly item: T;
}

/** What the list shows now. A new object at each change, for `useSyncExternalStore`. */
export interface RowsSnapshot<T> {
  /** Null before the first answer. */
  readonly total: number | null;
  /** Grows with every change of rows. */
  readonly version: number;
  readonly problem: Problem | null;
  rowAt(row: number): T | undefined;
  /** Every row that is here, with its place in the list, in list order. */
  loaded(): readonly LoadedRow<T>[];
}

/**
 * A long list of the host's, held in pages that are asked for when they come into view.
 * `reload` keeps the old rows on screen until new ones arrive, so that nothing flickers; answers to
 * questions asked before it are dropped.
 */
export class RowPages<T> {
  readonly #pageSize: number;
  readonly #pagesKept: number;
  readonly #listeners = new Set<() => void>();
  #load: LoadRows<T>;
  #pages = new Map<number, readonly LoadedRow<T>[]>();
  #fresh = new Set<number>();
  #asked = new Set<number>();
  #epoch = 0;
  #isNewList = true;
  /** The question that the rows on screen answer; null before the first answer. */
  #answered: LoadRows<T> | null = null;
  #view: RowWindow = { first: 0, end: 0 };
  #ahead: RowWindow = { first: 0, end: 0 };
  #snapshot: RowsSnapshot<T>;

  constructor(load: LoadRows<T>, pageSize = 200, pagesKept = 100) {
    this.#load = load;
    this.#pageSize = pageSize;
    this.#pagesKept = pagesKept;
    this.#snapshot = this.#makeSnapshot(null, 0, null);
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): RowsSnapshot<T> => this.#snapshot;

  /** True when the rows are those that `load` gives, not those of an earlier question. */
  isOf(load: LoadRows<T>): boolean {
    return this.#answered === load;
  }

  /** Says which rows are in view; asks for the pages that are missing or old, and for those that come next. */
  show(view: RowWindow): void {
    if (view.first !== this.#view.first) this.#ahead = rowsAhead(this.#view, view, this.#snapshot.total ?? 0);
    this.#view = view;
    this.#askWanted();
  }

  /** What is in view first. Few at a time, so that a list that is thrown does not wait for what has gone by. */
  #askWanted(): void {
    const inView = this.#isNewList ? [0] : pagesOf(this.#view, this.#pageSize);
    const next = this.#isNewList ? [] : pagesOf(this.#ahead, this.#pageSize);
    if (this.#ahead.end <= this.#view.first) next.reverse();
    for (const page of [...inView, ...next]) {
      if (this.#asked.size >= askedMost) return;
      if (!this.#fresh.has(page) && !this.#asked.has(page)) void this.#ask(page);
    }
  }

  /** Another list (filter or order): its top is asked for at once. */
  replace(load: LoadRows<T>): void {
    this.#load = load;
    this.#begin(true);
  }

  /** The same list may have changed: what is in view is asked for again. */
  reload(): void {
    this.#begin(this.#snapshot.total === null);
  }

  #begin(isNewList: boolean): void {
    this.#epoch++;
    this.#asked.clear();
    this.#fresh.clear();
    this.#isNewList = isNewList;
    this.show(this.#view);
    if (!isNewList && this.#view.end === 0) void this.#ask(0);
  }

  async #ask(page: number): Promise<void> {
    const epoch = this.#epoch;
    this.#asked.add(page);
    const result = await this.#load(page * this.#pageSize, this.#pageSize);
    if (epoch !== this.#epoch) return;
    this.#asked.delete(page);
    if (!result.ok) return this.#publish(this.#snapshot.total, result.problem);
    this.#answered = this.#load;
    if (this.#isNewList) this.#pages.clear();
    this.#isNewList = false;
    this.#pages.delete(page);
    const first = page * this.#pageSize;
    this.#pages.set(
      page,
      result.value.rows.map((item, i) => ({ index: first + i, item })),
    );
    this.#fresh.add(page);
    this.#forgetOldest();
    this.#publish(result.value.total, null);
    this.#askWanted();
  }

  #forgetOldest(): void {
    const inView = new Set([...pagesOf(this.#view, this.#pageSize), ...pagesOf(this.#ahead, this.#pageSize)]);
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= this.#pagesKept) return;
      if (inView.has(page)) continue;
      this.#pages.delete(page);
      this.#fresh.delete(page);
    }
  }

  #publish(total: number | null, problem: Problem | null): void {
    this.#snapshot = this.#makeSnapshot(total, this.#snapshot.version + 1, problem);
    for (const listener of this.#listeners) listener();
  }

  #makeSnapshot(total: number | null, version: number, problem: Problem | null): RowsSnapshot<T> {
    return {
      total,
      version,
      problem,
      loaded: () => [...this.#pages].sort(([a], [b]) => a - b).flatMap(([, rows]) => rows),
      rowAt: (row) => this.#pages.get(Math.floor(row / this.#pageSize))?.[row % this.#pageSize]?.item,
    };
  }
}
