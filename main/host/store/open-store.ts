import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import { fail, ok } from '../../../core/base/result.ts';
import { type DataFolder, makeDataFolder } from '../folder.ts';
import { fileProblem } from '../media/file-problem.ts';
import { renameHeldSync } from '../media/rename.ts';
import { makeObjectDirectories } from '../objects/object-directories.ts';
import { isOwnAudit } from './audit-chain.ts';
import { completeProvenance, noteProvenance } from './complete-provenance.ts';
import { type StoreLock, takeLock } from './lock.ts';
import { isDiskFull, withReserve } from './make-room.ts';
import { migrate } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';
import { ProvenanceLog } from './provenance-log.ts';
import { newestGoodSnapshot } from './snapshots.ts';
import { isDamaged, isSuspect, trustIndex } from './suspect-index.ts';

export interface OpenStore {
  readonly folder: DataFolder;
  readonly db: WritableDatabase;
  readonly lock: StoreLock;
  /** The last owner did not close the store: directories are reconciled. */
  readonly wasUnclean: boolean;
  /** The index failed its check and was set aside; objects must be read in again. */
  readonly isRebuilt: boolean;
  /** Name of the snapshot that was taken in its place; null for none. */
  readonly snapshot: string | null;
  readonly provenance: ProvenanceLog;
}

type OpenIndex = Pick<OpenStore, 'db' | 'wasUnclean' | 'isRebuilt' | 'snapshot'>;

/** The start order of reliability.md B4: lock, identity, check, leftovers. Nothing is written without the lock. */
export function openStore(folder: DataFolder, auditKey: Uint8Array): Result<OpenStore> {
  const made = makeFolders(folder);
  if (!made.ok) return made;
  const lock = takeLock(folder.lock);
  if (!lock.ok) return lock;
  const opened = openOrSetAside(folder, auditKey);
  if (!opened.ok) {
    lock.value.release();
    return opened;
  }
  removeLeftovers(folder);
  if (readdirSync(folder.objects).length === 0) makeObjectDirectories(folder.objects);
  return ok({ ...opened.value, folder, lock: lock.value });
}

/** An index that was closed in order may be damaged all the same: it is met when its rows are read. */
function openOrSetAside(folder: DataFolder, auditKey: Uint8Array): ReturnType<typeof openLogged> {
  try {
    return openLogged(folder, auditKey);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    setAside(folder);
    return openLogged(folder, auditKey);
  }
}

function openLogged(
  folder: DataFolder,
  auditKey: Uint8Array,
): Result<OpenIndex & Pick<OpenStore, 'provenance'>> {
  const opened = openIndex(folder, auditKey);
  if (!opened.ok) return opened;
  const provenance = new ProvenanceLog(folder.provenance);
  try {
    if (!opened.value.isRebuilt) completeProvenance(opened.value.db, folder.provenance, provenance);
  } catch (error) {
    provenance.close();
    opened.value.db.close();
    throw error;
  }
  trustIndex(folder);
  return ok({ ...opened.value, provenance });
}

function makeFolders(folder: DataFolder): Result<undefined> {
  try {
    makeDataFolder(folder);
    return ok(undefined);
  } catch (error) {
    return fail(fileProblem(error, folder.root));
  }
}

function openIndex(folder: DataFolder, auditKey: Uint8Array): Result<OpenIndex> {
  let snapshot: string | null = null;
  let isNew = !existsSync(folder.index);
  // An index that vanished where there are objects is a damaged one.
  const isLost = isNew && hasObjects(folder.objects);
  if (isLost) {
    setAside(folder);
    snapshot = takeNewestSnapshot(folder);
  }
  if (snapshot !== null) isNew = false;
  let isRebuilt = isLost;
  let db = tryOpen(folder.index);
  if (db !== null && !db.ok) return db;
  let wasUnclean = db !== null && !isNew && (readClean(db.value) !== 1 || isSuspect(folder));
  if (db === null || (wasUnclean && !isSound(db.value, auditKey))) {
    db?.value.close();
    setAside(folder);
    snapshot = takeNewestSnapshot(folder);
    isRebuilt = true;
    isNew = snapshot === null;
    wasUnclean = true;
    db = openWritable(folder.index);
    if (!db.ok) return db;
  }
  const migrated = migrate(db.value, {
    backupDir: folder.backups,
    freeBytes: freeBytesOf(folder.root),
    scansDir: folder.scans,
  });
  if (!migrated.ok) {
    db.value.close();
    return migrated;
  }
  const used = db.value;
  try {
    withReserve(folder, () => {
      used.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('clean', 0)").run();
      // What was coming when the host ended may have been sent to nobody.
      used
        .prepare(
          "UPDATE studies SET arriving = 0, cut_off = max(cut_off, source_kind = 'received') WHERE arriving = 1",
        )
        .run();
    });
  } catch (error) {
    used.close();
    if (isDiskFull(error)) return fail(problem('DISK_FULL', { missingBytes: 1024 ** 2 }));
    throw error;
  }
  return ok({
    db: db.value,
    wasUnclean,
    isRebuilt,
    snapshot,
  });
}

/** A missing index may have been lost with its file system: then too, the newest good copy is nearer than nothing. */
function takeNewestSnapshot(folder: DataFolder): string | null {
  const path = newestGoodSnapshot(folder.backups);
  if (path === null) return null;
  const part = `${folder.index}.part`;
  copyFileSync(path, part);
  const fd = openSync(part, 'r+');
  fsyncSync(fd);
  closeSync(fd);
  renameHeldSync(part, folder.index);
  return basename(path);
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

/** Whole, and ours: a WAL of another store that was put beside an index makes it that store's. */
function isSound(db: WritableDatabase, auditKey: Uint8Array): boolean {
  try {
    return db.pragma('quick_check(1)', { simple: true }) === 'ok' && isOwnAudit(db, auditKey);
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
    if (existsSync(from)) renameHeldSync(from, join(folder.backups, `damaged-${n}.db${suffix}`));
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
function removeLeftovers({ incoming, root, backups, scans }: DataFolder): void {
  for (const name of readdirSync(root)) {
    if (/^(rebuild-[0-9a-f-]+\.db|index\.db\.part)/.test(name)) rmSync(join(root, name), { force: true });
  }
  for (const dir of [backups, scans]) {
    for (const name of readdirSync(dir)) if (name.endsWith('.part')) rmSync(join(dir, name), { force: true });
  }
  for (const name of readdirSync(incoming)) {
    if (name !== 'uploads') rmSync(join(incoming, name), { recursive: true, force: true });
  }
  const uploads = join(incoming, 'uploads');
  for (const name of readdirSync(uploads)) rmSync(join(uploads, name), { recursive: true, force: true });
}

/** A disk that is full to the last byte costs the mark of a clean end, and with that some seconds at the next start. */
export function closeStore(store: OpenStore): void {
  store.provenance.close();
  try {
    withReserve(store.folder, () => {
      if (store.provenance.isComplete) noteProvenance(store.db);
      store.db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('clean', 1)").run();
      store.db.pragma('optimize');
      store.db.pragma('wal_checkpoint(TRUNCATE)');
    });
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  } finally {
    store.db.close();
    store.lock.release();
  }
}
