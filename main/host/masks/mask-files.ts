import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { maskMostBytes, studyMasksMostBytes } from '../../../core/contract/masks.ts';
import type { DataFolder } from '../folder.ts';
import { scratchOf } from '../import/scratch.ts';
import { fileProblem } from '../media/file-problem.ts';
import { renameHeld } from '../media/rename.ts';
import { isPlaceKey } from '../services.ts';

/*
 * Masks of a study lie beside its reading state, one file each: the SHA-256 of the bytes that follow, and those. They
 * are written once under a name that the page made, and never changed.
 */

const hashBytes = 32;
const namePattern = /^[0-9a-f-]{36}\.bin$/;
const partSuffix = '.part';

const scopeOf = (studyKey: string): string => studyKey.slice(0, studyKey.indexOf('.'));
const placeFolder = (folder: DataFolder, scope: string): string => scratchOf(folder, `masks-${scope}`);

/** Folder of a study's masks; of a study opened in place, one that goes with the place. */
export function maskFolder(folder: DataFolder, studyKey: string): string {
  const name = `${createHash('sha256').update(studyKey).digest('hex')}.masks`;
  return join(isPlaceKey(studyKey) ? placeFolder(folder, scopeOf(studyKey)) : folder.readings, name);
}

/** What was made in an opened place goes with it. */
export const dropPlaceMasks = (folder: DataFolder, scope: string): Promise<void> =>
  rm(placeFolder(folder, scope), { recursive: true, force: true });

export interface KeptMask {
  readonly maskId: string;
  readonly sizeBytes: number;
}

export async function listMasks(dir: string): Promise<readonly KeptMask[]> {
  const names = await readdir(dir).catch(() => []);
  const masks: KeptMask[] = [];
  for (const name of names.filter((n) => namePattern.test(n))) {
    const { size } = await stat(join(dir, name));
    if (size > hashBytes) masks.push({ maskId: name.slice(0, 36), sizeBytes: size - hashBytes });
  }
  return masks;
}

export interface MaskPiece {
  /** A UUID; nothing else is made a file name. */
  readonly maskId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fromByte: number;
  readonly bytes: Uint8Array;
}

/** Appends a piece; the last one puts the mask in its place. Answers whether it is whole. Problems as `masks.save`. */
export async function writePiece(dir: string, piece: MaskPiece): Promise<Result<boolean>> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const names = await readdir(dir);
    if (names.includes(`${piece.maskId}.bin`)) return ok(true);
    const part = join(dir, `${piece.maskId}${partSuffix}`);
    if (piece.fromByte === 0) {
      if (await isFull(dir, piece)) return fail(problem('FILE_TOO_LARGE', { limit: '1 GiB' }));
      await rm(part, { force: true });
    } else if (!names.includes(`${piece.maskId}${partSuffix}`)) return fail(problem('MASK_DAMAGED'));
    const file = await open(part, piece.fromByte === 0 ? 'wx+' : 'r+', 0o600);
    const isWhole = await append(file, piece).finally(() => file.close());
    if (isWhole === null) {
      await rm(part, { force: true });
      return fail(problem('MASK_DAMAGED'));
    }
    if (isWhole) await renameHeld(part, join(dir, `${piece.maskId}.bin`));
    return ok(isWhole);
  } catch (error) {
    return fail(fileProblem(error));
  }
}

async function isFull(dir: string, { sizeBytes }: MaskPiece): Promise<boolean> {
  const kept = (await listMasks(dir)).reduce((sum, mask) => sum + mask.sizeBytes, 0);
  return sizeBytes > maskMostBytes || kept + sizeBytes > studyMasksMostBytes;
}

/** Null where the piece does not follow the last one, or the whole has another hash. */
async function append(file: FileHandle, piece: MaskPiece): Promise<boolean | null> {
  const { fromByte, bytes, sizeBytes } = piece;
  const { size } = await file.stat();
  const isNext = fromByte === 0 || size === hashBytes + fromByte;
  if (!isNext || bytes.length === 0 || fromByte + bytes.length > sizeBytes) return null;
  if (fromByte === 0) await file.write(Buffer.from(piece.sha256, 'hex'), 0, hashBytes, 0);
  await file.write(bytes, 0, bytes.length, hashBytes + fromByte);
  if (fromByte + bytes.length < sizeBytes) return false;
  const content = Buffer.alloc(sizeBytes);
  await file.read(content, 0, sizeBytes, hashBytes);
  if (createHash('sha256').update(content).digest('hex') !== piece.sha256) return null;
  await file.sync();
  return true;
}

/** Problems: NOT_FOUND, MASK_DAMAGED (not what was written), IO_ERROR and other faults of the folder. */
export async function readMask(dir: string, maskId: string): Promise<Result<Uint8Array>> {
  if (!namePattern.test(`${maskId}.bin`)) return fail(problem('NOT_FOUND'));
  try {
    const file = await readFile(join(dir, `${maskId}.bin`));
    const content = file.subarray(hashBytes);
    const isRight = createHash('sha256').update(content).digest().equals(file.subarray(0, hashBytes));
    return isRight ? ok(content) : fail(problem('MASK_DAMAGED'));
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return fail(isGone ? problem('NOT_FOUND') : fileProblem(error));
  }
}

export async function removeMasks(dir: string, maskIds: readonly string[]): Promise<void> {
  for (const maskId of maskIds) {
    const path = join(dir, maskId);
    await rm(`${path}.bin`, { force: true });
    await rm(`${path}${partSuffix}`, { force: true });
  }
}
