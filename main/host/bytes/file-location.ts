import { type FileHandle, open } from 'node:fs/promises';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { DataFolder } from '../folder.ts';
import { fileProblem } from '../media/file-problem.ts';
import { objectPath } from '../objects/object-path.ts';
import type { StoredInstance } from '../store/show-study.ts';

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
    const info = await handle.stat();
    const isSame =
      info.size === location.sizeBytes &&
      (location.modifiedAtMs === null || info.mtimeMs === location.modifiedAtMs);
    if (isSame) return ok(handle);
    await handle.close();
    return fail(problem(location.modifiedAtMs === null ? 'OBJECT_CORRUPT' : 'FILE_CHANGED'));
  } catch (error) {
    return fail(fileProblem(error));
  }
}
