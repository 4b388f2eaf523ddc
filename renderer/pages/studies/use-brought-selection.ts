import { useEffect } from 'react';
import { selectOne } from './selection.ts';
import { isUntouched, select, useStudies } from './studies-store.ts';
import type { StudyList } from './study-list.ts';

/** A list without the study after this time shows it elsewhere, or not at all. */
const waitMs = 30_000;

/** Selects the study that an import brought, once the list has it and while nobody has chosen another. */
export function useBroughtSelection(list: StudyList): void {
  const studyKey = useStudies((state) => state.studyToSelect);
  const { rows } = list;
  useEffect(() => {
    if (studyKey === null) return;
    const end = (): void => useStudies.setState({ studyToSelect: null });
    if (!isUntouched(useStudies.getState().selection)) return end();
    const found = rows.loaded().find(({ item }) => item.studyKey === studyKey);
    if (!found) return;
    select(selectOne(found.index, studyKey));
    end();
  }, [studyKey, rows]);
  useEffect(() => {
    if (studyKey === null) return;
    const timer = setTimeout(() => useStudies.setState({ studyToSelect: null }), waitMs);
    return () => clearTimeout(timer);
  }, [studyKey]);
}
