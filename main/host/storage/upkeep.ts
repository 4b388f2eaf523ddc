import type { Services } from '../services.ts';
import { keepTrash } from '../trash/purge-trash.ts';

/**
 * What keeps the store well while nobody asks for it. Begins once `settled` (left objects are taken in); the answer
 * ends it, after the step under way. A command line's host does only what cannot wait.
 */
export function startUpkeep(services: Services, settled: Promise<void>): () => Promise<void> {
  void settled.then(() => services.versions.wake());
  const isLasting = services.options.shell !== 'cli';
  const endTrash = isLasting ? keepTrash(services, settled) : async () => undefined;
  return async () => {
    services.versions.stop();
    await endTrash();
  };
}
