import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { fileProblem } from '../../media/file-problem.ts';
import { makeFolder } from '../../media/make-folder.ts';
import { renameHeldSync } from '../../media/rename.ts';
import { checkIndex } from '../../store/snapshots.ts';
import { Blobs } from './blobs.ts';
import { syncFolder } from './cipher.ts';
import type { KeeperProgress } from './make-backup.ts';
import { manifestsDir, type OpenBackup, openBackup } from './manifest.ts';

export interface BackupSource {
  readonly source: string;
  readonly passphrase: string | null;
  /** Of the store that asks; a backup in clear of another store is checked with its own. */
  readonly auditKeyFile: string | null;
  readonly cancel: Int32Array;
}

export interface BackupChecked {
  readonly path: string;
  readonly atMs: number;
  readonly instances: number;
  readonly bytes: number;
  readonly encrypted: boolean;
  readonly files: number;
  /** One for each file that is damaged or missing, by its path in the store. */
  readonly problems: readonly Problem[];
}

/** Reads everything that the newest manifest lists. Problems: BACKUP_NONE, BACKUP_PASSPHRASE, BACKUP_DAMAGED, CANCELLED. */
export function checkBackup(
  task: BackupSource,
  onProgress: (progress: KeeperProgress) => void,
): Result<BackupChecked> {
  const opened = open(task);
  if (!opened.ok) return opened;
  const { manifest, keys } = opened.value;
  const isCancelled = (): boolean => Atomics.load(task.cancel, 0) !== 0;
  const blobs = new Blobs(resolve(task.source), keys, isCancelled);
  const problems: Problem[] = [];
  let bytes = 0;
  for (const [at, { path, sha256, sizeBytes }] of manifest.entries.entries()) {
    const checked = blobs.check(sha256);
    if (isCancelled()) return fail(problem('CANCELLED'));
    if (!checked.ok) problems.push({ ...checked.problem, path });
    bytes += sizeBytes;
    onProgress({ phase: 'checking', done: at + 1, total: manifest.entries.length, bytes });
  }
  return ok(summaryOf(task, opened.value, problems));
}

/** Key of the store that asks, where there is one. */
export const backupKey = ({ auditKeyFile }: BackupSource): Uint8Array | null =>
  auditKeyFile !== null && existsSync(auditKeyFile) ? readFileSync(auditKeyFile) : null;

const open = (task: BackupSource): Result<OpenBackup> =>
  openBackup(resolve(task.source), task.passphrase, backupKey(task));

function summaryOf(
  { source }: BackupSource,
  { name, head, manifest }: OpenBackup,
  problems: readonly Problem[],
): BackupChecked {
  const { atMs, instances, bytes, entries } = manifest;
  const path = join(manifestsDir(resolve(source)), name);
  return { path, atMs, instances, bytes, encrypted: head.encrypted, files: entries.length, problems };
}

export interface RestoreTask extends BackupSource {
  /** A folder that is empty or not there. */
  readonly target: string;
}

/**
 * Makes a data folder of a backup: written beside the target, every file's hash compared on the way, its index checked,
 * and only then given its name (reliability.md B8, F44). Nothing that exists is changed. Problems: RESTORE_REFUSED (the
 * target is not empty), BACKUP_DAMAGED with the file, those of `checkBackup` and of the system.
 */
export function restoreBackup(
  task: RestoreTask,
  onProgress: (progress: KeeperProgress) => void,
): Result<BackupChecked> {
  const target = resolve(task.target);
  if (!isFree(target)) return fail(problem('RESTORE_REFUSED', undefined, task.target));
  const opened = open(task);
  if (!opened.ok) return opened;
  const part = `${target}.restoring-${randomUUID().slice(0, 8)}`;
  try {
    makeFolder(part, 0o700);
    const written = writeAll(task, opened.value, part, onProgress);
    if (!written.ok) return written;
    if (checkIndex(join(part, 'index.db'), false) !== 'ok') {
      return fail(problem('BACKUP_DAMAGED', undefined, 'index.db'));
    }
    for (const suffix of ['-wal', '-shm']) rmSync(join(part, `index.db${suffix}`), { force: true });
    if (!isFree(target)) return fail(problem('RESTORE_REFUSED', undefined, task.target));
    if (existsSync(target)) rmdirSync(target);
    renameHeldSync(part, target);
    syncFolder(dirname(target));
    return ok(summaryOf(task, opened.value, []));
  } catch (error) {
    return fail(fileProblem(error, task.target));
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function writeAll(
  task: RestoreTask,
  { manifest, keys }: OpenBackup,
  part: string,
  onProgress: (progress: KeeperProgress) => void,
): Result<null> {
  const isCancelled = (): boolean => Atomics.load(task.cancel, 0) !== 0;
  const blobs = new Blobs(resolve(task.source), keys, isCancelled);
  const folders = new Set([part]);
  let bytes = 0;
  for (const [at, { path, sha256, sizeBytes }] of manifest.entries.entries()) {
    const file = join(part, ...path.split('/'));
    const taken = blobs.take(sha256, file);
    if (!taken.ok) return fail({ ...taken.problem, path });
    for (let dir = dirname(file); !folders.has(dir); dir = dirname(dir)) folders.add(dir);
    bytes += sizeBytes;
    onProgress({ phase: 'copying', done: at + 1, total: manifest.entries.length, bytes });
  }
  for (const folder of folders) syncFolder(folder);
  return ok(null);
}

function isFree(target: string): boolean {
  try {
    return readdirSync(target).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
