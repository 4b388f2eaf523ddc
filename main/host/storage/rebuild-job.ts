import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { endOf } from '../import/import-job.ts';
import { Tally } from '../import/tally.ts';
import type { JobContext, JobEnd, JobWork } from '../jobs/job-runner.ts';
import { objectName } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { DumpSection } from '../store/canonical-dump.ts';
import type { KeptScan } from '../store/kept-scans.ts';
import type { BesideClient } from '../store/store.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { withKind } from './backup-job.ts';
import { checkObjects } from './check-objects.ts';
import type { KeeperOperations } from './keeper-operations.ts';
import { markDamage } from './mark-damage.ts';
import { countObjectFiles, type Replayed, replay } from './replay.ts';

/** Tries of the swap, while readers are at something long. */
const swapTries = 3;

/**
 * Makes the index again from objects, provenance and readings, beside the one in use; compares the two; carries over
 * what no file tells (jobs, audit trail, marks since), and swaps by one rename (reliability.md B7). Until then, and
 * when it fails or is cancelled, the one in use is as it was. Its receipt counts objects; rows that differed are noted.
 */
export const rebuildJob =
  (services: Services): JobWork =>
  async (context): Promise<JobEnd> => {
    const path = join(services.folder.root, `rebuild-${randomUUID()}.db`);
    const beside = await services.store.beside(path);
    if (!beside.ok) return { receipt: null, problem: beside.problem };
    const keeper = new WorkerClient<KeeperOperations>('keeper', null);
    try {
      return await rebuild(services, context, { path, writer: beside.value, keeper });
    } finally {
      await keeper.terminate();
      await beside.value.terminate();
      for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
    }
  };

interface Beside {
  readonly path: string;
  readonly writer: BesideClient;
  readonly keeper: WorkerClient<KeeperOperations>;
}

async function rebuild(services: Services, context: JobContext, beside: Beside): Promise<JobEnd> {
  const { path, writer, keeper } = beside;
  const { folder } = services;
  const total = await countObjectFiles(folder.objects);
  const found = await replay({
    services,
    keeper,
    writer,
    signal: context.signal,
    check: (fileSha256) => checkObjects(services, fileSha256, context.signal),
    onProgress: ({ done }) => context.update({ phase: 'computing', done, total }),
  });
  if (context.signal.aborted) return { receipt: null, problem: problem('CANCELLED') };
  context.update({ phase: 'checking' });
  await writer.call('analyze', null);
  await writer.call('close', null);
  const check = await keeper.call('checkIndex', { index: path, isQuick: false });
  if (check !== 'ok') return { receipt: null, problem: problem('OBJECT_CORRUPT', { reason: 'index' }) };
  const differing = await keeper.call('compareDumps', { a: folder.index, b: path });
  const rows = Object.values(differing).reduce((sum, lines) => sum + lines, 0);
  const swapped = await swap(services, context.signal, path, `${found.instances} ${rows}`);
  if (!swapped.ok) return { receipt: null, problem: swapped.problem };
  await markBad(services, found);
  await services.settings.reload();
  services.versions.wake();
  services.events.emit('studies', { studyKeys: [] });
  return withKind(endOf(tallyOf(found, differing), context, folder.root, services.now()), 'rebuild');
}

async function swap(services: Services, signal: AbortSignal, path: string, detail: string) {
  for (let tries = 1; ; tries += 1) {
    const swapped = await services.store.swap(path, services.now(), detail);
    const isBusy = !swapped.ok && swapped.problem.code === 'STORE_BUSY';
    if (!isBusy || tries === swapTries || signal.aborted) return swapped;
  }
}

/** Rows that stay though their files do not: who imports the images again puts the right bytes there. */
async function markBad(services: Services, found: Replayed): Promise<void> {
  const damaged = { missing: [] as KeptScan[], corrupt: [] as KeptScan[] };
  for (const { problem: reason, kept } of found.bad.values()) {
    if (!kept) continue;
    if (reason.code === 'FILE_MISSING') damaged.missing.push(kept);
    // A disk that cannot be read just now says nothing of the file.
    if (reason.code === 'OBJECT_CORRUPT') damaged.corrupt.push(kept);
  }
  await markDamage(services, damaged);
}

function tallyOf(found: Replayed, differing: Partial<Record<DumpSection, number>>): Tally {
  const tally = new Tally();
  let kept = 0;
  for (const [hash, object] of found.bad) {
    if (object.kept) kept += 1;
    tally.addBroken({ ...object.problem, path: objectName(hash) });
  }
  for (let n = 0; n < found.instances - kept; n += 1) tally.addStored(0, [], '');
  const rows = Object.values(differing).reduce((sum, lines) => sum + lines, 0);
  if (rows > 0) {
    const none = { patients: 0, studies: 0, series: 0, instances: 0, readings: 0 };
    tally.note(problem('INDEX_DIFFERED', { ...none, ...differing, rows }, 'index.db'));
  }
  return tally;
}
