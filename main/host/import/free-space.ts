import { statfs } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';

export type FreeBytes = (path: string) => Promise<number>;

export const freeBytesOf: FreeBytes = async (path) => {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
};

/** Below this nothing is imported or received, nor below twice the next object (reliability.md B9). */
export const stopBelowBytes = 2 * 1024 ** 3;
/** Below this a person is warned. */
export const warnBelowBytes = (diskBytes: number): number =>
  Math.round(Math.max(10 * 1024 ** 3, diskBytes / 20));
const checkEveryMs = 500;

/** Stops an import before the disk is full: below max(2 GiB, twice the next objects) (reliability.md B9). */
export class SpaceGuard {
  readonly #root: string;
  readonly #freeBytes: FreeBytes;
  readonly #now: () => number;
  #known = 0;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(root: string, freeBytes: FreeBytes, now: () => number) {
    this.#root = root;
    this.#freeBytes = freeBytes;
    this.#now = now;
  }

  /** What to say when the system itself found no room for `nextBytes`. */
  async full(nextBytes: number): Promise<Problem> {
    return diskFull(await this.#freeBytes(this.#root), Math.max(stopBelowBytes, 2 * nextBytes));
  }

  /** Null when there is room for `nextBytes`. */
  async check(nextBytes: number): Promise<Problem | null> {
    const needed = Math.max(stopBelowBytes, 2 * nextBytes);
    const now = this.#now();
    if (now - this.#checkedAtMs > checkEveryMs || this.#known < 2 * needed) {
      this.#known = await this.#freeBytes(this.#root);
      this.#checkedAtMs = now;
    }
    if (this.#known >= needed) {
      this.#known -= nextBytes;
      return null;
    }
    return diskFull(this.#known, needed);
  }
}

export const diskFull = (freeBytes: number, neededBytes: number): Problem =>
  problem('DISK_FULL', { freeBytes, neededBytes, missingBytes: Math.max(0, neededBytes - freeBytes) });
