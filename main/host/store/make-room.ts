import { rmSync } from 'node:fs';
import type { DataFolder } from '../folder.ts';

/** SQLite's, and those of files beside the database. */
const fullCodes = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_WRITE']);

/** Also of an error that came from the store's thread, as its words. */
export const isDiskFull = (error: unknown): boolean =>
  fullCodes.has(String((error as { code?: unknown } | null)?.code ?? '')) ||
  (error instanceof Error && /database or disk is full|ENOSPC/.test(error.message));

/**
 * Runs a change that must be possible on a full disk (deleting, marks, the audit trail, the end). Where the disk is
 * full, the reserve file is given up and the change tried once more (reliability.md A11, B9). The failed try was rolled
 * back: nothing of it is in the index.
 */
export function withReserve<T>(folder: DataFolder | null, change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!folder || !isDiskFull(error)) throw error;
    rmSync(folder.reserve, { force: true });
    return change();
  }
}
