import { personName } from '../../../core/dicom/person-name.ts';
import type { Attributes, PersonName } from '../../../core/dicom/types.ts';
import type { QueryKey, QueryLevel } from '../../../core/dimse/query-keys.ts';
import {
  encodeAnswer,
  type FindRecord,
  type FindRequest,
  meets,
  parseFindIdentifier,
  pendingStatus,
  type RefusedRequest,
} from '../../../core/dimse/query-request.ts';
import type { QueryRoot } from '../../../core/dimse/service-table.ts';
import { unpackScan } from '../parse/packed-scan.ts';
import type { ReadableDatabase } from './open-database.ts';
import { type Candidates, candidatesOf } from './peer-find-sql.ts';
import { readScanFile } from './scan-files.ts';

/** What a peer asks by C-FIND. The bytes are parsed here, in the reader's thread. */
export interface PeerFind {
  readonly identifier: Uint8Array;
  readonly transferSyntaxUid: string;
  readonly root: QueryRoot;
  /** Ours, from where matches can be retrieved. */
  readonly aeTitle: string;
}

/** Where the next answers are: rows that may match, or the place in the list of all studies, newest first. */
export type PeerCursor =
  | { readonly kind: 'rows'; readonly ids: readonly number[] }
  | { readonly kind: 'walk'; readonly after: readonly [date: string, time: string, id: number] };

export type PeerMatches =
  | { readonly ok: false; readonly refusal: RefusedRequest }
  | { readonly ok: true; readonly cursor: PeerCursor };

export interface PeerAnswers {
  readonly status: number;
  readonly answers: readonly Uint8Array[];
  /** Null: there is nothing more. */
  readonly next: PeerCursor | null;
}

/** A page of answers is found within so long, or is shorter (reliability.md N22). */
const pageMs = 200;
/** Candidates that are read at once, where records decide: so many for an answer, and at most. */
const candidatesPerAnswer = 5;
const candidatesAtOnce = 500;
const studiesAtOnce = 20;
/** Above every date and row number. */
const start = ['~', '~', Number.MAX_SAFE_INTEGER] as const;

/** Narrow queries find their rows at once; wide ones are walked through page by page. */
export function findForPeer(db: ReadableDatabase, find: PeerFind): PeerMatches {
  const parsed = parseFindIdentifier(find.identifier, find.transferSyntaxUid, find.root);
  if (!parsed.ok) return parsed;
  const { where, from, id, values, isNarrow } = candidatesOf(parsed.request);
  if (!isNarrow) return { ok: true, cursor: { kind: 'walk', after: start } };
  const ids = db
    .prepare(`SELECT ${id} FROM ${from} WHERE ${where}`)
    .pluck()
    .all(...values) as number[];
  return { ok: true, cursor: { kind: 'rows', ids: ids.sort((a, b) => b - a) } };
}

/** The next answers, at most `limit`; what was deleted meanwhile is left out. */
export function answerPeer(
  db: ReadableDatabase,
  find: PeerFind & { readonly cursor: PeerCursor; readonly limit: number },
  scansDir: string | null,
): PeerAnswers {
  const parsed = parseFindIdentifier(find.identifier, find.transferSyntaxUid, find.root);
  if (!parsed.ok) throw new Error('answers of a query that was refused');
  const { request } = parsed;
  const candidates = candidatesOf(request);
  const deadline = performance.now() + pageMs;
  const answers: Uint8Array[] = [];
  let next: PeerCursor | null = find.cursor;
  while (next && answers.length < find.limit && performance.now() < deadline) {
    const isDecided = candidates.undecided.length === 0 && request.level !== 'PATIENT';
    const left = find.limit - answers.length;
    const wanted: number = isDecided ? left : Math.min(candidatesAtOnce, candidatesPerAnswer * find.limit);
    const page = nextRows(db, candidates, next, wanted);
    const found = matchesOf(db, request, candidates, page.ids, scansDir);
    const ids = request.level === 'PATIENT' ? newestOf(db, request, candidates, found) : found;
    for (const record of recordsOf(db, request.level, request.returnKeys, ids.slice(0, left), scansDir)) {
      answers.push(encodeAnswer(record, request, find.aeTitle, find.transferSyntaxUid));
    }
    const cut = ids[left - 1];
    next = ids.length > left && cut !== undefined ? after(db, next, page, cut) : page.next;
  }
  return { status: pendingStatus(request), answers, next };
}

interface Page {
  readonly ids: readonly number[];
  readonly next: PeerCursor | null;
}

function nextRows(db: ReadableDatabase, candidates: Candidates, cursor: PeerCursor, wanted: number): Page {
  if (cursor.kind === 'rows') {
    const rest = cursor.ids.slice(wanted);
    const next = rest.length > 0 ? { kind: 'rows' as const, ids: rest } : null;
    return { ids: cursor.ids.slice(0, wanted), next };
  }
  const rows = db
    .prepare(
      `SELECT st.study_date AS date, st.study_time AS time, st.id FROM ${candidates.from}
       WHERE ${candidates.where} AND (st.study_date, st.study_time, st.id) < (?, ?, ?)
       ORDER BY st.study_date DESC, st.study_time DESC, st.id DESC LIMIT ?`,
    )
    .all(...candidates.values, ...cursor.after, wanted) as { date: string; time: string; id: number }[];
  const last = rows.length < wanted ? undefined : rows.at(-1);
  return {
    ids: rows.map(({ id }) => id),
    next: last ? { kind: 'walk', after: [last.date, last.time, last.id] } : null,
  };
}

/** The place behind a row that is not the last of its page. */
function after(db: ReadableDatabase, before: PeerCursor, page: Page, id: number): PeerCursor {
  if (before.kind === 'rows') {
    const rest = page.ids.slice(page.ids.indexOf(id) + 1);
    return { kind: 'rows', ids: [...rest, ...(page.next?.kind === 'rows' ? page.next.ids : [])] };
  }
  const row = db
    .prepare('SELECT study_date AS date, study_time AS time FROM studies WHERE id = ?')
    .get(id) as {
    date: string;
    time: string;
  };
  return { kind: 'walk', after: [row.date, row.time, id] };
}

/** What SQL cannot say is decided on the records. */
function matchesOf(
  db: ReadableDatabase,
  request: FindRequest,
  { undecided }: Candidates,
  ids: readonly number[],
  scansDir: string | null,
): readonly number[] {
  if (undecided.length === 0) return ids;
  const keys = undecided.map(({ key }) => key);
  return recordsOf(db, request.level, keys, ids, scansDir)
    .filter((record) => undecided.every((filter) => meets(record, filter)))
    .map((record) => record['id'] as number);
}

/** A patient is told by the newest of the studies that match. */
function newestOf(
  db: ReadableDatabase,
  request: FindRequest,
  candidates: Candidates,
  ids: readonly number[],
): readonly number[] {
  const patientOf = db.prepare('SELECT patient FROM studies WHERE id = ?').pluck();
  const studiesOf = db
    .prepare(
      `SELECT st.id FROM studies st INDEXED BY studies_by_patient WHERE st.patient = ? AND ${candidates.where}
       ORDER BY st.study_date DESC, st.study_time DESC, st.id DESC`,
    )
    .pluck();
  const newest = new Map<number, number | undefined>();
  return ids.filter((id) => {
    const patient = patientOf.get(id) as number;
    if (!newest.has(patient)) {
      const studies = studiesOf.all(patient, ...candidates.values) as number[];
      newest.set(patient, firstMatch(db, request, candidates, studies));
    }
    return newest.get(patient) === id;
  });
}

function firstMatch(
  db: ReadableDatabase,
  request: FindRequest,
  candidates: Candidates,
  ids: readonly number[],
): number | undefined {
  for (let at = 0; at < ids.length; at += studiesAtOnce) {
    const [first] = matchesOf(db, request, candidates, ids.slice(at, at + studiesAtOnce), null);
    if (first !== undefined) return first;
  }
  return undefined;
}

interface Row {
  readonly id: number;
  readonly scanId: number | null;
  readonly scan: Uint8Array | null;
  readonly nameAlphabetic: string;
  readonly nameIdeographic: string | null;
  readonly namePhonetic: string | null;
  readonly referringPhysician: string;
  readonly modalities: string;
  readonly [column: string]: unknown;
}

const nameColumns = `st.name_alphabetic AS nameAlphabetic, st.name_ideographic AS nameIdeographic,
  st.name_phonetic AS namePhonetic, st.referring_physician AS referringPhysician, st.modalities`;
const studyColumns = `${nameColumns}, st.patient_id AS PatientID, st.issuer AS IssuerOfPatientID,
  st.birth_date AS PatientBirthDate, st.sex AS PatientSex, st.study_uid AS StudyInstanceUID,
  st.study_date AS StudyDate, st.study_time AS StudyTime, st.accession AS AccessionNumber, st.study_id AS StudyID,
  st.description AS StudyDescription, st.institution AS InstitutionName,
  st.series_count AS NumberOfStudyRelatedSeries, st.instance_count AS NumberOfStudyRelatedInstances`;
const seriesColumns = `${studyColumns}, se.series_uid AS SeriesInstanceUID, se.modality AS Modality,
  se.number AS SeriesNumber, se.description AS SeriesDescription, se.body_part AS BodyPartExamined,
  se.instance_count AS NumberOfSeriesRelatedInstances`;
const imageColumns = `${seriesColumns}, i.sop_uid AS SOPInstanceUID, i.sop_class AS SOPClassUID,
  i.instance_number AS InstanceNumber, i.pixel_rows AS "Rows", i.pixel_columns AS "Columns",
  max(i.frames, 1) AS NumberOfFrames`;
/** Of the patient of a study, at any level. */
const patientCounts = `(SELECT count(*) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedStudies,
  (SELECT total(o.series_count) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedSeries,
  (SELECT total(o.instance_count) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedInstances`;

/** With the object, in a series its first, whose scan has what has no column of its own. */
const selects: Readonly<
  Record<QueryLevel, readonly [columns: string, tables: string, id: string, scan: string]>
> = {
  PATIENT: [studyColumns, 'studies st', 'st.id', 'NULL'],
  STUDY: [studyColumns, 'studies st', 'st.id', 'NULL'],
  SERIES: [
    seriesColumns,
    'series se JOIN studies st ON st.id = se.study',
    'se.id',
    '(SELECT i2.id FROM instances i2 WHERE i2.series = se.id ORDER BY i2.id LIMIT 1)',
  ],
  IMAGE: [
    imageColumns,
    'instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study',
    'i.id',
    'i.id',
  ],
};

/** Keys of a series that only the objects themselves know. */
const scanned: readonly (keyof Attributes & string)[] = [
  'SeriesDate',
  'SeriesTime',
  'ProtocolName',
  'StationName',
];
const names: readonly string[] = ['PatientName', 'ReferringPhysicianName'];

function recordsOf(
  db: ReadableDatabase,
  level: QueryLevel,
  keys: readonly QueryKey[],
  ids: readonly number[],
  scansDir: string | null,
): FindRecord[] {
  const [columns, tables, id, scanOf] = selects[level];
  const isName = keys.every(({ keyword }) => names.includes(keyword)) && keys.length > 0;
  const needsScan = keys.some(({ keyword }) => scanned.includes(keyword as never));
  const counts = keys.some(({ level, type }) => level === 'PATIENT' && type === 'count');
  const all = counts ? `${columns}, ${patientCounts}` : columns;
  const rows = db
    .prepare(
      `SELECT ${id} AS id, ${isName ? nameColumns : all}, ${needsScan ? scanOf : 'NULL'} AS scanId
       FROM json_each(?) AS wanted CROSS JOIN ${tables} WHERE ${id} = wanted.value`,
    )
    .all(JSON.stringify(ids)) as Row[];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const scanRow = db.prepare(
    `SELECT i.id, i.file_sha256 AS fileSha256, sc.scan FROM instances i JOIN scans sc ON sc.instance = i.id
     WHERE i.id = ?`,
  );
  return ids.flatMap((wantedId) => {
    const row = byId.get(wantedId);
    if (!row) return [];
    const { nameAlphabetic, nameIdeographic, namePhonetic, referringPhysician, modalities, scanId, ...rest } =
      row;
    const name: PersonName = {
      alphabetic: nameAlphabetic,
      ...(nameIdeographic !== null && { ideographic: nameIdeographic }),
      ...(namePhonetic !== null && { phonetic: namePhonetic }),
    };
    const more = scanId === null ? {} : attributesOf(scanRow.get(scanId) as ScanRow, scansDir);
    return [
      {
        ...(rest as FindRecord),
        ...more,
        PatientName: name,
        ReferringPhysicianName: personName(referringPhysician),
        ModalitiesInStudy: modalities.split('\\').filter(Boolean),
      },
    ];
  });
}

interface ScanRow {
  readonly id: number;
  readonly fileSha256: string | null;
  readonly scan: Uint8Array | null;
}

function attributesOf(row: ScanRow, scansDir: string | null): FindRecord {
  const { attributes } = unpackScan(row.scan ?? readScanFile(scansDir ?? '', row));
  return Object.fromEntries(scanned.map((keyword) => [keyword, attributes[keyword] as FindRecord[string]]));
}
