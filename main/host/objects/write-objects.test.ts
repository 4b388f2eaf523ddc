import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CopyItem } from './copy-operations.ts';
import { ObjectDirectories } from './object-directories.ts';
import { objectPath } from './object-path.ts';
import { type CopyPlaces, copyBatch } from './write-objects.ts';

let root = '';
let places: CopyPlaces;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'candela-objects-'));
  places = {
    objectsDir: join(root, 'objects'),
    incomingDir: join(root, 'incoming'),
    cancel: new Int32Array(new SharedArrayBuffer(4)),
  };
  for (const path of [places.objectsDir, places.incomingDir, join(root, 'in')]) mkdirSync(path);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function source(name: string, bytes: Uint8Array, more: Partial<CopyItem> = {}): CopyItem {
  const file = join(root, 'in', name);
  writeFileSync(file, bytes);
  const { size, mtimeMs } = statSync(file);
  return { file, datasetOffset: 3, sizeBytes: size, modifiedAtMs: mtimeMs, isTemporary: false, ...more };
}

describe('copyBatch', () => {
  // Below and above the size that is read at once.
  it.each([10, 700_000, 9_000_000])('stores %i bytes under their hash', async (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 9)) & 255);
    const results = await copyBatch([source('a', bytes)], places);
    const fileSha256 = sha(bytes);
    const value = { fileSha256, datasetSha256: sha(bytes.subarray(3)), sizeBytes: length, isNew: true };
    expect(results).toEqual([{ ok: true, value }]);
    const path = objectPath(places.objectsDir, fileSha256);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(places.incomingDir)).toEqual([]);
  });

  it('keeps one of two equal files, in one batch and in two at once', async () => {
    const bytes = new Uint8Array(5000).fill(7);
    const all = await Promise.all([
      copyBatch([source('a', bytes), source('b', bytes)], places),
      copyBatch([source('c', bytes)], places),
    ]);
    const isNew = all.flat().map((result) => result.ok && result.value.isNew);
    expect(isNew.filter(Boolean)).toHaveLength(1);
    expect(readdirSync(places.incomingDir)).toEqual([]);
  });

  it('refuses what changed, and goes on with the others', async () => {
    const changed = source('a', new Uint8Array(100).fill(1), { modifiedAtMs: 1 });
    const gone = source('b', new Uint8Array(100).fill(2), { file: join(root, 'nowhere') });
    const results = await copyBatch([changed, gone, source('c', new Uint8Array(100).fill(3))], places);
    expect(results.map((result) => (result.ok ? 'stored' : result.problem.code))).toEqual([
      'FILE_CHANGED',
      'FILE_MISSING',
      'stored',
    ]);
  });

  it('stops at the file under way when it is cancelled', async () => {
    const running = copyBatch(
      Array.from({ length: 20 }, (_, i) => source(`f${i}`, new Uint8Array(100).fill(i))),
      places,
    );
    Atomics.store(places.cancel, 0, 1);
    const results = await running;
    expect(results.filter(({ ok }) => ok).length).toBeLessThan(20);
    expect(results.at(-1)).toMatchObject({ problem: { code: 'CANCELLED' } });
    expect(readdirSync(places.incomingDir)).toEqual([]);
  });

  it('makes a directory again that somebody removed', async () => {
    const bytes = new Uint8Array(50).fill(9);
    await copyBatch([source('a', bytes)], places);
    const path = objectPath(places.objectsDir, sha(bytes));
    rmSync(dirname(path), { recursive: true });
    expect(await copyBatch([source('a', bytes)], places)).toMatchObject([{ ok: true }]);
    expect(existsSync(path)).toBe(true);
  });

  it('moves what is ours', async () => {
    const item = source('a', new Uint8Array(50), { isTemporary: true });
    await copyBatch([item], places);
    expect(existsSync(item.file)).toBe(false);
  });
});

describe('ObjectDirectories', () => {
  it.skipIf(process.platform === 'win32')('says when a directory cannot be synced', async () => {
    const directories = new ObjectDirectories(places.objectsDir);
    const parent = join(places.objectsDir, 'ab', 'cd');
    expect(await directories.sync([parent])).toMatchObject({ problem: { code: 'FILE_MISSING' } });
    mkdirSync(parent, { recursive: true });
    expect(await directories.sync([parent])).toEqual({ ok: true, value: undefined });
  });
});
