import { useEffect } from 'react';
import { useApp } from '../../app/app-store.ts';
import { plansAhead } from '../../volumes/plans-ahead.ts';

/** What is on screen comes first: so long nothing is asked for. */
const restMs = 2000;

/** Asks for what the next study of the list will be opened with, while this one is read. */
export function useNextAhead(studyKey: string): void {
  const next = useApp(({ readingOrder, openStudies }) => {
    const at = readingOrder.indexOf(studyKey);
    const key = at < 0 ? undefined : readingOrder[at + 1];
    return key && !openStudies.some((tab) => tab.studyKey === key) ? key : null;
  });
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => requestIdleCallback(() => void plansAhead().prepare(next)), restMs);
    return () => {
      clearTimeout(timer);
      void plansAhead().prepare(null);
    };
  }, [next]);
}
