import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { KeptStore } from '../../../core/contract/storage.ts';
import { fileProblem } from '../media/file-problem.ts';
import { renameHeld } from '../media/rename.ts';
import { bytesAt } from './folder-bytes.ts';
import { planPath } from './swap-in.ts';

/** As `asideName` makes it; with the ending once deleting has begun, as what is left is no store any more. */
const keptName = /^before-restore-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\.deleting)?$/;
const ending = '.deleting';

/** Stores that restored ones took the place of: they lie in the data folder until a person deletes them. */
export class KeptStores {
  readonly #root: string;
  /** Nothing in them changes, and there may be a million files. */
  readonly #bytes = new Map<string, Promise<number>>();
  readonly #leaving = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Newest first. */
  async list(): Promise<KeptStore[]> {
    const names = (await readdir(this.#root)).filter(
      (name) => keptName.test(name) && !this.#leaving.has(name),
    );
    const rows = names.map(async (name): Promise<KeptStore> => {
      const [, year, month, day, hour, minute, second, isPartial] = keptName.exec(name) ?? [];
      const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
      return { name, atMs: atMs || 0, bytes: await this.#bytesOf(name), isPartial: isPartial !== undefined };
    });
    return (await Promise.all(rows)).sort((a, b) => b.atMs - a.atMs);
  }

  /**
   * Deletes one for good: from here on it is none, whatever happens; its files go while the program goes on, or at its
   * next start. Answers how much that frees. Problems: NOT_FOUND, STORE_BUSY (a restored store is about to be used),
   * those of the system.
   */
  async remove(name: string): Promise<Result<{ bytes: number }>> {
    if (!keptName.test(name) || this.#leaving.has(name) || !existsSync(join(this.#root, name))) {
      return fail(problem('NOT_FOUND'));
    }
    if (existsSync(planPath(this.#root))) return fail(problem('STORE_BUSY'));
    const bytes = await this.#bytesOf(name);
    const leaving = name.endsWith(ending) ? name : `${name}${ending}`;
    try {
      if (leaving !== name) await renameHeld(join(this.#root, name), join(this.#root, leaving));
    } catch (error) {
      return fail(fileProblem(error, name));
    }
    this.#bytes.delete(name);
    void this.#erase(leaving);
    return ok({ bytes });
  }

  /** What an earlier host had no time to delete. */
  async resume(): Promise<void> {
    const left = (await readdir(this.#root)).filter((name) => keptName.test(name) && name.endsWith(ending));
    await Promise.all(left.map((name) => this.#erase(name)));
  }

  /** What cannot be deleted is tried again at the next start. */
  async #erase(name: string): Promise<void> {
    this.#leaving.add(name);
    try {
      await rm(join(this.#root, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Listed again, as partly deleted.
    } finally {
      this.#leaving.delete(name);
      this.#bytes.delete(name);
    }
  }

  #bytesOf(name: string): Promise<number> {
    const known = this.#bytes.get(name) ?? bytesAt(join(this.#root, name));
    this.#bytes.set(name, known);
    return known;
  }
}
