import type { Job, Receipt } from '../../../core/contract/jobs.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

/** What a job was asked to do; enough to do it again. */
export interface JobInput {
  readonly paths?: readonly string[];
  readonly uploadId?: string;
  readonly title?: string;
  readonly studyKey?: string;
  /** A derived series, film or picture: the call and what it was given. */
  readonly call?: 'series.reformat' | 'series.film';
  readonly asked?: unknown;
  /** A send or retrieval: the other station, and the job whose outcomes it goes on from. */
  readonly nodeId?: string;
  readonly resumes?: string;
  /** As the audit log has it: the station's name, and the keys or UIDs of studies. */
  readonly audited?: string;
  /** Started by a rule: goes on by itself after a restart. */
  readonly byRule?: boolean;
}

export function saveJob(db: WritableDatabase, job: Job, input: JobInput): void {
  db.prepare(
    `INSERT INTO jobs (job_id, state, started_at_ms, input, row) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (job_id) DO UPDATE SET state = excluded.state, row = excluded.row`,
  ).run(job.jobId, job.state, job.startedAtMs, JSON.stringify(input), JSON.stringify(job));
}

export function saveReceipt(db: WritableDatabase, receipt: Receipt): void {
  db.prepare(
    'INSERT OR REPLACE INTO receipts (receipt_id, job_id, finished_at_ms, receipt) VALUES (?, ?, ?, ?)',
  ).run(receipt.receiptId, receipt.jobId, receipt.finishedAtMs, JSON.stringify(receipt));
}

export function listJobs(db: ReadableDatabase, limit: number): { job: Job; input: JobInput }[] {
  const rows = db.prepare('SELECT row, input FROM jobs ORDER BY started_at_ms DESC LIMIT ?').all(limit) as {
    row: string;
    input: string;
  }[];
  return rows.map(({ row, input }) => ({
    job: JSON.parse(row) as Job,
    input: JSON.parse(input) as JobInput,
  }));
}

export function readReceipt(db: ReadableDatabase, receiptId: string): Receipt | null {
  const text = db.prepare('SELECT receipt FROM receipts WHERE receipt_id = ?').pluck().get(receiptId);
  return text === undefined ? null : (JSON.parse(String(text)) as Receipt);
}

export function listReceipts(db: ReadableDatabase, limit: number): Receipt[] {
  const texts = db
    .prepare('SELECT receipt FROM receipts ORDER BY finished_at_ms DESC LIMIT ?')
    .pluck()
    .all(limit);
  return texts.map((text) => JSON.parse(String(text)) as Receipt);
}
