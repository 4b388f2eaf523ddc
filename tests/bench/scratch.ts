import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Inputs that are made once and kept: git-ignored, deleted by hand. */
export function keptFolder(name: string): string {
  const folder = join(root, '.cache/bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs with a folder of its own in the temporary folder, removed at the end, whatever happened. */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'candela-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
