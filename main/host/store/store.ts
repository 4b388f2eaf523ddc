import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { DataFolder } from '../folder.ts';
import { fileProblem } from '../media/file-problem.ts';
import { makeFolder } from '../media/make-folder.ts';
import { WorkerClient, WorkerEnded } from '../worker-rpc.ts';
import type { ReadOperations } from './read-operations.ts';
import { letReadersGoOn, newSwapGate, type SwapGate } from './swap-index.ts';
import type { OpenReport, StoreOperations } from './write-operations.ts';

/** The host's side of the store: one writer worker, one reader worker, and on demand one for opened places. */
export interface Store {
  readonly report: OpenReport;
  readonly write: WorkerClient<StoreOperations>;
  readonly read: WorkerClient<ReadOperations>;
  /** A second reader for questions that take long (checks of everything); lists never wait behind it. */
  slow(): WorkerClient<ReadOperations>;
  /** One for what other programs search (C-FIND, QIDO-RS): lists never wait behind them, nor they behind checks. */
  searches(): WorkerClient<ReadOperations>;
  /** Called whenever an object came whose SOP Instance UID is here with other content (versions.ts). */
  onUndecided(listener: () => void): void;
  /** The index of opened places, in memory; started when first used. */
  places(): Promise<WorkerClient<StoreOperations & ReadOperations>>;
  /** Null while no place was opened. */
  openedPlaces(): Promise<WorkerClient<StoreOperations & ReadOperations>> | null;
  /** Starts a writer of an index beside the one in use, in a thread of its own; its owner closes and ends it. */
  beside(path: string): Promise<Result<BesideClient>>;
  /** Puts such an index in the place of the one in use, while readers stand aside. Problems: STORE_BUSY, IO_ERROR. */
  swap(path: string, nowMs: number, detail: string): Promise<Result<null>>;
  close(): Promise<void>;
}

/** A writer that can be asked as well. */
export type BesideClient = WorkerClient<StoreOperations & ReadOperations>;

type Reader = WorkerClient<
  ReadOperations & { close(input: null): void; standAside(input: { gate: SwapGate }): void }
>;

/** Problems: STORE_IN_USE, STORE_TOO_NEW, MIGRATION_FAILED, DISK_FULL, READ_ONLY_STORE, STORE_ON_NETWORK_FS. */
export async function startStore(folder: DataFolder): Promise<Result<Store>> {
  const listeners: (() => void)[] = [];
  const write = new WorkerClient<StoreOperations>('store', null, {
    onNote: () => {
      for (const listener of listeners) listener();
    },
  });
  const auditKey = keyOrProblem(folder);
  if (!auditKey.ok) {
    await write.terminate();
    return auditKey;
  }
  const opened = await write.call('open', { folder, auditKey: auditKey.value });
  if (!opened.ok) {
    await write.terminate();
    return opened;
  }
  const startReader = (): Reader => new WorkerClient('store-reader', { folder, auditKey: auditKey.value });
  const read = startReader();
  /** Started when first used. */
  const more = new Map<'slow' | 'searches', Reader>();
  let isClosed = false;
  const reader = (name: 'slow' | 'searches'): WorkerClient<ReadOperations> => {
    // After the end: a reader that has ended, and says so.
    const there = more.get(name) ?? (isClosed ? read : startReader());
    if (!isClosed) more.set(name, there);
    return there as unknown as WorkerClient<ReadOperations>;
  };
  let places: Promise<WorkerClient<StoreOperations & ReadOperations>> | null = null;
  return ok({
    report: opened.value,
    write,
    read: read as unknown as WorkerClient<ReadOperations>,
    slow: () => reader('slow'),
    searches: () => reader('searches'),
    onUndecided: (listener) => {
      listeners.push(listener);
    },
    places() {
      if (isClosed) return Promise.reject(new WorkerEnded('places: the store has closed'));
      places ??= startPlaces(auditKey.value);
      return places;
    },
    openedPlaces: () => places,
    async beside(path) {
      const writer: BesideClient = new WorkerClient('store', null);
      const beside = await writer.call('openBeside', { path, folder, auditKey: auditKey.value });
      if (beside.ok) return ok(writer);
      await writer.terminate();
      return beside;
    },
    async swap(path, nowMs, detail) {
      const gate = newSwapGate();
      const readers = [read, ...more.values()];
      const aside = readers.map((one) => one.call('standAside', { gate }));
      const swapped = await write
        .call('swapIndex', { path, gate, readers: readers.length, nowMs, detail })
        .finally(() => letReadersGoOn(gate));
      await Promise.all(aside);
      return swapped;
    },
    async close() {
      isClosed = true;
      for (const one of [read, ...more.values()]) {
        await one.call('close', null);
        await one.terminate();
      }
      if (places) await (await places).terminate();
      await write.call('close', null);
      await write.terminate();
    },
  });
}

async function startPlaces(auditKey: Uint8Array): Promise<WorkerClient<StoreOperations & ReadOperations>> {
  const worker = new WorkerClient<StoreOperations & ReadOperations>('store', null);
  const opened = await worker.call('open', { folder: null, auditKey });
  if (!opened.ok) throw new Error(`places: ${opened.problem.code}`);
  return worker;
}

/** The first thing that is written to a folder: where that fails, the folder cannot be used. */
function keyOrProblem(folder: DataFolder): Result<Uint8Array> {
  try {
    return ok(readAuditKey(folder));
  } catch (error) {
    return fail(fileProblem(error, folder.root));
  }
}

/** Made once per data folder; without it a changed audit row could be given a right code again. */
function readAuditKey(folder: DataFolder): Uint8Array {
  if (existsSync(folder.auditKey)) return new Uint8Array(readFileSync(folder.auditKey));
  makeFolder(folder.root, 0o700);
  const key = new Uint8Array(randomBytes(32));
  try {
    writeFileSync(folder.auditKey, key, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return new Uint8Array(readFileSync(folder.auditKey));
  }
  return key;
}
