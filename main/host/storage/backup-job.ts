import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { endOf } from '../import/import-job.ts';
import { Tally } from '../import/tally.ts';
import type { JobContext, JobEnd, JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { WorkerClient } from '../worker-rpc.ts';
import type { KeeperProgress } from './backup/make-backup.ts';
import type { KeeperOperations } from './keeper-operations.ts';

type Keeper = WorkerClient<KeeperOperations>;
type Needed = Pick<Services, 'folder' | 'store' | 'now' | 'audit'>;

/** Work in a keeper of its own, which tells how far it is and stops when the job is cancelled. */
async function withKeeper<T>(
  context: JobContext,
  work: (keeper: Keeper, cancel: Int32Array) => Promise<T>,
): Promise<T> {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  context.signal.addEventListener('abort', () => Atomics.store(cancel, 0, 1), { once: true });
  if (context.signal.aborted) Atomics.store(cancel, 0, 1);
  const keeper: Keeper = new WorkerClient('keeper', null, {
    onNote: (note) => context.update(note as KeeperProgress),
  });
  try {
    return await work(keeper, cancel);
  } finally {
    await keeper.terminate();
  }
}

/** Copies what the folder lacks. Its receipt: stored = copied now, duplicates = there already, broken = cannot be read. */
export const backupJob =
  (services: Needed, target: string, passphrase: string | null): JobWork =>
  async (context) => {
    const made = await withKeeper(context, (keeper, cancel) =>
      keeper.call('makeBackup', {
        folder: services.folder,
        target,
        passphrase,
        nowMs: services.now(),
        cancel,
      }),
    );
    await audit(services, 'store.backup', made, target);
    if (!made.ok) return { receipt: null, problem: made.problem };
    const { path, instances, bytes, encrypted, files, copied, problems } = made.value;
    await services.store.write.call('saveBackup', {
      ...{ path, instances, bytes, encrypted },
      atMs: context.startedAtMs,
      verified: true,
    });
    const present = files - problems.length;
    return ended(
      services,
      context,
      'backup',
      target,
      { stored: copied, duplicates: present - copied, bytes },
      problems,
    );
  };

/** Reads a backup again. Its receipt: stored = right, broken = damaged or missing, each by its name. */
export const checkBackupJob =
  (services: Needed, source: string, passphrase: string | null): JobWork =>
  async (context) => {
    const checked = await withKeeper(context, (keeper, cancel) =>
      keeper.call('checkBackup', { source, passphrase, auditKeyFile: services.folder.auditKey, cancel }),
    );
    if (!checked.ok) return { receipt: null, problem: checked.problem };
    const { path, atMs, instances, bytes, encrypted, files, problems } = checked.value;
    const verified = problems.length === 0;
    await services.store.write.call('saveBackup', { path, atMs, instances, bytes, encrypted, verified });
    const stored = files - problems.length;
    const end = await ended(
      services,
      context,
      'backupCheck',
      source,
      { stored, duplicates: 0, bytes },
      problems,
    );
    return { ...end, problem: problems[0] ?? null };
  };

/** Makes a new data folder of a backup. */
export const restoreJob =
  (services: Needed, source: string, target: string, passphrase: string | null): JobWork =>
  async (context) => {
    const restored = await withKeeper(context, (keeper, cancel) =>
      keeper.call('restoreBackup', { source, target, passphrase, auditKeyFile: null, cancel }),
    );
    await audit(services, 'store.restore', restored, target);
    if (!restored.ok) return { receipt: null, problem: restored.problem };
    const { files, bytes } = restored.value;
    const end = await ended(
      services,
      context,
      'restore',
      source,
      { stored: files, duplicates: 0, bytes },
      [],
    );
    return { ...end, place: target };
  };

/** Brings objects that are damaged or gone back from a backup. Its receipt: stored = right again, broken = not in it. */
export const repairJob =
  (services: Needed & Pick<Services, 'events'>, source: string, passphrase: string | null): JobWork =>
  async (context) => {
    const { folder, store } = services;
    const fileSha256 = await store.slow().call('damagedObjects', null);
    const repaired = await withKeeper(context, (keeper, cancel) => {
      const key = { auditKeyFile: folder.auditKey };
      return keeper.call('repairObjects', { source, passphrase, ...key, folder, fileSha256, cancel });
    });
    await audit(services, 'store.restore', repaired, source);
    if (!repaired.ok) return { receipt: null, problem: repaired.problem };
    const right = repaired.value.repaired;
    await store.write.call('setVerified', { fileSha256: right, nowMs: services.now() });
    if (right.length > 0) services.events.emit('studies', { studyKeys: [] });
    const counts = { stored: right.length, duplicates: 0, bytes: 0 };
    return ended(services, context, 'repair', source, counts, repaired.value.problems);
  };

/** So that its words are those of what was done. */
export const withKind = (end: JobEnd, kind: NonNullable<Receipt['kind']>): JobEnd => ({
  ...end,
  receipt: end.receipt && { ...end.receipt, kind },
});

async function audit(
  services: Needed,
  event: 'store.backup' | 'store.restore',
  result: Result<unknown>,
  detail: string,
): Promise<void> {
  const outcome = result.ok ? 'ok' : result.problem.code;
  await services.audit({ event, outcome, detail: detail.slice(-200) });
}

async function ended(
  services: Needed,
  context: JobContext,
  kind: NonNullable<Receipt['kind']>,
  source: string,
  { stored, duplicates, bytes }: { stored: number; duplicates: number; bytes: number },
  problems: readonly Problem[],
): Promise<JobEnd> {
  const tally = new Tally();
  tally.stored = stored;
  tally.duplicates = duplicates;
  tally.bytes = bytes;
  for (const found of problems) tally.addBroken(found);
  return withKind(endOf(tally, context, source, services.now()), kind);
}
