import { createHmac } from 'node:crypto';
import type { Problem } from '../../../core/base/problem.ts';
import { problem } from '../../../core/base/problem.ts';
import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

/**
 * The audit trail: rows chained by HMAC-SHA-256, each over the one before, so that a changed, dropped, swapped
 * or cut row is found (reliability.md A14). Triggers refuse UPDATE and DELETE; the AUTOINCREMENT counter tells of
 * a cut tail. Holds no patient's name.
 */
export type AuditEvent =
  | 'app.start'
  | 'study.import'
  | 'study.open'
  | 'study.keep'
  | 'study.print'
  | 'study.delete'
  | 'study.restore'
  | 'study.purge'
  | 'instance.export'
  | 'instance.tags'
  | 'settings.write'
  | 'store.verify'
  | 'store.backup'
  | 'store.restore'
  | 'store.rebuild'
  | 'store.evict'
  | 'trash.empty'
  | 'node.save'
  | 'node.delete'
  | 'certificate.import'
  | 'certificate.delete'
  | 'receiver.associate'
  | 'receiver.refuse'
  | 'receiver.passcode'
  | 'remote.query'
  | 'remote.retrieve'
  | 'remote.retrieved'
  | 'remote.send'
  | 'remote.sent'
  | 'web.token'
  | 'web.read'
  | 'web.refuse'
  | 'shell.refuse';

export interface AuditEntry {
  readonly event: AuditEvent;
  readonly outcome: string;
  readonly detail: string;
}

export interface AuditRow {
  readonly seq: number;
  readonly atMs: number;
  readonly event: string;
  readonly outcome: string;
  readonly detail: string;
}
interface ChainedRow extends AuditRow {
  readonly previous: Uint8Array;
  readonly mac: Uint8Array;
}

const columns = 'seq, at_ms AS atMs, event, outcome, detail, previous, mac';

function macOf(key: Uint8Array, row: Omit<ChainedRow, 'mac'>): Buffer {
  const text = JSON.stringify([row.seq, row.atMs, row.event, row.outcome, row.detail]);
  return createHmac('sha256', key).update(row.previous).update(text).digest();
}

/** Adds entries inside the caller's transaction. */
export function appendAudit(
  db: WritableDatabase,
  key: Uint8Array,
  atMs: number,
  entries: readonly AuditEntry[],
): void {
  const last = db.prepare('SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; mac: Uint8Array }
    | undefined;
  const insert = db.prepare(
    'INSERT INTO audit (seq, at_ms, event, outcome, detail, previous, mac) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  let seq = last?.seq ?? 0;
  let previous = last?.mac ?? new Uint8Array(32);
  for (const entry of entries) {
    seq += 1;
    const row = { seq, atMs, ...entry, previous };
    const mac = macOf(key, row);
    insert.run(seq, atMs, entry.event, entry.outcome, entry.detail, previous, mac);
    previous = mac;
  }
}

/** Reads the whole chain. The problem names the first row that does not fit. */
export function checkAudit(db: ReadableDatabase, key: Uint8Array): Problem | null {
  let expectedSeq = 1;
  let previous: Uint8Array = new Uint8Array(32);
  const rows = db.prepare(`SELECT ${columns} FROM audit ORDER BY seq`).iterate() as Iterable<ChainedRow>;
  let found: Problem | null = null;
  for (const row of rows) {
    const fits =
      row.seq === expectedSeq &&
      Buffer.from(row.previous).equals(previous) &&
      macOf(key, row).equals(row.mac);
    if (!fits) {
      found = problem('AUDIT_UNAVAILABLE', { seq: row.seq === expectedSeq ? row.seq : expectedSeq });
      break;
    }
    previous = row.mac;
    expectedSeq += 1;
  }
  if (found) return found;
  const counter = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").pluck().get();
  if (Number(counter ?? 0) !== expectedSeq - 1) return problem('AUDIT_UNAVAILABLE', { seq: expectedSeq });
  return null;
}

/** Whether the newest row was written with this key: an index, or its WAL, of another store was not. */
export function isOwnAudit(db: ReadableDatabase, key: Uint8Array): boolean {
  const row = db.prepare(`SELECT ${columns} FROM audit ORDER BY seq DESC LIMIT 1`).get() as
    | ChainedRow
    | undefined;
  return row === undefined || macOf(key, row).equals(row.mac);
}

export function listAudit(
  db: ReadableDatabase,
  offset: number,
  limit: number,
): { total: number; rows: AuditRow[] } {
  const total = Number(db.prepare('SELECT count(*) FROM audit').pluck().get());
  const rows = db
    .prepare(
      'SELECT seq, at_ms AS atMs, event, outcome, detail FROM audit ORDER BY seq DESC LIMIT ? OFFSET ?',
    )
    .all(limit, offset) as AuditRow[];
  return { total, rows };
}
