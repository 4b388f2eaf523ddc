import { createHash } from 'node:crypto';
import { objectName } from '../objects/object-path.ts';
import { type AuditEntry, appendAudit } from './audit-chain.ts';
import type { WritableDatabase } from './open-database.ts';
import { scanName } from './scan-files.ts';

/** Deleted studies can be brought back for this long (reliability.md A9). */
export const trashDaysKept = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** A file that a purge has still to remove; its rows are gone already. */
export interface PurgeIntent {
  /** Relative to the data folder. */
  readonly path: string;
  /** Set for objects: not removed should a row name it again. */
  readonly fileSha256: string | null;
}

/** A study whose rows are gone. */
export interface PurgedStudy {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Counts the days on which Candela ran. A clock that jumps adds at most one day a look, so that only days that
 * really passed use up the 30 days. Answers the count.
 */
export function seeDay(db: WritableDatabase, nowMs: number): number {
  const read = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
  const write = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  const today = Math.floor(nowMs / dayMs);
  return db.transaction(() => {
    const last = read.get('lastDay') as number | undefined;
    const count = daysSeen(db);
    if (last === today) return count;
    write.run('lastDay', today);
    write.run('daysSeen', count + 1);
    return count + 1;
  })();
}

export const daysSeen = (db: WritableDatabase): number =>
  Number(db.prepare("SELECT value FROM meta WHERE key = 'daysSeen'").pluck().get() ?? 0);

/**
 * Removes the rows of one study whose time in the trash is over, by the clock and by days seen, and writes down the
 * files to be unlinked, in one transaction (reliability.md B12). `isAll` takes any in the trash. Null when there is none.
 */
export function purgeOne(
  db: WritableDatabase,
  auditKey: Uint8Array,
  nowMs: number,
  isAll = false,
): PurgedStudy | null {
  const study = db
    .prepare(
      `SELECT id, study_key AS key, study_uid AS uid, patient, bytes FROM studies
       WHERE deleted_at_ms <= ? AND deleted_day <= ? AND scope = 's' LIMIT 1`,
    )
    .get(
      isAll ? Number.MAX_SAFE_INTEGER : nowMs - trashDaysKept * dayMs,
      isAll ? Number.MAX_SAFE_INTEGER : daysSeen(db) - trashDaysKept,
    ) as { id: number; key: string; uid: string; patient: number; bytes: number } | undefined;
  if (!study) return null;
  db.transaction(() => {
    writeIntents(db, study);
    eraseRows(db, study);
    const entry: AuditEntry = { event: 'study.purge', outcome: 'ok', detail: study.key };
    appendAudit(db, auditKey, nowMs, [entry]);
  })();
  return { key: study.key, bytes: study.bytes };
}

/** Rows only, for an index made again: the files went with the purge that the log tells of. */
export function forgetStudies(db: WritableDatabase, keys: readonly string[]): void {
  const find = db.prepare("SELECT id, patient FROM studies WHERE study_key = ? AND scope = 's'");
  db.transaction(() => {
    for (const key of keys) {
      const study = find.get(key) as { id: number; patient: number } | undefined;
      if (study) eraseRows(db, study);
    }
  })();
}

function eraseRows(db: WritableDatabase, study: { id: number; patient: number }): void {
  db.prepare('DELETE FROM study_search WHERE rowid = ?').run(study.id);
  db.prepare('DELETE FROM studies WHERE id = ?').run(study.id);
  db.prepare('DELETE FROM patients WHERE id = ? AND id NOT IN (SELECT patient FROM studies)').run(
    study.patient,
  );
}

function writeIntents(db: WritableDatabase, study: { id: number; key: string }): void {
  const insert = db.prepare('INSERT OR REPLACE INTO purges (path, file_sha256) VALUES (?, ?)');
  const instances = db
    .prepare(
      `SELECT i.id, i.file_sha256 AS hash, sc.scan IS NULL AS isOutside FROM instances i
       JOIN series se ON se.id = i.series JOIN scans sc ON sc.instance = i.id WHERE se.study = ?`,
    )
    .all(study.id) as { id: number; hash: string | null; isOutside: number }[];
  for (const { id, hash, isOutside } of instances) {
    if (isOutside === 1) {
      insert.run(`scans/${id}.scan`, null);
      if (hash !== null) insert.run(scanName(hash), null);
    }
    if (hash !== null) insert.run(objectName(hash), hash);
  }
  const name = createHash('sha256').update(study.key).digest('hex');
  insert.run(`readings/${name}.json`, null);
  insert.run(`readings/${name}.masks`, null);
}

/** Files still to be removed; objects that a row names (again) are struck off. */
export function purgeIntents(db: WritableDatabase): PurgeIntent[] {
  db.prepare(
    `DELETE FROM purges WHERE file_sha256 IS NOT NULL
     AND EXISTS (SELECT 1 FROM instances i WHERE i.file_sha256 = purges.file_sha256)`,
  ).run();
  return db.prepare('SELECT path, file_sha256 AS fileSha256 FROM purges LIMIT 1000').all() as PurgeIntent[];
}

export function clearIntents(db: WritableDatabase, paths: readonly string[]): void {
  const remove = db.prepare('DELETE FROM purges WHERE path = ?');
  db.transaction(() => {
    for (const path of paths) remove.run(path);
  })();
}
