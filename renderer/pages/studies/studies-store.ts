import { create } from 'zustand';
import type { CallOutput } from '../../../core/contract/index.ts';
import { useApp } from '../../app/app-store.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { readSort, readView, type SortKey, type TableView } from './columns.ts';
import { type FilterState, isNarrowed, noFilter, type Source } from './filter.ts';
import { nothingSelected, type Selection } from './selection.ts';

export interface StudiesState {
  readonly filter: FilterState;
  readonly selection: Selection;
  readonly counts: CallOutput<'studies.counts'> | null;
  /** How far the list is scrolled, in CSS pixels, while another page is shown. */
  readonly scrollTopPx: number;
  readonly isDrawerOpen: boolean;
  /** Studies opened in place that were stored since. */
  readonly keptKeys: ReadonlySet<string>;
  /** Place whose studies should be selected as soon as the list has them. */
  readonly placeToSelect: string | null;
  /** Study that an import brought, to be selected as soon as the list has it. */
  readonly studyToSelect: string | null;
}

/** State of the Studies page; it outlives the page, so that going back finds the list as it was. */
export const useStudies = create<StudiesState>()(() => ({
  filter: noFilter,
  selection: nothingSelected,
  counts: null,
  scrollTopPx: 0,
  isDrawerOpen: false,
  keptKeys: new Set(),
  placeToSelect: null,
  studyToSelect: null,
}));

export function changeFilter(changes: Partial<FilterState>): void {
  useStudies.setState((state) => ({
    filter: { ...state.filter, ...changes },
    selection: nothingSelected,
    scrollTopPx: 0,
    studyToSelect: null,
  }));
}

export const showSource = (source: Source): void => changeFilter({ source });
export const clearFilters = (): void =>
  changeFilter({ ...noFilter, source: useStudies.getState().filter.source });

export const select = (selection: Selection): void => useStudies.setState({ selection });

/** Nobody has chosen a row yet: after a deletion the cursor stays, and a hand may be on its keys. */
export const isUntouched = ({ keys, cursor }: Selection): boolean => keys.size === 0 && cursor === null;

/** The only study that an import brought becomes the selected one, unless a reader has chosen or seeks another. */
export function selectBrought(studyKey: string): void {
  const { selection, filter } = useStudies.getState();
  if (isUntouched(selection) && !isNarrowed(filter)) useStudies.setState({ studyToSelect: studyKey });
}

/** Shows a place that was opened without importing, with its studies selected. */
export function showPlace(place: string): void {
  useStudies.setState({
    filter: { ...noFilter, source: 'places' },
    selection: nothingSelected,
    scrollTopPx: 0,
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
