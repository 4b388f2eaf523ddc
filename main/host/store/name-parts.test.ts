/** Steps 5 and 6 of reliability.md B2: which object a part becomes, and what keeps it from that. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/fixtures/host.ts';
import { makeObjectDirectories } from '../objects/object-directories.ts';
import { objectPath } from '../objects/object-path.ts';
import type { AddBatch } from './add-instances.ts';
import { giveHashes, newGate, openGate, shutGate } from './commit-gate.ts';
import { type GatedPart, NamingFailed, nameParts, namingProblem, withHashes } from './name-parts.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const sha = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');
let objects = '';
let made = 0;
beforeEach(() => {
  objects = join(folder.path, `objects-${made++}`);
  makeObjectDirectories(objects);
});

function part(bytes: string, isDurable = true): GatedPart {
  const path = join(folder.path, `${made++}.part`);
  writeFileSync(path, bytes);
  const gate = newGate();
  giveHashes(gate, { fileSha256: sha(bytes), datasetSha256: sha(`set of ${bytes}`) });
  if (isDurable) openGate(gate);
  else shutGate(gate);
  return { gate, path, sizeBytes: bytes.length };
}

it('names durable parts by their hash, and says which of them are new', () => {
  expect(nameParts([part('one'), part('two'), part('one')], objects)).toEqual([true, true, false]);
  expect(readFileSync(objectPath(objects, sha('one')), 'utf8')).toBe('one');
  expect(nameParts([part('two')], objects)).toEqual([false]);
});

it('makes a directory that somebody removed', () => {
  rmSync(objects, { recursive: true });
  mkdirSync(objects);
  expect(nameParts([part('one')], objects)).toEqual([true]);
  expect(readFileSync(objectPath(objects, sha('one')), 'utf8')).toBe('one');
});

it('names nothing while one of them is not durable', () => {
  const parts = [part('one'), part('two', false)];
  expect(() => nameParts(parts, objects)).toThrow('not durable');
  expect(existsSync(objectPath(objects, sha('one')))).toBe(false);
});

it('says what the system has against a name, in words that cross threads', () => {
  const lost = part('one');
  rmSync(lost.path);
  rmSync(objects, { recursive: true });
  writeFileSync(objects, 'no directory');
  let thrown: unknown;
  try {
    nameParts([lost], objects);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(NamingFailed);
  // As `WorkerClient` gives it: a plain error with the other thread's stack.
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  expect(namingProblem(new Error(stack))?.code).toBe('FILE_MISSING');
  expect(namingProblem(new NamingFailed({ code: 'EROFS' }))?.code).toBe('READ_ONLY_STORE');
  expect(namingProblem(new Error('SQLITE_FULL'))).toBeNull();
});

it('gives the items of batches the hashes of their parts, in their order', () => {
  const item = { scan: new Uint8Array(1), fileSha256: '', datasetSha256: '', sizeBytes: 3, path: null };
  const batch = (count: number): AddBatch => ({
    scope: 's',
    sourceKind: 'received',
    sourceLabel: 'CT1',
    receiptId: null,
    demo: false,
    nowMs: 0,
    items: Array.from({ length: count }, () => ({ ...item, modifiedAtMs: null })),
  });
  const whole = withHashes([batch(1), batch(2)], [part('a'), part('b'), part('c')]);
  expect(whole.map(({ items }) => items.map(({ fileSha256 }) => fileSha256))).toEqual([
    [sha('a')],
    [sha('b'), sha('c')],
  ]);
  expect(whole[1]?.items[1]?.datasetSha256).toBe(sha('set of c'));
});
