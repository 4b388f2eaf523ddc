import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Services } from '../services.ts';
import { asideName, isDataFolder, writePlan } from './swap-in.ts';

/** The answer reaches the page before the program ends. */
const answerMs = 300;

/**
 * Plans that the next start uses a restored store, and ends the program: started again by itself where the shell can.
 * Problems: RESTORED_MISSING (no data folder), RESTORED_ELSEWHERE (another disk), STORE_BUSY (jobs run).
 */
export async function useRestored(
  services: Services,
  chosen: string,
): Promise<Result<{ keptAs: string; restarts: boolean }>> {
  const { folder, options, jobs } = services;
  if (!isDataFolder(chosen)) return fail(problem('RESTORED_MISSING', undefined, chosen));
  const from = realpathSync(chosen);
  const root = realpathSync(folder.root);
  if (from === root || root.startsWith(from + sep))
    return fail(problem('RESTORED_MISSING', undefined, chosen));
  if (statSync(from).dev !== statSync(root).dev)
    return fail(problem('RESTORED_ELSEWHERE', undefined, chosen));
  if (!jobs.isIdle) return fail(problem('STORE_BUSY'));
  const aside = asideName(services.now());
  await services.audit({ event: 'store.restore', outcome: 'ok', detail: `use ${chosen.slice(-190)}` });
  writePlan(folder.root, { version: 1, from, aside, phase: 'aside' });
  const end = options.restart ?? options.quit;
  if (end) setTimeout(end, answerMs);
  return ok({ keptAs: join(folder.root, aside), restarts: options.restart !== undefined });
}
