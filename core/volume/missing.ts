import type { MissingSlices } from './types.ts';

/** True where slice `k` of the regular grid is made up because images are missing. */
export const isMadeUp = (missing: readonly MissingSlices[] | undefined, k: number): boolean =>
  missing?.some(({ fromK, toK }) => k >= fromK && k <= toK) ?? false;

/** How many slices of the regular grid are made up because images are missing. */
export const madeUpCount = (missing: readonly MissingSlices[] | undefined): number =>
  (missing ?? []).reduce((sum, { fromK, toK }) => sum + toK - fromK + 1, 0);
