import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder that a person named, with those above it; one that is there is left as it is. Node's own recursive
 * `mkdir` never ends where a folder that exists answers "no such file" to every new one, as those of /proc do.
 * Throws what the system says.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Some systems refuse (EPERM, EROFS) before they see that it is there.
    if (codeOf(error) !== 'ENOENT') {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
      throw error;
    }
    const above = dirname(path);
    if (above === path) throw error;
    makeFolder(above, mode);
    mkdirSync(path, { mode });
  }
}
