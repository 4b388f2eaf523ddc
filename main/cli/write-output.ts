import { writeFile } from 'node:fs/promises';
import { fileProblem } from '../host/media/file-problem.ts';
import { CommandFailure } from './command.ts';

/** Writes the file that `--out` names; what hinders it ends the command with the path. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw new CommandFailure({ ...fileProblem(error), path });
  }
}
