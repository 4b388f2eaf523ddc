import type { QueryLevel } from '../../../core/dimse/query-keys.ts';
import type { FindRequest, QueryFilter } from '../../../core/dimse/query-request.ts';
import { hasCjk, matchExpression } from './search-tokens.ts';

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
  /** Few rows are expected: all of them are found at once. Else they are walked through, newest study first. */
  readonly isNarrow: boolean;
}

interface Term {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  readonly isExact: boolean;
  readonly isNarrow?: true;
}

/** Places have a database of their own. */
const live = 'st.deleted_at_ms IS NULL';
const plainDate = '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]';
const tables: Readonly<Record<QueryLevel, readonly [id: string, tables: string]>> = {
  PATIENT: ['st.id', 'studies st'],
  STUDY: ['st.id', 'studies st'],
  SERIES: ['se.id', 'series se JOIN studies st ON st.id = se.study'],
  IMAGE: ['i.id', 'instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study'],
};

const columnOf: Readonly<Record<string, string>> = {
  PatientID: 'st.patient_id',
  IssuerOfPatientID: 'st.issuer',
  PatientBirthDate: 'st.birth_date',
  PatientSex: 'st.sex',
  StudyInstanceUID: 'st.study_uid',
  StudyDate: 'st.study_date',
  AccessionNumber: 'st.accession',
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

/** Every filter narrows down by an index where there is one; what SQL cannot say is left to the records. */
export function candidatesOf({ level, filters }: FindRequest): Candidates {
  const terms = filters.map(termOf);
  const [id, from] = tables[level];
  const shown = level === 'IMAGE' ? ['i.shows = 1'] : level === 'SERIES' ? ['se.instance_count > 0'] : [];
  const where = [live, ...shown, ...terms.map(({ sql }) => sql)].join(' AND ');
  return {
    where,
    from,
    id,
    values: terms.flatMap(({ values }) => values),
    undecided: filters.filter((_filter, n) => !terms[n]!.isExact),
    isNarrow: level !== 'STUDY' || terms.some(({ isNarrow }) => isNarrow),
  };
}

const open: Term = { sql: 'TRUE', values: [], isExact: false };

function termOf(filter: QueryFilter): Term {
  const { keyword, matching } = filter.key;
  if (filter.kind === 'name') return keyword === 'PatientName' ? nameTerm(filter.pattern) : open;
  if (keyword === 'ModalitiesInStudy') return modalitiesTerm(filter);
  const column = columnOf[keyword];
  if (column === undefined) return open;
  if (filter.kind === 'list') {
    if (matching === 'number') return numberTerm(column, filter.values);
    const sql = `${column} IN (SELECT value FROM json_each(?))`;
    const isNarrow = indexed.has(keyword) && { isNarrow: true as const };
    return { sql, values: [JSON.stringify(filter.values)], isExact: true, ...isNarrow };
  }
  if (filter.kind === 'range') {
    if (matching !== 'date') return open;
    const { from, to } = filter.range;
    const sql = `(${column} BETWEEN ? AND ? AND ${column} GLOB '${plainDate}')`;
    return { sql, values: [from || '00000000', to || '99999999'], isExact: true };
  }
  const globs = filter.patterns.map((pattern) => pattern.replaceAll('[', '[[]'));
  const isNarrow = indexed.has(keyword) && globs.every((glob) => /^[^*?[]{2}/.test(glob));
  return {
    sql: `(${globs.map(() => `${column} GLOB ?`).join(' OR ')})`,
    values: globs,
    isExact: true,
    ...(isNarrow && { isNarrow }),
  };
}
/** Columns with an index and many values. */
const indexed = new Set([
  'PatientID',
  'AccessionNumber',
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
]);

const numberTerm = (column: string, values: readonly string[]): Term => ({
  sql: `${column} IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`,
  values: [JSON.stringify(values)],
  isExact: values.every((value) => /^\d+$/.test(value)),
});

function modalitiesTerm(filter: QueryFilter): Term {
  if (filter.kind !== 'list') return open;
  const one = `instr('\\' || st.modalities || '\\', '\\' || ? || '\\') > 0`;
  return { sql: `(${filter.values.map(() => one).join(' OR ')})`, values: filter.values, isExact: true };
}

/**
 * Names: pieces of the pattern that words begin with are looked up in the full-text index, which knows no accents and
 * no case either; then every piece has to be in a group of the name, unless accents may hide it. Of patterns without a
 * piece that words begin with all names are looked at, in an index of their own.
 */
function nameTerm(pattern: string): Term {
  const expressions: string[] = [];
  const pieces: string[] = [];
  for (const group of pattern.split('=')) {
    for (const { 0: piece, index } of group.matchAll(/[^*?^\s]+/g)) {
      const begins = index === 0 || /[\s^]/.test(group[index - 1]!);
      const expression = begins || isAllCjk(piece) ? matchExpression(piece) : null;
      if (expression !== null) expressions.push(expression);
      if (/^[\x20-\x7e]+$/.test(piece) || isAllCjk(piece)) pieces.push(piece);
    }
  }
  const isScan = expressions.length === 0;
  const held = pieces.map(() => `(${inAnyGroup(isScan ? 's2' : 'st')})`);
  const likes = pieces.flatMap((piece) => {
    const like = `%${piece.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return [like, like, like, `*${[...piece].map(accented).join('')}*`];
  });
  if (isScan && pieces.length === 0) return open;
  if (isScan) {
    const sql = `st.id IN (SELECT s2.id FROM studies s2 INDEXED BY studies_for_peers
      WHERE s2.deleted_at_ms IS NULL AND ${held.join(' AND ')})`;
    return { sql, values: likes, isExact: false, isNarrow: true };
  }
  const found = 'st.id IN (SELECT rowid FROM study_search WHERE study_search MATCH ?)';
  return {
    sql: [found, ...held].join(' AND '),
    values: [`names : (${expressions.join(' AND ')})`, ...likes],
    isExact: false,
    isNarrow: true,
  };
}

const inAnyGroup = (table: string): string =>
  ['name_alphabetic', 'name_ideographic', 'name_phonetic']
    .map((column) => `${table}.${column} LIKE ? ESCAPE '\\'`)
    .concat(`(${table}.name_alphabetic GLOB '*[À-ỿ]*' AND ${table}.name_alphabetic GLOB ?)`)
    .join(' OR ');

/** Letters of the Latin script with their accents, by the plain lower-case letter. */
const accents = new Map<string, string>();
for (let code = 0xc0; code < 0x1f00; code++) {
  if (code > 0x24f && code < 0x1e00) continue;
  const letter = String.fromCharCode(code);
  const plain = letter.normalize('NFKD')[0]!.toLowerCase();
  if (/[a-z]/.test(plain)) accents.set(plain, `${accents.get(plain) ?? ''}${letter}`);
}

/** A piece of a GLOB pattern for one character, with or without accents, in either case. */
function accented(character: string): string {
  const plain = character.toLowerCase();
  const variants = accents.get(plain);
  if (variants) return `[${plain}${plain.toUpperCase()}${variants}]`;
  return /[*?[\]]/.test(character) ? `[${character}]` : character;
}

const isAllCjk = (text: string): boolean => [...text].every(hasCjk);
