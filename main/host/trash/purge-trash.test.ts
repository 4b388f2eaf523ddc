import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scan } from '../../../core/dicom/types.ts';
import { EventStream } from '../events.ts';
import { type DataFolder, dataFolder } from '../folder.ts';
import { JobRunner } from '../jobs/job-runner.ts';
import { maskFolder } from '../masks/mask-files.ts';
import { objectPath } from '../objects/object-path.ts';
import { packScan } from '../parse/packed-scan.ts';
import { type Store, startStore } from '../store/store.ts';
import { finishPurges, purgeTrash } from './purge-trash.ts';

const dayMs = 24 * 60 * 60 * 1000;
let folder: DataFolder;
let store: Store;
let nowMs = 0;
const services = () => ({
  store,
  folder,
  jobs: new JobRunner(store, new EventStream(), () => nowMs),
  now: () => nowMs,
});

beforeEach(async () => {
  nowMs = 20_000 * dayMs;
  folder = dataFolder(mkdtempSync(join(tmpdir(), 'candela-trash-')));
  const started = await startStore(folder);
  if (!started.ok) throw new Error(started.problem.code);
  store = started.value;
});
afterEach(async () => {
  await store.close();
  rmSync(folder.root, { recursive: true, force: true });
});

const hashOf = (n: number): string => String(n).repeat(64).slice(0, 64);
const objectOf = (n: number): string => objectPath(folder.objects, hashOf(n));

async function addStudy(study: string, objects: readonly number[]): Promise<void> {
  const scanOf = (n: number): Scan => ({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes: {
      SOPInstanceUID: `${study}.${n}`,
      StudyInstanceUID: study,
      SeriesInstanceUID: `${study}.0`,
      PatientID: `P${study}`,
      PatientName: { alphabetic: 'Doe^Jane' },
    },
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [],
  });
  for (const n of objects) {
    mkdirSync(dirname(objectOf(n)), { recursive: true });
    writeFileSync(objectOf(n), String(n));
  }
  await store.write.call('addInstances', {
    scope: 's',
    sourceKind: 'folder',
    sourceLabel: '',
    receiptId: null,
    demo: false,
    nowMs,
    items: objects.map((n) => ({
      scan: packScan(scanOf(n)).bytes,
      fileSha256: hashOf(n),
      datasetSha256: hashOf(n),
      sizeBytes: 1,
      path: null,
      modifiedAtMs: null,
    })),
  });
}

const deleteStudy = (study: string) => store.write.call('deleteStudies', { keys: [`s.${study}`], nowMs });
const purge = () => purgeTrash(services(), new AbortController().signal);
const trashed = async (): Promise<number> => (await store.read.call('counts', { todayMs: 0 })).trash;

/** Days on which the host runs. */
async function liveDays(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    nowMs += dayMs;
    await purge();
  }
}

describe('purgeTrash', () => {
  it('erases a study after 30 days, with its files, and nothing else', async () => {
    await addStudy('1.1', [1, 2]);
    await addStudy('1.2', [3]);
    // Another study has the same file as well.
    await addStudy('1.3', [2]);
    writeFileSync(join(folder.thumbs, 'thumb.png'), 'png');
    const masks = ['s.1.1', 's.1.2'].map((key) => maskFolder(folder, key));
    for (const dir of masks) {
      mkdirSync(dir);
      writeFileSync(join(dir, 'a.bin'), 'voxels');
    }
    await purge();
    await deleteStudy('1.1');
    await liveDays(29);
    expect(await trashed()).toBe(1);
    expect(existsSync(objectOf(1))).toBe(true);
    await liveDays(1);
    expect(await trashed()).toBe(0);
    expect([1, 2, 3].map((n) => existsSync(objectOf(n)))).toEqual([false, true, true]);
    expect(readdirSync(folder.thumbs)).toEqual([]);
    expect(masks.map((dir) => existsSync(dir))).toEqual([false, true]);
    const { rows, problem } = await store.read.call('auditPage', { offset: 0, limit: 1 });
    expect([rows[0]?.event, rows[0]?.detail, problem]).toEqual(['study.purge', 's.1.1', null]);
  });

  it('is not hurried by a clock that jumps (F35)', async () => {
    await addStudy('1.1', [1]);
    await purge();
    await deleteStudy('1.1');
    const before = nowMs;
    for (const jump of [47_000 * dayMs, 0, 47_000 * dayMs, before - dayMs, before]) {
      nowMs = jump;
      await purge();
    }
    expect(existsSync(objectOf(1))).toBe(true);
    expect(await trashed()).toBe(1);
  });

  it('leaves what was brought back', async () => {
    await addStudy('1.1', [1]);
    await deleteStudy('1.1');
    await liveDays(20);
    await store.write.call('restoreStudies', { nowMs, keys: ['s.1.1'] });
    await liveDays(20);
    expect(existsSync(objectOf(1))).toBe(true);
  });

  it('goes on after a crash between the rows and the files', async () => {
    await addStudy('1.1', [1, 2]);
    await deleteStudy('1.1');
    for (let day = 0; day < 31; day += 1) {
      nowMs += dayMs;
      await store.write.call('seeDay', { nowMs });
    }
    expect(await store.write.call('purgeOne', { nowMs })).toMatchObject({ key: 's.1.1' });
    expect(existsSync(objectOf(1))).toBe(true);
    // One of the files is imported again before the next start gets to it.
    await addStudy('1.4', [2]);
    await finishPurges(services());
    expect([1, 2].map((n) => existsSync(objectOf(n)))).toEqual([false, true]);
    expect(await store.write.call('purgeIntents', null)).toEqual([]);
  });
});
