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
  const swapped = await swapNow(folder.root);
  return !swapped.ok && swapped.problem.code === 'STORE_IN_USE' ? swapped : ok(null);
}

/**
 * Carries a plan out at once, for a data folder that nobody has open; answers whether the restored store is in use now.
 * Problems: STORE_IN_USE, RESTORED_MISSING, those of the system; the store of before is in use then.
 */
export async function swapNow(root: string): Promise<Result<boolean>> {
  const keeper = new WorkerClient<KeeperOperations>('keeper', null);
  try {
    return await keeper.call('swapIn', { root });
  } finally {
    await keeper.terminate();
  }
}
