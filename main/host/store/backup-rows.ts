import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

/** A backup that was made or looked at from here. */
export interface BackupRow {
  /** The manifest's path. */
  readonly path: string;
  readonly atMs: number;
  readonly instances: number;
  readonly bytes: number;
  readonly encrypted: boolean;
  readonly verified: boolean;
}

export function saveBackup(db: WritableDatabase, row: BackupRow): void {
  db.prepare(
    `INSERT OR REPLACE INTO backups (path, at_ms, instances, bytes, encrypted, verified)
     VALUES (@path, @atMs, @instances, @bytes, @encrypted, @verified)`,
  ).run({ ...row, encrypted: row.encrypted ? 1 : 0, verified: row.verified ? 1 : 0 });
}

/** Newest first. */
export function listBackups(db: ReadableDatabase): BackupRow[] {
  const rows = db
    .prepare(
      'SELECT path, at_ms AS atMs, instances, bytes, encrypted, verified FROM backups ORDER BY at_ms DESC LIMIT 200',
    )
    .all() as (Omit<BackupRow, 'encrypted' | 'verified'> & { encrypted: number; verified: number })[];
  return rows.map((row) => ({ ...row, encrypted: row.encrypted === 1, verified: row.verified === 1 }));
}
