import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
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
      if (!this.#named) {
        // One sync makes all names durable that are in the root by now.
        const names = this.#inRoot();
        await syncDirectory(this.#root);
        this.#named = names;
      }
      const { pending, named } = this.#pending(parents, this.#named);
      await Promise.all([...pending].map(syncDirectory));
      for (const path of named) this.#named.add(path);
      return ok(undefined);
    } catch (error) {
      return fail(fileProblem(error));
    }
  }

  /** The same in a thread that has nothing else to do. @throws what the system says */
  syncNow(parents: Iterable<string>): void {
    if (process.platform === 'win32') return;
    if (!this.#named) {
      const names = this.#inRoot();
      syncDirectoryNow(this.#root);
      this.#named = names;
    }
    const { pending, named } = this.#pending(parents, this.#named);
    for (const path of pending) syncDirectoryNow(path);
    for (const path of named) this.#named.add(path);
  }

  #inRoot(): Set<string> {
    return new Set(readdirSync(this.#root).map((name) => join(this.#root, name)));
  }

  /** What is to be synced for names in `parents`, and which of it gets a durable name of its own by that. */
  #pending(parents: Iterable<string>, known: ReadonlySet<string>): { pending: Set<string>; named: string[] } {
    const pending = new Set(parents);
    const named: string[] = [];
    for (const path of pending) {
      if (path === this.#root || known.has(path)) continue;
      named.push(path);
      pending.add(dirname(path));
    }
    return { pending, named };
  }
}

function syncDirectoryNow(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  const error = await syncFile(fd);
  closeSync(fd);
  if (error) throw error;
}
