import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import type { DataFolder } from '../../folder.ts';
import { fileProblem } from '../../media/file-problem.ts';
import { renameHeldSync } from '../../media/rename.ts';
import { objectName, objectPath } from '../../objects/object-path.ts';
import { Blobs } from './blobs.ts';
import { syncFolder } from './cipher.ts';
import type { KeeperProgress } from './make-backup.ts';
import { openBackup } from './manifest.ts';
import { type BackupSource, backupKey } from './restore-backup.ts';

export interface RepairTask extends BackupSource {
  readonly folder: DataFolder;
  /** Objects that are damaged or gone. */
  readonly fileSha256: readonly string[];
}

export interface Repaired {
  readonly repaired: readonly string[];
  /** One for each object that the backup does not have, or not right. */
  readonly problems: readonly Problem[];
}

/** Puts the right bytes of objects back in their place; each is hashed on the way, and synced. Problems as `checkBackup`. */
export function repairObjects(
  task: RepairTask,
  onProgress: (progress: KeeperProgress) => void,
): Result<Repaired> {
  const opened = openBackup(resolve(task.source), task.passphrase, backupKey(task));
  if (!opened.ok) return opened;
  const blobs = new Blobs(resolve(task.source), opened.value.keys, () => Atomics.load(task.cancel, 0) !== 0);
  const repaired: string[] = [];
  const problems: Problem[] = [];
  for (const [at, sha256] of task.fileSha256.entries()) {
    if (Atomics.load(task.cancel, 0) !== 0) return fail(problem('CANCELLED'));
    const put = putBack(task.folder, blobs, sha256);
    if (put.ok) repaired.push(sha256);
    else problems.push({ ...put.problem, path: objectName(sha256) });
    onProgress({ phase: 'copying', done: at + 1, total: task.fileSha256.length, bytes: 0 });
  }
  return ok({ repaired, problems });
}

function putBack(folder: DataFolder, blobs: Blobs, sha256: string): Result<null> {
  const part = join(folder.incoming, `${randomUUID()}.part`);
  const path = objectPath(folder.objects, sha256);
  try {
    const taken = blobs.take(sha256, part);
    if (!taken.ok) return taken;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    renameHeldSync(part, path);
    syncFolder(dirname(path));
    return ok(null);
  } catch (error) {
    return fail(fileProblem(error));
  } finally {
    rmSync(part, { force: true });
  }
}
