import type { QueryLevel } from '../../../core/dimse/query-keys.ts';
import { foldedGroupsPattern, type ValueRange } from '../../../core/dimse/query-matching.ts';
import type { FindRequest, QueryFilter } from '../../../core/dimse/query-request.ts';
import { queryIndexFor } from './query-indexes.ts';

/** Rows that may match, by row number. */
export interface Candidates {
  /** Conditions on `st`, and `se` and `i` below. */
  readonly where: string;
  readonly from: string;
  /** Of the row number. */
  readonly id: string;
  readonly values: readonly (string | number)[];
  /** What is left to be decided on the records. */
  readonly undecided: readonly QueryFilter[];
  /**
   * An index leads to the rows: all of them are found at once. Else studies are walked through, newest first, in an
   * index that holds all that is asked for.
   */
  readonly isNarrow: boolean;
}

interface Term {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  readonly isExact: boolean;
}

/** Places have a database of their own. */
const live = 'st.deleted_at_ms IS NULL';
const tables: Readonly<Record<QueryLevel, readonly [id: string, tables: string]>> = {
  PATIENT: ['st.id', 'studies st'],
  STUDY: ['st.id', 'studies st'],
  SERIES: ['se.id', 'series se JOIN studies st ON st.id = se.study'],
  IMAGE: ['i.id', 'instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study'],
};

/** Those of `st` are all in an index that is walked through (query-indexes.ts), but for the UID. */
export const columnOf: Readonly<Record<string, string>> = {
  PatientID: 'st.patient_id',
  IssuerOfPatientID: 'st.issuer',
  PatientBirthDate: 'st.birth_date',
  PatientSex: 'st.sex',
  StudyInstanceUID: 'st.study_uid',
  StudyDate: 'st.study_date',
  StudyTime: 'st.study_time',
  AccessionNumber: 'st.accession',
  StudyID: 'st.study_id',
  StudyDescription: 'st.description',
  InstitutionName: 'st.institution',
  SeriesInstanceUID: 'se.series_uid',
  Modality: 'se.modality',
  SeriesNumber: 'se.number',
  SeriesDescription: 'se.description',
  BodyPartExamined: 'se.body_part',
  SOPInstanceUID: 'i.sop_uid',
  SOPClassUID: 'i.sop_class',
  InstanceNumber: 'i.instance_number',
  Rows: 'i.pixel_rows',
  Columns: 'i.pixel_columns',
};

/** Columns with an index and many values. */
const indexed = new Set([
  'PatientID',
  'AccessionNumber',
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
]);

/** Whatever SQL can say narrows down; what it cannot is left to the records. */
export function candidatesOf({ level, filters: asked }: FindRequest): Candidates {
  // Names take longest to compare: they come last.
  const filters = [...asked].sort((a, b) => Number(a.kind === 'name') - Number(b.kind === 'name'));
  const isNarrow =
    level === 'SERIES' ||
    level === 'IMAGE' ||
    filters.some((filter) => filter.kind === 'list' && indexed.has(filter.key.keyword));
  const terms = filters.map((filter) => termOf(filter, isNarrow));
  const [id, from] = tables[level];
  const shown = level === 'IMAGE' ? ['i.shows = 1'] : level === 'SERIES' ? ['se.instance_count > 0'] : [];
  const where = [live, ...shown, ...terms.map(({ sql }) => sql)].join(' AND ');
  return {
    where,
    from: isNarrow ? from : `${from} INDEXED BY ${queryIndexFor(terms.map(({ sql }) => sql))}`,
    id,
    values: terms.flatMap(({ values }) => values),
    undecided: filters.filter((_filter, n) => !terms[n]!.isExact),
    isNarrow,
  };
}

/** Names as they are compared, in the same index. */
const foldedNameOf: Readonly<Record<string, string>> = {
  PatientName: 'st.name_folded',
  ReferringPhysicianName: 'st.referring_folded',
};

const open: Term = { sql: 'TRUE', values: [], isExact: false };

function termOf(filter: QueryFilter, isNarrow: boolean): Term {
  const { keyword, matching } = filter.key;
  if (filter.kind === 'name') {
    const folded = foldedNameOf[keyword];
    if (folded === undefined) return open;
    const pattern = globText(foldedGroupsPattern(filter.pattern));
    return { sql: `${folded} GLOB ?`, values: [pattern], isExact: false };
  }
  if (keyword === 'ModalitiesInStudy') return modalitiesTerm(filter);
  const column = columnOf[keyword];
  if (column === undefined) return open;
  if (filter.kind === 'list') {
    if (matching === 'number') return numberTerm(column, filter.values);
    const sql = `${column} IN (SELECT value FROM json_each(?))`;
    return { sql, values: [JSON.stringify(filter.values)], isExact: true };
  }
  if (filter.kind === 'range') {
    if (matching === 'time') return hourTerm(column, filter.range);
    // A unique key leads to fewer rows than a date.
    return dateTerm(isNarrow ? `+${column}` : column, filter.range);
  }
  return {
    sql: `(${filter.patterns.map(() => `${column} GLOB ?`).join(' OR ')})`,
    values: filter.patterns.map(globText),
    isExact: true,
  };
}

/** `*` and `?` mean the same in both. */
const globText = (pattern: string): string => pattern.replaceAll('[', '[[]');

const numberTerm = (column: string, values: readonly string[]): Term => ({
  sql: `${column} IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`,
  values: [JSON.stringify(values)],
  isExact: values.every((value) => /^\d+$/.test(value)),
});

const digit = '[0-9]';
const plainDate = digit.repeat(8);
const oldDate = `${digit.repeat(4)}.${digit.repeat(2)}.${digit.repeat(2)}`;
const asOld = (date: string): string => `${date.slice(0, 4)}.${date.slice(4, 6)}.${date.slice(6)}`;

/** Both forms that `inRange` takes. The old one, with points, lies before the other's dates of the same year. */
function dateTerm(column: string, range: ValueRange): Term {
  const from = range.from || '00000000';
  const to = range.to || '99999999';
  const [oldFrom, oldTo] = [asOld(from), asOld(to)];
  return {
    sql: `(${column} BETWEEN ? AND ? AND (${column} >= ? AND ${column} GLOB '${plainDate}'
      OR ${column} <= ? AND ${column} GLOB '${oldDate}'))`,
    values: [oldFrom, to, from, oldTo],
    isExact: true,
  };
}

/** Times have many forms; the hour comes first in all of them. */
const hourTerm = (column: string, { from, to }: ValueRange): Term => ({
  sql: `(substr(${column}, 1, 2) BETWEEN ? AND ?)`,
  values: [from.slice(0, 2) || '00', to.slice(0, 2) || '99'],
  isExact: false,
});

/** One of a study's modalities; the first condition spares most rows the second, which makes new texts. */
export const hasModality = `instr(st.modalities, ?) > 0
  AND instr('\\' || st.modalities || '\\', '\\' || ? || '\\') > 0`;

function modalitiesTerm(filter: QueryFilter): Term {
  if (filter.kind === 'list') {
    const values = filter.values.flatMap((value) => [value, value]);
    return { sql: `(${filter.values.map(() => hasModality).join(' OR ')})`, values, isExact: true };
  }
  if (filter.kind !== 'pattern') return open;
  const one = `'\\' || st.modalities || '\\' GLOB ?`;
  const values = filter.patterns.map((pattern) => `*\\${globText(pattern)}\\*`);
  return { sql: `(${values.map(() => one).join(' OR ')})`, values, isExact: false };
}
