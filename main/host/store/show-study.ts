import { problem } from '../../../core/base/problem.ts';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';
import type { PersonName, Scan } from '../../../core/dicom/types.ts';
import { unpackScan } from '../parse/packed-scan.ts';
import type { ReadableDatabase } from './open-database.ts';
import { nameKey } from './row-values.ts';
import { readScanFile } from './scan-files.ts';
import { type SeriesRecord, type StudyRecord, studyColumns, toSeriesRow, toStudyRow } from './study-row.ts';

export interface StudyDetail {
  readonly study: StudyRow;
  readonly series: SeriesRow[];
  readonly priors: StudyRow[];
  readonly receiptId: string | null;
}

/** One instance as plans and byte routes need it: where its bytes lie and what the scan found. */
export interface StoredInstance {
  readonly instanceKey: string;
  readonly sopUid: string;
  readonly fileSha256: string | null;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  readonly path: string | null;
  readonly modifiedAtMs: number | null;
  /** Its file is gone, or is not what it was: the scan's flags say which. */
  readonly missing: boolean;
  readonly deleted: boolean;
  readonly scan: Scan;
}

/** A series in its study. */
export interface SeriesPlace {
  readonly seriesKey: string;
  readonly studyKey: string;
  readonly studyUid: string;
}

export interface SeriesContent extends SeriesPlace {
  readonly stored: boolean;
  readonly demo: boolean;
  readonly instances: StoredInstance[];
}

/** What tells whether a series is still what it was. */
export type InstanceStamp = Pick<
  StoredInstance,
  'instanceKey' | 'fileSha256' | 'sizeBytes' | 'path' | 'modifiedAtMs' | 'missing'
>;
export interface SeriesStamp extends SeriesPlace {
  readonly instances: InstanceStamp[];
}

const live = 'deleted_at_ms IS NULL';

/** Priors are studies of one patient: never guessed for an empty ID (lesson L80). */
export function showStudy(db: ReadableDatabase, studyKey: string): StudyDetail | null {
  const found = db
    .prepare(`SELECT ${studyColumns}, id, patient, receipt_id AS receiptId FROM studies WHERE study_key = ?`)
    .get(studyKey) as (StudyRecord & { id: number; patient: number; receiptId: string | null }) | undefined;
  if (!found) return null;
  const series = db
    .prepare(
      `SELECT series_key, series_uid, number, description, modality, body_part, instance_count, frame_count,
              slice_thickness_mm, pixel_rows, pixel_columns, category, verdict, flags
       FROM series WHERE study = ? AND instance_count > 0 ORDER BY number IS NULL, number, series_uid`,
    )
    .all(found.id) as SeriesRecord[];
  const priors = db
    .prepare(
      `SELECT ${studyColumns} FROM studies WHERE patient = ? AND id <> ? AND ${live}
       ORDER BY study_date DESC, study_time DESC, id DESC LIMIT 200`,
    )
    .all(found.patient, found.id) as StudyRecord[];
  return {
    study: toStudyRow(found),
    series: series.map(toSeriesRow),
    priors: priors.map(toStudyRow),
    receiptId: found.receiptId,
  };
}

interface InstanceRecord {
  readonly id: number;
  readonly instanceKey: string;
  readonly sopUid: string;
  readonly fileSha256: string | null;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  readonly path: string | null;
  readonly modifiedAtMs: number | null;
  readonly missing: number;
  readonly deletedAtMs: number | null;
  readonly scan: Uint8Array | null;
}

const instanceColumns = `i.id, i.instance_key AS instanceKey, i.sop_uid AS sopUid, i.file_sha256 AS fileSha256,
  i.dataset_sha256 AS datasetSha256, i.size_bytes AS sizeBytes, i.path, i.modified_at_ms AS modifiedAtMs,
  i.missing, st.deleted_at_ms AS deletedAtMs, sc.scan`;
const instanceTables = `instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
  JOIN scans sc ON sc.instance = i.id`;

/** Values of the column `missing`. */
export const damages = { none: 0, missing: 1, corrupt: 2 } as const;

/** Never shown unmarked (reliability.md B5). */
function withDamage(scan: Scan, damage: number): Scan {
  if (damage === damages.none) return scan;
  const flag = problem(damage === damages.missing ? 'FILE_MISSING' : 'OBJECT_CORRUPT');
  return { ...scan, flags: [...scan.flags, flag] };
}

function toInstance(row: InstanceRecord, scansDir: string | null): StoredInstance {
  const blob = row.scan ?? readScanFile(scansDir ?? '', row);
  return {
    instanceKey: row.instanceKey,
    sopUid: row.sopUid,
    fileSha256: row.fileSha256,
    datasetSha256: row.datasetSha256,
    sizeBytes: row.sizeBytes,
    path: row.path,
    modifiedAtMs: row.modifiedAtMs,
    missing: row.missing !== damages.none,
    deleted: row.deletedAtMs !== null,
    scan: withDamage(unpackScan(blob), row.missing),
  };
}

interface SeriesHead {
  readonly id: number;
  readonly studyKey: string;
  readonly studyUid: string;
  readonly scope: string;
  readonly demo: number;
}

const seriesHead = (db: ReadableDatabase, seriesKey: string): SeriesHead | undefined =>
  db
    .prepare(
      `SELECT se.id, st.study_key AS studyKey, st.study_uid AS studyUid, st.scope, st.demo
       FROM series se JOIN studies st ON st.id = se.study WHERE se.series_key = ?`,
    )
    .get(seriesKey) as SeriesHead | undefined;

export function readSeries(
  db: ReadableDatabase,
  seriesKey: string,
  scansDir: string | null,
): SeriesContent | null {
  const head = seriesHead(db, seriesKey);
  if (!head) return null;
  const rows = db
    .prepare(`SELECT ${instanceColumns} FROM ${instanceTables} WHERE i.series = ? AND i.shows = 1`)
    .all(head.id) as InstanceRecord[];
  return {
    seriesKey,
    studyKey: head.studyKey,
    studyUid: head.studyUid,
    stored: head.scope === 's',
    demo: head.demo === 1,
    instances: rows.map((row) => toInstance(row, scansDir)),
  };
}

/** `readSeries` without the scans, which are nearly all of it. */
export function readSeriesStamp(db: ReadableDatabase, seriesKey: string): SeriesStamp | null {
  const head = seriesHead(db, seriesKey);
  if (!head) return null;
  const rows = db
    .prepare(
      `SELECT i.instance_key AS instanceKey, i.file_sha256 AS fileSha256, i.size_bytes AS sizeBytes, i.path,
              i.modified_at_ms AS modifiedAtMs, i.missing FROM ${instanceTables} WHERE i.series = ? AND i.shows = 1`,
    )
    .all(head.id) as (Omit<InstanceStamp, 'missing'> & { missing: number })[];
  const instances = rows.map((row) => ({ ...row, missing: row.missing !== damages.none }));
  return { seriesKey, studyKey: head.studyKey, studyUid: head.studyUid, instances };
}

export function readInstance(
  db: ReadableDatabase,
  instanceKey: string,
  scansDir: string | null,
): StoredInstance | null {
  const row = db
    .prepare(`SELECT ${instanceColumns} FROM ${instanceTables} WHERE i.instance_key = ?`)
    .get(instanceKey) as InstanceRecord | undefined;
  return row ? toInstance(row, scansDir) : null;
}

export interface UidMatches {
  readonly studies: string[];
  readonly series: { seriesKey: string; studyKey: string }[];
  readonly instances: { instanceKey: string; seriesKey: string }[];
}

/** What a UID names: usually one thing; several where files in the world share UIDs. Nothing from the trash. */
export function findUid(db: ReadableDatabase, uid: string): UidMatches {
  const look = (sql: string): unknown[] => db.prepare(`${sql} AND st.${live} LIMIT 100`).all(uid);
  const studies = look('SELECT study_key AS studyKey FROM studies st WHERE study_uid = ?') as {
    studyKey: string;
  }[];
  const series = look(
    `SELECT se.series_key AS seriesKey, st.study_key AS studyKey
     FROM series se JOIN studies st ON st.id = se.study WHERE se.series_uid = ?`,
  ) as UidMatches['series'];
  const instances = look(
    `SELECT i.instance_key AS instanceKey, se.series_key AS seriesKey
     FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
     WHERE i.shows = 1 AND i.sop_uid = ?`,
  ) as UidMatches['instances'];
  return { studies: studies.map(({ studyKey }) => studyKey), series, instances };
}

/** What the store has of a patient that was opened in place; nothing for an empty ID. */
export function priorsOf(
  db: ReadableDatabase,
  patient: { patientId: string; name: PersonName; birthDate: string; exceptUid: string },
): StudyRow[] {
  if (patient.patientId === '') return [];
  const rows = db
    .prepare(
      `SELECT ${studyColumns} FROM studies
       WHERE patient IN (SELECT id FROM patients WHERE scope = 's' AND patient_id = ? AND name_key = ? AND birth_date = ?)
       AND study_uid <> ? AND ${live} ORDER BY study_date DESC, study_time DESC, id DESC LIMIT 200`,
    )
    .all(patient.patientId, nameKey(patient.name), patient.birthDate, patient.exceptUid) as StudyRecord[];
  return rows.map(toStudyRow);
}

/** Files of a study or place, for keeping what was opened in place. */
export function filesOfStudy(db: ReadableDatabase, studyKey: string): string[] {
  return db
    .prepare(
      `SELECT i.path FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
       WHERE st.study_key = ? AND i.path IS NOT NULL ORDER BY i.id`,
    )
    .pluck()
    .all(studyKey) as string[];
}
