import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { useApp } from '../../app/app-store.ts';
import type { RowsSnapshot } from './row-pages.ts';
import { type KnownList, selectionAfterReading, selectionInNewRows } from './selection.ts';
import { select, useStudies } from './studies-store.ts';

/**
 * Back on the page, the list stands where it was left, and the study that was read last is the chosen one; where it is not
 * listed any more, as one that was read leaves the unread, the next that is.
 */
export function useBackOnPage(
  rows: RowsSnapshot<StudyRow>,
  scroller: RefObject<HTMLElement | null>,
  bringIntoView: (row: number) => void,
): void {
  const isPlaced = useRef(false);
  /** The selection as it was found, until it has left the list or a hand has chosen another. */
  const found = useRef<ReturnType<typeof useStudies.getState>['selection'] | null>(null);
  const count = rows.total ?? 0;

  useLayoutEffect(() => {
    const { readingOrder, activeStudyKey } = useApp.getState();
    const { selection } = useStudies.getState();
    const next = selectionAfterReading(selection, readingOrder, activeStudyKey);
    if (next !== selection) select(next);
    found.current = next;
    const box = scroller.current;
    return () => {
      if (box) useStudies.setState({ scrollTopPx: box.scrollTop });
    };
  }, [scroller]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (isPlaced.current || count === 0 || !box) return;
    isPlaced.current = true;
    const { selection, scrollTopPx } = useStudies.getState();
    box.scrollTop = scrollTopPx;
    if (selection.cursor !== null && selection.cursor < count) bringIntoView(selection.cursor);
  });

  useEffect(() => {
    const { selection } = useStudies.getState();
    if (rows.total === null) return;
    const next = selectionInNewRows(
      selection,
      found.current === selection,
      useApp.getState().readingOrder,
      knownList(rows),
    );
    if (next.selection === selection) return;
    found.current = next.isAsFound ? next.selection : null;
    select(next.selection);
    if (next.hasGoneOn && next.selection.cursor !== null) bringIntoView(next.selection.cursor);
  }, [rows, bringIntoView]);
}

function knownList(rows: RowsSnapshot<StudyRow>): KnownList {
  let places: ReadonlyMap<string, number> | null = null;
  return {
    total: rows.total ?? 0,
    rowOf: (key) => {
      places ??= new Map(rows.loaded().map(({ item, index }) => [item.studyKey, index]));
      return places.get(key);
    },
    keyAt: (row) => rows.rowAt(row)?.studyKey,
  };
}
