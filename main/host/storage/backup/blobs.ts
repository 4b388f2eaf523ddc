import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { fileProblem } from '../../media/file-problem.ts';
import { renameHeldSync } from '../../media/rename.ts';
import { type BackupKeys, blobName, copySealed, envelopeBytes, readSealed } from './cipher.ts';
import { blobPath } from './manifest.ts';

/** The files of a backup folder, by content. Runs in the keeper's thread, with synchronous calls. */
export class Blobs {
  readonly #folder: string;
  readonly #keys: BackupKeys;
  readonly #isCancelled: () => boolean;
  /** Folders that got names since they were last synced. */
  readonly touched = new Set<string>();

  constructor(folder: string, keys: BackupKeys, isCancelled: () => boolean) {
    this.#folder = folder;
    this.#keys = keys;
    this.#isCancelled = isCancelled;
  }

  pathOf(sha256: string): string {
    return blobPath(this.#folder, blobName(this.#keys, sha256));
  }

  /** There, and of the right size; whether it is right is for `check`. */
  has(sha256: string, sizeBytes: number): boolean {
    const size = statSync(this.pathOf(sha256), { throwIfNoEntry: false })?.size;
    return size === sizeBytes + (this.#keys.content ? envelopeBytes : 0);
  }

  drop(sha256: string): void {
    rmSync(this.pathOf(sha256), { force: true });
  }

  /**
   * Copies a file in, synced. With `sha256`, a file that is another is refused. Problems: OBJECT_CORRUPT, CANCELLED,
   * DISK_FULL, FILE_MISSING and what else the system says.
   */
  put(file: string, sha256: string | null): Result<{ readonly sha256: string; readonly sizeBytes: number }> {
    const part = join(this.#folder, `${randomUUID()}.part`);
    let [from, to]: (number | null)[] = [null, null];
    try {
      from = openSync(file, 'r');
      to = openSync(part, 'wx', 0o600);
      const copied = copySealed(this.#keys, from, to, this.#isCancelled);
      if (!copied) return fail(problem('CANCELLED'));
      if (sha256 !== null && copied.sha256 !== sha256) return fail(problem('OBJECT_CORRUPT'));
      fsyncSync(to);
      const path = this.pathOf(copied.sha256);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      renameHeldSync(part, path);
      this.touched.add(dirname(path));
      return ok(copied);
    } catch (error) {
      return fail(fileProblem(error));
    } finally {
      for (const fd of [from, to]) if (typeof fd === 'number') closeSync(fd);
      rmSync(part, { force: true });
    }
  }

  /** Reads a blob again. Problems: BACKUP_DAMAGED, CANCELLED. */
  check(sha256: string): Result<null> {
    return this.#read(sha256, null);
  }

  /** Writes a blob's content to a new file, synced. Problems: as `check`, and those of writing. */
  take(sha256: string, file: string): Result<null> {
    let to: number | null = null;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      to = openSync(file, 'wx', 0o600);
      const read = this.#read(sha256, to);
      if (read.ok) fsyncSync(to);
      return read;
    } catch (error) {
      return fail(fileProblem(error));
    } finally {
      if (to !== null) closeSync(to);
    }
  }

  #read(sha256: string, to: number | null): Result<null> {
    let fd: number;
    try {
      fd = openSync(this.pathOf(sha256), 'r');
    } catch {
      return fail(problem('BACKUP_DAMAGED'));
    }
    try {
      const found = readSealed(this.#keys, fd, fstatSync(fd).size, to, this.#isCancelled);
      if (this.#isCancelled()) return fail(problem('CANCELLED'));
      return found === sha256 ? ok(null) : fail(problem('BACKUP_DAMAGED'));
    } catch (error) {
      const found = fileProblem(error);
      return fail(to !== null && found.code === 'DISK_FULL' ? found : problem('BACKUP_DAMAGED'));
    } finally {
      closeSync(fd);
    }
  }
}

/** What a backup that was cut short left. */
export function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.part$|^work-/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
