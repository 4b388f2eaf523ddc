import { close, fstat, open, read, type Stats } from 'node:fs';

/** Files by number and callback: a series is some hundred files, and a `FileHandle` for each costs more than reading it. */

/** @throws NodeJS.ErrnoException */
export const openFile = (path: string): Promise<number> =>
  new Promise((resolve, reject) => open(path, 'r', (error, file) => (error ? reject(error) : resolve(file))));

/** @throws NodeJS.ErrnoException */
export const statFile = (file: number): Promise<Stats> =>
  new Promise((resolve, reject) => fstat(file, (error, stats) => (error ? reject(error) : resolve(stats))));

/** Never fails: nothing was written. */
export const closeFile = (file: number): Promise<void> =>
  new Promise((resolve) => close(file, () => resolve()));

const readSome = (
  file: number,
  out: Uint8Array,
  at: number,
  length: number,
  offset: number,
): Promise<number> =>
  new Promise((resolve, reject) =>
    read(file, out, at, length, offset, (error, count) => (error ? reject(error) : resolve(count))),
  );

/**
 * Fills `out` from `at` with the file's bytes from `offset`. What the file does not hold reads as zero.
 * @throws NodeJS.ErrnoException
 */
export async function readInto(
  file: number,
  out: Uint8Array,
  at: number,
  length: number,
  offset: number,
): Promise<void> {
  for (let done = 0; done < length; ) {
    const count = await readSome(file, out, at + done, length - done, offset + done);
    if (count === 0) {
      out.fill(0, at + done, at + length);
      return;
    }
    done += count;
  }
}
