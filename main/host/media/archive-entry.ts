import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';

export type ArchiveKind = 'zip' | 'tar' | 'tgz';

/** A leaf taken out of an archive, or why it was not. */
export interface ArchiveEntry {
  /** As in the archive, for people only; never part of a path we write. */
  readonly name: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly problem: Problem | null;
}

/** What the archive worker does: one archive per worker, a few entries at a time. */
export interface ArchiveOperations {
  /** Problems: ARCHIVE_BOMB, IO_ERROR (damaged), ARCHIVE_ENCRYPTED. */
  open(input: { file: string; kind: ArchiveKind; outDir: string }): Promise<Result<null>>;
  next(input: null): Promise<{ entries: ArchiveEntry[]; isDone: boolean }>;
}

/** reliability.md C15, C16, C18. Sizes are counted while unpacking, never trusted. */
export const archiveLimits = {
  entries: 200_000,
  entryRatio: 1050,
  wholeRatio: 200,
  wholeRatioFromBytes: 1024 ** 3,
  wholeBytes: 256 * 1024 ** 3,
  nameBytes: 4096,
  partBytes: 255,
} as const;

/** Null when the name is harmless to show; the name is never used to write. */
export function nameProblem(name: string): Problem | null {
  const parts = name.split(/[\\/]/);
  const isBad =
    Buffer.byteLength(name) > archiveLimits.nameBytes ||
    name.includes('\0') ||
    name.includes(':') ||
    /^[\\/]/.test(name) ||
    parts.some((part) => part === '..' || Buffer.byteLength(part) > archiveLimits.partBytes);
  return isBad ? problem('PATH_REFUSED') : null;
}

export const refusedEntry = (name: string, why: Problem): ArchiveEntry => ({
  name,
  file: '',
  sizeBytes: 0,
  modifiedAtMs: 0,
  problem: why,
});
