import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DataFolder, dataFolder } from '../folder.ts';
import { CopyPool } from '../objects/copy-pool.ts';
import { createParseService } from '../parse/service.ts';
import { type Store, startStore } from '../store/store.ts';
import { freeBytesOf } from './free-space.ts';
import { rehearseImport, rehearseSoon } from './rehearsal.ts';

let root = '';
let store: Store;
let parse: ReturnType<typeof createParseService>;
let copies: CopyPool;

beforeEach(async () => {
  parse = createParseService();
  copies = new CopyPool(1);
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

/** Folders of rehearsals, wherever this process makes them. */
const rehearsals = (): string[] =>
  [root, '/dev/shm']
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((name) => name.startsWith(`candela-rehearsal-${process.pid}-`));

const importsInto = (folder: DataFolder) => ({
  folder,
  scanner: { scan: () => Promise.reject(new Error('not used')) },
  parse,
  copies,
  freeBytes: freeBytesOf,
  unknownObjects: () => Promise.reject(new Error('not used')),
  now: Date.now,
});

it('goes the whole road and leaves nothing behind', async () => {
  const folder = dataFolder(join(root, 'data'));
  const before = readdirSync(folder.root, { recursive: true }).sort();
  const imports = importsInto(folder);
  expect(await rehearseImport({ imports, store, parse }, new AbortController().signal)).toBe(400);
  expect(readdirSync(folder.root, { recursive: true }).sort()).toEqual(before);
  expect(rehearsals()).toEqual([]);
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

it.runIf(process.platform === 'linux' && existsSync('/dev/shm'))(
  'removes what a killed one left',
  async () => {
    const [abandoned, others] = [
      '/dev/shm/candela-rehearsal-99999999-test',
      `/dev/shm/candela-rehearsal-1-${process.pid}`,
    ];
    for (const path of [abandoned, others]) mkdirSync(join(path, 'source'), { recursive: true });
    const stop = new AbortController();
    stop.abort();
    await rehearseImport({ imports: importsInto(dataFolder(join(root, 'data'))), store, parse }, stop.signal);
    expect(existsSync(abandoned)).toBe(false);
    expect(existsSync(others)).toBe(true);
    rmSync(others, { recursive: true });
  },
);

it('waits until nobody asks, stops when somebody does, and is done once', async () => {
  const imports = importsInto(dataFolder(join(root, 'data')));
  let quietMs = 0;
  let ended = 0;
  const call = store.write.call.bind(store.write);
  let isFirst = true;
  const counted: typeof call = async (name, input) => {
    if (name === 'endRehearsal') ended += 1;
    // Somebody asks as the first rows come, and is seen before they are written.
    if (name === 'rehearse' && isFirst) {
      isFirst = false;
      quietMs = 0;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return call(name, input);
  };
  const write = { ...store.write, call: counted };
  const services = { imports, store: { ...store, write }, parse, jobs: { isIdle: true } };
  const rehearsed = vi.fn();
  const needed = services as unknown as Parameters<typeof rehearseSoon>[0];
  const end = rehearseSoon(needed, () => quietMs, rehearsed);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(rehearsals()).toEqual([]);
  quietMs = 2000;
  await vi.waitFor(() => expect(ended).toBe(1), 20_000);
  await vi.waitFor(() => expect(rehearsals()).toEqual([]), 20_000);
  quietMs = 2000;
  await vi.waitFor(() => expect(ended).toBe(2), 20_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(ended).toBe(2);
  expect(rehearsed).toHaveBeenCalledOnce();
  await end();
  expect(rehearsals()).toEqual([]);
});
