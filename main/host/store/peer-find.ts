import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  refused,
} from '../../../core/dimse/query-request.ts';
import type { QueryRoot } from '../../../core/dimse/service-table.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import { unpackScan } from '../parse/packed-scan.ts';
import type { ReadableDatabase } from './open-database.ts';
import { type Candidates, candidatesOf } from './peer-find-sql.ts';

/** What a peer asks by C-FIND. The bytes are parsed here, in the reader's thread. */
export interface PeerFind {
  readonly identifier: Uint8Array;
  readonly transferSyntaxUid: string;
  readonly root: QueryRoot;
  /** Ours, from where matches can be retrieved. */
  readonly aeTitle: string;
}

export type PeerMatches =
  | { readonly ok: false; readonly refusal: RefusedRequest }
  /** Row numbers of all matches, newest first, for `answerPeer`. */
  | { readonly ok: true; readonly ids: readonly number[] };

export interface PeerAnswers {
  readonly status: number;
  readonly answers: readonly Uint8Array[];
}

/** Finds every match; their answers are made page by page. */
export function findForPeer(db: ReadableDatabase, find: PeerFind, scansDir: string | null): PeerMatches {
  const parsed = parseFindIdentifier(find.identifier, find.transferSyntaxUid, find.root);
  if (!parsed.ok) return parsed;
  return matchesOf(db, parsed.request, candidatesOf(parsed.request), scansDir);
}

/** Answers of some matches, in their order; what was deleted meanwhile is left out. */
export function answerPeer(
  db: ReadableDatabase,
  find: PeerFind & { readonly ids: readonly number[] },
  scansDir: string | null,
): PeerAnswers {
  const parsed = parseFindIdentifier(find.identifier, find.transferSyntaxUid, find.root);
  if (!parsed.ok) throw new Error('answers of a query that was refused');
  const { request } = parsed;
  const answers = recordsOf(db, request.level, request.returnKeys, find.ids, scansDir).map((record) =>
    encodeAnswer(record, request, find.aeTitle, find.transferSyntaxUid),
  );
  return { status: pendingStatus(request), answers };
}

/** A query is answered within so long, or refused (reliability.md N22). */
const longestMs = 1000;
const pageSize = 2000;

/** SQL narrows down; what it cannot say is decided on the records. */
function matchesOf(
  db: ReadableDatabase,
  request: FindRequest,
  { sql, values, undecided }: Candidates,
  scansDir: string | null,
): PeerMatches {
  const deadline = performance.now() + longestMs;
  const ids = db
    .prepare(sql)
    .pluck()
    .all(...values) as number[];
  ids.sort((a, b) => b - a);
  if (undecided.length === 0) return { ok: true, ids };
  const keys = undecided.map(({ key }) => key);
  const matches: number[] = [];
  for (let at = 0; at < ids.length; at += pageSize) {
    if (performance.now() > deadline)
      return { ok: false, refusal: refused(keys[0]!.tag, statuses.outOfResources) };
    for (const record of recordsOf(db, request.level, keys, ids.slice(at, at + pageSize), scansDir)) {
      if (undecided.every((filter) => meets(record, filter))) matches.push(record['id'] as number);
    }
  }
  return { ok: true, ids: matches };
}

interface Row {
  readonly id: number;
  readonly scanId: number | null;
  readonly scan: Uint8Array | null;
  readonly nameAlphabetic: string;
  readonly nameIdeographic: string | null;
  readonly namePhonetic: string | null;
  readonly modalities: string;
  readonly [column: string]: unknown;
}

const nameColumns = `st.name_alphabetic AS nameAlphabetic, st.name_ideographic AS nameIdeographic,
  st.name_phonetic AS namePhonetic, st.modalities`;
const studyColumns = `${nameColumns}, st.patient_id AS PatientID, st.issuer AS IssuerOfPatientID,
  st.birth_date AS PatientBirthDate, st.sex AS PatientSex, st.study_uid AS StudyInstanceUID,
  st.study_date AS StudyDate, st.study_time AS StudyTime, st.accession AS AccessionNumber,
  st.description AS StudyDescription, st.institution AS InstitutionName,
  st.series_count AS NumberOfStudyRelatedSeries, st.instance_count AS NumberOfStudyRelatedInstances`;
const seriesColumns = `${studyColumns}, se.series_uid AS SeriesInstanceUID, se.modality AS Modality,
  se.number AS SeriesNumber, se.description AS SeriesDescription, se.body_part AS BodyPartExamined,
  se.instance_count AS NumberOfSeriesRelatedInstances`;
const imageColumns = `${seriesColumns}, i.sop_uid AS SOPInstanceUID, i.sop_class AS SOPClassUID,
  i.instance_number AS InstanceNumber, i.pixel_rows AS "Rows", i.pixel_columns AS "Columns",
  max(i.frames, 1) AS NumberOfFrames`;
const patientColumns = `st.patient, (SELECT count(*) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedStudies,
  (SELECT total(o.series_count) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedSeries,
  (SELECT total(o.instance_count) FROM studies o WHERE o.patient = st.patient
    AND o.deleted_at_ms IS NULL) AS NumberOfPatientRelatedInstances, ${studyColumns}`;

/** A scan of the study's or series' first object, for what has no column of its own. */
const firstScan = (where: string): string =>
  `(SELECT i2.id FROM instances i2 ${where} ORDER BY i2.id LIMIT 1)`;
const selects: Readonly<
  Record<QueryLevel, readonly [columns: string, tables: string, id: string, scan: string]>
> = {
  PATIENT: [patientColumns, 'studies st', 'st.id', 'NULL'],
  STUDY: [
    studyColumns,
    'studies st',
    'st.id',
    firstScan('JOIN series s2 ON s2.id = i2.series WHERE s2.study = st.id'),
  ],
  SERIES: [
    seriesColumns,
    'series se JOIN studies st ON st.id = se.study',
    'se.id',
    firstScan('WHERE i2.series = se.id'),
  ],
  IMAGE: [
    imageColumns,
    'instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study',
    'i.id',
    'i.id',
  ],
};

/** Keys that only the objects themselves know. */
const scanned: readonly (keyof Attributes & string)[] = [
  'StudyID',
  'ReferringPhysicianName',
  'SeriesDate',
  'SeriesTime',
  'ProtocolName',
  'StationName',
];

function recordsOf(
  db: ReadableDatabase,
  level: QueryLevel,
  keys: readonly QueryKey[],
  ids: readonly number[],
  scansDir: string | null,
): FindRecord[] {
  const [columns, tables, id, scanOf] = selects[level];
  const isName = keys.every(({ keyword }) => keyword === 'PatientName') && keys.length > 0;
  const needsScan = level !== 'PATIENT' && keys.some(({ keyword }) => scanned.includes(keyword as never));
  const rows = db
    .prepare(
      `SELECT ${id} AS id, ${isName ? nameColumns : columns}, ${needsScan ? scanOf : 'NULL'} AS scanId
       FROM json_each(?) AS wanted CROSS JOIN ${tables} WHERE ${id} = wanted.value`,
    )
    .all(JSON.stringify(ids)) as Row[];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const scan = db.prepare('SELECT scan FROM scans WHERE instance = ?').pluck();
  return ids.flatMap((wantedId) => {
    const row = byId.get(wantedId);
    if (!row) return [];
    const { nameAlphabetic, nameIdeographic, namePhonetic, modalities, scanId, ...rest } = row;
    const name: PersonName = {
      alphabetic: nameAlphabetic,
      ...(nameIdeographic !== null && { ideographic: nameIdeographic }),
      ...(namePhonetic !== null && { phonetic: namePhonetic }),
    };
    const more = scanId === null ? {} : attributesOf(scan.get(scanId) as Uint8Array | null, scanId, scansDir);
    return [
      {
        ...(rest as FindRecord),
        ...more,
        PatientName: name,
        ModalitiesInStudy: modalities.split('\\').filter(Boolean),
      },
    ];
  });
}

function attributesOf(blob: Uint8Array | null, id: number, scansDir: string | null): FindRecord {
  const { attributes } = unpackScan(blob ?? readFileSync(join(scansDir ?? '', `${id}.scan`)));
  return Object.fromEntries(scanned.map((keyword) => [keyword, attributes[keyword] as FindRecord[string]]));
}
