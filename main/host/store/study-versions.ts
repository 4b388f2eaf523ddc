import { unpackScan } from '../parse/packed-scan.ts';
import { indexStudy } from './index-study.ts';
import type { WritableDatabase } from './open-database.ts';
import { recount } from './recount.ts';
import { patientValues, studyValues } from './row-values.ts';
import { readScanFile } from './scan-files.ts';

/** The study says what its newest version says. */
export function refreshStudy(db: WritableDatabase, scansDir: string, study: number, instance: number): void {
  const row = db
    .prepare(
      `SELECT i.id, i.file_sha256 AS fileSha256, sc.scan FROM instances i JOIN scans sc ON sc.instance = i.id
       WHERE i.id = ?`,
    )
    .get(instance) as { id: number; fileSha256: string; scan: Uint8Array | null };
  const scan = unpackScan(row.scan ?? readScanFile(scansDir, row));
  db.prepare(
    `UPDATE studies SET patient_id = @patientId, issuer = @issuer, name_alphabetic = @nameAlphabetic,
       name_ideographic = @nameIdeographic, name_phonetic = @namePhonetic, name_latin = @nameLatin,
       name_sort = @nameSort, name_folded = @nameFolded, charset_guess = @charsetGuess, sex = @sex, birth_date = @birthDate, age = @age,
       age_days = @ageDays, study_date = @studyDate, study_time = @studyTime, description = @description,
       accession = @accession, study_id = @studyId, referring_physician = @referringPhysician,
       referring_folded = @referringFolded, institution = @institution WHERE id = @study`,
  ).run({ ...studyValues(scan), study });
  db.prepare(
    `UPDATE patients SET issuer = @issuer, name_key = @nameKey, birth_date = @birthDate
     WHERE id = (SELECT patient FROM studies WHERE id = @study)
       AND (SELECT count(*) FROM studies WHERE patient = patients.id) = 1`,
  ).run({ ...patientValues(scan.attributes), study });
  indexIfLive(db, study);
}

const studyColumnsOfFile = [
  'patient',
  'patient_id',
  'issuer',
  'name_alphabetic',
  'name_ideographic',
  'name_phonetic',
  'name_latin',
  'name_sort',
  'name_folded',
  'charset_guess',
  'sex',
  'birth_date',
  'age',
  'age_days',
  'study_date',
  'study_time',
  'description',
  'accession',
  'study_id',
  'referring_physician',
  'referring_folded',
  'institution',
];

/**
 * A study that was corrected (another patient's name or ID, the same images) came as a study of its own. Once each
 * image of the old one has its new version, the old one takes over all of it: its key, and with that the work of
 * readers, stays; until then both are listed, each with its own patient. False while images are left.
 */
export function mergeStudies(db: WritableDatabase, from: number, into: number): boolean {
  const old = db.prepare('SELECT patient, instance_count AS shown FROM studies WHERE id = ?').get(into) as
    | { patient: number; shown: number }
    | undefined;
  if (!old || old.shown > 0 || db.prepare('SELECT 1 FROM studies WHERE id = ?').get(from) === undefined) {
    return false;
  }
  moveSeries(db, from, into);
  const columns = studyColumnsOfFile.map(
    (name) => `${name} = (SELECT ${name} FROM studies WHERE id = @from)`,
  );
  db.prepare(
    `UPDATE studies SET ${columns.join(', ')}, deleted_at_ms = NULL,
       starred = max(starred, (SELECT starred FROM studies WHERE id = @from)),
       cut_off = max(cut_off, (SELECT cut_off FROM studies WHERE id = @from)),
       modalities = (SELECT modalities FROM studies WHERE id = @from) WHERE id = @into`,
  ).run({ from, into });
  db.prepare('DELETE FROM study_search WHERE rowid = ?').run(from);
  db.prepare('DELETE FROM reading_states WHERE study = ?').run(from);
  db.prepare('DELETE FROM studies WHERE id = ?').run(from);
  db.prepare('DELETE FROM patients WHERE id = ? AND id NOT IN (SELECT patient FROM studies)').run(
    old.patient,
  );
  recount(db, into);
  indexIfLive(db, into);
  return true;
}

function moveSeries(db: WritableDatabase, from: number, into: number): void {
  const series = db.prepare('SELECT id, series_uid AS uid FROM series WHERE study = ?').all(from) as {
    id: number;
    uid: string;
  }[];
  const same = db.prepare('SELECT id FROM series WHERE study = ? AND series_uid = ?').pluck();
  for (const { id, uid } of series) {
    const there = same.get(into, uid) as number | undefined;
    if (there === undefined) db.prepare('UPDATE series SET study = ? WHERE id = ?').run(into, id);
    else {
      db.prepare('UPDATE instances SET series = ? WHERE series = ?').run(there, id);
      db.prepare('DELETE FROM series WHERE id = ?').run(id);
    }
  }
}

/** The trash is not in the full-text index. */
function indexIfLive(db: WritableDatabase, study: number): void {
  const live = db.prepare('SELECT 1 FROM studies WHERE id = ? AND deleted_at_ms IS NULL').get(study);
  if (live !== undefined) indexStudy(db, study);
}
