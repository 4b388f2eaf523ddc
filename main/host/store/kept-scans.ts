import type { ReadableDatabase } from './open-database.ts';
import { readScanFile } from './scan-files.ts';

/** What the index knows of a stored object whose file cannot tell it any more. */
export interface KeptScan {
  readonly instanceKey: string;
  readonly fileSha256: string;
  readonly scan: Uint8Array;
}

/** Of those of the given objects that have a row; a scan that cannot be read is left out. */
export function keptScans(
  db: ReadableDatabase,
  scansDir: string,
  fileSha256: readonly string[],
): readonly KeptScan[] {
  const rowOf = db.prepare(
    `SELECT i.id, i.instance_key AS instanceKey, i.file_sha256 AS fileSha256, sc.scan
     FROM instances i JOIN scans sc ON sc.instance = i.id WHERE i.file_sha256 = ? AND i.scope = 's' LIMIT 1`,
  );
  const found: KeptScan[] = [];
  for (const hash of fileSha256) {
    const row = rowOf.get(hash) as
      | (Omit<KeptScan, 'scan'> & { id: number; scan: Uint8Array | null })
      | undefined;
    if (!row) continue;
    const { instanceKey } = row;
    try {
      found.push({ instanceKey, fileSha256: hash, scan: row.scan ?? readScanFile(scansDir, row) });
    } catch {
      // Its large header is gone too: the row is carried over as rows without a file are.
    }
  }
  return found;
}
