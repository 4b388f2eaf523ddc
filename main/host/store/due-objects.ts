import type { ReadableDatabase } from './open-database.ts';
import { scrubAfterMs } from './storage-reads.ts';

/** An object that was written, or last found right, 90 days ago or longer (reliability.md B5). */
export interface DueObject {
  readonly id: number;
  readonly instanceKey: string;
  readonly studyKey: string;
  readonly fileSha256: string;
  readonly sizeBytes: number;
}

/** Those known to be damaged are left out: they wait for a person. */
const dueRows = `SELECT i.id, i.instance_key AS instanceKey, st.study_key AS studyKey, i.file_sha256 AS fileSha256,
    i.size_bytes AS sizeBytes
  FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
  WHERE i.scope = 's' AND i.file_sha256 IS NOT NULL AND i.missing = 0
    AND max(coalesce(i.verified_at_ms, 0), i.added_at_ms) < ?`;

/** In the order of their rows, after one of them. */
export const dueObjects = (db: ReadableDatabase, nowMs: number, after: number, limit: number): DueObject[] =>
  db
    .prepare(`${dueRows} AND i.id > ? ORDER BY i.id LIMIT ?`)
    .all(nowMs - scrubAfterMs, after, limit) as DueObject[];

export const dueInSeries = (db: ReadableDatabase, nowMs: number, seriesKey: string): DueObject[] =>
  db.prepare(`${dueRows} AND se.series_key = ?`).all(nowMs - scrubAfterMs, seriesKey) as DueObject[];

/** Hashes of objects that are damaged or gone. */
export const damagedObjects = (db: ReadableDatabase): string[] =>
  db
    .prepare(
      "SELECT DISTINCT file_sha256 FROM instances WHERE missing <> 0 AND scope = 's' AND file_sha256 IS NOT NULL",
    )
    .pluck()
    .all() as string[];
