import { ok, type Result } from '../../../core/base/result.ts';
import type { Job, Receipt } from '../../../core/contract/jobs.ts';
import type { SeriesRow } from '../../../core/contract/studies.ts';
import type { DataFolder } from '../folder.ts';
import { type AddBatch, type AddedInstance, InstanceWriter } from './add-instances.ts';
import { adoptReadings } from './adopt-readings.ts';
import { type AuditEntry, appendAudit } from './audit-chain.ts';
import { type BackupRow, saveBackup } from './backup-rows.ts';
import { awaitGates, type CommitGate, GateLate, passGates } from './commit-gate.ts';
import { noteProvenance } from './complete-provenance.ts';
import { type JobInput, saveJob, saveReceipt } from './job-rows.ts';
import { isDiskFull, withReserve } from './make-room.ts';
import { openMemoryIndex, RehearsalIndex } from './memory-index.ts';
import { migrate } from './migrate.ts';
import type { WritableDatabase } from './open-database.ts';
import { closeStore, type OpenStore, openStore } from './open-store.ts';
import { saveProcedureStep } from './procedure-steps.ts';
import { addEvent, type ProvenanceEvent } from './provenance-events.ts';
import { clearIntents, type PurgedStudy, type PurgeIntent, purgeIntents, purgeOne, seeDay } from './purge.ts';
import { type ReadingStateRow, saveReadingState } from './reading-states.ts';
import { type ReplayStep, replaySteps } from './replay-steps.ts';
import { damages } from './show-study.ts';
import {
  deleteStudies,
  noteOpened,
  removeScope,
  restoreStudies,
  setStudyMark,
  settleStudies,
} from './study-writes.ts';
import { letReadersGoOn, openBeside, type SwapGate, swapIndex } from './swap-index.ts';
import { type CommitmentRow, dropCommitment, saveCommitment, saveTransfers } from './transfers.ts';
import { type Decision, decideVersions } from './versions.ts';

/** What only the one writer does. Every operation is durable when it answers. */
export interface WriteOperations {
  addInstances(batch: AddBatch): AddedInstance[];
  /** Batches of several origins in one transaction; it waits for the gates (commit-gate.ts). Null: one is late. */
  addBatches(input: {
    batches: readonly AddBatch[];
    gates?: readonly CommitGate[];
  }): AddedInstance[][] | null;
  deleteStudies(input: { keys: readonly string[]; nowMs: number }): number;
  restoreStudies(input: { keys: readonly string[]; nowMs: number }): number;
  /** Trash (purge.ts): counts days, erases one study's rows, and tells which files are to be removed. */
  seeDay(input: { nowMs: number }): number;
  /** `isAll`: whatever is in the trash, however short. Null when there is none. */
  purgeOne(input: { nowMs: number; isAll?: boolean }): PurgedStudy | null;
  purgeIntents(input: null): PurgeIntent[];
  clearIntents(input: { paths: readonly string[] }): void;
  setMark(input: {
    mark: 'unread' | 'starred' | 'arriving' | 'cut_off';
    keys: readonly string[];
    value: boolean;
  }): string[];
  settleStudies(input: { keys: readonly string[]; cut: readonly string[] }): void;
  /** Versions and conflicts (versions.ts); answers the keys of studies that changed. */
  decideVersions(input: { decisions: readonly Decision[] }): string[];
  /** A study was looked at: rules of age begin anew. */
  noteOpened(input: { studyKey: string; nowMs: number }): void;
  setVerdict(input: { seriesKey: string; verdict: SeriesRow['verdict'] }): void;
  /** What became of an object's file. */
  setDamage(input: { instanceKeys: readonly string[]; damage: keyof typeof damages }): void;
  /** What the provenance log tells, done again (replay-steps.ts). */
  replay(input: { steps: readonly ReplayStep[] }): string[];
  /** Gives studies what readers did to them, from its files, where the index has nothing. */
  adoptReadings(input: { readingsDir: string }): number;
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
  saveBackup(input: BackupRow): void;
  audit(input: { atMs: number; entries: readonly AuditEntry[] }): void;
  analyze(input: null): void;
}

export interface OpenReport {
  readonly wasUnclean: boolean;
  readonly isRebuilt: boolean;
  /** The index was damaged: this is its newest snapshot, or null for an empty one. */
  readonly snapshot: string | null;
}

export interface StoreOperations extends WriteOperations {
  /** `folder` null: a database in memory, for places. */
  open(input: { folder: DataFolder | null; auditKey: Uint8Array }): Result<OpenReport>;
  /** An index made beside the one in use (swap-index.ts); without lock and log. */
  openBeside(input: { path: string; folder: DataFolder; auditKey: Uint8Array }): Result<null>;
  /** Only the one writer of the folder: puts such an index, closed by its maker, in the place of its own. */
  swapIndex(input: {
    path: string;
    gate: SwapGate;
    readers: number;
    nowMs: number;
    detail: string;
  }): Result<null>;
  /** As `addInstances`, into an index in memory that nobody reads (import/rehearsal.ts). */
  rehearse(batch: AddBatch): AddedInstance[];
  endRehearsal(input: null): void;
  close(input: null): void;
}

interface State {
  readonly db: WritableDatabase;
  readonly writer: InstanceWriter;
  readonly auditKey: Uint8Array;
  readonly folder: DataFolder | null;
  readonly store: OpenStore | null;
}

/** What the thread of a writer is told. */
export interface WriterEvents {
  /** The connection, for reads; again when the index was swapped. */
  onOpen(db: WritableDatabase, folder: DataFolder | null): void;
  /** Objects came that another of the same UID is here of. */
  onUndecided(): void;
}

/** The implementation, over whichever database `open` opened. */
export function writeOperations(events: WriterEvents): StoreOperations {
  let state: State | null = null;
  const rehearsal = new RehearsalIndex();
  const use = (): State => {
    if (!state) throw new Error('the store is not open');
    return state;
  };
  const begin = (db: WritableDatabase, more: Omit<State, 'db' | 'writer'>): void => {
    state = { db, writer: new InstanceWriter(db, more.folder?.scans ?? null), ...more };
    events.onOpen(db, more.folder);
  };
  /** What a full disk must not prevent. */
  const must = <T>(change: () => T): T => withReserve(state?.store ? state.folder : null, change);
  /** What is worked out again another time: a full disk must not keep anybody from reading. */
  const may = (change: () => void): void => {
    try {
      change();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  };
  /** Of what was added: written when who waits for the rows has them; a start after a kill writes what is missing. */
  const unlogged: ProvenanceEvent[] = [];
  const logAdded = (): void => {
    for (const event of unlogged.splice(0)) state?.store?.provenance.append(event);
  };
  const log = (event: ProvenanceEvent): void => {
    logAdded();
    state?.store?.provenance.append(event);
  };
  const logSoon = (event: ProvenanceEvent | null): void => {
    if (event && unlogged.push(event) === 1) setImmediate(logAdded);
  };
  const addAll = (batches: readonly AddBatch[], gates: readonly CommitGate[] = []): AddedInstance[][] => {
    const { db, writer } = use();
    let rows: AddedInstance[][];
    try {
      rows = db.transaction(() => {
        const written = batches.map((batch) => writer.add(batch));
        awaitGates(gates);
        return written;
      })();
    } catch (error) {
      writer.forget();
      throw error;
    }
    passGates(gates);
    for (const [at, batch] of batches.entries()) {
      logSoon(addEvent(batch, rows[at] ?? []));
      const revived = (rows[at] ?? []).flatMap(({ isRevived, studyKey }) => (isRevived ? [studyKey] : []));
      if (revived.length > 0) logSoon({ event: 'restore', atMs: batch.nowMs, studies: revived });
    }
    if (rows.some((some) => some.some(({ isUndecided }) => isUndecided))) events.onUndecided();
    return rows;
  };
  return {
    open({ folder, auditKey }) {
      if (folder === null) {
        const memory = openMemoryIndex();
        if (!memory.ok) return memory;
        begin(memory.value, { auditKey, folder: null, store: null });
        return ok({ wasUnclean: false, isRebuilt: false, snapshot: null });
      }
      const store = openStore(folder, auditKey);
      if (!store.ok) return store;
      const { db, wasUnclean, isRebuilt, snapshot } = store.value;
      begin(db, { auditKey, folder, store: store.value });
      return ok({ wasUnclean, isRebuilt, snapshot });
    },
    openBeside({ path, folder, auditKey }) {
      const beside = openBeside(path);
      if (!beside.ok) return beside;
      const migrated = migrate(beside.value, { backupDir: null, freeBytes: Number.POSITIVE_INFINITY });
      if (!migrated.ok) return migrated;
      begin(beside.value, { auditKey, folder, store: null });
      return ok(null);
    },
    swapIndex({ path, gate, readers, nowMs, detail }) {
      const { db, store, auditKey, folder } = use();
      if (!store || !folder) throw new Error('only the owner of a folder swaps its index');
      logAdded();
      try {
        const swapped = swapIndex(db, folder, { path, gate, readers }, (next) => {
          noteProvenance(next);
          next.transaction(() =>
            appendAudit(next, auditKey, nowMs, [{ event: 'store.rebuild', outcome: 'ok', detail }]),
          )();
        });
        if (!swapped.ok) return swapped;
        begin(swapped.value, { auditKey, folder, store: { ...store, db: swapped.value } });
        return ok(null);
      } finally {
        letReadersGoOn(gate);
      }
    },
    rehearse: (batch) => rehearsal.add(batch),
    endRehearsal: () => rehearsal.end(),
    close() {
      logAdded();
      if (state?.store) closeStore(state.store);
      else state?.db.close();
      state = null;
    },
    addInstances: (batch) => addAll([batch])[0] ?? [],
    addBatches({ batches, gates }) {
      try {
        return addAll(batches, gates);
      } catch (error) {
        if (error instanceof GateLate) return null;
        throw error;
      }
    },
    deleteStudies({ keys, nowMs }) {
      const deleted = must(() => deleteStudies(use().db, keys, nowMs));
      log({ event: 'trash', atMs: nowMs, studies: keys });
      return deleted;
    },
    restoreStudies({ keys, nowMs }) {
      const restored = must(() => restoreStudies(use().db, keys, nowMs));
      log({ event: 'restore', atMs: Date.now(), studies: keys });
      return restored;
    },
    seeDay: ({ nowMs }) => must(() => seeDay(use().db, nowMs)),
    purgeOne({ nowMs, isAll }) {
      const purged = must(() => purgeOne(use().db, use().auditKey, nowMs, isAll));
      if (purged) log({ event: 'purge', atMs: nowMs, studies: [purged.key] });
      return purged;
    },
    purgeIntents: () => must(() => purgeIntents(use().db)),
    clearIntents: ({ paths }) => must(() => clearIntents(use().db, paths)),
    setMark({ mark, keys, value }) {
      const changed = must(() => setStudyMark(use().db, mark, keys, value));
      if ((mark === 'unread' || mark === 'starred') && changed.length > 0) {
        log({ event: 'mark', atMs: Date.now(), mark, value, studies: changed });
      }
      return changed;
    },
    settleStudies: ({ keys, cut }) => must(() => settleStudies(use().db, keys, new Set(cut))),
    decideVersions({ decisions }) {
      const changed = decideVersions(use().db, use().folder?.scans ?? '', decisions);
      if (decisions.length > 0) log({ event: 'version', atMs: Date.now(), decisions });
      return changed;
    },
    replay: ({ steps }) => replaySteps(use().db, use().writer, use().folder?.scans ?? '', steps),
    adoptReadings: ({ readingsDir }) => adoptReadings(use().db, readingsDir),
    noteOpened: ({ studyKey, nowMs }) => may(() => noteOpened(use().db, studyKey, nowMs)),
    setVerdict: ({ seriesKey, verdict }) =>
      may(() =>
        use().db.prepare('UPDATE series SET verdict = ? WHERE series_key = ?').run(verdict, seriesKey),
      ),
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
    saveJob: ({ job, input }) => must(() => saveJob(use().db, job, input)),
    saveReceipt: ({ receipt }) => must(() => saveReceipt(use().db, receipt)),
    saveSettings({ text }) {
      use().db.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES ('settings', ?)").run(text);
      log({ event: 'settings', atMs: Date.now(), text });
    },
    saveBackup: (row) => saveBackup(use().db, row),
    saveReadingState: (row) => must(() => saveReadingState(use().db, row)),
    saveTransfers: (input) => saveTransfers(use().db, input),
    saveCommitment: (row) => saveCommitment(use().db, row),
    dropCommitment: (asked) => dropCommitment(use().db, asked),
    saveProcedureStep: (row) => saveProcedureStep(use().db, row),
    audit({ atMs, entries }) {
      const { db, auditKey } = use();
      must(() => db.transaction(() => appendAudit(db, auditKey, atMs, entries))());
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
