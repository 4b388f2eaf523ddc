import { useEffect } from 'react';
import { selectOne, toggleOne } from './selection.ts';
import { select, useStudies } from './studies-store.ts';
import { placeOf } from './study-actions.ts';
import type { StudyList } from './study-list.ts';

/** Selects the studies of a place that was just opened, as soon as the list has them. */
export function usePlaceSelection(list: StudyList): void {
  const place = useStudies((state) => state.placeToSelect);
  const { rows } = list;
  useEffect(() => {
    if (place === null) return;
    const found = rows.loaded().filter(({ item }) => placeOf(item.studyKey) === place);
    const [first] = found;
    if (!first) return;
    let selection = selectOne(first.index, first.item.studyKey);
    for (const { item, index } of found.slice(1)) selection = toggleOne(selection, index, item.studyKey);
    select(selection);
    useStudies.setState({ placeToSelect: null });
  }, [place, rows]);
}
