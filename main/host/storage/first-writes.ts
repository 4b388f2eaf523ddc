import { rm, writeFile } from 'node:fs/promises';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { stopBelowBytes } from '../import/free-space.ts';
import type { Services } from '../services.ts';
import { isDiskFull } from '../store/make-room.ts';
import { finishPurges } from '../trash/purge-trash.ts';

/**
 * What a start writes before anybody is answered. On a full disk the reserve makes room for it; where even that is gone,
 * the store is closed as it was. Problems: DISK_FULL.
 */
export async function firstWrites(services: Services): Promise<Result<null>> {
  const { folder, store, jobs, options } = services;
  const writes = async (): Promise<void> => {
    // The relay's key is written anew in its place.
    await writeFile(folder.socketKey, ' '.repeat(64), { mode: 0o600 });
    await jobs.markInterrupted();
    await services.audit({ event: 'app.start', outcome: 'ok', detail: options.shell });
    await finishPurges(services);
  };
  try {
    await writes();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await rm(folder.reserve, { force: true });
    try {
      await writes();
    } catch (again) {
      await store.close();
      if (!isDiskFull(again)) throw again;
      return fail(problem('DISK_FULL', { missingBytes: stopBelowBytes }));
    }
  }
  return ok(null);
}
