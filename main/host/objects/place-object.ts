import { existsSync, linkSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { renameHeldSync, unlinkHeldSync } from '../media/rename.ts';
import { isMarkedDamaged } from './object-path.ts';

/**
 * How file systems without second names (FAT, exFAT) refuse one, by system; Node calls Windows' ERROR_INVALID_FUNCTION a
 * directory (nodejs/node #65817). EMLINK: this file has too many.
 */
const withoutLinks: ReadonlySet<unknown> = new Set([
  'EISDIR',
  'EMLINK',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
]);

/**
 * Gives a file its name unless the object has it already; false then. link + unlink never replaces; where there are no
 * links, a rename after a look. Throws what the system says.
 */
export function moveWithoutReplacing(
  from: string,
  to: string,
  sizeBytes: number,
  link: (from: string, to: string) => void = linkSync,
): boolean {
  const code = refusalOf(() => link(from, to));
  // Directories are made with the store: somebody removed this one.
  if (code === 'ENOENT' && !existsSync(dirname(to))) {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    return moveWithoutReplacing(from, to, sizeBytes, link);
  }
  const isThere = code !== null && objectIsThere(to, sizeBytes);
  if (code === null || isThere) unlinkHeldSync(from);
  else renameHeldSync(from, to);
  return !isThere;
}

/** Why there is no second name: one is there, or there are none here; null where there is one now. */
function refusalOf(action: () => void): unknown {
  try {
    action();
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT' || withoutLinks.has(code)) return code;
    throw error;
  }
}

/** Same name means same hash; a wrong size, or the mark of damage, means that the object is written again. */
export function objectIsThere(path: string, sizeBytes: number): boolean {
  if (!existsSync(path)) return false;
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isFile() === true && info.size === sizeBytes && !isMarkedDamaged(info.mtimeMs);
}
