import type { Problem } from '../../../core/base/problem.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

interface TransferRecord {
  readonly sop_uid: string;
  readonly sop_class: string;
  readonly state: TransferOutcome['state'];
  readonly status: number | null;
  readonly transcoded_to: string;
  readonly attempts: number;
  readonly problem: string | null;
}

const columns = 'sop_uid, sop_class, state, status, transcoded_to, attempts, problem';
const failures = "state IN ('failed', 'notCommitted')";

/** Writes what became of objects of a job, in one transaction; a later outcome replaces the one before. */
export function saveTransfers(
  db: WritableDatabase,
  { jobId, outcomes }: { jobId: string; outcomes: readonly TransferOutcome[] },
): void {
  const save = db.prepare(
    `INSERT OR REPLACE INTO transfers (job_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  db.transaction(() => {
    for (const one of outcomes) {
      save.run(
        jobId,
        one.sopInstanceUID,
        one.sopClassUID,
        one.state,
        one.status,
        one.transcodedTo,
        one.attempts,
        one.problem && JSON.stringify(one.problem),
      );
    }
  })();
}

const outcomeOf = (row: TransferRecord): TransferOutcome => ({
  sopInstanceUID: row.sop_uid,
  sopClassUID: row.sop_class,
  state: row.state,
  status: row.status,
  transcodedTo: row.transcoded_to,
  attempts: row.attempts,
  problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem),
});

/** A page of a job's outcomes, failures first. */
export function listTransfers(
  db: ReadableDatabase,
  { jobId, offset, limit }: { jobId: string; offset: number; limit: number },
): { total: number; failed: number; rows: TransferOutcome[] } {
  const counts = db
    .prepare(`SELECT count(*) AS total, total(${failures}) AS failed FROM transfers WHERE job_id = ?`)
    .get(jobId) as { total: number; failed: number };
  const rows = db
    .prepare(
      `SELECT ${columns} FROM transfers WHERE job_id = ?
       ORDER BY ${failures} DESC, state = 'warning' DESC, sop_uid LIMIT ? OFFSET ?`,
    )
    .all(jobId, limit, offset) as TransferRecord[];
  return { total: counts.total, failed: counts.failed, rows: rows.map(outcomeOf) };
}

/** What became of a job's objects; those that it found done, here or by the job that it goes on from, are `before`. */
export interface TransferCounts {
  readonly done: number;
  readonly failed: number;
  /** Not tried, or stopped. */
  readonly left: number;
  readonly before: number;
  readonly committed: number;
  readonly notCommitted: number;
}

export function countTransfers(
  db: ReadableDatabase,
  { jobId, resumes }: { jobId: string; resumes: string | null },
): TransferCounts {
  const thereStates = "('done', 'warning', 'committed', 'notCommitted')";
  const stopped = "state = 'failed' AND coalesce(json_extract(problem, '$.code'), '') = 'CANCELLED'";
  const counts = db
    .prepare(
      `WITH own AS (
         SELECT state, problem, state IN ${thereStates} AND (attempts = 0 OR EXISTS (
           SELECT 1 FROM transfers b WHERE b.job_id = @resumes AND b.sop_uid = t.sop_uid
             AND b.state IN ${thereStates})) AS was_there
         FROM transfers t WHERE job_id = @jobId)
       SELECT total(state IN ${thereStates} AND NOT was_there) AS done, total(was_there) AS before,
              total(state = 'failed' AND NOT (${stopped})) AS failed,
              total(state = 'waiting' OR ${stopped}) AS left, total(state = 'committed') AS committed,
              total(state = 'notCommitted') AS notCommitted
       FROM own`,
    )
    .get({ jobId, resumes: resumes ?? '' });
  return counts as TransferCounts;
}

export interface CommitmentRow {
  readonly transactionUid: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly askedAtMs: number;
}

export function saveCommitment(db: WritableDatabase, row: CommitmentRow): void {
  db.prepare(
    'INSERT OR REPLACE INTO commitments (transaction_uid, job_id, node_id, asked_at_ms) VALUES (?, ?, ?, ?)',
  ).run(row.transactionUid, row.jobId, row.nodeId, row.askedAtMs);
}

export function findCommitment(
  db: ReadableDatabase,
  { transactionUid }: { transactionUid: string },
): CommitmentRow | null {
  const row = db
    .prepare(
      `SELECT transaction_uid AS transactionUid, job_id AS jobId, node_id AS nodeId, asked_at_ms AS askedAtMs
       FROM commitments WHERE transaction_uid = ?`,
    )
    .get(transactionUid) as CommitmentRow | undefined;
  return row ?? null;
}

/** Requests of a job that no report has come for. */
export const countOpenCommitments = (db: ReadableDatabase, { jobId }: { jobId: string }): number =>
  (db.prepare('SELECT count(*) AS n FROM commitments WHERE job_id = ?').get(jobId) as { n: number }).n;

/** An answer is taken once. */
export function dropCommitment(db: WritableDatabase, { transactionUid }: { transactionUid: string }): void {
  db.prepare('DELETE FROM commitments WHERE transaction_uid = ?').run(transactionUid);
}
