import type { Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { DataFolder } from '../folder.ts';
import { fileProblem } from '../media/file-problem.ts';
import { objectPath } from '../objects/object-path.ts';
import type { StoredInstance } from '../store/show-study.ts';
import { closeFile, openFile, statFile } from './descriptor.ts';

/** Where an instance's bytes are, and what must still be true of a file that is not ours. */
export interface FileLocation {
  readonly file: string;
  readonly sizeBytes: number;
  /** Set for files read in place. */
  readonly modifiedAtMs: number | null;
}

export const locationOf = (instance: StoredInstance, folder: DataFolder): FileLocation => ({
  file:
    instance.fileSha256 === null ? (instance.path ?? '') : objectPath(folder.objects, instance.fileSha256),
  sizeBytes: instance.sizeBytes,
  modifiedAtMs: instance.fileSha256 === null ? instance.modifiedAtMs : null,
});

/** Opens a file and checks that it is the one that was indexed. Problems: FILE_MISSING, FILE_CHANGED, IO_ERROR. */
export async function openLocation(location: FileLocation): Promise<Result<FileHandle>> {
  try {
    const handle = await open(location.file, 'r');
    if (isIndexed(await handle.stat(), location)) return ok(handle);
    await handle.close();
    return fail(changed(location));
  } catch (error) {
    return fail(fileProblem(error));
  }
}

/** The same by number (descriptor.ts); whoever asked closes it. */
export async function openLocatedFile(location: FileLocation): Promise<Result<number>> {
  try {
    const file = await openFile(location.file);
    if (isIndexed(await statFile(file), location)) return ok(file);
    await closeFile(file);
    return fail(changed(location));
  } catch (error) {
    return fail(fileProblem(error));
  }
}

const isIndexed = (info: Stats, { sizeBytes, modifiedAtMs }: FileLocation): boolean =>
  info.size === sizeBytes && (modifiedAtMs === null || info.mtimeMs === modifiedAtMs);

const changed = ({ modifiedAtMs }: FileLocation): Problem =>
  problem(modifiedAtMs === null ? 'OBJECT_CORRUPT' : 'FILE_CHANGED');
