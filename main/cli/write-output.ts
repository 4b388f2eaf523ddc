import { writeFile } from 'node:fs/promises';
import { problem } from '../../core/base/problem.ts';
import { fileProblem } from '../host/media/file-problem.ts';
import { CommandFailure } from './command.ts';

/** Writes the file that `--out` names; what hinders it ends the command with the path. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    const found = fileProblem(error);
    // What is missing is not the file that is being made.
    throw new CommandFailure(
      found.code === 'FILE_MISSING' ? problem('FOLDER_MISSING', undefined, path) : { ...found, path },
    );
  }
}
