import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import type { JobContext, JobWork } from '../jobs/job-runner.ts';
import { objectName } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import { withKind } from '../storage/backup-job.ts';
import { markDamage } from '../storage/mark-damage.ts';
import type { ObjectRow } from '../store/read-operations.ts';
import { endOf } from './import-job.ts';
import { Tally } from './tally.ts';

const pageRows = 64;

/**
 * Reads every stored file again and compares its hash with its name, checks the database, and lists files that no
 * row knows. A right file counts as stored, a wrong or missing one as broken.
 */
export const verifyJob =
  (services: Services): JobWork =>
  async (context) => {
    const tally = new Tally();
    const total = await services.store.slow().call('countObjects', null);
    const integrity = await services.store.slow().call('integrity', null);
    if (integrity !== 'ok') tally.note(problem('OBJECT_CORRUPT', { reason: 'index' }, 'index.db'));
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    context.signal.addEventListener('abort', () => Atomics.store(cancel, 0, 1), { once: true });
    let after = 0;
    for (;;) {
      const page = await services.store.slow().call('objects', { after, limit: pageRows });
      if (page.rows.length === 0 || context.signal.aborted) break;
      await verifyPage(services, page.rows, cancel, tally, context);
      after = page.last;
      context.update({ phase: 'checking', done: tally.files, bytes: tally.bytes, total });
    }
    if (!context.signal.aborted) await noteForeign(services, tally);
    await services.audit({
      event: 'store.verify',
      outcome: tally.broken === 0 ? 'ok' : 'bad',
      detail: `${tally.files}`,
    });
    const end = withKind(endOf(tally, context, services.folder.root, services.now()), 'verify');
    return { ...end, problem: integrity === 'ok' ? null : problem('OBJECT_CORRUPT', { reason: 'index' }) };
  };

async function verifyPage(
  services: Services,
  rows: readonly ObjectRow[],
  cancel: Int32Array,
  tally: Tally,
  { signal }: JobContext,
): Promise<void> {
  const hashes = await services.imports.copies.use((worker) =>
    worker.call('verify', {
      objectsDir: services.folder.objects,
      fileSha256: rows.map(({ fileSha256 }) => fileSha256),
      cancel,
    }),
  );
  if (signal.aborted) return;
  const good: string[] = [];
  const damaged: Record<'missing' | 'corrupt', ObjectRow[]> = { missing: [], corrupt: [] };
  for (const [index, row] of rows.entries()) {
    const hash = hashes[index]!;
    tally.studies.add(row.studyUid);
    const path = objectName(row.fileSha256);
    if (hash.ok && hash.value === row.fileSha256) {
      tally.addStored(row.sizeBytes, [], path);
      good.push(row.fileSha256);
    } else {
      tally.addBroken(hash.ok ? problem('OBJECT_CORRUPT', undefined, path) : { ...hash.problem, path });
      damaged[!hash.ok && hash.problem.code === 'FILE_MISSING' ? 'missing' : 'corrupt'].push(row);
    }
  }
  await services.store.write.call('setVerified', { fileSha256: good, nowMs: services.now() });
  await markDamage(services, damaged);
}

/** Names of all objects on disk, folder by folder. Anything else in there is given with an empty hash. */
export async function* objectsOnDisk(
  objectsDir: string,
): AsyncGenerator<{ path: string; fileSha256: string }[]> {
  for (const first of await readdir(objectsDir)) {
    const names = await readdir(join(objectsDir, first)).catch(() => null);
    if (!names) {
      yield [{ path: first, fileSha256: '' }];
      continue;
    }
    yield names.map((name) => {
      const hash = /^([0-9a-f]{64})\.dcm$/.exec(name)?.[1] ?? '';
      return { path: `${first}/${name}`, fileSha256: hash.startsWith(first) ? hash : '' };
    });
  }
}

async function noteForeign(services: Services, tally: Tally): Promise<void> {
  for await (const found of objectsOnDisk(services.folder.objects)) {
    const hashes = found.flatMap(({ fileSha256 }) => (fileSha256 === '' ? [] : [fileSha256]));
    const unknown = new Set(await services.store.slow().call('unknownObjects', { fileSha256: hashes }));
    for (const { path, fileSha256 } of found) {
      if (fileSha256 === '' || unknown.has(fileSha256)) {
        tally.note(problem('NOT_FOUND', { reason: 'no row' }, `objects/${path}`));
      }
    }
  }
}
