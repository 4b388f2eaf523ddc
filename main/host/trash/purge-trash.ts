import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Services } from '../services.ts';

type Needed = Pick<Services, 'store' | 'folder' | 'jobs' | 'now'>;

/** Unlinks what a purge has written down, also one that was cut short. Runs while nothing is imported. */
export async function finishPurges({ store, folder }: Pick<Needed, 'store' | 'folder'>): Promise<void> {
  for (;;) {
    const intents = await store.write.call('purgeIntents', null);
    if (intents.length === 0) return;
    for (const { path } of intents) await rm(join(folder.root, path), { recursive: true, force: true });
    // Pictures in the cache are named by their content: all go, and are made again when they are looked at.
    for (const name of await readdir(folder.thumbs)) await rm(join(folder.thumbs, name), { force: true });
    await store.write.call('clearIntents', { paths: intents.map(({ path }) => path) });
  }
}

/** Erases what was in the trash for 30 days, a study at a time between the jobs that write. */
export async function purgeTrash(services: Needed, signal: AbortSignal): Promise<void> {
  await services.store.write.call('seeDay', { nowMs: services.now() });
  let isMore = true;
  while (isMore && !signal.aborted) {
    isMore = await services.jobs.between(async () => {
      // A backup copies what its index named at its start: nothing of that is removed under it.
      if (signal.aborted || services.jobs.isRunning('backup')) return false;
      const purged = await services.store.write.call('purgeOne', { nowMs: services.now() });
      if (purged) await finishPurges(services);
      return purged !== null;
    });
  }
}

/** Erases all that is in the trash now, as somebody asked for. */
export async function emptyTrash(services: Needed): Promise<{ studies: number; bytes: number }> {
  const emptied = { studies: 0, bytes: 0 };
  for (;;) {
    const purged = await services.jobs.between(async () => {
      if (services.jobs.isRunning('backup')) return null;
      const one = await services.store.write.call('purgeOne', { nowMs: services.now(), isAll: true });
      if (one) await finishPurges(services);
      return one;
    });
    if (!purged) return emptied;
    emptied.studies += 1;
    emptied.bytes += purged.bytes;
  }
}

const lookEveryMs = 6 * 60 * 60 * 1000;

/**
 * Looks once `settled` (while left objects are adopted, none may be removed) and every few hours. The answer ends it,
 * after the study under way.
 */
export function keepTrash(services: Needed, settled: Promise<void>): () => Promise<void> {
  const stop = new AbortController();
  let running = settled;
  const look = (): void => {
    // A failure (a disk that cannot be written) is met again at the next look; what is written down stays so.
    running = running.then(() => purgeTrash(services, stop.signal)).catch(() => undefined);
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stop.abort();
    await running;
  };
}
