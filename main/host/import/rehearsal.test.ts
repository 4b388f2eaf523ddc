import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dataFolder } from '../folder.ts';
import { CopyPool } from '../objects/copy-pool.ts';
import { createParseService } from '../parse/service.ts';
import { type Store, startStore } from '../store/store.ts';
import { freeBytesOf } from './free-space.ts';
import { rehearseImport } from './rehearsal.ts';

let root = '';
let store: Store;
const parse = createParseService();
const copies = new CopyPool(1);

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'candela-test-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, root);
  const started = await startStore(dataFolder(join(root, 'data')));
  if (!started.ok) throw new Error(started.problem.code);
  store = started.value;
});
afterEach(async () => {
  await Promise.all([store.close(), copies.close(), parse.close()]);
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

it('goes the whole road and leaves nothing behind', async () => {
  const folder = dataFolder(join(root, 'data'));
  const before = readdirSync(folder.root, { recursive: true }).sort();
  const imports = {
    folder,
    scanner: { scan: () => Promise.reject(new Error('not used')) },
    parse,
    copies,
    freeBytes: freeBytesOf,
    unknownObjects: () => Promise.reject(new Error('not used')),
    now: Date.now,
  };
  expect(await rehearseImport({ imports, store, parse }, new AbortController().signal)).toBe(96);
  expect(readdirSync(folder.root, { recursive: true }).sort()).toEqual(before);
  expect(readdirSync(root)).toEqual(['data']);
  const sort = [{ column: 'studyDate' as const, descending: true }];
  const list = await store.read.call('list', {
    filter: { query: '' },
    sort,
    offset: 0,
    limit: 10,
    todayMs: 0,
  });
  expect(list.total).toBe(0);
});
