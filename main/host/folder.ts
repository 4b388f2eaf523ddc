import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './media/make-folder.ts';

/** Where everything lies in a data folder (reliability.md B1). No part of a path is ever made from DICOM text. */
export interface DataFolder {
  readonly root: string;
  readonly objects: string;
  readonly incoming: string;
  readonly uploads: string;
  readonly trash: string;
  readonly backups: string;
  readonly scans: string;
  readonly thumbs: string;
  /** What people did to studies, beside the index: a lost index loses none of it (reliability.md A10). */
  readonly readings: string;
  /** Passwords and tokens of other stations; readable by their owner only, never part of a backup in clear. */
  readonly secrets: string;
  /** Certificates and keys. */
  readonly tls: string;
  /** What an index made again cannot know from the objects (store/provenance-events.ts). */
  readonly provenance: string;
  /** Given up when the disk is full, so that deleting goes on (reliability.md B9). */
  readonly reserve: string;
  readonly index: string;
  readonly lock: string;
  readonly owner: string;
  readonly socketKey: string;
  readonly auditKey: string;
}

export function dataFolder(root: string): DataFolder {
  return {
    root,
    objects: join(root, 'objects'),
    incoming: join(root, 'incoming'),
    uploads: join(root, 'incoming', 'uploads'),
    trash: join(root, 'trash'),
    backups: join(root, 'backups'),
    scans: join(root, 'scans'),
    thumbs: join(root, 'cache', 'thumbs'),
    readings: join(root, 'readings'),
    secrets: join(root, 'secrets.json'),
    tls: join(root, 'tls'),
    provenance: join(root, 'provenance'),
    reserve: join(root, 'reserve'),
    index: join(root, 'index.db'),
    lock: join(root, 'lock.db'),
    owner: join(root, 'owner.json'),
    socketKey: join(root, 'host.key'),
    auditKey: join(root, 'audit.key'),
  };
}

/** Makes the folders that are not there yet, readable by their owner only. Throws what mkdir throws. */
export function makeDataFolder(folder: DataFolder): void {
  for (const path of [
    folder.root,
    folder.objects,
    folder.incoming,
    folder.uploads,
    folder.trash,
    folder.backups,
    folder.scans,
    folder.thumbs,
    folder.readings,
  ]) {
    makeFolder(path, 0o700);
  }
}

/** The folder all three shells use when none is named (architecture section 5). */
export function defaultDataDir(
  platform: string = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (environment['CANDELA_DATA']) return environment['CANDELA_DATA'];
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Candela');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Candela');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'candela');
}
