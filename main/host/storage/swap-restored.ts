import { existsSync } from 'node:fs';
import { ok, type Result } from '../../../core/base/result.ts';
import type { DataFolder } from '../folder.ts';
import { WorkerClient } from '../worker-rpc.ts';
import type { KeeperOperations } from './keeper-operations.ts';
import { planPath } from './swap-in.ts';

/**
 * A start after somebody asked for a restored store. Where that is gone or cannot be moved, the store in use is opened
 * as ever; only a folder that another host has is a reason to stop.
 */
export async function swapRestored(folder: DataFolder): Promise<Result<null>> {
  if (!existsSync(planPath(folder.root))) return ok(null);
  const keeper = new WorkerClient<KeeperOperations>('keeper', null);
  try {
    const swapped = await keeper.call('swapIn', { root: folder.root });
    return !swapped.ok && swapped.problem.code === 'STORE_IN_USE' ? swapped : ok(null);
  } finally {
    await keeper.terminate();
  }
}
