import { open } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';

/** Directories synced at once; the file system joins them into few commits. */
const width = 8;

/** Makes new names durable (step 6 of reliability.md B2). Windows has no fsync of directories. */
export async function syncDirectories(paths: Iterable<string>): Promise<Result<undefined>> {
  if (process.platform === 'win32') return ok(undefined);
  const left = [...paths];
  const serve = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      const handle = await open(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: width }, serve));
    return ok(undefined);
  } catch (error) {
    return fail(fileProblem(error));
  }
}
