import type { WritableDatabase } from './open-database.ts';
import { searchValues } from './row-values.ts';

/** Writes (again) what a study is found by. */
export function indexStudy(db: WritableDatabase, study: number): void {
  const row = db
    .prepare(
      `SELECT name_alphabetic AS nameAlphabetic, name_ideographic AS nameIdeographic,
              name_phonetic AS namePhonetic, patient_id AS patientId, accession, study_date AS studyDate,
              description, modalities FROM studies WHERE id = ?`,
    )
    .get(study) as Omit<Parameters<typeof searchValues>[0], 'seriesTexts'> & { modalities: string };
  const series = db
    .prepare('SELECT DISTINCT description, body_part AS bodyPart FROM series WHERE study = ? LIMIT 100')
    .all(study) as { description: string; bodyPart: string }[];
  const seriesTexts = [...new Set(series.flatMap((s) => [s.description, s.bodyPart])), row.modalities];
  const values = searchValues({ ...row, seriesTexts });
  db.prepare('INSERT OR REPLACE INTO study_search (rowid, names, ids, words) VALUES (?, ?, ?, ?)').run(
    study,
    values.names,
    values.ids,
    values.words,
  );
}
