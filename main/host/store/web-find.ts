import type { QueryKey, QueryLevel, QueryMatch } from '../../../core/dicomweb/query.ts';
import {
  matchableAttribute,
  type WebAttribute,
  type WebMatching,
} from '../../../core/dicomweb/query-attributes.ts';
import { foldedGroup } from '../../../core/dimse/query-matching.ts';
import type { ReadableDatabase } from './open-database.ts';
import { columnOf, hasModality } from './peer-find-sql.ts';
import { queryIndexFor } from './query-indexes.ts';

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
  readonly studyId: string;
  /** As in a file: up to three groups, `=` between them. */
  readonly referringPhysician: string;
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

/** As of C-FIND, and what QIDO compares as a text. */
const webColumnOf: Readonly<Record<string, string>> = {
  ...columnOf,
  ModalitiesInStudy: 'st.modalities',
  ReferringPhysicianName: 'st.referring_folded',
};
const patientNames = ['st.name_folded', 'st.name_latin'];
const columnsOf = ({ keyword }: WebAttribute): readonly string[] =>
  keyword === 'PatientName' ? patientNames : [webColumnOf[keyword] ?? 'NULL'];

const studyColumns = `st.study_uid AS studyUid, st.study_date AS studyDate, st.study_time AS studyTime, st.accession,
  st.study_id AS studyId, st.referring_physician AS referringPhysician, st.modalities, st.description, st.institution, st.name_alphabetic AS nameAlphabetic,
  st.name_ideographic AS nameIdeographic, st.name_phonetic AS namePhonetic, st.patient_id AS patientId, st.issuer,
  st.birth_date AS birthDate, st.sex, st.series_count AS seriesCount, st.instance_count AS instanceCount`;
const seriesColumns = `${studyColumns}, se.series_uid AS seriesUid, se.number AS seriesNumber, se.modality,
  se.description AS seriesDescription, se.body_part AS bodyPart, se.instance_count AS seriesInstances`;
const instanceColumns = `${seriesColumns}, i.sop_uid AS sopUid, i.sop_class AS sopClass,
  i.instance_number AS instanceNumber, i.transfer_syntax AS transferSyntax, i.pixel_rows AS rows,
  i.pixel_columns AS columns, i.frames`;

const live = "st.scope = 's' AND st.deleted_at_ms IS NULL AND st.instance_count > 0";
const isShown = 'i.shows = 1 AND i.file_sha256 IS NOT NULL';
const joined = (studies: string) => {
  const series = `${studies} JOIN series se ON se.study = st.id`;
  return { study: studies, series, instance: `${series} JOIN instances i ON i.series = se.id` };
};
/** Columns with an index and many values. */
const narrow: readonly string[] = [
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
  'PatientID',
  'AccessionNumber',
];
const modalitiesTag = 0x00080061;

interface Asked {
  readonly attribute: WebAttribute;
  readonly match: QueryMatch;
}

/** Keys that are matched by, in the order in which they are cheapest to look at: names take longest. */
function askedBy({ keys, level }: WebFind): readonly Asked[] {
  const asked = keys.flatMap(({ tag, match }): Asked[] => {
    const attribute = matchableAttribute(tag, level);
    if (attribute?.keyword !== 'Modality') return attribute ? [{ attribute, match }] : [];
    // What the study says of its series spares looking at the series of all others.
    return [
      { attribute: matchableAttribute(modalitiesTag, level)!, match },
      { attribute, match },
    ];
  });
  const isName = ({ attribute }: Asked): number => Number(attribute.matching === 'name');
  return asked.sort((a, b) => isName(a) - isName(b));
}

/** At most `limit` rows, newest studies first, then by series and instance number. */
export function findForWeb(db: ReadableDatabase, find: WebFind): WebRow[] {
  const terms = [live];
  const values: (string | number)[] = [];
  const asked = askedBy(find);
  for (const { attribute, match } of asked) {
    const parts = columnsOf(attribute).map((sql) => condition(sql, attribute.matching, match));
    terms.push(`(${parts.map((part) => part.sql).join(' OR ')})`);
    for (const part of parts) values.push(...part.values);
  }
  const isNarrow = asked.some(
    ({ attribute, match }) =>
      narrow.includes(attribute.keyword) && (match.kind === 'single' || match.kind === 'list'),
  );
  // Where no index leads to the rows, studies are walked through, newest first, as for peers.
  const tables = joined(isNarrow ? 'studies st' : `studies st INDEXED BY ${queryIndexFor(terms.slice(1))}`);
  const newest = 'st.study_date DESC, st.study_time DESC, st.id DESC';
  const select = {
    study: `SELECT ${studyColumns} FROM ${tables.study} WHERE ${terms.join(' AND ')} ORDER BY ${newest}`,
    series: `SELECT ${seriesColumns} FROM ${tables.series} WHERE se.instance_count > 0 AND ${terms.join(' AND ')}
      ORDER BY ${newest}, se.number, se.id`,
    instance: `SELECT ${instanceColumns} FROM ${tables.instance} WHERE ${isShown} AND ${terms.join(' AND ')}
      ORDER BY ${newest}, se.number, se.id, i.instance_number, i.id`,
  }[find.level];
  return db.prepare(`${select} LIMIT ? OFFSET ?`).all(...values, find.limit, find.offset) as WebRow[];
}

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

function condition(sql: string, matching: WebMatching, match: QueryMatch): Condition {
  switch (match.kind) {
    case 'list': {
      const parts = match.values.map((value) => condition(sql, matching, { kind: 'single', value }));
      return {
        sql: parts.map((part) => part.sql).join(' OR '),
        values: parts.flatMap((part) => part.values),
      };
    }
    case 'range':
      return rangeOf(sql, match);
    case 'wildcard':
      return wildcardOf(sql, matching, match.pattern);
    case 'single':
      return singleOf(sql, matching, match.value);
  }
}

function singleOf(sql: string, matching: WebMatching, value: string): Condition {
  switch (matching) {
    case 'name':
      return wildcardOf(sql, matching, value);
    case 'number':
      return { sql: `${sql} = CAST(? AS INTEGER)`, values: [value] };
    case 'when':
      // `1030` is any time within that minute.
      return { sql: `${sql} <> '' AND ${sql} GLOB ?`, values: [`${globText(value)}*`] };
    case 'modalities':
      return { sql: hasModality, values: [value, value] };
    case 'uid':
    case 'text':
      return { sql: `${sql} = ?`, values: [value] };
  }
}

/** Texts are matched as written, names in any case and without accents (PS3.4 C.2.2.2.1). */
function wildcardOf(sql: string, matching: WebMatching, pattern: string): Condition {
  if (matching === 'name') return nameOf(sql, pattern);
  if (matching === 'modalities') {
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
  if (patterns.length === 0) return { sql: 'TRUE', values: [] };
  if (!sql.endsWith('_folded')) {
    // LIKE takes any case by itself, which costs a third of `lower`.
    const like = patterns.map(() => `${sql} LIKE ? ESCAPE '\\'`).join(' OR ');
    return { sql: like, values: patterns.map(likeText) };
  }
  return {
    sql: patterns.map(() => `(${sql} GLOB ? AND groups_match(${sql}, ?))`).join(' OR '),
    values: patterns.flatMap((pattern) => [`*=${globText(pattern)}=*`, pattern]),
  };
}

const likeText = (pattern: string): string =>
  pattern
    .replaceAll(/[%_\\]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
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
       FROM ${joined('studies st').instance} WHERE ${terms.join(' AND ')}
       ORDER BY st.id, se.number, se.id, i.instance_number, i.id`,
    )
    .all(...values) as WebObject[];
}
