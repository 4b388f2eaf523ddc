import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Attributes } from '../../../core/dicom/types.ts';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter } from './add-instances.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import type { WritableDatabase } from './open-database.ts';
import { ruleCandidates } from './rule-candidates.ts';
import { deleteStudies, restoreStudies } from './study-writes.ts';

let folder = '';
let db: WritableDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-add-'));
  db = openEmptyStore(join(folder, 'index.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(n: number, more: Attributes = {}, nowMs = 1000): void {
  const attributes: Attributes = {
    SOPInstanceUID: `1.2.3.${n}`,
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.1',
    PatientID: 'P1',
    PatientName: { alphabetic: 'Doe^Jane' },
    Modality: 'CT',
    ...more,
  };
  const scan = packScan({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes,
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [],
  }).bytes;
  const file = { fileSha256: `file-${n}`, datasetSha256: `set-${n}`, sizeBytes: 10 };
  new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'received',
    sourceLabel: 'CT1',
    receiptId: 'r1',
    demo: false,
    nowMs,
    items: [{ scan, ...file, path: null, modifiedAtMs: null }],
  });
}

const study = () =>
  db
    .prepare(
      `SELECT arriving, deleted_at_ms AS deleted, instance_count AS instances, series_count AS series,
              bytes, modalities FROM studies`,
    )
    .get();

it('counts what goes on arriving, and marks it again where it was taken for whole or thrown away', () => {
  add(1);
  add(2);
  const first = { arriving: 1, deleted: null, instances: 2, series: 1, bytes: 20, modalities: 'CT' };
  expect(study()).toEqual(first);
  db.prepare('UPDATE studies SET arriving = 0').run();
  add(3);
  expect(study()).toEqual({ ...first, instances: 3, bytes: 30 });
  add(4, { SeriesInstanceUID: '1.2.2', Modality: 'PT' });
  expect(study()).toEqual({ ...first, instances: 4, series: 2, bytes: 40, modalities: 'CT\\PT' });
  db.prepare('UPDATE studies SET deleted_at_ms = 5').run();
  add(5);
  expect(study()).toEqual({ ...first, instances: 5, series: 2, bytes: 50, modalities: 'CT\\PT' });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
});

/** An index of `studies` is written where a column of it is named, changed or not. */
it('writes few pages for one object more', () => {
  for (let n = 0; n < 50; n++) add(n);
  db.pragma('wal_checkpoint(TRUNCATE)');
  add(50);
  const [{ log }] = db.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }];
  expect(log).toBeGreaterThan(5);
  expect(log).toBeLessThan(20);
});

it('keeps a study from the rules that more came to, or that came back from the bin, within seven days', () => {
  const dayMs = 86_400_000;
  const nowMs = 40 * dayMs;
  const taken = (atMs: number) => ruleCandidates(db, { nowMs: atMs, sources: [] }).length;
  const settle = () => db.prepare('UPDATE studies SET arriving = 0').run();
  add(1);
  settle();
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('daysSeen', 100)").run();
  expect(taken(nowMs)).toBe(1);
  add(2, {}, nowMs);
  settle();
  expect([taken(nowMs), taken(nowMs + 8 * dayMs)]).toEqual([0, 1]);
  deleteStudies(db, ['s.1.2'], nowMs);
  add(1, {}, nowMs + 8 * dayMs);
  settle();
  expect([taken(nowMs + 8 * dayMs), taken(nowMs + 16 * dayMs)]).toEqual([0, 1]);
  deleteStudies(db, ['s.1.2'], nowMs);
  restoreStudies(db, ['s.1.2'], nowMs + 16 * dayMs);
  expect([taken(nowMs + 16 * dayMs), taken(nowMs + 24 * dayMs)]).toEqual([0, 1]);
});
