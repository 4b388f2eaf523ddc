import { join } from 'node:path';

/** Where an object lies: `objects/ab/cd/<sha256>.dcm`. The name is the hash of all its bytes. */
export function objectPath(objectsDir: string, fileSha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(fileSha256)) throw new Error('not a SHA-256');
  return join(objectsDir, fileSha256.slice(0, 2), fileSha256.slice(2, 4), `${fileSha256}.dcm`);
}
