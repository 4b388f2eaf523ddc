import { join } from 'node:path';

/** Name of an object below the data folder: `objects/ab/<sha256>.dcm` (docs/adr/0004). The hash is of all its bytes. */
export const objectName = (fileSha256: string): string =>
  `objects/${fileSha256.slice(0, 2)}/${fileSha256}.dcm`;

/** Where an object lies. @throws when the hash is none */
export function objectPath(objectsDir: string, fileSha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(fileSha256)) throw new Error('not a SHA-256');
  return join(objectsDir, fileSha256.slice(0, 2), `${fileSha256}.dcm`);
}

/**
 * Time of change of an object that was found damaged: whoever brings the right bytes may write it again. A day that FAT
 * can write (from 1980 on, every other second); stores of before have 1970.
 */
export const damagedMtimeMs = Date.UTC(1980, 0, 2);
export const isMarkedDamaged = (mtimeMs: number): boolean => mtimeMs === damagedMtimeMs || mtimeMs === 0;
