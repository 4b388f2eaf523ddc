import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../../core/base/problem.ts';
import { outputProblem, writeWhole } from '../host/media/whole-file.ts';
import { CommandFailure } from './command.ts';

/** What hinders a file that is being made: what is missing is not that file. */
export function outputFailure(error: unknown, path: string): CommandFailure {
  const found = outputProblem(error, path);
  return new CommandFailure(
    found.code === 'FILE_MISSING' ? problem('FOLDER_MISSING', undefined, path) : found,
  );
}

/** Writes the file that `--out` names; what hinders it ends the command with the path, and nothing is written once it is cancelled. */
export async function writeOutput(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  try {
    await writeWhole(path, bytes, signal);
  } catch (error) {
    throw outputFailure(error, path);
  }
}

/** Ends the command where a file cannot be made, before minutes are spent on what would be in it. */
export async function checkOutputFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw outputFailure(error, path);
  }
}
