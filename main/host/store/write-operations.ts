import { ok, type Result } from '../../../core/base/result.ts';
import type { Job, Receipt } from '../../../core/contract/jobs.ts';
import type { SeriesRow } from '../../../core/contract/studies.ts';
import type { DataFolder } from '../folder.ts';
import { type AddBatch, type AddedInstance, InstanceWriter } from './add-instances.ts';
import { type AuditEntry, appendAudit } from './audit-chain.ts';
import { type JobInput, saveJob, saveReceipt } from './job-rows.ts';
import { migrate } from './migrate.ts';
import { openWritable, type WritableDatabase } from './open-database.ts';
import { closeStore, type OpenStore, openStore } from './open-store.ts';
import { saveProcedureStep } from './procedure-steps.ts';
import { clearIntents, type PurgeIntent, purgeIntents, purgeOne, seeDay } from './purge.ts';
import { type ReadingStateRow, saveReadingState } from './reading-states.ts';
import { damages } from './show-study.ts';
import { deleteStudies, removeScope, restoreStudies, setStudyMark } from './study-writes.ts';
import { type CommitmentRow, dropCommitment, saveCommitment, saveTransfers } from './transfers.ts';
import { type Decision, decideVersions } from './versions.ts';

/** What only the one writer does. Every operation is durable when it answers. */
export interface WriteOperations {
  addInstances(batch: AddBatch): AddedInstance[];
  /** Batches of several origins in one transaction. */
  addBatches(input: { batches: readonly AddBatch[] }): AddedInstance[][];
  deleteStudies(input: { keys: readonly string[]; nowMs: number }): number;
  restoreStudies(input: { keys: readonly string[] }): number;
  /** Trash (purge.ts): counts days, erases one study's rows, and tells which files are to be removed. */
  seeDay(input: { nowMs: number }): number;
  purgeOne(input: { nowMs: number }): boolean;
  purgeIntents(input: null): PurgeIntent[];
  clearIntents(input: { paths: readonly string[] }): void;
  setMark(input: {
    mark: 'unread' | 'starred' | 'arriving';
    keys: readonly string[];
    value: boolean;
  }): string[];
  /** Versions and conflicts (versions.ts); answers the keys of studies that changed. */
  decideVersions(input: { decisions: readonly Decision[] }): string[];
  /** A study was looked at: rules of age begin anew. */
  noteOpened(input: { studyKey: string; nowMs: number }): void;
  setVerdict(input: { seriesKey: string; verdict: SeriesRow['verdict'] }): void;
  /** What became of an object's file. */
  setDamage(input: { instanceKeys: readonly string[]; damage: keyof typeof damages }): void;
  setVerified(input: { fileSha256: readonly string[]; nowMs: number }): void;
  removeScope(input: { scope: string }): void;
  saveJob(input: { job: Job; input: JobInput }): void;
  saveReceipt(input: { receipt: Receipt }): void;
  saveSettings(input: { text: string }): void;
  /** False when there is no such study. */
  saveReadingState(input: ReadingStateRow): boolean;
  /** What other stations did and said (transfers.ts, procedure-steps.ts). */
  saveTransfers(input: Parameters<typeof saveTransfers>[1]): void;
  saveCommitment(input: CommitmentRow): void;
  dropCommitment(input: { transactionUid: string }): void;
  saveProcedureStep(input: Parameters<typeof saveProcedureStep>[1]): void;
  audit(input: { atMs: number; entries: readonly AuditEntry[] }): void;
  /** Writes a consistent copy of the index (VACUUM INTO). */
  snapshot(input: { path: string }): void;
  analyze(input: null): void;
}

export interface OpenReport {
  readonly wasUnclean: boolean;
  readonly isRebuilt: boolean;
}

export interface StoreOperations extends WriteOperations {
  /** `folder` null: a database in memory, for places. */
  open(input: { folder: DataFolder | null; auditKey: Uint8Array }): Result<OpenReport>;
  close(input: null): void;
}

interface State {
  readonly db: WritableDatabase;
  readonly writer: InstanceWriter;
  readonly auditKey: Uint8Array;
  readonly store: OpenStore | null;
}

/** The implementation, over whichever database `open` opened. `onOpen` gets the connection for reads. */
export function writeOperations(
  onOpen: (db: WritableDatabase, folder: DataFolder | null) => void,
): StoreOperations {
  let state: State | null = null;
  const use = (): State => {
    if (!state) throw new Error('the store is not open');
    return state;
  };
  return {
    open({ folder, auditKey }) {
      if (folder === null) {
        const memory = openWritable(':memory:');
        if (!memory.ok) return memory;
        const migrated = migrate(memory.value, { backupDir: null, freeBytes: Number.POSITIVE_INFINITY });
        if (!migrated.ok) return migrated;
        const writer = new InstanceWriter(memory.value, null);
        state = { db: memory.value, writer, auditKey, store: null };
        onOpen(memory.value, null);
        return ok({ wasUnclean: false, isRebuilt: false });
      }
      const store = openStore(folder);
      if (!store.ok) return store;
      const { db, wasUnclean, isRebuilt } = store.value;
      const writer = new InstanceWriter(db, folder.scans);
      state = { db, writer, auditKey, store: store.value };
      onOpen(db, folder);
      return ok({ wasUnclean, isRebuilt });
    },
    close() {
      if (state?.store) closeStore(state.store);
      else state?.db.close();
      state = null;
    },
    addInstances: (batch) => use().writer.add(batch),
    addBatches: ({ batches }) =>
      use().db.transaction(() => batches.map((batch) => use().writer.add(batch)))(),
    deleteStudies: ({ keys, nowMs }) => deleteStudies(use().db, keys, nowMs),
    restoreStudies: ({ keys }) => restoreStudies(use().db, keys),
    seeDay: ({ nowMs }) => seeDay(use().db, nowMs),
    purgeOne: ({ nowMs }) => purgeOne(use().db, use().auditKey, nowMs),
    purgeIntents: () => purgeIntents(use().db),
    clearIntents: ({ paths }) => clearIntents(use().db, paths),
    setMark: ({ mark, keys, value }) => setStudyMark(use().db, mark, keys, value),
    decideVersions: ({ decisions }) => decideVersions(use().db, use().store?.folder.scans ?? '', decisions),
    noteOpened({ studyKey, nowMs }) {
      const stale = nowMs - 60 * 60 * 1000;
      use()
        .db.prepare(
          'UPDATE studies SET opened_at_ms = ? WHERE study_key = ? AND coalesce(opened_at_ms, 0) NOT BETWEEN ? AND ?',
        )
        .run(nowMs, studyKey, stale, nowMs);
    },
    setVerdict({ seriesKey, verdict }) {
      use().db.prepare('UPDATE series SET verdict = ? WHERE series_key = ?').run(verdict, seriesKey);
    },
    setDamage: ({ instanceKeys, damage }) =>
      each(
        use().db,
        'UPDATE instances SET missing = ? WHERE instance_key = ?',
        instanceKeys,
        damages[damage],
      ),
    setVerified: ({ fileSha256, nowMs }) =>
      each(
        use().db,
        'UPDATE instances SET verified_at_ms = ?, missing = 0 WHERE file_sha256 = ?',
        fileSha256,
        nowMs,
      ),
    removeScope: ({ scope }) => removeScope(use().db, scope),
    saveJob: ({ job, input }) => saveJob(use().db, job, input),
    saveReceipt: ({ receipt }) => saveReceipt(use().db, receipt),
    saveSettings({ text }) {
      use().db.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('settings', ?)").run(text);
    },
    saveReadingState: (row) => saveReadingState(use().db, row),
    saveTransfers: (input) => saveTransfers(use().db, input),
    saveCommitment: (row) => saveCommitment(use().db, row),
    dropCommitment: (asked) => dropCommitment(use().db, asked),
    saveProcedureStep: (row) => saveProcedureStep(use().db, row),
    audit({ atMs, entries }) {
      const { db, auditKey } = use();
      db.transaction(() => appendAudit(db, auditKey, atMs, entries))();
    },
    snapshot({ path }) {
      use().db.prepare('VACUUM INTO ?').run(path);
    },
    analyze() {
      use().db.exec('ANALYZE');
    },
  };
}

function each(db: WritableDatabase, sql: string, keys: readonly string[], value: number): void {
  const statement = db.prepare(sql);
  db.transaction(() => {
    for (const key of keys) statement.run(value, key);
  })();
}
