import { create } from 'zustand';
import type { CallOutput } from '../../../core/contract/index.ts';
import { useApp } from '../../app/app-store.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { readSort, readView, type SortKey, type TableView } from './columns.ts';
import { type FilterState, noFilter, type Source } from './filter.ts';
import { nothingSelected, type Selection } from './selection.ts';

export interface StudiesState {
  readonly filter: FilterState;
  readonly selection: Selection;
  readonly counts: CallOutput<'studies.counts'> | null;
  readonly isDrawerOpen: boolean;
  /** Place whose studies should be selected as soon as the list has them. */
  readonly placeToSelect: string | null;
}

/** State of the Studies page; it outlives the page, so that going back finds the list as it was. */
export const useStudies = create<StudiesState>()(() => ({
  filter: noFilter,
  selection: nothingSelected,
  counts: null,
  isDrawerOpen: false,
  placeToSelect: null,
}));

export function changeFilter(changes: Partial<FilterState>): void {
  useStudies.setState((state) => ({ filter: { ...state.filter, ...changes }, selection: nothingSelected }));
}

export const showSource = (source: Source): void => changeFilter({ source });
export const clearFilters = (): void =>
  changeFilter({ ...noFilter, source: useStudies.getState().filter.source });

export const select = (selection: Selection): void => useStudies.setState({ selection });

/** Shows a place that was opened without importing, with its studies selected. */
export function showPlace(place: string): void {
  useStudies.setState({
    filter: { ...noFilter, source: 'places' },
    selection: nothingSelected,
    placeToSelect: place,
  });
}

const tableSetting = (name: 'columns' | 'sort', value: unknown) =>
  changeSettings({
    studiesTable: { ...useApp.getState().settings.studiesTable, [name]: JSON.stringify(value) },
  });

export const keepView = (view: TableView): void => tableSetting('columns', view);
export const keepSort = (sort: readonly SortKey[]): void => tableSetting('sort', sort);
export const viewOf = (table: Readonly<Record<string, string>>): TableView => readView(table['columns']);
export const sortOf = (table: Readonly<Record<string, string>>): readonly SortKey[] =>
  readSort(table['sort']);
