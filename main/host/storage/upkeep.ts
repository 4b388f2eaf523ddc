import type { Services } from '../services.ts';
import type { Snapshot } from '../store/snapshots.ts';
import { listSnapshots } from '../store/snapshots.ts';
import { suspectIndex } from '../store/suspect-index.ts';
import { keepTrash } from '../trash/purge-trash.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { backupJob } from './backup-job.ts';
import type { KeeperOperations } from './keeper-operations.ts';
import { rebuildJob } from './rebuild-job.ts';
import { keepReserve } from './reserve.ts';
import { applyRules } from './rules.ts';
import { scrub } from './scrub.ts';

const hourMs = 60 * 60 * 1000;
/** The first look waits until a person's first minute is over. */
const firstLookMs = 60 * 1000;
const lookEveryMs = 10 * 60 * 1000;
const dailyMs = 20 * hourMs;

/**
 * What keeps the store well while nobody asks for it. Begins once `settled` (left objects are taken in); the answer
 * ends it, after the step under way. A command line's host does only what cannot wait.
 */
export function startUpkeep(services: Services, settled: Promise<void>): () => Promise<void> {
  void settled.then(() => services.versions.wake());
  if (services.options.shell === 'cli') {
    return async () => services.versions.stop();
  }
  const endTrash = keepTrash(services, settled);
  // A folder that cannot be read is met by whoever asks for it.
  void settled.then(() => services.kept.resume()).catch(() => undefined);
  const stop = new AbortController();
  let running = settled;
  const look = (): void => {
    // A failure (a disk that cannot be written) is met again at the next look.
    running = running.then(() => lookOnce(services, stop.signal)).catch(() => undefined);
  };
  const first = setTimeout(look, firstLookMs);
  const timer = setInterval(look, lookEveryMs);
  for (const one of [first, timer]) one.unref();
  return async () => {
    services.versions.stop();
    clearTimeout(first);
    clearInterval(timer);
    stop.abort();
    await Promise.all([endTrash(), running]);
  };
}

/** One round: only while no job runs, each step by itself. */
export async function lookOnce(services: Services, signal: AbortSignal): Promise<void> {
  const isFree = (): boolean => services.jobs.isIdle && !signal.aborted;
  const { storage } = services.settings.get();
  if (isFree()) await keepReserve(services, signal);
  if (isFree()) await snapshotDaily(services);
  if (isFree() && storage.rules.enabled) await applyRules(services, storage);
  if (isFree() && storage.backupDaily && storage.backupFolder !== null) {
    await backupDaily(services, storage.backupFolder);
  }
  if (isFree()) await scrub(services, { signal, mayGoOn: isFree });
}

/** A copy a day, checked whole. An index that fails is made again from the files at once (reliability.md B5, B6). */
export async function snapshotDaily(services: Services): Promise<Snapshot | null> {
  const { folder, now } = services;
  const newest = listSnapshots(folder.backups)[0];
  // A copy from the future was made by a clock that jumped.
  const age = now() - (newest?.atMs ?? 0);
  if (newest && age >= 0 && age < dailyMs) return null;
  const keeper = new WorkerClient<KeeperOperations>('keeper', null);
  try {
    const check = await keeper.call('checkIndex', { index: folder.index, isQuick: false });
    if (check !== 'ok') {
      suspectIndex(folder);
      await services.audit({ event: 'store.verify', outcome: 'bad', detail: 'index' });
      await services.jobs.start('rebuild', 'Rebuild', {}, rebuildJob(services));
      return null;
    }
    return await keeper.call('takeSnapshot', {
      index: folder.index,
      backupsDir: folder.backups,
      nowMs: now(),
    });
  } finally {
    await keeper.terminate();
  }
}

async function backupDaily(services: Services, target: string): Promise<void> {
  const [newest] = await services.store.read.call('backups', null);
  const age = services.now() - (newest?.atMs ?? 0);
  if (newest && age >= 0 && age < dailyMs) return;
  await services.jobs.start('backup', target, { title: target }, backupJob(services, target, null));
}
