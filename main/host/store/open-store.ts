import { existsSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../../core/base/result.ts';
import { fail, ok } from '../../../core/base/result.ts';
import { type DataFolder, makeDataFolder } from '../folder.ts';
import { fileProblem } from '../media/file-problem.ts';
import { makeObjectDirectories } from '../objects/object-directories.ts';
import { type StoreLock, takeLock } from './lock.ts';
import { migrate } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';

export interface OpenStore {
  readonly folder: DataFolder;
  readonly db: WritableDatabase;
  readonly lock: StoreLock;
  /** The last owner did not close the store: directories are reconciled. */
  readonly wasUnclean: boolean;
  /** The index failed its check and was set aside; objects must be read in again. */
  readonly isRebuilt: boolean;
}

/** The start order of reliability.md B4: lock, identity, check, leftovers. Nothing is written without the lock. */
export function openStore(folder: DataFolder): Result<OpenStore> {
  const made = makeFolders(folder);
  if (!made.ok) return made;
  const lock = takeLock(folder.lock);
  if (!lock.ok) return lock;
  const opened = openIndex(folder);
  if (!opened.ok) {
    lock.value.release();
    return opened;
  }
  removeLeftovers(folder.incoming);
  if (readdirSync(folder.objects).length === 0) makeObjectDirectories(folder.objects);
  return ok({ ...opened.value, folder, lock: lock.value });
}

function makeFolders(folder: DataFolder): Result<undefined> {
  try {
    makeDataFolder(folder);
    return ok(undefined);
  } catch (error) {
    return fail(fileProblem(error, folder.root));
  }
}

function openIndex(folder: DataFolder): Result<Omit<OpenStore, 'lock' | 'folder'>> {
  let isRebuilt = false;
  let isNew = !existsSync(folder.index);
  let db = tryOpen(folder.index);
  if (db !== null && !db.ok) return db;
  let wasUnclean = db !== null && !isNew && readClean(db.value) !== 1;
  if (db === null || (wasUnclean && !passesQuickCheck(db.value))) {
    db?.value.close();
    setAside(folder);
    isRebuilt = true;
    isNew = true;
    wasUnclean = true;
    db = openWritable(folder.index);
    if (!db.ok) return db;
  }
  const migrated = migrate(db.value, { backupDir: folder.backups, freeBytes: freeBytesOf(folder.root) });
  if (!migrated.ok) {
    db.value.close();
    return migrated;
  }
  db.value.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('clean', 0)").run();
  db.value.prepare('UPDATE studies SET arriving = 0 WHERE arriving = 1').run();
  return ok({ db: db.value, wasUnclean, isRebuilt: isRebuilt || (isNew && hasObjects(folder.objects)) });
}

/** Null when the file is no database at all. */
function tryOpen(path: string): Result<WritableDatabase> | null {
  try {
    const db = openWritable(path);
    if (db.ok) db.value.prepare('SELECT count(*) FROM sqlite_master').get();
    return db;
  } catch {
    return null;
  }
}

function readClean(db: WritableDatabase): number {
  try {
    return Number(db.prepare("SELECT value FROM meta WHERE key = 'clean'").pluck().get() ?? 0);
  } catch {
    return 0;
  }
}

function passesQuickCheck(db: WritableDatabase): boolean {
  try {
    return db.pragma('quick_check(1)', { simple: true }) === 'ok';
  } catch {
    return false;
  }
}

/** A damaged index is kept beside the new one, never deleted (reliability.md B6). */
function setAside(folder: DataFolder): void {
  let n = 1;
  while (existsSync(join(folder.backups, `damaged-${n}.db`))) n += 1;
  for (const suffix of ['', '-wal', '-shm']) {
    const from = `${folder.index}${suffix}`;
    if (existsSync(from)) renameSync(from, join(folder.backups, `damaged-${n}.db${suffix}`));
  }
}

const hasObjects = (objects: string): boolean =>
  readdirSync(objects, { withFileTypes: true }).some(
    (entry) => !entry.isDirectory() || readdirSync(join(objects, entry.name)).length > 0,
  );

const freeBytesOf = (path: string): number => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};

/** Nobody else writes here while we hold the lock, so whatever is left is from a host that died. */
function removeLeftovers(incoming: string): void {
  for (const name of readdirSync(incoming)) {
    if (name !== 'uploads') rmSync(join(incoming, name), { recursive: true, force: true });
  }
  const uploads = join(incoming, 'uploads');
  for (const name of readdirSync(uploads)) rmSync(join(uploads, name), { recursive: true, force: true });
}

export function closeStore(store: OpenStore): void {
  store.db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('clean', 1)").run();
  store.db.pragma('optimize');
  store.db.pragma('wal_checkpoint(TRUNCATE)');
  store.db.close();
  store.lock.release();
}
