import { useEffect } from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { plansAhead } from '../../volumes/plans-ahead.ts';
import type { StudyList } from './study-list.ts';

/** So long a selection rests before anything is asked for. */
const restMs = 200;

/** Asks for what the study that is selected, or is first in the list, will be opened with. */
export function usePlansAhead({ rows }: StudyList, selected: readonly StudyRow[]): void {
  const likely = selected.length > 1 ? undefined : (selected[0] ?? rows.rowAt(0));
  const studyKey = likely && !likely.arriving && likely.deletedAtMs === null ? likely.studyKey : null;
  useEffect(() => {
    const timer = setTimeout(() => requestIdleCallback(() => void plansAhead().prepare(studyKey)), restMs);
    return () => {
      clearTimeout(timer);
      void plansAhead().prepare(null);
    };
  }, [studyKey]);
}
