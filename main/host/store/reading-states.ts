import type { ReadableDatabase, WritableDatabase } from './open-database.ts';

export interface ReadingStateRow {
  readonly studyKey: string;
  readonly state: string;
  readonly nowMs: number;
}

/** False when there is no such study. */
export function saveReadingState(db: WritableDatabase, { studyKey, state, nowMs }: ReadingStateRow): boolean {
  const save = db.prepare(
    `INSERT INTO reading_states (study, state, saved_at_ms)
     SELECT id, ?, ? FROM studies WHERE study_key = ?
     ON CONFLICT (study) DO UPDATE SET state = excluded.state, saved_at_ms = excluded.saved_at_ms`,
  );
  return save.run(state, nowMs, studyKey).changes > 0;
}

/** Undefined when there is no such study, null when it has no state. */
export function readReadingState(db: ReadableDatabase, studyKey: string): string | null | undefined {
  const row = db
    .prepare(
      'SELECT r.state FROM studies s LEFT JOIN reading_states r ON r.study = s.id WHERE s.study_key = ?',
    )
    .get(studyKey) as { state: string | null } | undefined;
  return row?.state;
}
