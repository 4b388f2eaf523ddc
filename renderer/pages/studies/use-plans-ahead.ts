import { useCallback, useEffect, useRef } from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { plansAhead } from '../../volumes/plans-ahead.ts';
import type { StudyList } from './study-list.ts';

/** So long a selection, or the pointer on a row, rests before anything is asked for. */
const restMs = 200;

/** The pointer moves over a row. */
export type PointAt = (
  row: StudyRow | undefined,
  by: { readonly movementX: number; readonly movementY: number },
) => void;

const keyOf = (row: StudyRow | undefined): string | null =>
  row && !row.arriving && row.deletedAtMs === null ? row.studyKey : null;

/**
 * Asks for what the study that is selected, or is first in the list, will be opened with. Answers whom to tell which row the
 * pointer is on: a double click is likely to follow.
 */
export function usePlansAhead({ rows }: StudyList, selected: readonly StudyRow[]): PointAt {
  const aimed = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const aim = useCallback((studyKey: string | null) => {
    if (studyKey === aimed.current) return;
    aimed.current = studyKey;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => requestIdleCallback(() => void plansAhead().prepare(aimed.current)),
      restMs,
    );
  }, []);
  const studyKey = selected.length > 1 ? null : keyOf(selected[0] ?? rows.rowAt(0));
  useEffect(() => aim(studyKey), [aim, studyKey]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      aimed.current = null;
      void plansAhead().prepare(null);
    },
    [],
  );
  return useCallback(
    (row, { movementX, movementY }) => {
      const pointed = keyOf(row);
      // A list that moves under a resting pointer says so, too.
      if (pointed !== null && (movementX !== 0 || movementY !== 0)) aim(pointed);
    },
    [aim],
  );
}
