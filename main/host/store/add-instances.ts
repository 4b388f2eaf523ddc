import type { Statement } from 'better-sqlite3';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { StudySource } from '../../../core/contract/common.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import { isDemo } from '../../../core/phantom/attributes.ts';
import { unpackScan } from '../parse/packed-scan.ts';
import { addStatements } from './add-statements.ts';
import { categoryOf } from './category.ts';
import { indexStudy } from './index-study.ts';
import type { WritableDatabase } from './open-database.ts';
import {
  instanceValues,
  keyOfUid,
  mergeFlags,
  type PatientValues,
  patientValues,
  samePatient,
  seriesValues,
  studyValues,
} from './row-values.ts';
import { writeScanFile } from './scan-files.ts';

export interface NewInstance {
  /** As `packScan` made it. */
  readonly scan: Uint8Array;
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
  /** Another object of its SOP Instance UID is here: it shows once its pixels were compared (versions.ts). */
  readonly isUndecided?: true;
  /** A duplicate brought its study back from the trash. */
  readonly isRevived?: true;
}

/** Scans above this many bytes go to a file beside the database (reliability.md C1). */
export const scanBlobLimit = 256 * 1024;

/** An instance that is there already under the same UID. */
interface Twin {
  readonly dataset: string;
  readonly instanceKey: string;
  readonly seriesKey: string;
  readonly study: number;
  readonly studyKey: string;
  readonly studyUid: string;
  readonly deletedAtMs: number | null;
  readonly fileSha256: string | null;
  readonly missing: number;
}

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
  /** Only counts and flags changed. */
  isKnown: boolean;
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
  /** One row of `sources` for each origin that this process met. */
  readonly #sources = new Map<string, number>();

  constructor(db: WritableDatabase, scansDir: string | null) {
    this.#db = db;
    this.#scansDir = scansDir;
    this.#statements = addStatements(db);
  }

  /** One transaction; when this returns, the rows are durable. */
  add(batch: AddBatch): AddedInstance[] {
    this.#studies.clear();
    this.#series.clear();
    try {
      const addAll = (): AddedInstance[] => {
        const added = batch.items.map((item) => this.#addOne(batch, item));
        this.#finish(batch.nowMs);
        return added;
      };
      // A savepoint within a transaction keeps a copy of each page, for nothing: what fails here undoes all.
      return this.#db.inTransaction ? addAll() : this.#db.transaction(addAll)();
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** After a transaction that was rolled back: rows of `sources` are gone with it. */
  forget(): void {
    this.#sources.clear();
  }

  #addOne(batch: AddBatch, item: NewInstance): AddedInstance {
    const scan = unpackScan(item.scan);
    const a = scan.attributes;
    // Only a file read in place may lack its UID; its path keeps it apart from others.
    const sopUid = a.SOPInstanceUID || `path:${item.path ?? item.fileSha256}`;
    const same = this.#sameUid(sopUid, batch.scope);
    const twin = same.find((row) => row.dataset === item.datasetSha256);
    if (twin) {
      if (twin.deletedAtMs !== null) this.#revive(twin.study, batch.nowMs);
      // Its file was written before this: the right bytes are there again.
      if (twin.missing !== 0 && twin.fileSha256 === item.fileSha256) {
        this.#statements.mend.run(batch.nowMs, item.fileSha256);
      }
      const { studyKey, studyUid, seriesKey, instanceKey } = twin;
      const isRevived = twin.deletedAtMs !== null && { isRevived: true as const };
      return { outcome: 'duplicate', studyKey, studyUid, seriesKey, instanceKey, flags: [], ...isRevived };
    }
    // In the store a version is told from a conflict by its pixels, which nobody waits for here.
    const isUndecided = same.length > 0 && batch.scope === 's' && item.fileSha256 !== null;
    const isConflict = same.length > 0 && !isUndecided;
    const flags = isConflict ? [...scan.flags, problem('UID_CONFLICT')] : [...scan.flags];
    const study = this.#studyFor(batch, scan, flags, isUndecided);
    const series = this.#seriesFor(batch, scan, study);
    const instanceKey = this.#freeKey(this.#statements.hasInstanceKey, batch.scope, sopUid, same.length);
    const values = instanceValues(scan);
    const { lastInsertRowid } = this.#statements.insertInstance.run(
      series.id,
      batch.scope,
      instanceKey,
      sopUid,
      values.sopClass,
      values.instanceNumber,
      values.transferSyntax,
      values.deflated,
      item.fileSha256,
      item.datasetSha256,
      item.sizeBytes,
      values.datasetOffset,
      values.pixelKind,
      values.pixelOffset,
      values.pixelLength,
      values.pixelRows,
      values.pixelColumns,
      values.frames,
      values.position,
      values.orientation,
      values.pixelSpacing,
      values.sliceThicknessMm,
      values.frameOfReference,
      flags.length === 0 ? '[]' : JSON.stringify(flags),
      item.path,
      item.modifiedAtMs,
      batch.nowMs,
      isUndecided ? 0 : 1,
      isUndecided ? 'undecided' : isConflict ? 'pixels' : 'none',
      this.#sourceFor(batch),
    );
    this.#keepScan(Number(lastInsertRowid), item);
    countIn(study, series, {
      shown: isUndecided ? 0 : 1,
      frames: values.frames,
      sizeBytes: item.sizeBytes,
      flags,
    });
    return {
      outcome: 'stored',
      studyKey: study.key,
      studyUid: study.uid,
      seriesKey: series.key,
      instanceKey,
      flags,
      ...(isUndecided && { isUndecided }),
    };
  }

  #sameUid(sopUid: string, scope: string): Twin[] {
    if (this.#statements.hasUid.get(sopUid, scope) === undefined) return [];
    return this.#statements.sameUid.all(sopUid, scope) as Twin[];
  }

  /** The UID's own key for the first that has it; later ones get `~2`, `~3` … */
  #freeKey(taken: Statement, scope: string, uid: string, others: number): string {
    let repeat = others + 1;
    while (repeat > 1 && taken.get(keyOfUid(scope, uid, repeat)) !== undefined) repeat += 1;
    return keyOfUid(scope, uid, repeat);
  }

  #keepScan(instance: number, { scan, fileSha256 }: NewInstance): void {
    const outside = scan.length > scanBlobLimit && this.#scansDir !== null && fileSha256 !== null;
    if (outside) writeScanFile(this.#scansDir, fileSha256, scan);
    this.#statements.insertScan.run(instance, outside ? null : scan);
  }

  #studyFor(batch: AddBatch, scan: Scan, flags: Problem[], isUndecided: boolean): StudyState {
    const uid = scan.attributes.StudyInstanceUID ?? '';
    const patient = patientValues(scan.attributes);
    let known = this.#studies.get(uid);
    if (!known) {
      known = (this.#statements.studiesOfUid.all(uid, batch.scope) as StoredStudy[]).map(fromStored);
      this.#studies.set(uid, known);
    }
    const match = known.find((study) => samePatient(study.patient, patient));
    if (match) return match;
    const isTold = isUndecided || flags.some(({ code }) => code === 'UID_CONFLICT');
    if (known.length > 0 && !isTold) flags.push(problem('UID_CONFLICT'));
    const study = this.#newStudy(batch, scan, uid, patient, known.length);
    known.push(study);
    return study;
  }

  #newStudy(batch: AddBatch, scan: Scan, uid: string, patient: PatientValues, others: number): StudyState {
    const key = this.#freeKey(this.#statements.hasStudyKey, batch.scope, uid, others);
    const { lastInsertRowid } = this.#statements.insertStudy.run({
      ...studyValues(scan),
      scope: batch.scope,
      key,
      uid,
      patient: this.#patientFor(batch.scope, patient),
      sourceKind: batch.sourceKind,
      source: this.#sourceFor(batch),
      demo: batch.demo || isDemo(scan.attributes) ? 1 : 0,
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
      isKnown: false,
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

  #sourceFor({ sourceKind, sourceLabel, receiptId, nowMs }: AddBatch): number {
    const key = `${sourceKind}|${receiptId ?? nowMs}|${sourceLabel}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#statements.insertSource.run(sourceKind, sourceLabel, nowMs);
    if (this.#sources.size > 100) this.#sources.clear();
    this.#sources.set(key, Number(lastInsertRowid));
    return Number(lastInsertRowid);
  }

  #seriesFor(batch: AddBatch, scan: Scan, study: StudyState): SeriesState {
    const uid = scan.attributes.SeriesInstanceUID ?? '';
    const mapKey = `${study.id}|${uid}`;
    const inBatch = this.#series.get(mapKey);
    if (inBatch) return inBatch;
    let series = this.#statements.seriesOfUid.get(study.id, uid) as SeriesState | undefined;
    if (!series) {
      const values = seriesValues(scan);
      const own = instanceValues(scan);
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
        category: categoryOf(scan),
      });
      series = { id: Number(lastInsertRowid), key, instances: 0, frames: 0, bytes: 0, flags: '[]' };
      study.series += 1;
      study.needsSearch = true;
      study.isKnown = false;
      const modalities = new Set(study.modalities.split('\\').filter(Boolean));
      if (values.modality !== '') modalities.add(values.modality);
      study.modalities = [...modalities].sort().join('\\');
    }
    this.#series.set(mapKey, series);
    return series;
  }

  #revive(study: number, nowMs: number): void {
    this.#statements.revive.run(nowMs, study);
    this.#index(study);
  }

  /** What comes to a study is a use of it: rules look at the newest. */
  #finish(usedAtMs: number): void {
    for (const series of this.#series.values()) this.#statements.updateSeries.run(series);
    for (const studies of this.#studies.values()) {
      for (const study of studies) {
        const { countStudy, updateStudy } = this.#statements;
        if (study.isKnown) countStudy.run(study);
        else updateStudy.run({ ...study, usedAtMs });
        if (study.needsSearch) this.#index(study.id);
      }
    }
  }

  #index(study: number): void {
    indexStudy(this.#db, study);
  }
}

/** What does not show counts by its bytes only. */
function countIn(
  study: StudyState,
  series: SeriesState,
  one: { shown: number; frames: number; sizeBytes: number; flags: readonly Problem[] },
): void {
  study.instances += one.shown;
  study.bytes += one.sizeBytes;
  study.flags = mergeFlags(study.flags, one.flags);
  series.instances += one.shown;
  series.frames += one.shown * one.frames;
  series.bytes += one.sizeBytes;
  series.flags = mergeFlags(series.flags, one.flags);
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
  readonly arriving: number;
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
  isKnown: row.deletedAtMs === null && row.arriving === 1,
});
