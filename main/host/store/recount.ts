import { type Problem, problem } from '../../../core/base/problem.ts';
import { framesOfStudy } from './frames-of-study.ts';
import type { WritableDatabase } from './open-database.ts';
import { mergeFlags } from './row-values.ts';

/** Counts and flags of a study and its series anew from their rows; what does not show counts by its bytes only. */
export function recount(db: WritableDatabase, study: number): void {
  const series = db.prepare('SELECT id FROM series WHERE study = ?').pluck().all(study) as number[];
  const counts = db.prepare(
    `SELECT coalesce(sum(shows), 0) AS instances, coalesce(sum(shows * frames), 0) AS frames,
            coalesce(sum(size_bytes), 0) AS bytes FROM instances WHERE series = ?`,
  );
  const flagsOf = db
    .prepare("SELECT flags FROM instances WHERE series = ? AND shows = 1 AND flags <> '[]' ORDER BY id")
    .pluck();
  const save = db.prepare(
    `UPDATE series SET instance_count = @instances, frame_count = @frames, bytes = @bytes, flags = @flags,
       verdict = NULL WHERE id = @id`,
  );
  let studyFlags = '[]';
  for (const id of series) {
    let flags = '[]';
    for (const text of flagsOf.all(id) as string[]) flags = mergeFlags(flags, JSON.parse(text) as Problem[]);
    save.run({ ...(counts.get(id) as object), flags, id });
    studyFlags = mergeFlags(studyFlags, JSON.parse(flags) as Problem[]);
  }
  const hasVersions = db
    .prepare(
      `SELECT 1 FROM instances i JOIN series se ON se.id = i.series
       WHERE se.study = ? AND i.shows = 0 AND i.difference <> 'undecided' LIMIT 1`,
    )
    .get(study);
  if (hasVersions !== undefined) studyFlags = mergeFlags(studyFlags, [problem('INSTANCE_VERSIONS')]);
  db.prepare(
    `UPDATE studies SET
       series_count = (SELECT count(*) FROM series WHERE study = @study),
       instance_count = (SELECT coalesce(sum(instance_count), 0) FROM series WHERE study = @study),
       frame_count = ${framesOfStudy('@study')},
       bytes = (SELECT coalesce(sum(bytes), 0) FROM series WHERE study = @study), flags = @flags
     WHERE id = @study`,
  ).run({ study, flags: studyFlags });
}
