import type { SortColumn } from '../../../core/contract/studies.ts';
import type { TermKey } from '../../../core/terms/terms.ts';

export type ColumnId =
  | 'mark'
  | 'name'
  | 'patientId'
  | 'sex'
  | 'age'
  | 'studyDate'
  | 'modality'
  | 'description'
  | 'series'
  | 'frames'
  | 'bytes'
  | 'accession'
  | 'institution'
  | 'source'
  | 'added'
  | 'status'
  | 'star';

export interface Column {
  readonly id: ColumnId;
  readonly term: TermKey;
  readonly widthPx: number;
  readonly minPx: number;
  /** Where the list has little room between the panels. */
  readonly narrowPx?: number;
  readonly isNumber?: boolean;
  /** What the host sorts by; a column without cannot be sorted. */
  readonly sort?: SortColumn;
  /** Takes what is left until somebody gives it a width; then the last one does. */
  readonly grows?: boolean;
  /** Folds away where the list has little room. */
  readonly isMinor?: boolean;
  /** Not shown until chosen. */
  readonly isOptional?: boolean;
  /** Always shown, no heading, not resized. */
  readonly isFixed?: boolean;
}

export const columns: readonly Column[] = [
  { id: 'mark', term: 'studies.col.mark', widthPx: 30, minPx: 30, isFixed: true },
  { id: 'name', term: 'studies.col.name', widthPx: 204, minPx: 90, narrowPx: 140, sort: 'name' },
  {
    id: 'patientId',
    term: 'studies.col.patientId',
    widthPx: 116,
    minPx: 50,
    narrowPx: 96,
    sort: 'patientId',
  },
  { id: 'sex', term: 'studies.col.sex', widthPx: 62, minPx: 40, sort: 'sex' },
  { id: 'age', term: 'studies.col.age', widthPx: 62, minPx: 44, narrowPx: 56, isNumber: true, sort: 'age' },
  { id: 'studyDate', term: 'studies.col.studyDate', widthPx: 124, minPx: 80, sort: 'studyDate' },
  { id: 'modality', term: 'studies.col.modality', widthPx: 72, minPx: 44, sort: 'modality' },
  {
    id: 'description',
    term: 'studies.col.description',
    widthPx: 220,
    minPx: 120,
    narrowPx: 100,
    sort: 'description',
    grows: true,
  },
  {
    id: 'series',
    term: 'studies.col.series',
    widthPx: 56,
    minPx: 44,
    isNumber: true,
    sort: 'series',
    isMinor: true,
  },
  {
    id: 'frames',
    term: 'studies.col.frames',
    widthPx: 66,
    minPx: 50,
    isNumber: true,
    sort: 'frames',
  },
  {
    id: 'bytes',
    term: 'studies.col.bytes',
    widthPx: 78,
    minPx: 60,
    isNumber: true,
    sort: 'bytes',
    isMinor: true,
  },
  { id: 'accession', term: 'studies.col.accession', widthPx: 130, minPx: 60, isOptional: true },
  { id: 'institution', term: 'studies.col.institution', widthPx: 160, minPx: 60, isOptional: true },
  { id: 'source', term: 'studies.col.source', widthPx: 86, minPx: 60, sort: 'source', isMinor: true },
  { id: 'added', term: 'studies.col.added', widthPx: 124, minPx: 80, sort: 'added', isOptional: true },
  { id: 'status', term: 'studies.col.status', widthPx: 164, minPx: 70 },
  { id: 'star', term: 'studies.col.star', widthPx: 28, minPx: 28, isFixed: true },
];

/** What a person changed: widths, which are shown or hidden, and the order. Kept as JSON in the settings. */
export interface TableView {
  readonly widthsPx: Readonly<Partial<Record<ColumnId, number>>>;
  readonly shown: Readonly<Partial<Record<ColumnId, boolean>>>;
  readonly order: readonly ColumnId[];
}
export const defaultView: TableView = { widthsPx: {}, shown: {}, order: [] };

const isColumnId = (id: unknown): id is ColumnId => columns.some((column) => column.id === id);
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Reads a kept view; anything that is not one counts as the default. */
export function readView(json: string | undefined): TableView {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json ?? '{}');
  } catch {
    return defaultView;
  }
  const { widthsPx, shown, order } = record(parsed);
  const known = <T>(from: unknown, is: (value: unknown) => value is T): Partial<Record<ColumnId, T>> =>
    Object.fromEntries(Object.entries(record(from)).filter(([id, value]) => isColumnId(id) && is(value)));
  const isWidth = (value: unknown): value is number =>
    typeof value === 'number' && value >= 20 && value <= 2000;
  const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
  return {
    widthsPx: known(widthsPx, isWidth),
    shown: known(shown, isFlag),
    order: Array.isArray(order) ? order.filter(isColumnId) : [],
  };
}

export const isShown = (view: TableView, column: Column, isTight: boolean): boolean =>
  column.isFixed || (view.shown[column.id] ?? !(column.isOptional || (column.isMinor && isTight)));

/** Columns in the person's order; those added since stand where they are in the table above. */
export function orderedColumns(view: TableView): Column[] {
  const rank = (column: Column) => {
    const kept = view.order.indexOf(column.id);
    return kept < 0 ? columns.indexOf(column) : kept;
  };
  return view.order.length === 0 ? [...columns] : [...columns].sort((a, b) => rank(a) - rank(b));
}

export const visibleColumns = (view: TableView, isTight: boolean): Column[] =>
  orderedColumns(view).filter((column) => isShown(view, column, isTight));

/** Value of `grid-template-columns`. */
export function gridTemplate(view: TableView, shown: readonly Column[], isNarrow: boolean): string {
  const wide = shown.find((column) => column.grows);
  const isSet = wide !== undefined && view.widthsPx[wide.id] !== undefined;
  const growing = isSet ? shown.findLast((column) => !column.isFixed) : wide;
  return shown
    .map((column) => {
      const own = isNarrow ? (column.narrowPx ?? column.widthPx) : column.widthPx;
      const widthPx = view.widthsPx[column.id] ?? own;
      if (column !== growing) return `${widthPx}px`;
      return `minmax(${isSet ? widthPx : Math.min(widthPx, 150)}px, 1fr)`;
    })
    .join(' ');
}

export const resized = (view: TableView, column: Column, widthPx: number): TableView => ({
  ...view,
  widthsPx: { ...view.widthsPx, [column.id]: Math.round(Math.min(800, Math.max(column.minPx, widthPx))) },
});

/** Moves a column one place among the shown ones; the fixed ends stay. */
export function moved(view: TableView, id: ColumnId, step: 1 | -1, isTight: boolean): TableView {
  const all = orderedColumns(view).map((column) => column.id);
  const shown = visibleColumns(view, isTight).filter((column) => !column.isFixed);
  const index = shown.findIndex((column) => column.id === id);
  const other = shown[index + step];
  if (index < 0 || !other) return view;
  const swap = (item: ColumnId) => (item === id ? other.id : item === other.id ? id : item);
  return { ...view, order: all.map(swap) };
}

export interface SortKey {
  readonly column: SortColumn;
  readonly descending: boolean;
}
export const defaultSort: readonly SortKey[] = [{ column: 'studyDate', descending: true }];
const sortAtMost = 4;
/** Columns that are first wanted from the large end. */
const largeFirst: ReadonlySet<SortColumn> = new Set(['studyDate', 'added', 'frames', 'bytes', 'series']);

/** A click on a heading sorts by it, again turns it round; with Shift it joins those before. */
export function sortedBy(
  sort: readonly SortKey[],
  column: SortColumn,
  isJoining: boolean,
): readonly SortKey[] {
  const present = sort.find((key) => key.column === column);
  const key = { column, descending: present ? !present.descending : largeFirst.has(column) };
  if (!isJoining) return [key];
  if (present) return sort.map((other) => (other.column === column ? key : other));
  return [...sort, key].slice(-sortAtMost);
}

export function readSort(json: string | undefined): readonly SortKey[] {
  try {
    const parsed: unknown = JSON.parse(json ?? '[]');
    if (!Array.isArray(parsed)) return defaultSort;
    const keys = parsed.flatMap((item: unknown): SortKey[] => {
      const { column, descending } = record(item);
      const known = columns.find((candidate) => candidate.sort === column)?.sort;
      return known ? [{ column: known, descending: descending === true }] : [];
    });
    return keys.length > 0 ? keys.slice(0, sortAtMost) : defaultSort;
  } catch {
    return defaultSort;
  }
}
