import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { readingStates } from './migrations/0002-reading-states.ts';
import { trashDays } from './migrations/0003-trash-days.ts';
import { peers } from './migrations/0004-peers.ts';
import { versions } from './migrations/0005-versions.ts';
import { queryIndex } from './migrations/0006-query-index.ts';
import { studyIdReferring } from './migrations/0007-study-id-referring.ts';
import { narrowIndexes } from './migrations/0008-narrow-indexes.ts';
import { studyFrames } from './migrations/0009-study-frames.ts';
import { cutOff } from './migrations/0010-cut-off.ts';
import type { WritableDatabase } from './open-database.ts';
import { nameFolded } from './row-values.ts';

/** One step of the schema, forward only. Numbered from 1; never edited after a release. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** Run after `sql` in the same transaction, for what SQL cannot say; scans that are too large for a row lie in `scansDir`. */
  readonly fill?: (db: WritableDatabase, scansDir: string | null) => void;
}

export const migrations: readonly Migration[] = [
  firstTables,
  readingStates,
  trashDays,
  peers,
  versions,
  queryIndex,
  studyIdReferring,
  narrowIndexes,
  studyFrames,
  cutOff,
];

/** "CNDL": marks our databases, so that a foreign file is never touched. */
export const applicationId = 0x434e444c;

export interface MigrationOptions {
  /** Where a snapshot goes before an existing database is changed; null for a database in memory. */
  readonly backupDir: string | null;
  readonly freeBytes: number;
  /** Of large scans; a database in memory and a new one have none. */
  readonly scansDir?: string;
  readonly steps?: readonly Migration[];
}

/**
 * Brings a database to the newest version in one transaction, after a snapshot (reliability.md B11).
 * Problems: STORE_TOO_NEW (untouched), DISK_FULL, MIGRATION_FAILED (the old state is kept).
 */
export function migrate(
  db: WritableDatabase,
  options: MigrationOptions,
): Result<{ from: number; to: number }> {
  const steps = options.steps ?? migrations;
  const newest = steps.at(-1)?.version ?? 0;
  const from = Number(db.pragma('user_version', { simple: true }));
  const id = Number(db.pragma('application_id', { simple: true }));
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
  if (id !== applicationId && !isEmpty) return fail(migrationFailed(from, newest, 'application_id'));
  if (from > newest) return fail(problem('STORE_TOO_NEW', { found: from, supported: newest }));
  if (from === newest) return ok({ from, to: newest });
  if (from > 0 && options.backupDir !== null) {
    const snapshot = takeSnapshot(db, options.backupDir, from, options.freeBytes);
    if (!snapshot.ok) return snapshot;
  }
  db.function('folded_name', { deterministic: true }, (alphabetic, ideographic, phonetic) =>
    nameFolded(String(alphabetic), ideographic as string | null, phonetic as string | null),
  );
  try {
    db.transaction(() => {
      for (const step of steps.filter(({ version }) => version > from)) {
        db.exec(step.sql);
        step.fill?.(db, options.scansDir ?? null);
      }
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${newest}`);
      const broken = db.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) throw new Error('foreign_key_check');
      const check = db.pragma('integrity_check(1)', { simple: true });
      if (check !== 'ok') throw new Error(`integrity_check: ${String(check)}`);
    })();
  } catch (error) {
    return fail(migrationFailed(from, newest, error instanceof Error ? error.message : String(error)));
  }
  return ok({ from, to: newest });
}

function takeSnapshot(
  db: WritableDatabase,
  backupDir: string,
  from: number,
  freeBytes: number,
): Result<undefined> {
  const pages = Number(db.pragma('page_count', { simple: true }));
  const sizeBytes = pages * Number(db.pragma('page_size', { simple: true }));
  const needed = Math.ceil(sizeBytes * 2.2);
  if (freeBytes < needed) {
    return fail(problem('DISK_FULL', { freeBytes, neededBytes: needed, missingBytes: needed - freeBytes }));
  }
  const path = join(backupDir, `before-migration-${from}.db`);
  if (existsSync(path)) rmSync(path);
  db.prepare('VACUUM INTO ?').run(path);
  return ok(undefined);
}

const migrationFailed = (from: number, to: number, reason: string): Problem =>
  problem('MIGRATION_FAILED', { from, to, reason: reason.slice(0, 200) });
