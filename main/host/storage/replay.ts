import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { objectsOnDisk } from '../import/verify-job.ts';
import { objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { NewInstance } from '../store/add-instances.ts';
import { type ProvenanceEvent, unpackHash } from '../store/provenance-events.ts';
import type { ReplayStep } from '../store/replay-steps.ts';
import type { BesideClient } from '../store/store.ts';
import type { WorkerClient } from '../worker-rpc.ts';
import type { BadObject } from './check-objects.ts';
import type { KeeperOperations } from './keeper-operations.ts';

/** Files scanned while the ones before are written. */
const filesAtOnce = 256;

export interface ReplayTarget {
  readonly services: Pick<Services, 'folder' | 'imports' | 'now'>;
  readonly keeper: WorkerClient<KeeperOperations>;
  /** Of the index that is filled: one made beside, or the one in use at a start without an index. */
  readonly writer: Pick<BesideClient, 'call'>;
  readonly signal: AbortSignal;
  /**
   * Which of some objects are not what their names say. Null at a start without an index, which must not wait until
   * all files are read whole: the scrub reads them afterwards.
   */
  readonly check: ((fileSha256: readonly string[]) => Promise<ReadonlyMap<string, BadObject>>) | null;
  /** After each transaction. */
  onProgress(progress: { done: number; studyKeys: readonly string[] }): void;
}

export interface Replayed {
  /** Objects that got a row. */
  instances: number;
  /** Objects that cannot be read, or are not what their name says, by their hash. */
  readonly bad: Map<string, BadObject>;
}

export const nothingReplayed = (): Replayed => ({ instances: 0, bad: new Map() });
const bad = (reason: Problem): BadObject => ({ problem: reason, kept: null });

/**
 * Fills an index from files alone (reliability.md B7): the provenance log gives order, source, time, marks and trash,
 * the objects everything else; objects that the log lacks come last, hashed. What is there already is left alone.
 */
export async function replay(target: ReplayTarget): Promise<Replayed> {
  const { keeper, writer, signal } = target;
  const { folder } = target.services;
  const found = nothingReplayed();
  let writing: Promise<void> = Promise.resolve();
  const write = async (steps: readonly ReplayStep[]): Promise<void> => {
    await writing;
    writing = writer.call('replay', { steps }).then((studyKeys) => {
      for (const step of steps) if (step.event === 'adds') found.instances += step.batch.items.length;
      target.onProgress({ done: found.instances, studyKeys });
    });
    // Awaited before the next one, or at the end.
    writing.catch(() => undefined);
  };
  for (const name of await keeper.call('provenanceFiles', { dir: folder.provenance })) {
    const events = await keeper.call('provenance', { dir: folder.provenance, name });
    for (const some of chunks(events)) {
      if (signal.aborted) return found;
      await write(await Promise.all(some.map((event) => stepOf(target, event, found))));
    }
  }
  await writing;
  await adoptRest(target, found);
  if (!signal.aborted) await writer.call('adoptReadings', { readingsDir: folder.readings });
  return found;
}

/** As many objects as are on the disk, for progress. */
export async function countObjectFiles(objectsDir: string): Promise<number> {
  let count = 0;
  for (const first of await readdir(objectsDir)) {
    count += (await readdir(join(objectsDir, first)).catch(() => [])).length;
  }
  return count;
}

function* chunks(events: readonly ProvenanceEvent[]): Generator<ProvenanceEvent[]> {
  let chunk: ProvenanceEvent[] = [];
  let files = 0;
  for (const event of events) {
    chunk.push(event);
    files += event.event === 'add' ? event.files.length : 1;
    if (files < filesAtOnce) continue;
    yield chunk;
    chunk = [];
    files = 0;
  }
  if (chunk.length > 0) yield chunk;
}

async function stepOf(target: ReplayTarget, event: ProvenanceEvent, found: Replayed): Promise<ReplayStep> {
  if (event.event !== 'add') return event;
  const known = new Map(event.files.map((file) => [unpackHash(file[0]), file]));
  const unknown = await target.writer.call('unknownObjects', { fileSha256: [...known.keys()] });
  const wrong = await target.check?.(unknown);
  for (const [fileSha256, object] of wrong ?? []) {
    // Erased since: no row, no file.
    if (object.kept || object.problem.code !== 'FILE_MISSING') found.bad.set(fileSha256, object);
  }
  const items = await Promise.all(
    unknown.map(async (fileSha256): Promise<NewInstance | null> => {
      const [, datasetSha256, sizeBytes] = known.get(fileSha256)!;
      const object = wrong?.get(fileSha256);
      const scan = object ? (object.kept?.scan ?? null) : await scanObject(target, fileSha256, found);
      return scan && { scan, fileSha256, datasetSha256: unpackHash(datasetSha256), sizeBytes, ...notInPlace };
    }),
  );
  const { source: sourceKind, label: sourceLabel, receiptId, demo, atMs: nowMs } = event;
  const batch = { scope: 's', sourceKind, sourceLabel, receiptId, demo, nowMs };
  return { event: 'adds', batch: { ...batch, items: items.filter((item) => item !== null) } };
}

const notInPlace = { path: null, modifiedAtMs: null };

/** Null for what was erased, or cannot be read. */
async function scanObject(
  { services }: ReplayTarget,
  fileSha256: string,
  found: Replayed,
): Promise<Uint8Array | null> {
  const file = objectPath(services.folder.objects, fileSha256);
  const scanned = await services.imports.scanner.scan(file, { keepPartial: false });
  if (scanned.ok) return scanned.value.bytes;
  if (scanned.problem.code !== 'FILE_MISSING') found.bad.set(fileSha256, bad(problem('OBJECT_CORRUPT')));
  return null;
}

/** Objects that no line of the log names, folder by folder; their hashes are compared with their names. */
export async function adoptRest(target: ReplayTarget, found: Replayed): Promise<void> {
  const { services, writer, signal } = target;
  for await (const some of objectsOnDisk(services.folder.objects)) {
    if (signal.aborted) return;
    const hashes = some.flatMap(({ fileSha256 }) => (fileSha256 === '' ? [] : [fileSha256]));
    const unknown = await writer.call('unknownObjects', { fileSha256: hashes });
    const rest = unknown.filter((hash) => !found.bad.has(hash));
    const rows = await Promise.all(rest.map((hash) => readObject(target, hash, found)));
    const items = rows.filter((row) => row !== null);
    if (items.length > 0) await addAdopted(target, items, found);
  }
}

async function addAdopted(
  target: ReplayTarget,
  items: readonly NewInstance[],
  found: Replayed,
): Promise<void> {
  const { services, writer } = target;
  const origin = { sourceKind: 'folder', sourceLabel: '', receiptId: null, demo: false } as const;
  const added = await writer.call('addInstances', { scope: 's', ...origin, nowMs: services.now(), items });
  // A duplicate under another file hash, written by a host that died before it could remove it; or what the receiver
  // had just placed and has told the index by now: that stays.
  const duplicates = added.flatMap(({ outcome }, at) =>
    outcome === 'duplicate' ? [items[at]?.fileSha256 ?? ''] : [],
  );
  const orphans = await writer.call('unknownObjects', { fileSha256: duplicates });
  if (orphans.length > 0) {
    await services.imports.copies.use((worker) =>
      worker.call('remove', { objectsDir: services.folder.objects, fileSha256: orphans }),
    );
  }
  found.instances += added.length - duplicates.length;
  target.onProgress({
    done: found.instances,
    studyKeys: [...new Set(added.map(({ studyKey }) => studyKey))],
  });
}

async function readObject(
  target: ReplayTarget,
  fileSha256: string,
  found: Replayed,
): Promise<NewInstance | null> {
  const { imports, folder } = target.services;
  const file = objectPath(folder.objects, fileSha256);
  const scanned = await imports.scanner.scan(file, { keepPartial: false });
  if (!scanned.ok) {
    found.bad.set(fileSha256, bad(problem('OBJECT_CORRUPT')));
    return null;
  }
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const hashed = await imports.copies.use((worker) =>
    worker.call('hash', { file, datasetOffset: scanned.value.datasetOffset, cancel }),
  );
  if (!hashed.ok || hashed.value.hashes.fileSha256 !== fileSha256) {
    found.bad.set(fileSha256, bad(problem('OBJECT_CORRUPT')));
    return null;
  }
  const { hashes, sizeBytes } = hashed.value;
  return {
    scan: scanned.value.bytes,
    fileSha256,
    datasetSha256: hashes.datasetSha256,
    sizeBytes,
    ...notInPlace,
  };
}
