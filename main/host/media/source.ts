import type { Problem } from '../../../core/base/problem.ts';

/** One leaf file of a source, to be scanned and stored. */
export interface Candidate {
  /** What a person knows it by: the path chosen, or `archive.zip/folder/file`. */
  readonly shownPath: string;
  /** Where its bytes lie now. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** A copy of ours (taken out of an archive): moved into the store instead of copied, or removed. */
  readonly isTemporary: boolean;
}

/** What a source gives, in order. A refused item is a leaf that cannot even be opened: it counts as broken. */
export type SourceItem =
  | { readonly kind: 'file'; readonly candidate: Candidate }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Worth telling, but no leaf: not counted. */
  | { readonly kind: 'note'; readonly problem: Problem };

export interface SourceContext {
  readonly signal: AbortSignal;
  /** Folder for what is taken out of archives; made when needed. */
  readonly scratch: string;
  /** Our own data folder: never walked into. */
  readonly dataDir: string;
}

/** Folder walk limits (reliability.md C19). */
export const walkLimits = { files: 500_000, depth: 64 } as const;
