import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import { renameHeldSync } from '../media/rename.ts';
import { takeLock } from '../store/lock.ts';
import { syncFolder } from './backup/cipher.ts';

/** What a data folder holds of its store; locks, windows and launchers stay where they are. */
const ofStore = [
  'index.db',
  'index.db-wal',
  'index.db-shm',
  'objects',
  'readings',
  'provenance',
  'audit.key',
  'trash',
  'incoming',
  'backups',
  'scans',
  'cache',
  'reserve',
];
/** A backup in clear has none of these: those in use stay then. */
const ofComputer = ['secrets.json', 'tls'];

const planSchema = v.object({
  version: v.literal(1),
  /** The restored data folder. */
  from: v.string(),
  /** Folder inside the data folder that keeps what was in use. */
  aside: v.string(),
  /** aside: what is in use is being put away; in: the restored is being moved in. Each may be gone on with. */
  phase: v.picklist(['aside', 'in']),
});
export type SwapPlan = v.InferOutput<typeof planSchema>;

export const planPath = (root: string): string => join(root, 'replace-by.json');
export const asideName = (nowMs: number): string =>
  `before-restore-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;

/** A folder that a restore made, as far as one look tells. */
export const isDataFolder = (path: string): boolean =>
  existsSync(join(path, 'index.db')) && existsSync(join(path, 'audit.key'));

function readPlan(root: string): SwapPlan | null {
  try {
    const parsed = v.safeParse(planSchema, JSON.parse(readFileSync(planPath(root), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A cut leaves the old or the new plan. */
export function writePlan(root: string, plan: SwapPlan): void {
  const part = `${planPath(root)}.part`;
  writeFileSync(part, JSON.stringify(plan), { mode: 0o600 });
  const fd = openSync(part, 'r+');
  fsyncSync(fd);
  closeSync(fd);
  renameHeldSync(part, planPath(root));
  syncFolder(root);
}

function moveAll(names: readonly string[], from: string, to: string): void {
  for (const name of names) {
    if (existsSync(join(from, name)) && !existsSync(join(to, name)))
      renameHeldSync(join(from, name), join(to, name));
  }
  syncFolder(from);
  syncFolder(to);
}

/**
 * Puts a restored store in the place of the one in use, as its plan says, before anything is opened (reliability.md B8).
 * What was in use is kept in the data folder. Killed at any moment, the next start goes on; what cannot be moved is put
 * back. Answers whether the restored store is in use now. Problems: STORE_IN_USE, those of the system.
 */
export function swapIn(root: string): Result<boolean> {
  const plan = readPlan(root);
  if (!plan) return ok(false);
  const lock = takeLock(join(root, 'lock.db'));
  if (!lock.ok) return lock;
  try {
    return carryOut(root, plan);
  } finally {
    lock.value.release();
  }
}

function carryOut(root: string, plan: SwapPlan): Result<boolean> {
  const { from } = plan;
  const aside = join(root, plan.aside);
  if (plan.phase === 'aside' && !isDataFolder(from)) {
    // It was moved or deleted since: what is in use stays in use.
    moveBack(root, aside);
    return fail(problem('RESTORED_MISSING', undefined, from));
  }
  try {
    if (plan.phase === 'aside') {
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      moveAll([...ofStore, ...ofComputer.filter((name) => existsSync(join(from, name)))], root, aside);
      writePlan(root, { ...plan, phase: 'in' });
    }
    moveAll([...ofStore, ...ofComputer], from, root);
  } catch (error) {
    // What came in goes out again; of what was put away, nothing was changed.
    if (readPlan(root)?.phase === 'in') {
      moveAll([...ofStore, ...ofComputer.filter((name) => existsSync(join(aside, name)))], root, from);
    }
    moveBack(root, aside);
    return fail(fileProblem(error));
  }
  rmSync(planPath(root));
  syncFolder(root);
  if (readdirSync(from).length === 0) rmdirSync(from);
  return ok(true);
}

function moveBack(root: string, aside: string): void {
  if (existsSync(aside)) {
    moveAll([...ofStore, ...ofComputer], aside, root);
    if (readdirSync(aside).length === 0) rmdirSync(aside);
  }
  rmSync(planPath(root));
  syncFolder(root);
}
