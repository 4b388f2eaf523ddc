import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { StorageSettings } from '../../core/contract/storage.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';

/** reliability.md A9, B5, B6, B9, F22, F23, F35: what the store does to itself, and never does. */
let folder: ReturnType<typeof temporaryFolder>;
let host: Host;
const dayMs = 24 * 60 * 60 * 1000;
const startMs = Date.UTC(2026, 2, 1, 12);
let nowMs = startMs;
const inside = (name: string): string => join(folder.path, name);
const key = (study: number): string => `s.1.2.3.${study}`;

beforeEach(async () => {
  folder = temporaryFolder();
  nowMs = startMs;
  host = await openHost(inside('data'), { clock: () => nowMs });
});
afterEach(async () => {
  await host.close();
  folder.remove();
});

async function put(study: number, count = 2, sizeBytes = 0): Promise<void> {
  writeSlices(inside(`in${study}`), study, count, sizeBytes);
  await importPaths(host, [inside(`in${study}`)]);
}
const objects = (): string[] =>
  readdirSync(inside('data/objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Days on which Candela runs, one after another: each looks at the trash, as a lasting host does. */
async function live(days: number): Promise<void> {
  const { WorkerClient } = await import('../../main/host/worker-rpc.ts');
  await host.close();
  const { startStore } = await import('../../main/host/store/store.ts');
  const { dataFolder } = await import('../../main/host/folder.ts');
  const store = await startStore(dataFolder(inside('data')));
  if (!store.ok) throw new Error(store.problem.code);
  expect(store.value.write).toBeInstanceOf(WorkerClient);
  for (let day = 0; day < days; day += 1) {
    nowMs += dayMs;
    await store.value.write.call('seeDay', { nowMs });
  }
  await store.value.close();
  host = await openHost(inside('data'), { clock: () => nowMs });
}

describe('the scrub', () => {
  const corrupt = (path: string): void => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(path, bytes);
  };

  it('F22, F23: on the first opening after 90 days, damage is found, marked and counted', async () => {
    await put(1, 4);
    const [first, second] = objects();
    corrupt(first!);
    rmSync(second!);
    await ask(host, 'series.plan', { seriesKey: 's.1.2.3.1.0', purpose: 'read' });
    nowMs += 89 * dayMs;
    await ask(host, 'series.plan', { seriesKey: 's.1.2.3.1.0', purpose: 'read' });
    expect((await ask(host, 'storage.status', {})).scrub).toEqual({
      checked: 4,
      total: 4,
      corrupt: 0,
      missing: 0,
    });
    nowMs += 2 * dayMs;
    expect((await ask(host, 'storage.status', {})).scrub).toMatchObject({ checked: 0, total: 4 });
    await ask(host, 'series.plan', { seriesKey: 's.1.2.3.1.0', purpose: 'read' });
    await expect
      .poll(async () => (await ask(host, 'storage.status', {})).scrub)
      .toEqual({ checked: 2, total: 4, corrupt: 1, missing: 1 });
    const { instances } = await ask(host, 'series.plan', { seriesKey: 's.1.2.3.1.0' });
    const codes = instances.flatMap(({ flags }) => flags.map(({ code }) => code));
    expect(codes).toContain('OBJECT_CORRUPT');
    expect(codes).toContain('FILE_MISSING');
    // The rest of the study opens; a right file in its place is right again.
    expect(instances).toHaveLength(4);
    await importPaths(host, [inside('in1')]);
    const { jobId } = await ask(host, 'verify.start', {});
    expect((await jobEnd(host, jobId)).counts).toMatchObject({ stored: 4, broken: 0 });
    expect((await ask(host, 'storage.status', {})).scrub).toMatchObject({ corrupt: 0, missing: 0 });
  });

  it('in idle time, reads slowly, stops at once, and goes on where objects are due', async () => {
    const { scrub } = await import('../../main/host/storage/scrub.ts');
    const { servicesOf } = await import('../fixtures/services.ts');
    await put(1, 40, 20_000);
    await host.close();
    nowMs += 91 * dayMs;
    const services = await servicesOf(inside('data'), () => nowMs);
    const stop = new AbortController();
    corrupt(objects()[3]!);
    const bytesPerSecond = 800_000;
    const begun = performance.now();
    let pages = 0;
    const some = await scrub(services, {
      signal: stop.signal,
      bytesPerSecond,
      mayGoOn: () => pages++ < 2,
    });
    expect(some).toMatchObject({ checked: 32, isDone: false });
    expect(performance.now() - begun).toBeGreaterThan(600);
    const rest = await scrub(services, { signal: stop.signal, mayGoOn: () => true });
    expect(rest).toMatchObject({ checked: 8, isDone: true });
    expect(some.damaged + rest.damaged).toBe(1);
    stop.abort();
    expect(await scrub(services, { signal: stop.signal, mayGoOn: () => true })).toMatchObject({ checked: 0 });
    await services.store.close();
    await services.imports.copies.close();
    host = await openHost(inside('data'), { clock: () => nowMs });
  });
});

describe('rules', () => {
  const rules = (more: Partial<StorageSettings['rules']>): StorageSettings => ({
    rules: { enabled: true, olderThanDays: null, atMostBytes: null, sources: [], ...more },
    backupFolder: null,
    backupDaily: false,
  });
  const preview = async (more: Partial<StorageSettings['rules']>) =>
    (await ask(host, 'storage.preview', { storage: rules(more) })).studyKeys;
  const blank = { items: [], lines: [], masks: [], bones: [], bookmarks: [], cells: [1] };

  it('never touch what is starred, annotated, or younger than seven days', async () => {
    for (const study of [1, 2, 3, 4, 5]) await put(study);
    await ask(host, 'studies.setStarred', { studyKeys: [key(1)], starred: true });
    const state = (pools: object): string => JSON.stringify({ version: 1, pools });
    await ask(host, 'reading.save', { studyKey: key(2), state: state({ ...blank, items: [{}] }) });
    await ask(host, 'reading.save', { studyKey: key(3), state: 'another format' });
    // Looked at, but nothing made of it.
    await ask(host, 'reading.save', { studyKey: key(4), state: state(blank) });
    expect(await preview({ olderThanDays: 7, atMostBytes: 0 })).toEqual([]);
    await live(40);
    expect(await preview({})).toEqual([]);
    expect(await preview({ olderThanDays: 30 })).toEqual([key(4), key(5)]);
    expect(await preview({ olderThanDays: 60 })).toEqual([]);
    await ask(host, 'series.plan', { seriesKey: 's.1.2.3.4.0', purpose: 'read' });
    expect(await preview({ olderThanDays: 30, atMostBytes: 0 })).toEqual([key(5)]);
    expect(await preview({ olderThanDays: 30, sources: ['received'] })).toEqual([]);
    expect(await ask(host, 'storage.applyRules', {})).toEqual({ moved: 0 });
    await ask(host, 'settings.set', { changes: { storage: rules({ olderThanDays: 30 }) } });
    expect(await ask(host, 'storage.applyRules', {})).toEqual({ moved: 1 });
    expect((await listAll(host)).total).toBe(4);
    expect(await ask(host, 'studies.restore', { studyKeys: [key(5)] })).toEqual({ restored: 1 });
    const { rows, intact } = await ask(host, 'audit.list', { offset: 0, limit: 50 });
    expect(intact).toBe(true);
    expect(rows.filter(({ event }) => event === 'store.evict')).toMatchObject([{ detail: key(5) }]);
  });

  it('keep the store below a size, oldest first, and no more than needed', async () => {
    for (const study of [1, 2, 3, 4]) {
      await put(study, 2, 10_000);
      nowMs += 1000;
    }
    await live(10);
    const total = (await ask(host, 'storage.status', {})).used.find(({ part }) => part === 'objects')!.bytes;
    expect(await preview({ atMostBytes: total })).toEqual([]);
    expect(await preview({ atMostBytes: total - 1 })).toEqual([key(1)]);
    expect(await preview({ atMostBytes: Math.floor(total / 2) })).toEqual([key(1), key(2)]);
  });

  it('F35: a clock that jumps makes nothing old', async () => {
    await put(1);
    nowMs = Date.UTC(2099, 0, 1);
    expect(await preview({ olderThanDays: 30, atMostBytes: 0 })).toEqual([]);
    await live(1);
    expect(await preview({ olderThanDays: 30, atMostBytes: 0 })).toEqual([]);
  });
});

describe('the trash', () => {
  it('is emptied when somebody asks, with its files, and nothing else', async () => {
    await put(1);
    await put(2);
    await ask(host, 'studies.delete', { studyKeys: [key(1)] });
    const before = objects().length;
    const emptied = await ask(host, 'storage.emptyTrash', {});
    expect(emptied).toMatchObject({ studies: 1 });
    expect(emptied.bytes).toBeGreaterThan(0);
    expect(objects()).toHaveLength(before - 2);
    expect((await listAll(host)).rows).toMatchObject([{ studyKey: key(2) }]);
    expect(await ask(host, 'storage.emptyTrash', {})).toEqual({ studies: 0, bytes: 0 });
    expect(await ask(host, 'studies.restore', { studyKeys: [key(1)] })).toEqual({ restored: 0 });
  });
});

describe('snapshots', () => {
  it('are taken once a day, checked, and listed', async () => {
    const { snapshotDaily } = await import('../../main/host/storage/upkeep.ts');
    const { servicesOf } = await import('../fixtures/services.ts');
    await put(1);
    await host.close();
    const services = await servicesOf(inside('data'), () => nowMs);
    expect(await snapshotDaily(services)).toMatchObject({ atMs: nowMs });
    expect(await snapshotDaily(services)).toBeNull();
    for (let day = 0; day < 30; day += 1) {
      nowMs += dayMs;
      expect(await snapshotDaily(services)).not.toBeNull();
    }
    await services.store.close();
    host = await openHost(inside('data'), { clock: () => nowMs });
    const { snapshots } = await ask(host, 'storage.status', {});
    const ages = snapshots.map(({ atMs }) => Math.round((nowMs - atMs) / dayMs));
    expect(ages.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(snapshots.length).toBeLessThanOrEqual(11);
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(15);
  });
});
