import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { StudyFilter, StudyRow } from '../../../core/contract/studies.ts';
import { client } from '../../app/client.ts';
import type { RowWindow } from '../../ui/row-window.ts';
import type { SortKey } from './columns.ts';
import { type LoadedRow, type LoadRows, RowPages, type RowsSnapshot } from './row-pages.ts';

/** Most keys one call about studies takes. */
export const keysAtMost = 10_000;
const callLimit = 1000;
const typingMs = 60;
const eventsMs = 250;
/** About 5 s. */
const listedTries = 300;
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 16));

export interface StudyList {
  readonly rows: RowsSnapshot<StudyRow>;
  show(view: RowWindow): void;
  reload(): void;
  /** Keys of rows first…last, also of those never seen; at most `keysAtMost`. */
  keysBetween(first: number, last: number): Promise<readonly string[]>;
  /** Waits (shortly) until a row is there; answers what is there then. */
  whenLoaded(row: number): Promise<StudyRow | undefined>;
  /**
   * Waits until the rows are those of the present filter: who types fast presses Enter before they have come, and means
   * none of the rows before. Answers the rows; null when they do not come.
   */
  whenListed(): Promise<RowsSnapshot<StudyRow> | null>;
  /** Those of the selected studies that are loaded, in list order. */
  selectedRows(keys: ReadonlySet<string>): readonly StudyRow[];
}

const loaderOf =
  (filter: StudyFilter, sort: readonly SortKey[]): LoadRows<StudyRow> =>
  (offset, limit) =>
    client().call('studies.list', { filter, sort: [...sort], offset, limit });

/** The host's studies by filter and order, kept up to date by its events. */
export function useStudyList(filter: StudyFilter, sort: readonly SortKey[]): StudyList {
  const question = JSON.stringify([filter, sort]);
  const load = useMemo(() => {
    const [f, s] = JSON.parse(question) as [StudyFilter, SortKey[]];
    return loaderOf(f, s);
  }, [question]);
  const [pages] = useState(() => new RowPages<StudyRow>(load));
  const rows = useSyncExternalStore(pages.watch, pages.snapshot);

  useEffect(() => {
    // A short wait joins quick keystrokes; the first list is asked for at once.
    const timer = setTimeout(() => pages.replace(load), pages.snapshot().total === null ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [pages, load]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = client().subscribe('studies', () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        pages.reload();
      }, eventsMs);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [pages]);

  const show = useCallback((view: RowWindow) => pages.show(view), [pages]);
  const keysBetween = useCallback(
    async (first: number, last: number) => {
      const keys: string[] = [];
      const end = Math.min(last + 1, first + keysAtMost);
      const snapshot = pages.snapshot();
      for (let row = first; row < end; row++) {
        const item = snapshot.rowAt(row);
        if (item) keys.push(item.studyKey);
        else {
          const result = await load(row, Math.min(callLimit, end - row));
          if (!result.ok || result.value.rows.length === 0) break;
          keys.push(...result.value.rows.map((found) => found.studyKey));
          row += result.value.rows.length - 1;
        }
      }
      return keys;
    },
    [pages, load],
  );
  const whenLoaded = useCallback(
    async (row: number) => {
      for (let tries = 0; tries < 60 && !pages.snapshot().rowAt(row); tries++) await aMoment();
      return pages.snapshot().rowAt(row);
    },
    [pages],
  );
  const whenListed = useCallback(async () => {
    for (let tries = 0; tries < listedTries && !pages.isOf(load); tries++) await aMoment();
    return pages.isOf(load) ? pages.snapshot() : null;
  }, [pages, load]);
  const selectedRows = useCallback(
    (keys: ReadonlySet<string>) => {
      const rows: readonly LoadedRow<StudyRow>[] = keys.size === 0 ? [] : pages.snapshot().loaded();
      return rows.filter(({ item }) => keys.has(item.studyKey)).map(({ item }) => item);
    },
    [pages],
  );
  return { rows, show, reload: () => pages.reload(), keysBetween, whenLoaded, whenListed, selectedRows };
}
