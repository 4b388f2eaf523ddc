import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';

/**
 * Makes the names of new objects durable (step 6 of reliability.md B2): the directories they lie in, and once each
 * the directories that hold those. Windows has no fsync of directories.
 */
export class ObjectDirectories {
  readonly #root: string;
  /** Directories whose own names are known to be on the disk. */
  readonly #named = new Set<string>();

  constructor(objectsDir: string) {
    this.#root = objectsDir;
  }

  /** `parents` hold new names. Problems: what the operating system says; then nothing is known to be durable. */
  sync(parents: readonly string[]): Result<undefined> {
    if (process.platform === 'win32') return ok(undefined);
    const pending = new Set(parents);
    const named = new Set<string>();
    for (const path of pending) {
      if (path === this.#root || this.#named.has(path)) continue;
      named.add(path);
      pending.add(dirname(path));
    }
    try {
      for (const path of pending) syncDirectory(path);
    } catch (error) {
      return fail(fileProblem(error));
    }
    for (const path of named) this.#named.add(path);
    return ok(undefined);
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
