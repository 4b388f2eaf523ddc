import { indexStudy } from './index-study.ts';
import type { WritableDatabase } from './open-database.ts';
import { daysSeen } from './purge.ts';

/** Hides studies at once; nothing is removed from disk (undo for 30 days). Answers how many were hidden. */
export function deleteStudies(db: WritableDatabase, keys: readonly string[], nowMs: number): number {
  const find = db.prepare('SELECT id FROM studies WHERE study_key = ? AND deleted_at_ms IS NULL').pluck();
  const mark = db.prepare('UPDATE studies SET deleted_at_ms = ?, deleted_day = ? WHERE id = ?');
  const forget = db.prepare('DELETE FROM study_search WHERE rowid = ?');
  return db.transaction(() => {
    let deleted = 0;
    const day = daysSeen(db);
    for (const key of keys) {
      const id = find.get(key) as number | undefined;
      if (id === undefined) continue;
      mark.run(nowMs, day, id);
      forget.run(id);
      deleted += 1;
    }
    return deleted;
  })();
}

/** `nowMs`: by a person, who uses them; no rule takes them away again within seven days. */
export function restoreStudies(
  db: WritableDatabase,
  keys: readonly string[],
  nowMs: number | null = null,
): number {
  const find = db.prepare('SELECT id FROM studies WHERE study_key = ? AND deleted_at_ms IS NOT NULL').pluck();
  const mark = db.prepare(
    'UPDATE studies SET deleted_at_ms = NULL, opened_at_ms = coalesce(?, opened_at_ms) WHERE id = ?',
  );
  return db.transaction(() => {
    let restored = 0;
    for (const key of keys) {
      const id = find.get(key) as number | undefined;
      if (id === undefined) continue;
      mark.run(nowMs, id);
      indexStudy(db, id);
      restored += 1;
    }
    return restored;
  })();
}

/** Once an hour is enough for rules of days. */
export function noteOpened(db: WritableDatabase, studyKey: string, nowMs: number): void {
  db.prepare(
    `UPDATE studies SET opened_at_ms = @nowMs
     WHERE study_key = @studyKey AND coalesce(opened_at_ms, 0) NOT BETWEEN @nowMs - 3600000 AND @nowMs`,
  ).run({ nowMs, studyKey });
}

/** Answers the keys whose mark really changed. */
export function setStudyMark(
  db: WritableDatabase,
  mark: 'unread' | 'starred' | 'arriving' | 'cut_off',
  keys: readonly string[],
  value: boolean,
): string[] {
  const flag = value ? 1 : 0;
  const update = db.prepare(`UPDATE studies SET ${mark} = ? WHERE study_key = ? AND ${mark} <> ?`);
  return db.transaction(() => keys.filter((key) => update.run(flag, key, flag).changes > 0))();
}

/** Nothing comes to these any more for now; `cut`: those of them whose sender went away midway. */
export function settleStudies(db: WritableDatabase, keys: readonly string[], cut: ReadonlySet<string>): void {
  const update = db.prepare('UPDATE studies SET arriving = 0, cut_off = ? WHERE study_key = ?');
  db.transaction(() => {
    for (const key of keys) update.run(cut.has(key) ? 1 : 0, key);
  })();
}

/** Removes all rows of a place that is closed. */
export function removeScope(db: WritableDatabase, scope: string): void {
  db.transaction(() => {
    db.prepare('DELETE FROM study_search WHERE rowid IN (SELECT id FROM studies WHERE scope = ?)').run(scope);
    db.prepare('DELETE FROM studies WHERE scope = ?').run(scope);
    db.prepare('DELETE FROM patients WHERE scope = ?').run(scope);
  })();
}
