import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pictureCount } from '../../../core/dicom/picture-count.ts';
import type { PixelLocation } from '../../../core/dicom/types.ts';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter } from './add-instances.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import { StudyList } from './list-studies.ts';
import { migrate } from './migrate.ts';
import { studyFrames } from './migrations/0009-study-frames.ts';
import type { WritableDatabase } from './open-database.ts';
import { recount } from './recount.ts';
import { showStudy } from './show-study.ts';
import { studyRowsOf } from './study-row.ts';

let folder: string;
let db: WritableDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-frames-'));
  db = openEmptyStore(join(folder, 'index.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const ct = '1.2.840.10008.5.1.4.1.1.2';
const native: PixelLocation = { kind: 'native', element: 'PixelData', range: { offset: 500, length: 8 } };
let files = 0;
const item = (study: string, series: string, sopClass: string, frames: number) => {
  files += 1;
  const attributes = {
    SOPClassUID: sopClass,
    SOPInstanceUID: `1.9.${files}`,
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.${series}`,
    PatientID: 'P1',
    PatientName: { alphabetic: 'Doe^Jane' },
    ...(frames > 1 && { NumberOfFrames: frames }),
  };
  const scan = packScan({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes,
    pixel: frames === 0 ? { kind: 'none' } : native,
    isDirectory: false,
    flags: [],
  }).bytes;
  return {
    scan,
    fileSha256: `f${files}`,
    datasetSha256: `d${files}`,
    sizeBytes: 1,
    path: null,
    modifiedAtMs: null,
  };
};
const add = (items: readonly ReturnType<typeof item>[]) =>
  new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'disc',
    sourceLabel: '',
    receiptId: null,
    demo: false,
    nowMs: 1,
    items,
  });
const counts = () =>
  db
    .prepare(
      'SELECT study_uid AS uid, instance_count AS objects, frame_count AS frames FROM studies ORDER BY id',
    )
    .all();

const xa = '1.2.840.10008.5.1.4.1.1.12.1';
const report = '1.2.840.10008.5.1.4.1.1.88.11';
/** A loop and two pictures with a report; a report alone; a header that claims the impossible, and one more object. */
const all = () => {
  add([item('1.1', '1', xa, 96), item('1.1', '2', ct, 1), item('1.2', '1', report, 0)]);
  add([item('1.1', '2', ct, 1), item('1.1', '3', report, 0), item('1.3', '1', ct, 2_000_000_000)]);
  add([item('1.3', '1', ct, 1)]);
};
const expected = [
  { uid: '1.1', objects: 4, frames: 98 },
  { uid: '1.2', objects: 1, frames: 0 },
  { uid: '1.3', objects: 2, frames: 2 },
];

it('counts what arrives in steps, again from the rows, and in a store of before alike', () => {
  all();
  expect(counts()).toEqual(expected);
  const ids = db.prepare('SELECT id FROM studies').pluck().all() as number[];
  db.exec('UPDATE studies SET frame_count = 7');
  for (const id of ids) recount(db, id);
  expect(counts()).toEqual(expected);
  db.exec('DROP INDEX studies_by_frames; ALTER TABLE studies DROP COLUMN frame_count');
  db.exec('ALTER TABLE studies DROP COLUMN cut_off');
  db.exec('CREATE INDEX studies_by_instances ON studies (instance_count)');
  db.pragma(`user_version = ${studyFrames.version - 1}`);
  expect(migrate(db, { backupDir: null, freeBytes: 1e12 }).ok).toBe(true);
  expect(counts()).toEqual(expected);
});

it('is what the series of a study show together, and what the list sorts by', () => {
  all();
  const sort = [{ column: 'frames', descending: true }] as const;
  const { rows } = new StudyList(db).list({ filter: {}, sort, offset: 0, limit: 9, todayMs: 0 });
  const listed = studyRowsOf(rows);
  expect(listed.map(({ frames }) => frames)).toEqual([98, 2, 0]);
  for (const row of listed) {
    const series = showStudy(db, row.studyKey)!.series.filter(({ category }) => category === 'image');
    expect(series.reduce((sum, one) => sum + pictureCount(one), 0)).toBe(row.frames);
  }
});
