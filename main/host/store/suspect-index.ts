import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../folder.ts';

/*
 * An index that was found damaged while in use is checked at the next start although it was closed in order. Told by a
 * file: the index may not take a mark any more.
 */

const marker = (folder: DataFolder): string => `${folder.index}.suspect`;

/** SQLite's words for pages that cannot be right; also of an error that came from a store's thread. */
export const isDamaged = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown } | null)?.code ?? '')) ||
  (error instanceof Error && /database disk image is malformed|file is not a database/.test(error.message));

export function suspectIndex(folder: DataFolder): void {
  try {
    writeFileSync(marker(folder), '');
  } catch {
    // A disk that takes no name: the damage is met again.
  }
}

export const isSuspect = (folder: DataFolder): boolean => existsSync(marker(folder));
export const trustIndex = (folder: DataFolder): void => rmSync(marker(folder), { force: true });
