import type { Problem } from '../../../core/base/problem.ts';
import type { Job, Receipt } from '../../../core/contract/jobs.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { type AuditRow, checkAudit, listAudit } from './audit-chain.ts';
import { type BackupRow, listBackups } from './backup-rows.ts';
import { type DueObject, damagedObjects, dueInSeries, dueObjects } from './due-objects.ts';
import { type JobInput, listJobs, listReceipts, readReceipt } from './job-rows.ts';
import { type KeptScan, keptScans } from './kept-scans.ts';
import type { ListPage, ListQuery, StudyList } from './list-studies.ts';
import type { ReadableDatabase } from './open-database.ts';
import { answerPeer, findForPeer, type PeerAnswers, type PeerFind, type PeerMatches } from './peer-find.ts';
import {
  type LocalStudy,
  localStudies,
  type ObjectToSend,
  objectsOfUids,
  objectsToSend,
  patientsOfKeys,
  presentInstances,
} from './peer-reads.ts';
import { listProcedureSteps, type Order, readProcedureStep, studyOfOrder } from './procedure-steps.ts';
import { readReadingState } from './reading-states.ts';
import { type RuleCandidate, ruleCandidates } from './rule-candidates.ts';
import {
  filesOfStudy,
  findUid,
  priorsOf,
  readInstance,
  readSeries,
  readSeriesStamp,
  type SeriesContent,
  type SeriesStamp,
  type StoredInstance,
  type StudyDetail,
  showStudy,
} from './show-study.ts';
import { type StorageCounts, storageCounts } from './storage-reads.ts';
import { countOpenCommitments, countTransfers, findCommitment, listTransfers } from './transfers.ts';
import {
  type DecidedObject,
  differencesOf,
  listVersions,
  type Undecided,
  undecidedInstances,
} from './versions.ts';
import { findForWeb, type WebFind, type WebObject, type WebRow, webObjects } from './web-find.ts';

export interface ObjectRow {
  readonly instanceKey: string;
  readonly studyUid: string;
  readonly fileSha256: string;
  readonly sizeBytes: number;
}

/** Questions to the index; run on `query_only` connections. */
export interface ReadOperations {
  list(query: ListQuery): ListPage;
  counts(input: { todayMs: number }): ReturnType<StudyList['counts']>;
  show(input: { studyKey: string }): StudyDetail | null;
  series(input: { seriesKey: string }): SeriesContent | null;
  seriesStamp(input: { seriesKey: string }): SeriesStamp | null;
  instance(input: { instanceKey: string }): StoredInstance | null;
  priorsOf(input: Parameters<typeof priorsOf>[1]): StudyRow[];
  findUid(input: { uid: string }): ReturnType<typeof findUid>;
  filesOfStudy(input: { studyKey: string }): string[];
  jobs(input: { limit: number }): { job: Job; input: JobInput }[];
  receipt(input: { receiptId: string }): Receipt | null;
  receipts(input: { limit: number }): Receipt[];
  settings(input: null): string | null;
  /** Undefined when there is no such study, null when it has no state. */
  readingState(input: { studyKey: string }): string | null | undefined;
  auditPage(input: { offset: number; limit: number }): {
    total: number;
    rows: AuditRow[];
    problem: Problem | null;
  };
  /** Objects in the order of their rows, for verifying; `after` is the last id of the page before. */
  objects(input: { after: number; limit: number }): { rows: ObjectRow[]; last: number };
  countObjects(input: null): number;
  /** Those of the given hashes that no row names. */
  unknownObjects(input: { fileSha256: readonly string[] }): string[];
  /** What the index knows of objects that cannot be read any more. */
  keptScans(input: { fileSha256: readonly string[] }): readonly KeptScan[];
  storage(input: { nowMs: number }): StorageCounts;
  backups(input: null): BackupRow[];
  ruleCandidates(input: Parameters<typeof ruleCandidates>[1]): RuleCandidate[];
  /** What a scrub reads next, and what of a series is due (due-objects.ts). */
  dueObjects(input: { nowMs: number; after: number; limit: number }): DueObject[];
  dueInSeries(input: { nowMs: number; seriesKey: string }): DueObject[];
  /** Hashes of objects that are damaged or gone. */
  damagedObjects(input: null): string[];
  /** Versions of images (versions.ts). */
  undecided(input: { limit: number }): Undecided[];
  differencesOf(input: { fileSha256: readonly string[] }): DecidedObject[];
  versions(input: { studyKey: string }): ReturnType<typeof listVersions>;
  /** For other stations (peer-reads.ts, transfers.ts, procedure-steps.ts). */
  localStudies(input: { studyUids: readonly string[] }): LocalStudy[];
  presentInstances(input: { sopUids: readonly string[] }): string[];
  objectsToSend(input: Parameters<typeof objectsToSend>[1]): ObjectToSend[];
  patientsOfKeys(input: Parameters<typeof patientsOfKeys>[1]): ReturnType<typeof patientsOfKeys>;
  objectsOfUids(input: Parameters<typeof objectsOfUids>[1]): ObjectToSend[];
  findForPeer(input: PeerFind): PeerMatches;
  answerPeer(input: Parameters<typeof answerPeer>[1]): PeerAnswers;
  transfers(input: Parameters<typeof listTransfers>[1]): ReturnType<typeof listTransfers>;
  transferCounts(input: Parameters<typeof countTransfers>[1]): ReturnType<typeof countTransfers>;
  commitment(input: { transactionUid: string }): ReturnType<typeof findCommitment>;
  openCommitments(input: { jobId: string }): number;
  procedureStep(input: { sopInstanceUID: string }): ReturnType<typeof readProcedureStep>;
  procedureSteps(input: null): ReturnType<typeof listProcedureSteps>;
  studiesOfOrders(input: { orders: readonly Order[] }): (string | null)[];
  /** For scripts over DICOMweb (web-find.ts). */
  webFind(input: WebFind): WebRow[];
  webObjects(input: Parameters<typeof webObjects>[1]): WebObject[];
  /** Database check for verify: "ok" or what is wrong. */
  integrity(input: null): string;
}

export function readOperations(
  use: () => {
    db: ReadableDatabase;
    list: StudyList;
    scansDir: string | null;
    auditKey: Uint8Array;
  },
): ReadOperations {
  return {
    list: (query) => use().list.list(query),
    counts: ({ todayMs }) => use().list.counts(todayMs),
    show: ({ studyKey }) => showStudy(use().db, studyKey),
    series: ({ seriesKey }) => readSeries(use().db, seriesKey, use().scansDir),
    seriesStamp: ({ seriesKey }) => readSeriesStamp(use().db, seriesKey),
    instance: ({ instanceKey }) => readInstance(use().db, instanceKey, use().scansDir),
    priorsOf: (patient) => priorsOf(use().db, patient),
    findUid: ({ uid }) => findUid(use().db, uid),
    filesOfStudy: ({ studyKey }) => filesOfStudy(use().db, studyKey),
    jobs: ({ limit }) => listJobs(use().db, limit),
    receipt: ({ receiptId }) => readReceipt(use().db, receiptId),
    receipts: ({ limit }) => listReceipts(use().db, limit),
    settings() {
      const text = use().db.prepare("SELECT value FROM settings WHERE key = 'settings'").pluck().get();
      return text === undefined ? null : String(text);
    },
    readingState: ({ studyKey }) => readReadingState(use().db, studyKey),
    auditPage: ({ offset, limit }) => ({
      ...listAudit(use().db, offset, limit),
      problem: checkAudit(use().db, use().auditKey),
    }),
    objects({ after, limit }) {
      const rows = use()
        .db.prepare(
          `SELECT i.id, i.instance_key AS instanceKey, st.study_uid AS studyUid, i.file_sha256 AS fileSha256,
                  i.size_bytes AS sizeBytes
           FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
           WHERE i.id > ? AND i.file_sha256 IS NOT NULL ORDER BY i.id LIMIT ?`,
        )
        .all(after, limit) as (ObjectRow & { id: number })[];
      return { rows, last: rows.at(-1)?.id ?? after };
    },
    countObjects: () =>
      Number(use().db.prepare('SELECT count(*) FROM instances WHERE file_sha256 IS NOT NULL').pluck().get()),
    unknownObjects({ fileSha256 }) {
      const known = use().db.prepare('SELECT 1 FROM instances WHERE file_sha256 = ? LIMIT 1');
      return fileSha256.filter((hash) => known.get(hash) === undefined);
    },
    keptScans: ({ fileSha256 }) => keptScans(use().db, use().scansDir ?? '', fileSha256),
    storage: ({ nowMs }) => storageCounts(use().db, nowMs),
    backups: () => listBackups(use().db),
    ruleCandidates: (asked) => ruleCandidates(use().db, asked),
    dueObjects: ({ nowMs, after, limit }) => dueObjects(use().db, nowMs, after, limit),
    damagedObjects: () => damagedObjects(use().db),
    dueInSeries: ({ nowMs, seriesKey }) => dueInSeries(use().db, nowMs, seriesKey),
    undecided: ({ limit }) => undecidedInstances(use().db, use().scansDir ?? '', limit),
    differencesOf: ({ fileSha256 }) => differencesOf(use().db, fileSha256),
    versions: ({ studyKey }) => listVersions(use().db, studyKey),
    localStudies: ({ studyUids }) => localStudies(use().db, studyUids),
    presentInstances: ({ sopUids }) => presentInstances(use().db, sopUids),
    objectsToSend: (keys) => objectsToSend(use().db, keys),
    patientsOfKeys: (keys) => patientsOfKeys(use().db, keys),
    objectsOfUids: (asked) => objectsOfUids(use().db, asked),
    findForPeer: (find) => findForPeer(use().db, find),
    answerPeer: (find) => answerPeer(use().db, find, use().scansDir),
    transfers: (asked) => listTransfers(use().db, asked),
    transferCounts: (asked) => countTransfers(use().db, asked),
    commitment: (asked) => findCommitment(use().db, asked),
    openCommitments: (asked) => countOpenCommitments(use().db, asked),
    procedureStep: (asked) => readProcedureStep(use().db, asked),
    procedureSteps: () => listProcedureSteps(use().db),
    studiesOfOrders: ({ orders }) => orders.map((order) => studyOfOrder(use().db, order)),
    webFind: (find) => findForWeb(use().db, find),
    webObjects: (asked) => webObjects(use().db, asked),
    integrity: () => String(use().db.pragma('quick_check(1)', { simple: true })),
  };
}
