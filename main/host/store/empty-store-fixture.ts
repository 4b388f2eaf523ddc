import { dirname } from 'node:path';
import { migrate } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';

/** For tests: a store with every table and no rows, in memory or in the file that is named. */
export function openEmptyStore(path = ':memory:'): WritableDatabase {
  const opened = openWritable(path);
  if (!opened.ok) throw new Error(opened.problem.code);
  const migrated = migrate(opened.value, {
    backupDir: path === ':memory:' ? null : dirname(path),
    freeBytes: 1e12,
  });
  if (!migrated.ok) throw new Error(migrated.problem.code);
  return opened.value;
}
