import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WritableDatabase } from './open-database.ts';

/** File of what a reader did to a study, below `readings/` (reading/state-file.ts writes it). */
const stateFile = (studyKey: string): string => `${createHash('sha256').update(studyKey).digest('hex')}.json`;

/** Answers how many studies got theirs. A file that cannot be read stays for when the study is opened. */
export function adoptReadings(db: WritableDatabase, readingsDir: string): number {
  const studies = db
    .prepare(
      "SELECT id, study_key AS key FROM studies WHERE scope = 's' AND id NOT IN (SELECT study FROM reading_states)",
    )
    .all() as { id: number; key: string }[];
  const save = db.prepare('INSERT INTO reading_states (study, state, saved_at_ms) VALUES (?, ?, ?)');
  return db.transaction(() => {
    let adopted = 0;
    for (const { id, key } of studies) {
      const path = join(readingsDir, stateFile(key));
      const info = statSync(path, { throwIfNoEntry: false });
      if (!info) continue;
      save.run(id, readFileSync(path, 'utf8'), Math.round(info.mtimeMs));
      adopted += 1;
    }
    return adopted;
  })();
}
