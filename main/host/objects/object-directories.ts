import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import { syncFile } from './sync-file.ts';

/** The 256 folders of objects (docs/adr/0004), made with a new store, so that no import waits for folders. */
export function makeObjectDirectories(objectsDir: string): void {
  for (let byte = 0; byte < 256; byte++) {
    const name = byte.toString(16).padStart(2, '0');
    mkdirSync(join(objectsDir, name), { recursive: true, mode: 0o700 });
  }
}

/**
 * Makes the names of new objects durable (step 6 of reliability.md B2): the directories they lie in, and once each
 * the directories that hold those. Windows has no fsync of directories.
 */
export class ObjectDirectories {
  readonly #root: string;
  /** Directories whose own names are known to be on the disk; null before the first sync. */
  #named: Set<string> | null = null;

  constructor(objectsDir: string) {
    this.#root = objectsDir;
  }

  /** `parents` hold new names. Problems: what the operating system says; then nothing is known to be durable. */
  async sync(parents: Iterable<string>): Promise<Result<undefined>> {
    if (process.platform === 'win32') return ok(undefined);
    try {
      this.#named ??= await syncRoot(this.#root);
      const pending = new Set(parents);
      const named: string[] = [];
      for (const path of pending) {
        if (path === this.#root || this.#named.has(path)) continue;
        named.push(path);
        pending.add(dirname(path));
      }
      await Promise.all([...pending].map(syncDirectory));
      for (const path of named) this.#named.add(path);
      return ok(undefined);
    } catch (error) {
      return fail(fileProblem(error));
    }
  }
}

/** One sync makes all names durable that are in the root by now. */
async function syncRoot(root: string): Promise<Set<string>> {
  const names = readdirSync(root);
  await syncDirectory(root);
  return new Set(names.map((name) => join(root, name)));
}

async function syncDirectory(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  const error = await syncFile(fd);
  closeSync(fd);
  if (error) throw error;
}
