import type { QueryKey, QueryLevel, QueryMatch } from '../../../core/dicomweb/query.ts';
import { foldedGroup } from '../../../core/dimse/query-matching.ts';
import type { ReadableDatabase } from './open-database.ts';

/** What scripts ask over DICOMweb; places, the trash and older versions of images do not count. */
export interface WebFind {
  readonly level: QueryLevel;
  readonly keys: readonly QueryKey[];
  readonly limit: number;
  readonly offset: number;
}

/** One match as the index has it; a lower level has the columns of those above it. */
export interface WebRow {
  readonly studyUid: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly accession: string;
  readonly modalities: string;
  readonly description: string;
  readonly institution: string;
  readonly nameAlphabetic: string;
  readonly nameIdeographic: string | null;
  readonly namePhonetic: string | null;
  readonly patientId: string;
  readonly issuer: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly seriesCount: number;
  readonly instanceCount: number;
  /** Series and below. */
  readonly seriesUid?: string;
  readonly seriesNumber?: number | null;
  readonly modality?: string;
  readonly seriesDescription?: string;
  readonly bodyPart?: string;
  readonly seriesInstances?: number;
  /** Instances. */
  readonly sopUid?: string;
  readonly sopClass?: string;
  readonly instanceNumber?: number | null;
  readonly transferSyntax?: string;
  readonly rows?: number | null;
  readonly columns?: number | null;
  readonly frames?: number;
}

type Kind = 'text' | 'name' | 'when' | 'number' | 'modalities';
interface Column {
  readonly sql: readonly string[];
  readonly kind: Kind;
  readonly level: QueryLevel;
}

const one = (level: QueryLevel, sql: string, kind: Kind = 'text'): Column => ({ level, sql: [sql], kind });
/** Both in the index `studies_for_queries`, like all that is asked of a study. */
const names = ['st.name_folded', 'st.name_latin'];
const columns: ReadonlyMap<number, Column> = new Map([
  [0x0020000d, one('study', 'st.study_uid')],
  [0x00080020, one('study', 'st.study_date', 'when')],
  [0x00080030, one('study', 'st.study_time', 'when')],
  [0x00080050, one('study', 'st.accession')],
  [0x00080061, one('study', 'st.modalities', 'modalities')],
  [0x00080080, one('study', 'st.institution')],
  [0x00081030, one('study', 'st.description')],
  [0x00100010, { level: 'study', sql: names, kind: 'name' }],
  [0x00100020, one('study', 'st.patient_id')],
  [0x00100021, one('study', 'st.issuer')],
  [0x00100030, one('study', 'st.birth_date', 'when')],
  [0x00100040, one('study', 'st.sex')],
  [0x0020000e, one('series', 'se.series_uid')],
  [0x00080060, one('series', 'se.modality')],
  [0x00200011, one('series', 'se.number', 'number')],
  [0x0008103e, one('series', 'se.description')],
  [0x00180015, one('series', 'se.body_part')],
  [0x00080018, one('instance', 'i.sop_uid')],
  [0x00080016, one('instance', 'i.sop_class')],
  [0x00200013, one('instance', 'i.instance_number', 'number')],
]);
const depth: Readonly<Record<QueryLevel, number>> = { study: 0, series: 1, instance: 2 };

/** Whether an attribute can be matched at a level; others are ignored, and the caller tells so. */
export function isMatchable(tag: number, level: QueryLevel): boolean {
  const column = columns.get(tag);
  return column !== undefined && depth[column.level] <= depth[level];
}

const studyColumns = `st.study_uid AS studyUid, st.study_date AS studyDate, st.study_time AS studyTime, st.accession,
  st.modalities, st.description, st.institution, st.name_alphabetic AS nameAlphabetic,
  st.name_ideographic AS nameIdeographic, st.name_phonetic AS namePhonetic, st.patient_id AS patientId, st.issuer,
  st.birth_date AS birthDate, st.sex, st.series_count AS seriesCount, st.instance_count AS instanceCount`;
const seriesColumns = `${studyColumns}, se.series_uid AS seriesUid, se.number AS seriesNumber, se.modality,
  se.description AS seriesDescription, se.body_part AS bodyPart, se.instance_count AS seriesInstances`;
const instanceColumns = `${seriesColumns}, i.sop_uid AS sopUid, i.sop_class AS sopClass,
  i.instance_number AS instanceNumber, i.transfer_syntax AS transferSyntax, i.pixel_rows AS rows,
  i.pixel_columns AS columns, i.frames`;

const live = "st.scope = 's' AND st.deleted_at_ms IS NULL AND st.instance_count > 0";
const isShown = 'i.shows = 1 AND i.file_sha256 IS NOT NULL';
const seriesTables = 'studies st JOIN series se ON se.study = st.id';
const instanceTables = `${seriesTables} JOIN instances i ON i.series = se.id`;

/** At most `limit` rows, newest studies first, then by series and instance number. */
export function findForWeb(db: ReadableDatabase, find: WebFind): WebRow[] {
  const terms = [live];
  const values: (string | number)[] = [];
  for (const { tag, match } of find.keys) {
    const column = columns.get(tag);
    if (!column || !isMatchable(tag, find.level)) continue;
    const parts = column.sql.map((sql) => condition(sql, column.kind, match));
    terms.push(`(${parts.map((part) => part.sql).join(' OR ')})`);
    for (const part of parts) values.push(...part.values);
  }
  const newest = 'st.study_date DESC, st.study_time DESC, st.id DESC';
  const select = {
    study: `SELECT ${studyColumns} FROM studies st WHERE ${terms.join(' AND ')} ORDER BY ${newest}`,
    series: `SELECT ${seriesColumns} FROM ${seriesTables} WHERE se.instance_count > 0 AND ${terms.join(' AND ')}
      ORDER BY ${newest}, se.number, se.id`,
    instance: `SELECT ${instanceColumns} FROM ${instanceTables} WHERE ${isShown} AND ${terms.join(' AND ')}
      ORDER BY ${newest}, se.number, se.id, i.instance_number, i.id`,
  }[find.level];
  return db.prepare(`${select} LIMIT ? OFFSET ?`).all(...values, find.limit, find.offset) as WebRow[];
}

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

function condition(sql: string, kind: Kind, match: QueryMatch): Condition {
  switch (match.kind) {
    case 'list': {
      const parts = match.values.map((value) => condition(sql, kind, { kind: 'single', value }));
      return {
        sql: parts.map((part) => part.sql).join(' OR '),
        values: parts.flatMap((part) => part.values),
      };
    }
    case 'range':
      return rangeOf(sql, match);
    case 'wildcard':
      return wildcardOf(sql, kind, match.pattern);
    case 'single':
      return singleOf(sql, kind, match.value);
  }
}

function singleOf(sql: string, kind: Kind, value: string): Condition {
  switch (kind) {
    case 'name':
      return wildcardOf(sql, kind, value);
    case 'number':
      return { sql: `${sql} = CAST(? AS INTEGER)`, values: [value] };
    case 'when':
      // `1030` is any time within that minute.
      return { sql: `${sql} <> '' AND ${sql} GLOB ?`, values: [`${globText(value)}*`] };
    case 'modalities':
      return { sql: `instr('\\' || ${sql} || '\\', '\\' || ? || '\\') > 0`, values: [value] };
    case 'text':
      return { sql: `${sql} = ?`, values: [value] };
  }
}

/** Texts are matched as written, names in any case and without accents (PS3.4 C.2.2.2.1). */
function wildcardOf(sql: string, kind: Kind, pattern: string): Condition {
  if (kind === 'name') return nameOf(sql, pattern);
  if (kind === 'modalities') {
    return { sql: `'\\' || ${sql} || '\\' GLOB ?`, values: [`*\\${globText(pattern)}\\*`] };
  }
  return { sql: `${sql} GLOB ?`, values: [globText(pattern)] };
}

/** Each group of a name for itself; `groups_match` (open-database.ts) decides on the few that a GLOB leaves. */
function nameOf(sql: string, key: string): Condition {
  const patterns = key
    .split('=')
    .map(foldedGroup)
    .filter((group) => group.replaceAll('*', '') !== '');
  const folded = sql === 'st.name_folded' ? sql : `'=' || lower(${sql}) || '='`;
  const one = `(${folded} GLOB ? AND groups_match(${folded}, ?))`;
  return {
    sql: patterns.length > 0 ? patterns.map(() => one).join(' OR ') : 'TRUE',
    values: patterns.flatMap((pattern) => [`*=${globText(pattern)}=*`, pattern]),
  };
}

/** `*` and `?` mean the same in both. */
const globText = (pattern: string): string => pattern.replaceAll('[', '[[]');

/** The end takes in everything within its day or minute; studies without a date match no range. */
function rangeOf(sql: string, { from, to }: { readonly from: string; readonly to: string }): Condition {
  const plain = (text: string): string => text.replaceAll('.', '');
  const terms = [`${sql} <> ''`];
  const values: string[] = [];
  if (from !== '') {
    terms.push(`${sql} >= ?`);
    values.push(plain(from));
  }
  if (to !== '') {
    terms.push(`${sql} <= ?`);
    values.push(`${plain(to)}~`);
  }
  return { sql: `(${terms.join(' AND ')})`, values };
}

/** An object as it is given out. */
export interface WebObject {
  readonly instanceKey: string;
  readonly studyKey: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopUid: string;
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly fileSha256: string;
  readonly datasetOffset: number;
  readonly sizeBytes: number;
}

/** Objects of a study, a series, or one, in the order of series and instance numbers. */
export function webObjects(
  db: ReadableDatabase,
  asked: { readonly studyUid: string; readonly seriesUid?: string; readonly sopUid?: string },
): WebObject[] {
  const terms = [live, isShown, 'st.study_uid = ?'];
  const values = [asked.studyUid];
  for (const [column, uid] of [
    ['se.series_uid', asked.seriesUid],
    ['i.sop_uid', asked.sopUid],
  ] as const) {
    if (uid === undefined) continue;
    terms.push(`${column} = ?`);
    values.push(uid);
  }
  return db
    .prepare(
      `SELECT i.instance_key AS instanceKey, st.study_key AS studyKey, st.study_uid AS studyUid,
              se.series_uid AS seriesUid, i.sop_uid AS sopUid, i.sop_class AS sopClass,
              i.transfer_syntax AS transferSyntax, i.file_sha256 AS fileSha256,
              i.dataset_offset AS datasetOffset, i.size_bytes AS sizeBytes
       FROM ${instanceTables} WHERE ${terms.join(' AND ')}
       ORDER BY st.id, se.number, se.id, i.instance_number, i.id`,
    )
    .all(...values) as WebObject[];
}
