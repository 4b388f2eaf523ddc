import Database from 'better-sqlite3';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { matchesPattern } from '../../../core/dimse/query-matching.ts';

/** A connection for questions: no type of it offers a transaction or `exec`. Readers open it `query_only`. */
export type ReadableDatabase = Pick<Database.Database, 'prepare' | 'pragma' | 'close'>;
/** The one connection that writes; it can be read from as well. */
export type WritableDatabase = Database.Database;

/** Whether a group of a folded name (`foldedGroups`) fits a folded pattern, which SQL alone cannot tell apart. */
function addFunctions(db: Database.Database): void {
  db.function('groups_match', { deterministic: true }, (folded, pattern) =>
    String(folded)
      .split('=')
      .some((group) => group !== '' && matchesPattern(group, String(pattern)))
      ? 1
      : 0,
  );
}

const minimumSqlite = [3, 51, 3] as const;

/** SQLite 3.7.0 – 3.51.2 can damage a WAL (reliability.md B): refuse to run on it. */
export function sqliteIsSafe(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, minimum] of minimumSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part !== minimum) return part > minimum;
  }
  return true;
}

/** Opens the writer's connection with the settings of reliability.md B3, and reads back those that matter. */
export function openWritable(path: string): Result<WritableDatabase> {
  const db: WritableDatabase = new Database(path, { timeout: 5000 });
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  if (!sqliteIsSafe(version)) {
    db.close();
    return fail(problem('INTERNAL', { reason: `SQLite ${version}` }));
  }
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('checkpoint_fullfsync = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 0');
  db.pragma('secure_delete = ON');
  db.pragma('journal_size_limit = 67108864');
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  addFunctions(db);
  if (path !== ':memory:') {
    const synchronous = db.pragma('synchronous', { simple: true });
    const journal = db.pragma('journal_mode', { simple: true });
    if (synchronous !== 2 || journal !== 'wal') {
      db.close();
      return fail(problem('STORE_ON_NETWORK_FS', { journal: String(journal) }));
    }
  }
  return ok(db);
}

export function openReadable(path: string): ReadableDatabase {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  db.pragma('query_only = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 0');
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  addFunctions(db);
  return db;
}
