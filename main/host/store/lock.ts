import Database from 'better-sqlite3';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';

export interface StoreLock {
  release(): void;
}

/**
 * One writer per data folder (reliability.md B10): an exclusive transaction on `lock.db`, which the operating
 * system ends with its owner, so there is no stale lock. Nothing is written by a host that does not get it.
 */
export function takeLock(path: string): Result<StoreLock> {
  const db = new Database(path, { timeout: 0 });
  try {
    // Nothing is ever written: a journal in memory needs no room on a full disk.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY')) return fail(problem('STORE_IN_USE'));
    if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN') return fail(problem('READ_ONLY_STORE'));
    throw error;
  }
  return ok({
    release() {
      db.exec('ROLLBACK');
      db.close();
    },
  });
}
