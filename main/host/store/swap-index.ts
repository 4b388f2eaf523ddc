import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { DataFolder } from '../folder.ts';
import { renameHeldSync } from '../media/rename.ts';
import { carryOver } from './carry-over.ts';
import { indexStudy } from './index-study.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';
import { trustIndex } from './suspect-index.ts';

/**
 * Readers stand aside while an index is swapped: element 0 counts those that closed their connection, element 1 lets
 * them go on. Shared between the threads.
 */
export type SwapGate = Int32Array<SharedArrayBuffer>;
export const newSwapGate = (): SwapGate => new Int32Array(new SharedArrayBuffer(8));
const [aside, open] = [0, 1];
/** Readers that do not come in this time are at something long: then nothing is swapped. */
const patienceMs = 15_000;

/** In a reader's thread, its connection closed: waits until the swap is over. */
export function standAside(gate: SwapGate): void {
  Atomics.add(gate, aside, 1);
  Atomics.notify(gate, aside);
  Atomics.wait(gate, open, 0);
}

export const letReadersGoOn = (gate: SwapGate): void => {
  Atomics.store(gate, open, 1);
  Atomics.notify(gate, open);
};

function readersAreAside(gate: SwapGate, readers: number): boolean {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const count = Atomics.load(gate, aside);
    if (count >= readers) return true;
    const leftMs = endMs - Date.now();
    if (leftMs <= 0) return false;
    Atomics.wait(gate, aside, count, leftMs);
  }
}

/** An index made beside the one in use: fast, since it is nothing until it is swapped in. */
export function openBeside(path: string): Result<WritableDatabase> {
  const db = openWritable(path);
  if (!db.ok) return db;
  db.value.pragma('synchronous = OFF');
  db.value.pragma('secure_delete = OFF');
  db.value.pragma('wal_autocheckpoint = 16000');
  return db;
}

/**
 * Puts an index that was made beside into the place of the one in use, by one rename; the one before stays in
 * `backups/`. `live` is closed where it answers a database, and as it was where it answers a problem: STORE_BUSY,
 * DISK_FULL, IO_ERROR.
 */
export function swapIndex(
  live: WritableDatabase,
  folder: DataFolder,
  input: { readonly path: string; readonly gate: SwapGate; readonly readers: number },
  beforeSwap: (next: WritableDatabase) => void,
): Result<WritableDatabase> {
  if (!readersAreAside(input.gate, input.readers)) return fail(problem('STORE_BUSY'));
  const next = openBeside(input.path);
  if (!next.ok) return next;
  try {
    const [written] = live.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (written?.busy !== 0) {
      next.value.close();
      return fail(problem('STORE_BUSY'));
    }
    carryOver(live, next.value, folder);
    const unindexed = next.value
      .prepare(
        'SELECT id FROM studies WHERE deleted_at_ms IS NULL AND id NOT IN (SELECT rowid FROM study_search)',
      )
      .pluck()
      .all() as number[];
    for (const study of unindexed) indexStudy(next.value, study);
    beforeSwap(next.value);
    next.value.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    next.value.close();
    throw error;
  }
  next.value.close();
  syncPath(input.path);
  live.close();
  keepBefore(folder);
  // Empty by the checkpoint; beside another index they would be read as its own.
  for (const suffix of ['-wal', '-shm']) rmSync(`${folder.index}${suffix}`, { force: true });
  renameHeldSync(input.path, folder.index);
  trustIndex(folder);
  syncPath(dirname(folder.index));
  return openWritable(folder.index);
}

/** The index before the last rebuild, under a second name until it is renamed over. */
function keepBefore(folder: DataFolder): void {
  const kept = join(folder.backups, 'before-rebuild.db');
  rmSync(kept, { force: true });
  try {
    linkSync(folder.index, kept);
  } catch {
    // No links here (exFAT): it goes away with the rename.
    rmSync(kept, { force: true });
  }
}

function syncPath(path: string): void {
  if (process.platform === 'win32' || !existsSync(path)) return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
