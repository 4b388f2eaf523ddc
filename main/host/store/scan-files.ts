import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renameHeldSync } from '../media/rename.ts';

/*
 * Scans too large for a row lie in `scans/`, named by their object's hash: an index that is made again beside the one
 * in use finds and shares them. Stores of before named them by row number.
 */

export const scanName = (fileSha256: string): string => `scans/${fileSha256}.scan`;

/** Durable when it answers. */
export function writeScanFile(scansDir: string, fileSha256: string, scan: Uint8Array): void {
  const path = join(scansDir, `${fileSha256}.scan`);
  if (existsSync(path)) return;
  writeFileSync(`${path}.part`, scan, { flush: true, mode: 0o600 });
  renameHeldSync(`${path}.part`, path);
}

/** Throws when it is gone. */
export function readScanFile(scansDir: string, row: { id: number; fileSha256: string | null }): Uint8Array {
  const path = join(scansDir, `${row.fileSha256}.scan`);
  return readFileSync(existsSync(path) ? path : join(scansDir, `${row.id}.scan`));
}
