import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ignored = /(^|\/)(node_modules|\.[^/]+)(\/|$)|\.test\.tsx?$|\.md$/;

/**
 * One hash over names, sizes and modification times of everything the build reads: milliseconds instead of reading
 * the files. The Node version is part of it, since a build made for another Node is not this one's.
 *
 * @param folders paths relative to `root`, read recursively
 * @param files single paths relative to `root`
 */
export function sourceStamp(root: string, folders: readonly string[], files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  const add = (path: string) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const folder of folders) for (const path of listFiles(root, folder)) add(path);
  for (const path of files) if (existsSync(join(root, path))) add(path);
  return hash.digest('hex');
}

/** Paths relative to `root` with forward slashes, sorted, without tests, documents and hidden files. */
function listFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length).replaceAll('\\', '/'))
    .filter((path) => !ignored.test(path))
    .sort();
}
