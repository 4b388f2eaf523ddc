import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { fileProblem } from './file-problem.ts';
import { isDirectoryName } from './walk.ts';

type Listing = CallOutput<'media.browse'>;
type Entry = Listing['entries'][number];

const maxEntries = 5000;
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

/** macOS shows every medium below /Volumes (its own disk is a link there); Linux tells what is removable. */
async function mounted(): Promise<Entry[]> {
  const places =
    process.platform === 'linux'
      ? removableMounts(await textOf('/proc/mounts'), await removableDevices())
      : await foldersOf('/Volumes');
  const entries = await Promise.all(places.map((place) => medium(place, basename(place))));
  return entries.filter((entry) => entry !== null);
}

/**
 * Mount points, from the text of /proc/mounts, of the given block devices and their partitions; of discs by their
 * file systems whatever the device says; and of what a desktop mounted for a person.
 */
export function removableMounts(mounts: string, devices: readonly string[]): string[] {
  const found = new Set<string>();
  for (const line of mounts.split('\n')) {
    const [device = '', escaped = '', kind = ''] = line.split(' ');
    if (!device.startsWith('/dev/') || escaped === '/' || escaped.startsWith('/boot')) continue;
    const name = device.slice('/dev/'.length);
    const place = escaped.replaceAll(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const isRemovable = devices.some((known) => name === known || isPartOf(name, known));
    const isDisc = kind === 'iso9660' || kind === 'udf';
    if (isRemovable || isDisc || /^\/(run\/)?media\//.test(place)) found.add(place);
  }
  return [...found];
}

const isPartOf = (name: string, device: string): boolean =>
  name.startsWith(device) && /^p?\d+$/.test(name.slice(device.length));

async function removableDevices(): Promise<string[]> {
  const names = await readdir('/sys/block').catch(() => []);
  const flags = await Promise.all(names.map((name) => textOf(`/sys/block/${name}/removable`)));
  return names.filter((_, index) => flags[index]?.trim() === '1');
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

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
