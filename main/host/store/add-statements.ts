import { framesOfStudy } from './frames-of-study.ts';
import type { WritableDatabase } from './open-database.ts';

/** The statements of `InstanceWriter`, prepared once per connection. */
export const addStatements = (db: WritableDatabase) => ({ ...lookUps(db), ...changes(db) });

/** A value that the planner does not see: with STAT4 it would plan anew for each, which takes longer than to look up. */
const unseen = '(SELECT ?)';

function lookUps(db: WritableDatabase) {
  return {
    hasUid: db.prepare(`SELECT 1 FROM instances WHERE sop_uid = ${unseen} AND scope = ${unseen}`),
    /** A join, which is planned anew for each value: asked only when there is something to find. */
    sameUid: db.prepare(
      `SELECT i.dataset_sha256 AS dataset, i.instance_key AS instanceKey, se.series_key AS seriesKey,
              st.id AS study, st.study_key AS studyKey, st.study_uid AS studyUid, st.deleted_at_ms AS deletedAtMs,
              i.file_sha256 AS fileSha256, i.missing
       FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
       WHERE i.sop_uid = ? AND i.scope = ?`,
    ),
    studiesOfUid: db.prepare(
      `SELECT s.id, study_key AS key, study_uid AS uid, p.patient_id AS patientId, p.issuer,
              p.name_key AS nameKey, p.birth_date AS birthDate, modalities, flags, deleted_at_ms AS deletedAtMs,
              series_count AS series, instance_count AS instances, bytes, arriving
       FROM studies s JOIN patients p ON p.id = s.patient WHERE study_uid = ${unseen} AND s.scope = ${unseen}`,
    ),
    patient: db.prepare(
      `SELECT id FROM patients WHERE scope = @scope AND patient_id = @patientId AND name_key = @nameKey
       AND issuer = @issuer AND birth_date = @birthDate`,
    ),
    seriesOfUid: db.prepare(
      `SELECT id, series_key AS key, instance_count AS instances, frame_count AS frames, bytes, flags
       FROM series WHERE study = ${unseen} AND series_uid = ${unseen}`,
    ),
    countSeries: db
      .prepare(
        `SELECT count(*) FROM series se JOIN studies st ON st.id = se.study
         WHERE se.series_uid = ${unseen} AND st.scope = ${unseen}`,
      )
      .pluck(),
    hasInstanceKey: db.prepare('SELECT 1 FROM instances WHERE instance_key = ?'),
    hasSeriesKey: db.prepare('SELECT 1 FROM series WHERE series_key = ?'),
    hasStudyKey: db.prepare('SELECT 1 FROM studies WHERE study_key = ?'),
  };
}

function changes(db: WritableDatabase) {
  return {
    insertPatient: db.prepare(
      `INSERT INTO patients (scope, patient_id, issuer, name_key, birth_date)
       VALUES (@scope, @patientId, @issuer, @nameKey, @birthDate)`,
    ),
    insertSource: db.prepare('INSERT INTO sources (kind, label, at_ms) VALUES (?, ?, ?)'),
    insertStudy: db.prepare(
      `INSERT INTO studies (scope, study_key, study_uid, patient, patient_id, issuer, name_alphabetic,
         name_ideographic, name_phonetic, name_latin, name_sort, name_folded, charset_guess, sex, birth_date, age, age_days,
         study_date, study_time, modalities, description, accession, study_id, referring_physician, referring_folded,
         institution, series_count,
         instance_count, bytes, source_kind, source, unread, starred, demo, arriving, flags, receipt_id,
         added_at_ms, added_day)
       VALUES (@scope, @key, @uid, @patient, @patientId, @issuer, @nameAlphabetic, @nameIdeographic,
         @namePhonetic, @nameLatin, @nameSort, @nameFolded, @charsetGuess, @sex, @birthDate, @age, @ageDays, @studyDate,
         @studyTime, '', @description, @accession, @studyId, @referringPhysician, @referringFolded, @institution, 0, 0, 0, @sourceKind, @source, 1, 0, @demo,
         1, '[]', @receiptId, @addedAtMs,
         coalesce((SELECT value FROM meta WHERE key = 'daysSeen'), 0))`,
    ),
    updateStudy: db.prepare(
      `UPDATE studies SET modalities = @modalities, flags = @flags, series_count = @series,
         instance_count = @instances, frame_count = ${framesOfStudy('@id')}, bytes = @bytes, arriving = 1, cut_off = 0,
         deleted_at_ms = NULL, opened_at_ms = @usedAtMs WHERE id = @id`,
    ),
    /** Of a study that goes on arriving: an index of `studies` is written only where a column of it is named. */
    countStudy: db.prepare(
      `UPDATE studies SET flags = @flags, instance_count = @instances, frame_count = ${framesOfStudy('@id')},
         bytes = @bytes WHERE id = @id`,
    ),
    insertSeries: db.prepare(
      `INSERT INTO series (study, series_key, series_uid, number, description, modality, body_part,
         instance_count, frame_count, bytes, slice_thickness_mm, pixel_rows, pixel_columns, category, flags)
       VALUES (@study, @key, @uid, @number, @description, @modality, @bodyPart, 0, 0, 0, @sliceThicknessMm,
         @pixelRows, @pixelColumns, @category, '[]')`,
    ),
    updateSeries: db.prepare(
      `UPDATE series SET instance_count = @instances, frame_count = @frames, bytes = @bytes, flags = @flags,
         verdict = NULL WHERE id = @id`,
    ),
    /** Values in the order of the columns: binding them by name takes longer than writing the row. */
    insertInstance: db.prepare(
      `INSERT INTO instances (series, scope, instance_key, sop_uid, sop_class, instance_number,
         transfer_syntax, deflated, file_sha256, dataset_sha256, size_bytes, dataset_offset, pixel_kind,
         pixel_offset, pixel_length, pixel_rows, pixel_columns, frames, position, orientation, pixel_spacing,
         slice_thickness_mm, frame_of_reference, flags, path, modified_at_ms, added_at_ms, shows, difference,
         source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertScan: db.prepare('INSERT INTO scans (instance, scan) VALUES (?, ?)'),
    mend: db.prepare('UPDATE instances SET missing = 0, verified_at_ms = ? WHERE file_sha256 = ?'),
    /** It arrives as any other does, so that its end says what is missing. */
    revive: db.prepare(
      'UPDATE studies SET deleted_at_ms = NULL, arriving = 1, opened_at_ms = ? WHERE id = ?',
    ),
  };
}
