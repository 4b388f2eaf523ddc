import { cp } from 'node:fs/promises';
import { maskFolder } from '../masks/mask-files.ts';
import { indexOf, type Services } from '../services.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

/** Keys of studies and series are UIDs behind their scope, or a hash where a file's own is not one. */
const keyOf = (scope: string): RegExp => new RegExp(`"${scope}\\.(?=x[0-9a-f]{32}|[0-9][0-9.]{8,})`, 'g');

/**
 * Gives a study that was read in place and is stored now what a reader did to it: views, measurements, lines, masks.
 * A stored study that somebody has read already keeps its own.
 */
export async function carryReading(services: Services, placeKey: string): Promise<void> {
  const scope = placeKey.slice(0, placeKey.indexOf('.'));
  const storedKey = `s${placeKey.slice(scope.length)}`;
  const index = await indexOf(services, placeKey);
  const state = await index?.call('readingState', { studyKey: placeKey });
  const own = await services.store.read.call('readingState', { studyKey: storedKey });
  if (typeof state !== 'string' || own !== null) return;
  if ((await readStateFile(services.folder, storedKey)) !== null) return;
  // Masks lie there before a state names them.
  await cp(maskFolder(services.folder, placeKey), maskFolder(services.folder, storedKey), {
    recursive: true,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const carried = state.replace(keyOf(scope), '"s.');
  await services.store.write.call('saveReadingState', {
    studyKey: storedKey,
    state: carried,
    nowMs: services.now(),
  });
  await writeStateFile(services.folder, storedKey, carried);
}
