import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How many files lie below the paths, for the progress bar; an archive counts as one until it is opened. */
export async function countLeaves(paths: readonly string[], signal: AbortSignal): Promise<number> {
  let files = 0;
  const folders: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) folders.push(path);
    else files += 1;
  }
  for (let folder = folders.pop(); folder !== undefined && !signal.aborted; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else files += 1;
    }
  }
  return files;
}
