import { join, resolve } from 'node:path';
import type { DataFolder } from '../folder.ts';

/** Scratch folder of a job or place, for what comes out of archives. Left ones are removed at the next start. */
export const scratchOf = (folder: DataFolder, id: string): string =>
  join(resolve(folder.incoming), `job-${id}`);
