import { renameSync, unlinkSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * Windows: a virus scanner or indexer looks at a file as soon as it is written, and until it lets go (some milliseconds,
 * now and then a second) the file gets no other name and none is taken away. What refuses for good does so after all waits.
 */
const held: ReadonlySet<unknown> = new Set(['EACCES', 'EBUSY', 'EPERM']);
const waitsMs = [2, 5, 10, 20, 50, 100, 200, 400, 800] as const;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;
const waitsOn = (platform: NodeJS.Platform): readonly number[] => (platform === 'win32' ? waitsMs : []);

/** Does what others may hold up for a moment. Throws what the system says at last. */
export async function whileHeld(
  action: () => Promise<void>,
  platform: NodeJS.Platform = process.platform,
  sleep: (ms: number) => Promise<unknown> = pause,
): Promise<void> {
  for (const ms of waitsOn(platform)) {
    try {
      return await action();
    } catch (error) {
      if (!held.has(codeOf(error))) throw error;
    }
    await sleep(ms);
  }
  return action();
}

const still = new Int32Array(new SharedArrayBuffer(4));

/** The same for threads that wait for their files. */
export function whileHeldSync(
  action: () => void,
  platform: NodeJS.Platform = process.platform,
  sleep: (ms: number) => unknown = (ms) => Atomics.wait(still, 0, 0, ms),
): void {
  for (const ms of waitsOn(platform)) {
    try {
      action();
      return;
    } catch (error) {
      if (!held.has(codeOf(error))) throw error;
    }
    sleep(ms);
  }
  action();
}

/** Gives a file or folder its name, in place of a file of that name. */
export const renameHeld = (from: string, to: string): Promise<void> => whileHeld(() => rename(from, to));
export const renameHeldSync = (from: string, to: string): void => whileHeldSync(() => renameSync(from, to));
export const unlinkHeldSync = (path: string): void => whileHeldSync(() => unlinkSync(path));
