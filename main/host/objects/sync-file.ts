import { fsync } from 'node:fs';

/** Syncs under way at once: the file system joins those that wait into one commit (libuv has four threads). */
const syncWidth = 4;
let running = 0;
const waiting: (() => void)[] = [];

/** Waits until the file (or directory) is on the disk. After an error its descriptor cannot be trusted. */
export async function syncFile(fd: number): Promise<Error | null> {
  if (running < syncWidth) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  const error = await new Promise<Error | null>((resolve) => fsync(fd, resolve));
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
  return error;
}
