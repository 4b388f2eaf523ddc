import { rm, stat } from 'node:fs/promises';
import { problem } from '../../../core/base/problem.ts';
import type { DataFolder } from '../folder.ts';
import { missingReferences } from '../media/directory-records.ts';
import type { Candidate, SourceItem } from '../media/source.ts';
import { withNames } from '../media/upload-names.ts';
import { sourceItems } from '../media/walk.ts';
import type { CopyPool } from '../objects/copy-pool.ts';
import type { ParseService } from '../parse-service.ts';
import type { AddedInstance } from '../store/add-instances.ts';
import type { StoreOperations } from '../store/write-operations.ts';
import type { WorkerClient } from '../worker-rpc.ts';
import { Committer } from './committer.ts';
import { countLeaves } from './count-leaves.ts';
import { type FreeBytes, SpaceGuard } from './free-space.ts';
import { inChunks, inOrder } from './in-order.ts';
import {
  copyChunk,
  type IntakeContext,
  type IntakeTarget,
  type Ready,
  type Scanned,
  scanItem,
} from './intake.ts';
import type { PlaceFiles } from './place-files.ts';
import type { HeaderScanner } from './scanner.ts';
import { Tally } from './tally.ts';

export interface ImportServices {
  readonly folder: DataFolder;
  readonly scanner: HeaderScanner;
  readonly parse: Pick<ParseService, 'tags'>;
  readonly copies: CopyPool;
  readonly freeBytes: FreeBytes;
  /** Those of the given hashes that no row names. */
  readonly unknownObjects: (fileSha256: readonly string[]) => Promise<string[]>;
  readonly now: () => number;
}

export interface ImportTask extends IntakeTarget {
  readonly paths: readonly string[];
  readonly writer: WorkerClient<StoreOperations>;
  /** Folder for what comes out of archives; removed afterwards unless the files are read in place. */
  readonly scratch: string;
  /** Set when files are opened in place instead of stored. */
  readonly place: PlaceFiles | null;
  /** For uploads: the name each file came with. */
  readonly names: ReadonlyMap<string, string> | null;
}

export interface ImportProgress {
  readonly done: number;
  readonly bytes: number;
  /** Null while still counting. */
  readonly total: number | null;
  readonly changedStudies: readonly string[];
}

const scansAtOnce = 32;
const chunkLimits = { files: 16, bytes: 16 * 1024 * 1024 };
/** The first chunks are small, so that copying begins at once. */
const firstChunks = { count: 4, files: 4 };

/**
 * The road from a source to the index: walk → scan → copy → commit, each stage ahead of the next, all in the
 * source's order. Ends early on cancel or when the disk is full; what was committed stays.
 */
export async function runImport(
  task: ImportTask,
  services: ImportServices,
  signal: AbortSignal,
  onProgress: (progress: ImportProgress) => void,
): Promise<Tally> {
  const tally = new Tally();
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const stop = new AbortController();
  const stopAll = (): void => {
    Atomics.store(cancel, 0, 1);
    stop.abort();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  if (signal.aborted) stopAll();
  const context: IntakeContext = {
    folder: services.folder,
    scanner: services.scanner,
    copies: services.copies,
    space: new SpaceGuard(services.folder.root, services.freeBytes, services.now),
    signal: stop.signal,
    cancel,
  };
  let total: number | null = null;
  void countLeaves(task.paths, stop.signal).then((files) => {
    total = files;
  });
  const committer = new Committer(task.writer, task, tally, services.now, async (added, orphans) => {
    await removeOrphans(orphans, services);
    if (tally.stoppedBy) stopAll();
    onProgress({
      done: tally.files,
      bytes: tally.bytes,
      total: total === null ? null : Math.max(total, tally.files),
      changedStudies: studyKeysOf(added),
    });
  });
  try {
    const directories = await moveThrough(task, context, committer, tally, stopAll);
    if (!stop.signal.aborted) {
      for (const { file, shownPath } of directories) {
        for (const missing of await missingReferences(file, shownPath, services.parse)) tally.note(missing);
      }
    }
  } finally {
    signal.removeEventListener('abort', stopAll);
    const keys = [...tally.studyKeys];
    if (keys.length > 0) await task.writer.call('setMark', { mark: 'arriving', keys, value: false });
    if (!task.place) await rm(task.scratch, { recursive: true, force: true });
  }
  return tally;
}

async function moveThrough(
  task: ImportTask,
  context: IntakeContext,
  committer: Committer,
  tally: Tally,
  stopAll: () => void,
): Promise<Candidate[]> {
  const { signal } = context;
  const directories: Candidate[] = [];
  const wasThere = await anyExists(task.paths);
  const walked = sourceItems(task.paths, { signal, scratch: task.scratch, dataDir: context.folder.root });
  const source = task.names ? withNames(walked, task.names) : walked;
  const scanned = inOrder<SourceItem, Scanned>(source, scansAtOnce, signal, (item) =>
    untilAborted(scanItem(item, context, task.place !== null), signal, {
      kind: 'broken',
      problem: problem('CANCELLED'),
    }),
  );
  const chunks = inChunks(scanned, isFull);
  const ready = inOrder<Scanned[], Ready[]>(chunks, context.copies.width + 1, signal, (chunk) =>
    task.place ? task.place.ready(chunk, context) : copyChunk(chunk, context),
  );
  try {
    for await (const chunk of ready) {
      await committer.add(chunk);
      for (const { candidate } of chunk.filter(isDicomdir)) if (candidate) directories.push(candidate);
      if (chunk.some(isGone) && !(await anyExists(task.paths))) {
        tally.stoppedBy ??= wasThere
          ? problem('MEDIA_REMOVED')
          : problem('FILE_MISSING', undefined, task.paths[0]);
        stopAll();
      }
    }
  } finally {
    await committer.finish();
  }
  return directories;
}

/** The root directory of a medium; DIRFILEs of its subfolders repeat parts of it. */
const isDicomdir = (item: Ready): item is Extract<Ready, { kind: 'notDicom' | 'broken' | 'note' }> =>
  item.kind === 'notDicom' &&
  item.problem.code === 'DIRECTORY_RECORD' &&
  item.candidate !== undefined &&
  !item.candidate.isTemporary &&
  /DICOMDIR[^/\\]*$/i.test(item.candidate.shownPath);

const isGone = (item: Ready): boolean =>
  item.kind === 'broken' && (item.problem.code === 'FILE_MISSING' || item.problem.code === 'IO_ERROR');

async function anyExists(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await stat(path).catch(() => null)) return true;
  return false;
}

const isFull = (chunk: readonly Scanned[], nth: number): boolean =>
  chunk.length >= (nth < firstChunks.count ? firstChunks.files : chunkLimits.files) ||
  chunk.reduce((sum, item) => sum + (item.candidate?.sizeBytes ?? 0), 0) >= chunkLimits.bytes;

const studyKeysOf = (added: readonly AddedInstance[]): string[] => [
  ...new Set(added.map(({ studyKey }) => studyKey)),
];

/** The same file may have come twice, and the other one's row may name the object: then it stays. */
async function removeOrphans(
  orphans: readonly string[],
  { copies, folder, unknownObjects }: ImportServices,
): Promise<void> {
  if (orphans.length === 0) return;
  const fileSha256 = await unknownObjects(orphans);
  if (fileSha256.length === 0) return;
  await copies.use((worker) => worker.call('remove', { objectsDir: folder.objects, fileSha256 }));
}

/** A scan may hang until its deadline; a cancelled job does not wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  if (signal.aborted) return otherwise;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<T>((resolve_) => {
    onAbort = () => resolve_(otherwise);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
