import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { renameHeldSync } from '../media/rename.ts';
import { openReadable } from './open-database.ts';

/*
 * Copies of the index in `backups/`: seven daily and four weekly ones (reliability.md B6). Days and weeks are those of
 * the copies, not of the clock: a clock that jumps removes nothing early.
 */

export interface Snapshot {
  readonly name: string;
  readonly atMs: number;
  readonly bytes: number;
}

const pattern = /^snapshot-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\.db$/;
const dayMs = 24 * 60 * 60 * 1000;

/** Newest first. */
export function listSnapshots(backupsDir: string): Snapshot[] {
  return readdirSync(backupsDir)
    .flatMap((name) => {
      const [, year, month, day, hour, minute, second] = (pattern.exec(name) ?? []).map(Number);
      if (year === undefined) return [];
      const atMs = Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second);
      const info = statSync(join(backupsDir, name), { throwIfNoEntry: false });
      return info ? [{ name, atMs, bytes: info.size }] : [];
    })
    .sort((a, b) => b.atMs - a.atMs);
}

const nameOf = (atMs: number): string =>
  `snapshot-${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.db`;

/** "ok", or what is wrong; `isQuick` skips what takes long (indices against rows). */
export function checkIndex(path: string, isQuick: boolean): string {
  try {
    const db = openReadable(path);
    try {
      const check = db.pragma(isQuick ? 'quick_check(1)' : 'integrity_check(1)', { simple: true });
      if (check !== 'ok') return String(check);
      return (db.pragma('foreign_key_check') as unknown[]).length === 0 ? 'ok' : 'foreign_key_check';
    } finally {
      db.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A consistent copy at `path`, checked; readers and the writer go on. Throws what SQLite throws. */
export function copyIndex(index: string, path: string): void {
  rmSync(`${path}.part`, { force: true });
  const db = openReadable(index);
  try {
    db.pragma('query_only = OFF');
    db.prepare('VACUUM INTO ?').run(`${path}.part`);
  } catch (error) {
    rmSync(`${path}.part`, { force: true });
    throw error;
  } finally {
    db.close();
  }
  const check = checkIndex(`${path}.part`, true);
  if (check !== 'ok') {
    rmSync(`${path}.part`, { force: true });
    throw new Error(`the copy fails its check: ${check}`);
  }
  renameHeldSync(`${path}.part`, path);
}

/** Takes one, and removes those that neither a day nor a week needs. */
export function takeSnapshot(index: string, backupsDir: string, nowMs: number): Snapshot {
  const name = nameOf(nowMs);
  copyIndex(index, join(backupsDir, name));
  const all = listSnapshots(backupsDir);
  const kept = snapshotsToKeep(all.map(({ atMs }) => atMs));
  for (const old of all) {
    if (!kept.has(old.atMs) && old.name !== name) rmSync(join(backupsDir, old.name), { force: true });
  }
  return { name, atMs: nowMs, bytes: statSync(join(backupsDir, name)).size };
}

/** The newest of each of the last seven days, and of the last four weeks, that have one. */
export function snapshotsToKeep(timesMs: readonly number[]): Set<number> {
  const kept = new Set<number>();
  for (const [spanMs, count] of [
    [dayMs, 7],
    [7 * dayMs, 4],
  ] as const) {
    const newest = new Map<number, number>();
    for (const atMs of [...timesMs].sort((a, b) => b - a)) {
      const span = Math.floor(atMs / spanMs);
      if (!newest.has(span) && newest.size < count) newest.set(span, atMs);
    }
    for (const atMs of newest.values()) kept.add(atMs);
  }
  return kept;
}

/** The newest that passes its check; null where there is none. */
export function newestGoodSnapshot(backupsDir: string): string | null {
  if (!existsSync(backupsDir)) return null;
  for (const { name } of listSnapshots(backupsDir)) {
    const path = join(backupsDir, name);
    if (checkIndex(path, true) === 'ok') return path;
  }
  return null;
}
