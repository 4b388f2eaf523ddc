import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { fileProblem } from './file-problem.ts';
import { isDirectoryName } from './walk.ts';

type Listing = CallOutput<'media.browse'>;
type Entry = Listing['entries'][number];

const maxEntries = 5000;
/** Where systems mount discs and sticks; each entry below is one medium. */
const mountRoots = ['/media', '/run/media', '/mnt', '/Volumes'];

/** A folder's folders and files, folders first; without a path, this machine's media and the home folder. */
export async function browse(path: string | null): Promise<Result<Listing>> {
  if (path === null) return ok({ path: null, parent: null, entries: await startEntries() });
  const folder = resolve(path);
  try {
    const listed = await readdir(folder, { withFileTypes: true });
    const entries: Entry[] = [];
    for (const entry of listed.slice(0, maxEntries)) {
      if (entry.name.startsWith('.') || entry.name.startsWith('$')) continue;
      const full = join(folder, entry.name);
      if (entry.isDirectory()) entries.push({ name: entry.name, path: full, kind: 'folder', sizeBytes: 0 });
      else if (entry.isFile()) {
        const info = await stat(full).catch(() => null);
        if (info) entries.push({ name: entry.name, path: full, kind: 'file', sizeBytes: info.size });
      }
    }
    entries.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, undefined, { numeric: true }));
    const parent = dirname(folder);
    return ok({ path: folder, parent: parent === folder ? null : parent, entries });
  } catch (error) {
    return fail(fileProblem(error, path));
  }
}

const rank = (entry: Entry): number => (entry.kind === 'file' ? 1 : 0);

async function startEntries(): Promise<Entry[]> {
  const media = process.platform === 'win32' ? await driveLetters() : await mounted();
  const home: Entry = { name: basename(homedir()), path: homedir(), kind: 'home', sizeBytes: 0 };
  return [...media, home];
}

async function driveLetters(): Promise<Entry[]> {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  const found = await Promise.all(letters.map((letter) => medium(`${letter}:\\`, `${letter}:`)));
  return found.filter((entry) => entry !== null);
}

async function mounted(): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const root of mountRoots) {
    for (const path of await foldersOf(root)) {
      // /run/media and /media hold one folder per user on most systems.
      const inner = root === '/run/media' || root === '/media' ? await foldersOf(path) : [];
      for (const place of inner.length > 0 ? [...inner, path] : [path]) {
        const entry = await medium(place, basename(place));
        if (entry) entries.push(entry);
      }
    }
  }
  return entries;
}

async function foldersOf(path: string): Promise<string[]> {
  const listed = await readdir(path, { withFileTypes: true }).catch(() => []);
  return listed.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

/** A medium with something on it; a disc when it has a DICOMDIR, else a stick. */
async function medium(path: string, name: string): Promise<Entry | null> {
  const names = await readdir(path).catch(() => null);
  if (!names || names.length === 0) return null;
  return { name, path, kind: names.some(isDirectoryName) ? 'disc' : 'stick', sizeBytes: 0 };
}
