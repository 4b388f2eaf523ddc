import type { StudySource } from '../../../core/contract/common.ts';
import type { ReadableDatabase } from './open-database.ts';

/** A study that no rule may touch is younger than this, by the clock and by days on which Candela ran. */
export const youngestDays = 7;
const dayMs = 24 * 60 * 60 * 1000;

export interface RuleCandidate {
  readonly studyKey: string;
  readonly bytes: number;
  /** When it came or was last opened. */
  readonly usedAtMs: number;
}

/**
 * Studies that rules may move to the trash, longest unused first: never a starred one, one that a reader left work on,
 * or one that came or was opened within seven days (reliability.md A9, B9). A clock that jumps makes nothing old: days
 * are counted too.
 */
export function ruleCandidates(
  db: ReadableDatabase,
  { nowMs, sources }: { readonly nowMs: number; readonly sources: readonly StudySource[] },
): RuleCandidate[] {
  const rows = db
    .prepare(
      `SELECT st.study_key AS studyKey, st.bytes, max(st.added_at_ms, coalesce(st.opened_at_ms, 0)) AS usedAtMs,
              r.state
       FROM studies st LEFT JOIN reading_states r ON r.study = st.id
       WHERE st.scope = 's' AND st.deleted_at_ms IS NULL AND st.starred = 0 AND st.arriving = 0
         AND max(st.added_at_ms, coalesce(st.opened_at_ms, 0)) <= @oldestMs
         AND coalesce((SELECT value FROM meta WHERE key = 'daysSeen'), 0) - st.added_day >= @days
         AND (@sources = '[]' OR st.source_kind IN (SELECT value FROM json_each(@sources)))
       ORDER BY usedAtMs, st.id`,
    )
    .all({
      oldestMs: nowMs - youngestDays * dayMs,
      days: youngestDays,
      sources: JSON.stringify(sources),
    }) as (RuleCandidate & { state: string | null })[];
  return rows
    .filter(({ state }) => state === null || !isAnnotated(state))
    .map(({ studyKey, bytes, usedAtMs }) => ({ studyKey, bytes, usedAtMs }));
}

/** What a reader makes; how a study was looked at (cells, views) is none of it. */
const made = ['items', 'lines', 'masks', 'bones', 'bookmarks'] as const;

/** Whether a kept state holds work of a reader; one that is not understood does. */
export function isAnnotated(state: string): boolean {
  try {
    const { pools } = JSON.parse(state) as { pools?: Readonly<Record<string, unknown>> };
    if (typeof pools !== 'object' || pools === null) return true;
    return made.some((name) => !Array.isArray(pools[name]) || pools[name].length > 0);
  } catch {
    return true;
  }
}
