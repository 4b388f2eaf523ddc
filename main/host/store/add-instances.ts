import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import type { Statement } from 'better-sqlite3';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { StudySource } from '../../../core/contract/studies.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import { categoryOf } from './category.ts';
import type { WritableDatabase } from './open-database.ts';
import {
  instanceValues,
  keyOfUid,
  mergeFlags,
  type PatientValues,
  patientValues,
  samePatient,
  searchValues,
  seriesValues,
  studyValues,
} from './row-values.ts';

export interface NewInstance {
  readonly scan: Scan;
  /** Name of the object in the store; null for a file read in place. */
  readonly fileSha256: string | null;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  /** Where the file lies when it is read in place. */
  readonly path: string | null;
  readonly modifiedAtMs: number | null;
}

export interface AddBatch {
  /** `s` for the store, `p<n>` for a place. */
  readonly scope: string;
  readonly sourceKind: StudySource;
  readonly sourceLabel: string;
  readonly receiptId: string | null;
  readonly demo: boolean;
  readonly nowMs: number;
  readonly items: readonly NewInstance[];
}

export interface AddedInstance {
  readonly outcome: 'stored' | 'duplicate';
  readonly studyKey: string;
  readonly studyUid: string;
  readonly seriesKey: string;
  readonly instanceKey: string;
  readonly flags: readonly Problem[];
}

/** Scans above this many bytes go to a file beside the database (reliability.md C1). */
export const scanBlobLimit = 256 * 1024;

interface StudyState {
  id: number;
  key: string;
  uid: string;
  patient: PatientValues;
  modalities: string;
  flags: string;
  series: number;
  instances: number;
  bytes: number;
  needsSearch: boolean;
}
interface SeriesState {
  id: number;
  key: string;
  instances: number;
  frames: number;
  bytes: number;
  flags: string;
}

/** Adds instances to the index; one object per open database, so that statements are prepared once. */
export class InstanceWriter {
  readonly #db: WritableDatabase;
  readonly #scansDir: string | null;
  readonly #statements;
  /** Rows of this batch only, written once at its end. */
  #studies = new Map<string, StudyState[]>();
  #series = new Map<string, SeriesState>();
  #sourceId: number | null = null;

  constructor(db: WritableDatabase, scansDir: string | null) {
    this.#db = db;
    this.#scansDir = scansDir;
    this.#statements = prepare(db);
  }

  /** One transaction; when this returns, the rows are durable. */
  add(batch: AddBatch): AddedInstance[] {
    this.#studies.clear();
    this.#series.clear();
    this.#sourceId = null;
    return this.#db.transaction(() => {
      const added = batch.items.map((item) => this.#addOne(batch, item));
      this.#finish();
      return added;
    })();
  }

  #addOne(batch: AddBatch, item: NewInstance): AddedInstance {
    const a = item.scan.attributes;
    // Only a file read in place may lack its UID; its path keeps it apart from others.
    const sopUid = a.SOPInstanceUID || `path:${item.path ?? item.fileSha256}`;
    const same = this.#statements.sameUid.all(sopUid, batch.scope) as {
      dataset: string;
      instanceKey: string;
      seriesKey: string;
      study: number;
      studyKey: string;
      studyUid: string;
      deletedAtMs: number | null;
    }[];
    const twin = same.find((row) => row.dataset === item.datasetSha256);
    if (twin) {
      if (twin.deletedAtMs !== null) this.#revive(twin.study);
      const { studyKey, studyUid, seriesKey, instanceKey } = twin;
      return { outcome: 'duplicate', studyKey, studyUid, seriesKey, instanceKey, flags: [] };
    }
    const flags = same.length > 0 ? [...item.scan.flags, problem('UID_CONFLICT')] : [...item.scan.flags];
    const study = this.#studyFor(batch, item, flags);
    const series = this.#seriesFor(batch, item, study);
    const instanceKey = this.#freeKey(this.#statements.hasInstanceKey, batch.scope, sopUid, same.length);
    const values = instanceValues(item.scan);
    const { lastInsertRowid } = this.#statements.insertInstance.run({
      ...values,
      series: series.id,
      scope: batch.scope,
      instanceKey,
      sopUid,
      fileSha256: item.fileSha256,
      datasetSha256: item.datasetSha256,
      sizeBytes: item.sizeBytes,
      flags: JSON.stringify(flags),
      path: item.path,
      modifiedAtMs: item.modifiedAtMs,
      addedAtMs: batch.nowMs,
    });
    this.#keepScan(Number(lastInsertRowid), item.scan);
    study.instances += 1;
    study.bytes += item.sizeBytes;
    study.flags = mergeFlags(study.flags, flags);
    series.instances += 1;
    series.frames += values.frames;
    series.bytes += item.sizeBytes;
    series.flags = mergeFlags(series.flags, flags);
    return {
      outcome: 'stored',
      studyKey: study.key,
      studyUid: study.uid,
      seriesKey: series.key,
      instanceKey,
      flags,
    };
  }

  /** The UID's own key for the first that has it; later ones get `~2`, `~3` … */
  #freeKey(taken: Statement, scope: string, uid: string, others: number): string {
    let repeat = others + 1;
    while (repeat > 1 && taken.get(keyOfUid(scope, uid, repeat)) !== undefined) repeat += 1;
    return keyOfUid(scope, uid, repeat);
  }

  #keepScan(instance: number, scan: Scan): void {
    const blob = serialize(scan);
    const inside = blob.length <= scanBlobLimit || this.#scansDir === null;
    if (!inside) writeFileSync(join(this.#scansDir as string, `${instance}.scan`), blob, { flush: true });
    this.#statements.insertScan.run(instance, inside ? blob : null);
  }

  #studyFor(batch: AddBatch, item: NewInstance, flags: Problem[]): StudyState {
    const uid = item.scan.attributes.StudyInstanceUID ?? '';
    const patient = patientValues(item.scan.attributes);
    let known = this.#studies.get(uid);
    if (!known) {
      known = (this.#statements.studiesOfUid.all(uid, batch.scope) as StoredStudy[]).map(fromStored);
      this.#studies.set(uid, known);
    }
    const match = known.find((study) => samePatient(study.patient, patient));
    if (match) return match;
    const isTold = flags.some(({ code }) => code === 'UID_CONFLICT');
    if (known.length > 0 && !isTold) flags.push(problem('UID_CONFLICT'));
    const study = this.#newStudy(batch, item, uid, patient, known.length);
    known.push(study);
    return study;
  }

  #newStudy(
    batch: AddBatch,
    item: NewInstance,
    uid: string,
    patient: PatientValues,
    others: number,
  ): StudyState {
    const key = this.#freeKey(this.#statements.hasStudyKey, batch.scope, uid, others);
    const { lastInsertRowid } = this.#statements.insertStudy.run({
      ...studyValues(item.scan),
      scope: batch.scope,
      key,
      uid,
      patient: this.#patientFor(batch.scope, patient),
      sourceKind: batch.sourceKind,
      source: this.#sourceFor(batch),
      demo: batch.demo ? 1 : 0,
      receiptId: batch.receiptId,
      addedAtMs: batch.nowMs,
    });
    return {
      id: Number(lastInsertRowid),
      key,
      uid,
      patient,
      modalities: '',
      flags: '[]',
      series: 0,
      instances: 0,
      bytes: 0,
      needsSearch: true,
    };
  }

  /** An empty ID names nobody: such a study gets a patient of its own (lesson L80). */
  #patientFor(scope: string, patient: PatientValues): number {
    if (patient.patientId !== '') {
      const known = this.#statements.patient.get({ ...patient, scope }) as { id: number } | undefined;
      if (known) return known.id;
    }
    return Number(this.#statements.insertPatient.run({ ...patient, scope }).lastInsertRowid);
  }

  #sourceFor(batch: AddBatch): number {
    this.#sourceId ??= Number(
      this.#statements.insertSource.run(batch.sourceKind, batch.sourceLabel, batch.nowMs).lastInsertRowid,
    );
    return this.#sourceId;
  }

  #seriesFor(batch: AddBatch, item: NewInstance, study: StudyState): SeriesState {
    const uid = item.scan.attributes.SeriesInstanceUID ?? '';
    const mapKey = `${study.id}|${uid}`;
    const inBatch = this.#series.get(mapKey);
    if (inBatch) return inBatch;
    let series = this.#statements.seriesOfUid.get(study.id, uid) as SeriesState | undefined;
    if (!series) {
      const values = seriesValues(item.scan);
      const own = instanceValues(item.scan);
      const others = Number(this.#statements.countSeries.get(uid, batch.scope) ?? 0);
      const key = this.#freeKey(this.#statements.hasSeriesKey, batch.scope, uid, others);
      const { lastInsertRowid } = this.#statements.insertSeries.run({
        ...values,
        study: study.id,
        key,
        uid,
        sliceThicknessMm: own.sliceThicknessMm,
        pixelRows: own.pixelRows,
        pixelColumns: own.pixelColumns,
        category: categoryOf(item.scan),
      });
      series = { id: Number(lastInsertRowid), key, instances: 0, frames: 0, bytes: 0, flags: '[]' };
      study.series += 1;
      study.needsSearch = true;
      const modalities = new Set(study.modalities.split('\\').filter(Boolean));
      if (values.modality !== '') modalities.add(values.modality);
      study.modalities = [...modalities].sort().join('\\');
    }
    this.#series.set(mapKey, series);
    return series;
  }

  #revive(study: number): void {
    this.#statements.revive.run(study);
    this.#index(study);
  }

  #finish(): void {
    for (const series of this.#series.values()) this.#statements.updateSeries.run(series);
    for (const studies of this.#studies.values()) {
      for (const study of studies) {
        this.#statements.updateStudy.run(study);
        if (study.needsSearch) this.#index(study.id);
      }
    }
  }

  #index(study: number): void {
    indexStudy(this.#db, study);
  }
}

interface StoredStudy extends PatientValues {
  readonly id: number;
  readonly key: string;
  readonly uid: string;
  readonly modalities: string;
  readonly flags: string;
  readonly series: number;
  readonly instances: number;
  readonly bytes: number;
  readonly deletedAtMs: number | null;
}

const fromStored = (row: StoredStudy): StudyState => ({
  id: row.id,
  key: row.key,
  uid: row.uid,
  patient: {
    patientId: row.patientId,
    issuer: row.issuer,
    nameKey: row.nameKey,
    birthDate: row.birthDate,
  },
  modalities: row.modalities,
  flags: row.flags,
  series: row.series,
  instances: row.instances,
  bytes: row.bytes,
  needsSearch: row.deletedAtMs !== null,
});

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

function prepare(db: WritableDatabase) {
  return {
    sameUid: db.prepare(
      `SELECT i.dataset_sha256 AS dataset, i.instance_key AS instanceKey, se.series_key AS seriesKey,
              st.id AS study, st.study_key AS studyKey, st.study_uid AS studyUid, st.deleted_at_ms AS deletedAtMs
       FROM instances i JOIN series se ON se.id = i.series JOIN studies st ON st.id = se.study
       WHERE i.sop_uid = ? AND i.scope = ?`,
    ),
    studiesOfUid: db.prepare(
      `SELECT s.id, study_key AS key, study_uid AS uid, p.patient_id AS patientId, p.issuer,
              p.name_key AS nameKey, p.birth_date AS birthDate, modalities, flags, deleted_at_ms AS deletedAtMs,
              series_count AS series, instance_count AS instances, bytes
       FROM studies s JOIN patients p ON p.id = s.patient WHERE study_uid = ? AND s.scope = ?`,
    ),
    patient: db.prepare(
      `SELECT id FROM patients WHERE scope = @scope AND patient_id = @patientId AND name_key = @nameKey
       AND issuer = @issuer AND birth_date = @birthDate`,
    ),
    insertPatient: db.prepare(
      `INSERT INTO patients (scope, patient_id, issuer, name_key, birth_date)
       VALUES (@scope, @patientId, @issuer, @nameKey, @birthDate)`,
    ),
    insertSource: db.prepare('INSERT INTO sources (kind, label, at_ms) VALUES (?, ?, ?)'),
    insertStudy: db.prepare(
      `INSERT INTO studies (scope, study_key, study_uid, patient, patient_id, issuer, name_alphabetic,
         name_ideographic, name_phonetic, name_latin, name_sort, charset_guess, sex, birth_date, age, age_days,
         study_date, study_time, modalities, description, accession, institution, series_count,
         instance_count, bytes, source_kind, source, unread, starred, demo, arriving, flags, receipt_id,
         added_at_ms)
       VALUES (@scope, @key, @uid, @patient, @patientId, @issuer, @nameAlphabetic, @nameIdeographic,
         @namePhonetic, @nameLatin, @nameSort, @charsetGuess, @sex, @birthDate, @age, @ageDays, @studyDate,
         @studyTime, '', @description, @accession, @institution, 0, 0, 0, @sourceKind, @source, 1, 0, @demo,
         1, '[]', @receiptId, @addedAtMs)`,
    ),
    updateStudy: db.prepare(
      `UPDATE studies SET modalities = @modalities, flags = @flags, series_count = @series,
         instance_count = @instances, bytes = @bytes, arriving = 1, deleted_at_ms = NULL WHERE id = @id`,
    ),
    seriesOfUid: db.prepare(
      `SELECT id, series_key AS key, instance_count AS instances, frame_count AS frames, bytes, flags
       FROM series WHERE study = ? AND series_uid = ?`,
    ),
    countSeries: db
      .prepare(
        `SELECT count(*) FROM series se JOIN studies st ON st.id = se.study
         WHERE se.series_uid = ? AND st.scope = ?`,
      )
      .pluck(),
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
    insertInstance: db.prepare(
      `INSERT INTO instances (series, scope, instance_key, sop_uid, sop_class, instance_number,
         transfer_syntax, deflated, file_sha256, dataset_sha256, size_bytes, dataset_offset, pixel_kind,
         pixel_offset, pixel_length, pixel_rows, pixel_columns, frames, position, orientation, pixel_spacing,
         slice_thickness_mm, frame_of_reference, flags, path, modified_at_ms, added_at_ms)
       VALUES (@series, @scope, @instanceKey, @sopUid, @sopClass, @instanceNumber, @transferSyntax,
         @deflated, @fileSha256, @datasetSha256, @sizeBytes, @datasetOffset, @pixelKind, @pixelOffset,
         @pixelLength, @pixelRows, @pixelColumns, @frames, @position, @orientation, @pixelSpacing,
         @sliceThicknessMm, @frameOfReference, @flags, @path, @modifiedAtMs, @addedAtMs)`,
    ),
    insertScan: db.prepare('INSERT INTO scans (instance, scan) VALUES (?, ?)'),
    hasInstanceKey: db.prepare('SELECT 1 FROM instances WHERE instance_key = ?'),
    hasSeriesKey: db.prepare('SELECT 1 FROM series WHERE series_key = ?'),
    hasStudyKey: db.prepare('SELECT 1 FROM studies WHERE study_key = ?'),
    revive: db.prepare('UPDATE studies SET deleted_at_ms = NULL WHERE id = ?'),
  };
}
