import type { StudyFilter } from '../../../core/contract/studies.ts';
import { dicomDateBefore, type Moment } from '../../../core/terms/format-date.ts';

/** Where the list looks. */
export type Source = 'all' | 'today' | 'received' | 'discs' | 'places' | 'starred' | 'bin';

/** `range` uses the two dates; the others count back from today. */
export type Period = '1' | '3' | '7' | 'all' | 'range';

export interface FilterState {
  readonly source: Source;
  readonly query: string;
  readonly period: Period;
  /** `YYYY-MM-DD` of the date fields, or empty. */
  readonly from: string;
  readonly to: string;
  readonly modalities: readonly string[];
  readonly unreadOnly: boolean;
}

export const noFilter: FilterState = {
  source: 'all',
  query: '',
  period: 'all',
  from: '',
  to: '',
  modalities: [],
  unreadOnly: false,
};

/** True when anything but the source narrows the list. */
export const isNarrowed = (state: FilterState): boolean =>
  state.query.trim() !== '' || state.period !== 'all' || state.modalities.length > 0 || state.unreadOnly;

/** A radiograph from a flat panel is DX in DICOM and DR in the department: one chip finds both. */
const codesOf = (modality: string): readonly string[] => (modality === 'DR' ? ['DR', 'DX'] : [modality]);

const compact = (date: string) => date.replaceAll('-', '');

const bySource: Readonly<Record<Source, StudyFilter>> = {
  all: {},
  today: { added: 'today' },
  received: { source: 'received' },
  discs: { source: 'disc' },
  places: { source: 'place' },
  starred: { starred: true },
  bin: { trash: true },
};

/** What the host is asked for. */
export function studyFilterOf(state: FilterState, now: Moment): StudyFilter {
  const query = state.query.trim().slice(0, 200);
  const { period } = state;
  const from =
    period === 'range'
      ? compact(state.from)
      : period === 'all'
        ? ''
        : dicomDateBefore(now, Number(period) - 1);
  const to = period === 'range' ? compact(state.to) : '';
  return {
    ...bySource[state.source],
    ...(query && { query }),
    ...(from && { dateFrom: from }),
    ...(to && { dateTo: to }),
    ...(state.modalities.length > 0 && { modalities: state.modalities.flatMap(codesOf) }),
    ...(state.unreadOnly && { unread: true }),
  };
}
