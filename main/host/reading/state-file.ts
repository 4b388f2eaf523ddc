import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from '../folder.ts';
import { renameHeld } from '../media/rename.ts';

/*
 * The index can be made again from the objects; what a person did to a study cannot. Each state is therefore kept
 * as a file too, from which an index that was lost gets it back when the study is next read.
 */

const pathOf = ({ readings }: DataFolder, studyKey: string): string =>
  join(readings, `${createHash('sha256').update(studyKey).digest('hex')}.json`);

/** What is being written, by path: a page that goes sends its last state while another is under way. */
const underWay = new Map<string, Promise<void>>();

/** Written whole or not at all, the last one called for at last. Throws what the file system throws. */
export async function writeStateFile(folder: DataFolder, studyKey: string, state: string): Promise<void> {
  const path = pathOf(folder, studyKey);
  const before = underWay.get(path) ?? Promise.resolve();
  const written = before.catch(() => undefined).then(() => writeAt(path, state));
  underWay.set(path, written);
  try {
    await written;
  } finally {
    if (underWay.get(path) === written) underWay.delete(path);
  }
}

async function writeAt(path: string, state: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, 'wx', 0o600);
  try {
    await file.writeFile(state);
    await file.sync();
    await file.close();
    await renameHeld(part, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

/** Null when there is none. */
export async function readStateFile(folder: DataFolder, studyKey: string): Promise<string | null> {
  try {
    return await readFile(pathOf(folder, studyKey), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
