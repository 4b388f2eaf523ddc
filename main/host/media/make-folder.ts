import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder that a person named, with those above it; one that is there is left as it is. Node's own recursive
 * `mkdir` never ends where a folder that exists answers "no such file" to every new one, as those of /proc do.
 * Throws what the system says.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing = madeUnder(path, mode);
  if (missing === null) return;
  const above = dirname(path);
  if (above === path) throw missing;
  makeFolder(above, mode);
  // Another process may have made it meanwhile: two commands begin with the same data folder.
  const still = madeUnder(path, mode);
  if (still !== null) throw still;
}

/** Null once it is there; the system's "no such file" where the folder above is not. */
function madeUnder(path: string, mode: number): unknown {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return error;
    // Some systems refuse (EPERM, EROFS) before they see that it is there.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
  return null;
}
