import type { Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Job, Receipt } from '../../core/contract/jobs.ts';
import type { StudyRow } from '../../core/contract/studies.ts';
import { createHost } from '../../main/host/host.ts';

export function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code} ${JSON.stringify(result.problem.params ?? {})}`);
  return result.value;
}

/** Runs with a host on a data folder, and closes it whatever happened. */
export async function withHost<T>(dataDir: string, work: (host: Host) => Promise<T>): Promise<T> {
  const host = need(await createHost({ dataDir, shell: 'browser' }));
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** Imports a folder; when this answers it is durable. @throws when anything of it was refused */
export async function importFolder(host: Host, folder: string, files: number): Promise<Receipt> {
  const { promise, resolve } = Promise.withResolvers<Job>();
  const stop = host.subscribe(0, (event) => {
    if (event.topic !== 'job') return;
    const { state } = event.payload;
    if (state !== 'waiting' && state !== 'running') resolve(event.payload);
  });
  need(await host.call('import.start', { paths: [folder], mode: 'import' }));
  const { receiptId } = await promise;
  stop();
  const receipt = need(await host.call('jobs.receipt', { receiptId: receiptId ?? '' }));
  if (receipt.stored !== files) throw new Error(`stored ${receipt.stored}`);
  return receipt;
}

/** The newest 100 studies that a query finds. */
export async function listed(
  host: Host,
  query: string,
): Promise<{ readonly total: number; readonly rows: readonly StudyRow[] }> {
  const sort = [{ column: 'studyDate' as const, descending: true }];
  return need(await host.call('studies.list', { filter: { query }, sort, offset: 0, limit: 100 }));
}
