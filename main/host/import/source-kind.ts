import { readdir, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { StudySource } from '../../../core/contract/common.ts';
import { archiveKindOf } from '../media/archive.ts';
import { isDirectoryName } from '../media/walk.ts';

export interface SourceHead {
  readonly kind: StudySource;
  /** Name of the folder, disc or archive, for people. */
  readonly label: string;
}

/** What the chosen paths are: a disc (it has a DICOMDIR), an archive, or a folder. */
export async function sourceHead(paths: readonly string[]): Promise<SourceHead> {
  const first = resolve(paths[0] ?? '.');
  const label = paths.length === 1 ? basename(first) || first : `${basename(first)} +${paths.length - 1}`;
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (!info) continue;
    if (info.isFile()) {
      if (isDirectoryName(path)) return { kind: 'disc', label };
      if (await archiveKindOf(resolve(path), true)) return { kind: 'archive', label };
    } else if (info.isDirectory()) {
      const names = await readdir(path).catch(() => []);
      if (names.some(isDirectoryName)) return { kind: 'disc', label };
    }
  }
  return { kind: 'folder', label };
}
