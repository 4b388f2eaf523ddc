import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import type { DataFolder } from '../../folder.ts';
import { fileProblem } from '../../media/file-problem.ts';
import { objectName, objectPath } from '../../objects/object-path.ts';
import { type IndexContent, indexContent } from '../../store/index-objects.ts';
import { checkIndex, copyIndex } from '../../store/snapshots.ts';
import { Blobs, removeParts } from './blobs.ts';
import { type BackupKeys, syncFolder } from './cipher.ts';
import {
  type BackupEntry,
  type BackupManifest,
  isAllowedPath,
  manifestName,
  manifestsDir,
  openForBackup,
  writeManifest,
} from './manifest.ts';

export interface BackupTask {
  readonly folder: DataFolder;
  readonly target: string;
  readonly passphrase: string | null;
  readonly nowMs: number;
  /** Element 0: 1 once the job is cancelled. */
  readonly cancel: Int32Array;
}

export interface KeeperProgress {
  readonly phase: 'copying' | 'checking';
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

export interface BackupMade {
  /** The manifest's path. */
  readonly path: string;
  readonly instances: number;
  readonly bytes: number;
  readonly encrypted: boolean;
  /** Files that were not in the backup folder before. */
  readonly copied: number;
  readonly files: number;
  /** Objects that could not be backed up, by their path in the store. */
  readonly problems: readonly Problem[];
}

/**
 * A backup of a store in use (reliability.md B8): its index as it is at this moment, then every object it names that
 * the folder does not have, readers' work, provenance and keys. All that the manifest lists is read again from the
 * folder before the manifest gets its name; until then, also after a crash, the folder holds no such backup.
 * Problems: BACKUP_FOREIGN, BACKUP_PASSPHRASE, BACKUP_DAMAGED, OBJECT_CORRUPT (the index), CANCELLED, DISK_FULL …
 */
export function makeBackup(
  task: BackupTask,
  onProgress: (progress: KeeperProgress) => void,
): Result<BackupMade> {
  const { folder, passphrase } = task;
  const target = resolve(task.target);
  if (isWithin(target, folder.root) || isWithin(folder.root, target)) return fail(problem('BACKUP_FOREIGN'));
  try {
    if (checkIndex(folder.index, false) !== 'ok') {
      return fail(problem('OBJECT_CORRUPT', { reason: 'index' }, 'index.db'));
    }
    const keys = openForBackup(target, passphrase, readFileSync(folder.auditKey));
    if (!keys.ok) return keys;
    removeParts(target);
    const work = join(target, `work-${randomUUID()}`);
    mkdirSync(work, { mode: 0o700 });
    try {
      copyIndex(folder.index, join(work, 'index.db'));
      return new BackupRun(task, target, keys.value, onProgress).run(join(work, 'index.db'));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  } catch (error) {
    return fail(problemOf(error));
  }
}

const isWithin = (path: string, root: string): boolean => {
  const below = relative(root, path);
  return below === '' || !(below === '..' || below.startsWith(`..${sep}`) || resolve(below) === below);
};

/** SQLite says in its own words that the disk is full. */
function problemOf(error: unknown): Problem {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'SQLITE_FULL' ? problem('DISK_FULL') : fileProblem(error);
}

interface Source {
  readonly path: string;
  readonly file: string;
  /** Known for objects, whose name it is. */
  readonly sha256: string | null;
  readonly sizeBytes: number;
}

class BackupRun {
  readonly #task: BackupTask;
  readonly #target: string;
  readonly #keys: BackupKeys;
  readonly #blobs: Blobs;
  readonly #onProgress: (progress: KeeperProgress) => void;
  readonly #problems: Problem[] = [];
  readonly #lacking: string[] = [];
  #copied = 0;
  #bytes = 0;

  constructor(
    task: BackupTask,
    target: string,
    keys: BackupKeys,
    onProgress: (progress: KeeperProgress) => void,
  ) {
    this.#task = task;
    this.#target = target;
    this.#keys = keys;
    this.#onProgress = onProgress;
    this.#blobs = new Blobs(target, keys, () => Atomics.load(task.cancel, 0) !== 0);
  }

  run(index: string): Result<BackupMade> {
    const content = indexContent(index);
    const sources = [...this.#objects(content), ...this.#others(index)];
    const entries = this.#copyAll(sources);
    if (!entries.ok) return entries;
    for (const path of this.#blobs.touched) syncFolder(path);
    if (this.#blobs.touched.size > 0) syncFolder(join(this.#target, 'blobs'));
    syncFolder(this.#target);
    const checked = this.#checkAll(entries.value, new Map(sources.map((source) => [source.path, source])));
    if (!checked.ok) return checked;
    return ok(this.#list(content, entries.value));
  }

  #list({ schema, instances }: IndexContent, entries: readonly BackupEntry[]): BackupMade {
    const bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const name = manifestName(this.#task.nowMs);
    const manifest: BackupManifest = {
      format: 1,
      atMs: this.#task.nowMs,
      schema,
      instances: instances - this.#lacking.length,
      bytes,
      lacking: this.#lacking,
      entries: [...entries],
    };
    writeManifest(this.#target, name, this.#keys, manifest);
    return {
      path: join(manifestsDir(this.#target), name),
      instances: manifest.instances,
      bytes,
      encrypted: this.#keys.content !== null,
      copied: this.#copied,
      files: entries.length + this.#lacking.length,
      problems: this.#problems,
    };
  }

  #objects({ objects }: IndexContent): Source[] {
    const { folder } = this.#task;
    return objects.map(({ fileSha256: sha256, sizeBytes }) => ({
      path: objectName(sha256),
      file: objectPath(folder.objects, sha256),
      sha256,
      sizeBytes,
    }));
  }

  /** Small beside the objects; secrets and keys of the network only where the backup is encrypted. */
  #others(index: string): Source[] {
    const { folder, passphrase } = this.#task;
    const folders = [folder.readings, folder.provenance, folder.scans, ...(passphrase ? [folder.tls] : [])];
    const files = folders.flatMap((dir) => filesBelow(dir));
    if (passphrase) files.push(folder.secrets);
    files.push(folder.auditKey);
    const others = files.flatMap((file): Source[] => {
      const path = relative(folder.root, file).split(sep).join('/');
      const info = statSync(file, { throwIfNoEntry: false });
      const isOurs = info?.isFile() === true && isAllowedPath(path) && !path.endsWith('.part');
      return isOurs ? [{ path, file, sha256: null, sizeBytes: info.size }] : [];
    });
    return [...others, { path: 'index.db', file: index, sha256: null, sizeBytes: statSync(index).size }];
  }

  #copyAll(sources: readonly Source[]): Result<BackupEntry[]> {
    const entries: BackupEntry[] = [];
    for (const [at, source] of sources.entries()) {
      const entry = this.#copyOne(source);
      if (entry.ok) entries.push(entry.value);
      else if (source.sha256 !== null && isOfObject(entry.problem)) {
        this.#lacking.push(source.path);
        this.#problems.push({ ...entry.problem, path: source.path });
      } else if (source.sha256 !== null || entry.problem.code !== 'FILE_MISSING') return entry;
      this.#tell('copying', at + 1, sources.length, source.sizeBytes);
    }
    return ok(entries);
  }

  #copyOne({ path, file, sha256, sizeBytes }: Source): Result<BackupEntry> {
    if (Atomics.load(this.#task.cancel, 0) !== 0) return fail(problem('CANCELLED'));
    const known = sha256 ?? (sizeBytes <= hashedFirstBytes ? hashOf(file) : null);
    if (known !== null && this.#blobs.has(known, sizeBytes)) return ok({ path, sha256: known, sizeBytes });
    const put = this.#blobs.put(file, sha256);
    if (!put.ok) return put;
    this.#copied += 1;
    return ok({ path, ...put.value });
  }

  /** A file of an earlier backup that went bad is copied once more, from the store. */
  #checkAll(entries: readonly BackupEntry[], sources: ReadonlyMap<string, Source>): Result<null> {
    for (const [at, { path, sha256, sizeBytes }] of entries.entries()) {
      let checked = this.#blobs.check(sha256);
      const file = sources.get(path)?.file;
      if (!checked.ok && checked.problem.code === 'BACKUP_DAMAGED' && file !== undefined) {
        this.#blobs.drop(sha256);
        const again = this.#blobs.put(file, sha256);
        if (again.ok) syncFolder(dirname(this.#blobs.pathOf(sha256)));
        checked = again.ok ? this.#blobs.check(sha256) : checked;
      }
      if (!checked.ok) return fail({ ...checked.problem, path });
      this.#tell('checking', at + 1, entries.length, sizeBytes);
    }
    return ok(null);
  }

  #tell(phase: KeeperProgress['phase'], done: number, total: number, bytes: number): void {
    if (phase === 'copying') this.#bytes += bytes;
    this.#onProgress({ phase, done, total, bytes: this.#bytes });
  }
}

/** Files that may be the same as last time are read before they are copied. */
const hashedFirstBytes = 16 * 1024 * 1024;

function hashOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return null;
  }
}

const isOfObject = ({ code }: Problem): boolean => code === 'OBJECT_CORRUPT' || code === 'FILE_MISSING';

function filesBelow(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name));
  } catch {
    return [];
  }
}
