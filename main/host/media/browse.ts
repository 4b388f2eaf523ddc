import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import { freeBytesOf } from '../import/free-space.ts';
import { fileProblem } from './file-problem.ts';
import { isDirectoryName } from './walk.ts';

type Listing = CallOutput<'media.browse'>;
type Entry = Listing['entries'][number];

const maxEntries = 5000;
/**
 * A folder's folders and files, folders first; of a file its folder with nothing but that file; without a path, this
 * machine's media and the home folder.
 */
export async function browse(path: string | null): Promise<Result<Listing>> {
  if (path === null) return ok({ path: null, parent: null, entries: await startEntries() });
  const folder = resolve(path);
  try {
    const file = await stat(folder);
    if (file.isFile()) {
      const entry = { name: basename(folder), path: folder, kind: 'file', sizeBytes: file.size } as const;
      return ok({ path: dirname(folder), parent: parentOf(dirname(folder)), entries: [entry] });
    }
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
    return ok({ path: folder, parent: parentOf(folder), entries });
  } catch (error) {
    return fail(fileProblem(error, path));
  }
}

const parentOf = (folder: string): string | null => (dirname(folder) === folder ? null : dirname(folder));
const rank = (entry: Entry): number => (entry.kind === 'file' ? 1 : 0);

async function startEntries(): Promise<Entry[]> {
  const { platform } = process;
  const linux = platform === 'linux' ? await textOf('/proc/mounts') : '';
  const media =
    platform === 'win32'
      ? await entriesOf(drivesOf(await windowsDrives()))
      : platform === 'linux'
        ? await entriesOf(mountsOf(linux, await removableDevices()))
        : await entriesOf([...(await foldersOf('/Volumes')).map(stick), disk('/')]);
  const home: Entry = { name: basename(homedir()), path: homedir(), kind: 'home', sizeBytes: 0 };
  return [...media, home];
}

export interface Mount {
  readonly place: string;
  readonly kind: 'stick' | 'disk' | 'network';
}
const disk = (place: string): Mount => ({ place, kind: 'disk' });
const everyLetter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
/** Win32_LogicalDisk.DriveType: removable, local, network, disc, memory. */
const driveKinds: Readonly<Record<string, Mount['kind']>> = {
  '2': 'stick',
  '3': 'disk',
  '4': 'network',
  '5': 'stick',
  '6': 'disk',
};

/** Drives of Windows from lines such as `C: 3`, sticks first; every letter as a disk where the system told nothing. */
export function drivesOf(lines: string): Mount[] {
  const told = [...lines.matchAll(/^([A-Z]): ([0-9])\s*$/gim)].flatMap(([, letter, type]): Mount[] => {
    const kind = driveKinds[type ?? ''];
    return kind ? [{ place: `${letter}:\\`, kind }] : [];
  });
  return told.length > 0 ? inOrder(told) : everyLetter.map((letter) => disk(`${letter}:\\`));
}

/** Node has no word for it, and a letter alone does not say whether it is a stick or a server that is gone. */
async function windowsDrives(): Promise<string> {
  const ask = "Get-CimInstance Win32_LogicalDisk | ForEach-Object { $_.DeviceID + ' ' + $_.DriveType }";
  const words = ['-NoProfile', '-NonInteractive', '-Command', ask];
  return promisify(execFile)('powershell.exe', words, { timeout: 4000, windowsHide: true }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

const rankOf: Readonly<Record<Mount['kind'], number>> = { stick: 0, network: 1, disk: 2 };
const inOrder = (mounts: readonly Mount[]): Mount[] =>
  [...mounts].sort((a, b) => rankOf[a.kind] - rankOf[b.kind]);

/** macOS shows every medium below /Volumes; its own disk is a link there. */
const stick = (place: string): Mount => ({ place, kind: 'stick' });

/** What a person finds on the mounts that can be read, in their order; a disc is what has a DICOMDIR. */
export async function entriesOf(mounts: readonly Mount[]): Promise<Entry[]> {
  const found = await Promise.all(mounts.map(entryOf));
  return found.filter((entry) => entry !== null);
}

const networkKinds = /^(nfs4?|cifs|smb3|smbfs|davfs|fuse\.(sshfs|rclone|davfs2?|gvfsd-fuse))$/;
const diskKinds = /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|vfat|exfat|ntfs3?|fuseblk|hfsplus|apfs|iso9660|udf)$/;
/** What the system keeps for itself. */
const systemPlaces = /^\/(boot|snap|etc|usr|var|sys|proc|dev|tmp|opt|run(?!\/media\/))(\/|$)/;

/**
 * Mounts of a person's interest, from the text of /proc/mounts: sticks and cards (the given block devices and their
 * partitions), discs by their file systems whatever the device says, and what a desktop mounted for a person; network
 * folders; disks of this machine, each once.
 */
export function mountsOf(mounts: string, removable: readonly string[]): Mount[] {
  const found = new Map<string, Mount>();
  const disks = new Set<string>();
  for (const line of mounts.split('\n')) {
    const [device = '', escaped = '', type = ''] = line.split(' ');
    const place = escaped.replaceAll(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const kind = mountKind(device, place, type, removable);
    if (kind === null || (kind === 'disk' && disks.has(device))) continue;
    if (kind === 'disk') disks.add(device);
    found.set(place, { place, kind });
  }
  return inOrder([...found.values()]);
}

function mountKind(
  device: string,
  place: string,
  type: string,
  removable: readonly string[],
): Mount['kind'] | null {
  if (networkKinds.test(type)) return 'network';
  if (!device.startsWith('/dev/') || place.startsWith('/boot')) return null;
  const name = device.slice('/dev/'.length);
  const isRemovable = removable.some((known) => name === known || isPartOf(name, known));
  const isDisc = type === 'iso9660' || type === 'udf';
  if (place !== '/' && (isRemovable || isDisc || /^\/(run\/)?media\//.test(place))) return 'stick';
  return diskKinds.test(type) && !systemPlaces.test(place) ? 'disk' : null;
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

/** A medium with something on it. A network folder is not looked into: one whose server is gone answers after minutes. */
async function entryOf({ place, kind }: Mount): Promise<Entry | null> {
  const name = basename(place) || place;
  if (kind === 'network') return { name, path: place, kind, sizeBytes: 0 };
  const names = await readdir(place).catch(() => null);
  if (!names || names.length === 0) return null;
  if (names.some(isDirectoryName)) return { name, path: place, kind: 'disc', sizeBytes: 0 };
  const freeBytes = await freeBytesOf(place).catch(() => null);
  return { name, path: place, kind, sizeBytes: 0, ...(freeBytes !== null && { freeBytes }) };
}
