import { hash, randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { CopiedObject, CopyItem, Hashes } from './copy-operations.ts';
import {
  DatasetHasher,
  eachPiece,
  guard,
  isCancelled,
  pieceBytes,
  readBuffer,
  readFlags,
  readFully,
} from './hash-file.ts';
import { ObjectDirectories } from './object-directories.ts';
import { objectPath } from './object-path.ts';
import { moveWithoutReplacing, objectIsThere } from './place-object.ts';
import { syncFile } from './sync-file.ts';

/**
 * The write protocol of reliability.md B2 for a batch: every file is read once (both hashes from the same bytes
 * that are written), synced, and gets its name when all of the batch are synced; then the directories are synced.
 * Syncing runs beside the hashing of the next files. What this answers is durable, and its row may be written.
 */
export interface CopyPlaces {
  readonly objectsDir: string;
  readonly incomingDir: string;
  readonly cancel: Int32Array;
}

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

interface Part {
  readonly hashes: Hashes;
  readonly sizeBytes: number;
  /** Null when the object is there already. */
  readonly part: { readonly path: string; readonly fd: number } | null;
}

/** Batches are written one after another, each while those before it are synced. */
let writing: Promise<unknown> = Promise.resolve();

/** What is known of the directories of each store that this thread wrote to: one, but for tests. */
const stores = new Map<string, ObjectDirectories>();

function directoriesOf(objectsDir: string): ObjectDirectories {
  const known = stores.get(objectsDir) ?? new ObjectDirectories(objectsDir);
  stores.set(objectsDir, known);
  return known;
}

export async function copyBatch(
  items: readonly CopyItem[],
  places: CopyPlaces,
): Promise<Result<CopiedObject>[]> {
  const written = writing.then(() => writeParts(items, places));
  writing = written.catch(() => undefined);
  const synced = await Promise.all(await written);
  const parents = new Set<string>();
  const placed = synced.map((result) => {
    if (!result.ok) return result;
    const named = guard(() => place(result.value, places.objectsDir, parents));
    if (!named.ok && result.value.part) rmSync(result.value.part.path, { force: true });
    return named;
  });
  // Without durable names no row may be written: such files can be imported again.
  const durable = await directoriesOf(places.objectsDir).sync(parents);
  const copied = durable.ok ? placed : placed.map((result) => (result.ok ? durable : result));
  for (const [index, result] of copied.entries()) {
    const item = items[index];
    if (result.ok && item?.isTemporary) rmSync(item.file, { force: true });
  }
  return copied;
}

/** Dearer forms (timers/promises) look for a signal each time. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Gives way after each file, so that finished syncs are followed by the next. */
async function writeParts(items: readonly CopyItem[], places: CopyPlaces): Promise<Promise<Result<Part>>[]> {
  const parts: Promise<Result<Part>>[] = [];
  for (const item of items) {
    const written = isCancelled(places.cancel)
      ? fail(problem('CANCELLED'))
      : guard(() => writePart(item, places));
    parts.push(written.ok ? syncPart(written.value) : Promise.resolve(written));
    await nextTurn();
  }
  return parts;
}

function writePart(item: CopyItem, places: CopyPlaces): Result<Part> {
  const source = openSync(item.file, readFlags);
  try {
    const before = fstatSync(source);
    if (!before.isFile()) return fail(problem('NOT_REGULAR_FILE'));
    if (before.size !== item.sizeBytes || before.mtimeMs !== item.modifiedAtMs) {
      return fail(problem('FILE_CHANGED'));
    }
    const write = before.size <= pieceBytes ? writeWhole : writeInPieces;
    const written = write(source, before.size, item.datasetOffset, places);
    if (!written.ok) return written;
    const after = fstatSync(source);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      discard(written.value);
      return fail(problem('FILE_CHANGED'));
    }
    return written;
  } finally {
    closeSync(source);
  }
}

/** Small files: hashed before anything is written, so that a duplicate costs one read. */
function writeWhole(
  source: number,
  sizeBytes: number,
  datasetOffset: number,
  { objectsDir, incomingDir }: CopyPlaces,
): Result<Part> {
  const buffer = readBuffer(sizeBytes);
  if (readFully(source, buffer, sizeBytes, 0) !== sizeBytes) return fail(problem('FILE_CHANGED'));
  const bytes = buffer.subarray(0, sizeBytes);
  const hashes: Hashes = {
    fileSha256: hash('sha256', bytes),
    datasetSha256: hash('sha256', bytes.subarray(datasetOffset)),
  };
  if (objectIsThere(objectPath(objectsDir, hashes.fileSha256), sizeBytes)) {
    return ok({ hashes, sizeBytes, part: null });
  }
  return withPart(incomingDir, (fd) => {
    writeFully(fd, bytes);
    return ok({ hashes, sizeBytes });
  });
}

function writeInPieces(
  source: number,
  sizeBytes: number,
  datasetOffset: number,
  { incomingDir, cancel }: CopyPlaces,
): Result<Part> {
  return withPart(incomingDir, (fd) => {
    const hasher = new DatasetHasher(datasetOffset);
    const read = eachPiece(source, sizeBytes, cancel, (bytes) => {
      hasher.update(bytes);
      writeFully(fd, bytes);
    });
    if (isCancelled(cancel)) return fail(problem('CANCELLED'));
    if (read !== sizeBytes) return fail(problem('FILE_CHANGED'));
    return ok({ hashes: hasher.digest(), sizeBytes });
  });
}

function withPart(
  incomingDir: string,
  write: (fd: number) => Result<{ hashes: Hashes; sizeBytes: number }>,
): Result<Part> {
  const path = join(incomingDir, `${randomUUID()}.part`);
  const fd = openSync(path, createFlags, 0o600);
  const drop = (): void => {
    closeSync(fd);
    rmSync(path, { force: true });
  };
  try {
    const written = write(fd);
    if (!written.ok) {
      drop();
      return written;
    }
    return ok({ ...written.value, part: { path, fd } });
  } catch (error) {
    drop();
    throw error;
  }
}

/** After an error of fsync the descriptor cannot be trusted: the part is dropped, never retried. */
async function syncPart(part: Part): Promise<Result<Part>> {
  if (!part.part) return ok(part);
  const { fd } = part.part;
  const error = await syncFile(fd);
  if (error) {
    discard(part);
    return fail(fileProblem(error));
  }
  closeSync(fd);
  return ok(part);
}

function place(part: Part, objectsDir: string, parents: Set<string>): Result<CopiedObject> {
  const target = objectPath(objectsDir, part.hashes.fileSha256);
  const { sizeBytes, hashes } = part;
  parents.add(dirname(target));
  if (!part.part) return ok({ ...hashes, sizeBytes, isNew: false });
  return ok({ ...hashes, sizeBytes, isNew: moveWithoutReplacing(part.part.path, target, sizeBytes) });
}

/**
 * Gives a synced part its name; false when the object was there already. The name is durable once `syncNames`
 * answered.
 */
export function placePart(path: string, fileSha256: string, sizeBytes: number, objectsDir: string): boolean {
  const target = objectPath(objectsDir, fileSha256);
  return moveWithoutReplacing(path, target, sizeBytes);
}

/** Makes the names of placed parts durable. */
export const syncNames = (fileSha256: string, objectsDir: string): Promise<Result<undefined>> =>
  directoriesOf(objectsDir).sync([dirname(objectPath(objectsDir, fileSha256))]);

function discard(part: Part): void {
  if (!part.part) return;
  closeSync(part.part.fd);
  rmSync(part.part.path, { force: true });
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
