import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { makeFolder } from '../../media/make-folder.ts';
import { renameHeldSync } from '../../media/rename.ts';
import {
  type BackupKeys,
  isSigned,
  keysInClear,
  keysOfPassphrase,
  saltBytes,
  seal,
  sign,
  syncFolder,
  unseal,
} from './cipher.ts';

/*
 * A backup folder: `candela-backup.json` (what it is), `blobs/ab/<name>` (files by their content) and one manifest a
 * backup in `manifests/`. A manifest gets its name only when all it lists was read again and found right: what has no
 * manifest is no backup.
 */

const head = v.object({
  format: v.literal(1),
  backupId: v.string(),
  encrypted: v.boolean(),
  salt: v.string(),
});
export type BackupHead = v.InferOutput<typeof head>;

const entry = v.object({
  /** Below the data folder. Made by us; checked again before it is used as a path. */
  path: v.string(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type BackupEntry = v.InferOutput<typeof entry>;

const manifest = v.object({
  format: v.literal(1),
  atMs: v.number(),
  schema: v.number(),
  instances: v.number(),
  bytes: v.number(),
  /** Objects whose file was damaged or gone, and of which no earlier backup has a good one. */
  lacking: v.array(v.string()),
  entries: v.array(entry),
});
export type BackupManifest = v.InferOutput<typeof manifest>;

const signed = v.object({ signature: v.string(), body: v.string() });

export const headPath = (folder: string): string => join(folder, 'candela-backup.json');
export const manifestsDir = (folder: string): string => join(folder, 'manifests');
export const blobPath = (folder: string, name: string): string =>
  join(folder, 'blobs', name.slice(0, 2), name);

/** Paths of the files of a store that a backup may hold: nothing else is ever written by a restore. */
const allowed =
  /^(index\.db|audit\.key|secrets\.json|objects\/[0-9a-f]{2}\/[0-9a-f]{64}\.dcm|(readings|provenance|scans|tls)\/[\w.-]+(\/[\w.-]+)?)$/;
export const isAllowedPath = (path: string): boolean => allowed.test(path) && !path.includes('..');

export function readHead(folder: string): BackupHead | null {
  try {
    const parsed = v.safeParse(head, JSON.parse(readFileSync(headPath(folder), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** The head of the folder, made when it is empty. Problems: BACKUP_FOREIGN, BACKUP_PASSPHRASE, those of the system. */
export function openForBackup(
  folder: string,
  passphrase: string | null,
  auditKey: Uint8Array,
): Result<BackupKeys> {
  makeFolder(folder, 0o700);
  const known = readHead(folder);
  if (!known && readdirSync(folder).some((name) => name !== 'candela-backup.json.part')) {
    return fail(problem('BACKUP_FOREIGN'));
  }
  if (known && known.encrypted !== (passphrase !== null)) return fail(problem('BACKUP_PASSPHRASE'));
  const used = known ?? newHead(folder, passphrase !== null);
  const keys = keysOf(used, passphrase, auditKey);
  const newest = manifestNames(folder)[0];
  // Another passphrase than before would make a second backup that nobody can read with the first.
  if (used.encrypted && newest !== undefined && readManifestFile(folder, newest, keys) === null) {
    return fail(problem('BACKUP_PASSPHRASE'));
  }
  return ok(keys);
}

function newHead(folder: string, encrypted: boolean): BackupHead {
  const made: BackupHead = {
    format: 1,
    backupId: randomUUID(),
    encrypted,
    salt: encrypted ? randomBytes(saltBytes).toString('hex') : '',
  };
  writeWhole(headPath(folder), Buffer.from(JSON.stringify(made)));
  syncFolder(folder);
  return made;
}

export const keysOf = (
  { encrypted, salt }: BackupHead,
  passphrase: string | null,
  auditKey: Uint8Array,
): BackupKeys =>
  encrypted ? keysOfPassphrase(passphrase ?? '', Buffer.from(salt, 'hex')) : keysInClear(auditKey);

/** Newest first. */
export function manifestNames(folder: string): string[] {
  try {
    return readdirSync(manifestsDir(folder))
      .filter((name) => /^\d{8}-\d{6}-[0-9a-f]{8}\.manifest$/.test(name))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

export function manifestName(atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomUUID().slice(0, 8)}.manifest`;
}

/** Durable, under its last name. */
export function writeManifest(folder: string, name: string, keys: BackupKeys, made: BackupManifest): void {
  const body = JSON.stringify(made);
  const text = JSON.stringify({ signature: sign(keys, Buffer.from(body)), body });
  mkdirSync(manifestsDir(folder), { recursive: true, mode: 0o700 });
  writeWhole(join(manifestsDir(folder), name), seal(keys, Buffer.from(text)));
  syncFolder(manifestsDir(folder));
}

/** Null when it is damaged, changed, or sealed or signed with another key. */
export function readManifestFile(folder: string, name: string, keys: BackupKeys): BackupManifest | null {
  const found = bodyOf(folder, name, keys);
  if (!found || !isSigned(keys, Buffer.from(found.body), found.signature)) return null;
  return parseManifest(found.body);
}

function bodyOf(folder: string, name: string, keys: BackupKeys): { signature: string; body: string } | null {
  try {
    const plain = unseal(keys, readFileSync(join(manifestsDir(folder), name)));
    const parsed = plain && v.safeParse(signed, JSON.parse(plain.toString('utf8')));
    return parsed?.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function parseManifest(body: string): BackupManifest | null {
  try {
    const parsed = v.safeParse(manifest, JSON.parse(body));
    return parsed.success && parsed.output.entries.every(({ path }) => isAllowedPath(path))
      ? parsed.output
      : null;
  } catch {
    return null;
  }
}

export interface OpenBackup {
  readonly name: string;
  readonly keys: BackupKeys;
  readonly head: BackupHead;
  readonly manifest: BackupManifest;
}

/**
 * The newest manifest of a folder, its signature compared. `auditKey` null: in clear, the key that the backup holds.
 * Problems: BACKUP_NONE, BACKUP_PASSPHRASE, BACKUP_DAMAGED (the manifest itself).
 */
export function openBackup(
  folder: string,
  passphrase: string | null,
  auditKey: Uint8Array | null,
): Result<OpenBackup> {
  const known = readHead(folder);
  const name = manifestNames(folder)[0];
  if (!known || name === undefined) return fail(problem('BACKUP_NONE'));
  if (known.encrypted && passphrase === null) return fail(problem('BACKUP_PASSPHRASE'));
  const damaged: Problem = problem('BACKUP_DAMAGED', undefined, `manifests/${name}`);
  if (known.encrypted) {
    const keys = keysOf(known, passphrase, new Uint8Array());
    const read = readManifestFile(folder, name, keys);
    return read ? ok({ name, keys, head: known, manifest: read }) : fail(problem('BACKUP_PASSPHRASE'));
  }
  for (const key of [auditKey, ownKey(folder, name)]) {
    const keys = key && keysInClear(key);
    const read = keys && readManifestFile(folder, name, keys);
    if (read) return ok({ name, keys, head: known, manifest: read });
  }
  return fail(damaged);
}

/** The store's key as a backup in clear holds it. */
function ownKey(folder: string, name: string): Uint8Array | null {
  const found = bodyOf(folder, name, keysInClear(new Uint8Array(32)));
  const sha256 = found && parseManifest(found.body)?.entries.find(({ path }) => path === 'audit.key')?.sha256;
  if (!sha256) return null;
  try {
    const bytes = readFileSync(blobPath(folder, sha256));
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : null;
  } catch {
    return null;
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const part = `${path}.part`;
  rmSync(part, { force: true });
  try {
    writeFileSync(part, bytes, { flag: 'wx', mode: 0o600, flush: true });
    renameHeldSync(part, path);
  } catch (error) {
    if (existsSync(part)) rmSync(part, { force: true });
    throw error;
  }
}
