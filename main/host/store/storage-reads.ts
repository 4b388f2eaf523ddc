import type { ReadableDatabase } from './open-database.ts';
import { damages } from './show-study.ts';

/** A stored object is checked again after this long (reliability.md B5). */
export const scrubAfterMs = 90 * 24 * 60 * 60 * 1000;

export interface StorageCounts {
  readonly studies: number;
  readonly instances: number;
  readonly pinned: number;
  readonly trashedStudies: number;
  readonly liveBytes: number;
  readonly trashedBytes: number;
  /** Objects written or checked within the time that a scrub has. */
  readonly checked: number;
  readonly corrupt: number;
  readonly missing: number;
}

export function storageCounts(db: ReadableDatabase, nowMs: number): StorageCounts {
  const studies = db
    .prepare(
      `SELECT count(*) FILTER (WHERE deleted_at_ms IS NULL) AS studies,
              count(*) FILTER (WHERE deleted_at_ms IS NOT NULL) AS trashedStudies,
              count(*) FILTER (WHERE deleted_at_ms IS NULL AND starred = 1) AS pinned,
              coalesce(sum(bytes) FILTER (WHERE deleted_at_ms IS NULL), 0) AS liveBytes,
              coalesce(sum(bytes) FILTER (WHERE deleted_at_ms IS NOT NULL), 0) AS trashedBytes
       FROM studies WHERE scope = 's'`,
    )
    .get() as Pick<StorageCounts, 'studies' | 'trashedStudies' | 'pinned' | 'liveBytes' | 'trashedBytes'>;
  const instances = db
    .prepare(
      `SELECT count(*) AS instances,
              count(*) FILTER (WHERE max(coalesce(verified_at_ms, 0), added_at_ms) >= ?) AS checked
       FROM instances WHERE scope = 's' AND file_sha256 IS NOT NULL`,
    )
    .get(nowMs - scrubAfterMs) as Pick<StorageCounts, 'instances' | 'checked'>;
  const damaged = db.prepare('SELECT count(*) FROM instances WHERE missing <> 0 AND missing = ?').pluck();
  return {
    ...studies,
    ...instances,
    corrupt: Number(damaged.get(damages.corrupt)),
    missing: Number(damaged.get(damages.missing)),
  };
}
