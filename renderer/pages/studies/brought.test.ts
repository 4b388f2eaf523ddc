import { beforeEach, expect, it } from 'vitest';
import { noFilter } from './filter.ts';
import { nothingSelected, selectOne } from './selection.ts';
import { changeFilter, selectBrought, useStudies } from './studies-store.ts';

const wanted = (): string | null => useStudies.getState().studyToSelect;
beforeEach(() => {
  useStudies.setState({ filter: noFilter, selection: nothingSelected, studyToSelect: null });
});

it('selects what an import brought where nothing was selected', () => {
  selectBrought('s.1');
  expect(wanted()).toBe('s.1');
});

it('leaves a selection, and a cursor that a deletion has left, to the reader', () => {
  useStudies.setState({ selection: selectOne(3, 's.9') });
  selectBrought('s.1');
  expect(wanted()).toBe(null);
  useStudies.setState({ selection: { ...nothingSelected, cursor: 3 } });
  selectBrought('s.1');
  expect(wanted()).toBe(null);
});

it('selects nothing while a reader seeks another, nor after the list was changed', () => {
  useStudies.setState({ filter: { ...noFilter, query: 'wang' } });
  selectBrought('s.1');
  expect(wanted()).toBe(null);
  useStudies.setState({ filter: noFilter });
  selectBrought('s.1');
  changeFilter({ source: 'bin' });
  expect(wanted()).toBe(null);
});
