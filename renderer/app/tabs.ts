import type { OpenStudy } from './app-store.ts';

/** Studies opened one after the other: with more tabs their names do not fit beside each other on a small screen. */
export const tabsMost = 6;

interface Keeping {
  /** Keys as they were looked at, the latest first. */
  readonly recent: readonly string[];
  /** Keys that are not closed now: just opened, or with work in progress. */
  readonly needed: ReadonlySet<string>;
}

/**
 * Tabs after more were opened: those looked at longest ago go until the limit is met. What a reader keeps stays, and does
 * not count; so does what is needed.
 */
export function withinLimit(
  open: readonly OpenStudy[],
  { recent, needed }: Keeping,
  most = tabsMost,
): readonly OpenStudy[] {
  const passing = open.filter((tab) => !tab.isKept);
  const age = ({ studyKey }: OpenStudy): number => {
    const at = recent.indexOf(studyKey);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  };
  const byAge = passing.filter(({ studyKey }) => !needed.has(studyKey)).sort((a, b) => age(b) - age(a));
  const gone = new Set(byAge.slice(0, Math.max(0, passing.length - most)));
  return gone.size === 0 ? open : open.filter((tab) => !gone.has(tab));
}

/** With a study at the front of those looked at; no more of them than matter. */
export const lookedAt = (recent: readonly string[], studyKey: string): readonly string[] =>
  [studyKey, ...recent.filter((key) => key !== studyKey)].slice(0, 50);
