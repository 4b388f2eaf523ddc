import { randomUUID } from 'node:crypto';
import { realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fileProblem } from './file-problem.ts';
import { renameHeld } from './rename.ts';

/**
 * Makes a file that a person named so that it has its name only when it is whole: it is written beside, and a file that
 * was there stays until then, and for good where `signal` aborts. A pipe or a device is written as it is. Throws what
 * `write` and the file system throw.
 */
export async function makeWhole(
  path: string,
  write: (path: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there && !there.isFile()) return write(path);
  const target = there ? await realpath(path) : path;
  const part = join(dirname(target), `.${randomUUID()}.part`);
  try {
    await write(part);
    signal?.throwIfAborted();
    await renameHeld(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** The same of bytes. */
export const writeWhole = (path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> =>
  makeWhole(path, (part) => writeFile(part, bytes), signal);

/** What hinders such a file: what a full disk of a person's own takes is not the data folder's. */
export function outputProblem(error: unknown, path: string): Problem {
  const found = fileProblem(error, path);
  return found.code === 'DISK_FULL' ? problem('OUTPUT_DISK_FULL', undefined, path) : found;
}
