import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes } from '../../../core/dicom/types.ts';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter, type NewInstance } from './add-instances.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import { StudyList } from './list-studies.ts';
import type { WritableDatabase } from './open-database.ts';
import { findUid, readInstance, readSeries, showStudy } from './show-study.ts';
import { studyRowsOf } from './study-row.ts';
import { deleteStudies } from './study-writes.ts';
import {
  type Decision,
  decideVersions,
  differencesOf,
  listVersions,
  undecidedInstances,
} from './versions.ts';

let folder: string;
let db: WritableDatabase;
let nowMs = 1000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-versions-'));
  db = openEmptyStore(join(folder, 'index.db'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (name: string): string => name.padStart(64, '0');

/** Image `sop` of study 1.2, in the file `name`. */
function object(
  name: string,
  sop: number,
  more: Attributes = {},
  transferSyntaxUID = '1.2.840.10008.1.2.1',
): NewInstance {
  const scan = packScan({
    transferSyntaxUID,
    datasetOffset: 300,
    deflated: false,
    attributes: {
      SOPInstanceUID: `1.2.3.${sop}`,
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: '1.2.1',
      PatientID: 'P1',
      PatientName: { alphabetic: 'Doe^Jane' },
      Modality: 'CT',
      ...more,
    },
    pixel: { kind: 'native', element: 'PixelData', range: { offset: 400, length: 8 } },
    isDirectory: false,
    flags: [],
  });
  return {
    scan: scan.bytes,
    fileSha256: hashOf(name),
    datasetSha256: name,
    sizeBytes: 1000,
    path: null,
    modifiedAtMs: null,
  };
}

function add(...items: NewInstance[]) {
  nowMs += 1;
  return new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'received',
    sourceLabel: `station ${nowMs}`,
    receiptId: null,
    demo: false,
    nowMs,
    items,
  });
}

const version = (
  name: string,
  of: string,
  difference: 'transferSyntax' | 'attributes' = 'attributes',
): Decision => ({
  fileSha256: hashOf(name),
  pixelsSha256: 'p',
  of: { fileSha256: hashOf(of), difference },
});
const conflict = (name: string): Decision => ({ fileSha256: hashOf(name), pixelsSha256: 'q', of: null });
const decide = (...decisions: Decision[]) => decideVersions(db, folder, decisions);
const fileOf = (key: string) => readInstance(db, key, folder)?.fileSha256;
const rows = () =>
  studyRowsOf(
    new StudyList(db).list({
      filter: {},
      sort: [{ column: 'added', descending: false }],
      offset: 0,
      limit: 100,
      todayMs: 0,
    }).rows,
  );

describe('the same image again', () => {
  it('is undecided with its twins, and shows nothing yet', () => {
    add(object('a', 1), object('b', 2));
    const [added] = add(object('a2', 1));
    expect(added).toMatchObject({ outcome: 'stored', isUndecided: true });
    const [one, ...others] = undecidedInstances(db, folder, 10);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ fileSha256: hashOf('a2'), studyKey: 's.1.2' });
    expect(one?.twins.map(({ fileSha256 }) => fileSha256)).toEqual([hashOf('a')]);
    expect(readSeries(db, 's.1.2.1', folder)?.instances).toHaveLength(2);
    expect(listVersions(db, 's.1.2').map(({ shows }) => shows)).toEqual([true]);
  });

  it('as a version takes the place and the key, and the older is kept', () => {
    add(object('a', 1), object('b', 2));
    add(object('a2', 1, {}, '1.2.840.10008.1.2.4.70'));
    expect(decide(version('a2', 'a', 'transferSyntax'))).toEqual(['s.1.2']);
    expect(fileOf('s.1.2.3.1')).toBe(hashOf('a2'));
    expect(fileOf('s.1.2.3.1~2')).toBe(hashOf('a'));
    const shown = readSeries(db, 's.1.2.1', folder)?.instances.map(({ fileSha256 }) => fileSha256);
    expect(shown?.sort()).toEqual([hashOf('b'), hashOf('a2')]);
    expect(findUid(db, '1.2.3.1').instances).toEqual([{ instanceKey: 's.1.2.3.1', seriesKey: 's.1.2.1' }]);
    expect(rows()).toMatchObject([
      { instances: 2, bytes: 3000, series: 1, flags: [{ code: 'INSTANCE_VERSIONS' }] },
    ]);
    expect(listVersions(db, 's.1.2')).toMatchObject([
      { instanceKey: 's.1.2.3.1', shows: true, difference: 'none', source: `station ${nowMs}` },
      { instanceKey: 's.1.2.3.1~2', shows: false, difference: 'transferSyntax' },
    ]);
    expect(undecidedInstances(db, folder, 10)).toEqual([]);
  });

  it('with other pixels is a conflict, shown beside it and flagged', () => {
    add(object('a', 1));
    add(object('a2', 1));
    decide(conflict('a2'));
    expect(rows()).toMatchObject([{ instances: 2, flags: [{ code: 'UID_CONFLICT' }] }]);
    expect(showStudy(db, 's.1.2')?.series).toMatchObject([
      { instances: 2, frames: 2, flags: [{ code: 'UID_CONFLICT' }] },
    ]);
    expect(listVersions(db, 's.1.2').map(({ shows, difference }) => [shows, difference])).toEqual([
      [true, 'pixels'],
      [true, 'none'],
    ]);
  });

  it('a third time follows the one that shows, beside a conflict', () => {
    add(object('a', 1));
    add(object('x', 1));
    decide(conflict('x'));
    add(object('a2', 1));
    expect(undecidedInstances(db, folder, 10)[0]?.twins.map(({ fileSha256 }) => fileSha256)).toEqual([
      hashOf('x'),
      hashOf('a'),
    ]);
    decide(version('a2', 'a'));
    add(object('a3', 1));
    decide(version('a3', 'a2'));
    expect(fileOf('s.1.2.3.1')).toBe(hashOf('a3'));
    expect(rows()[0]).toMatchObject({ instances: 2 });
    const all = ['a', 'x', 'a2', 'a3'].map(hashOf);
    expect(differencesOf(db, all).map(({ difference }) => difference)).toEqual([
      'attributes',
      'pixels',
      'attributes',
      'none',
    ]);
  });

  it('decided twice, or gone meanwhile, changes nothing more', () => {
    add(object('a', 1));
    add(object('a2', 1));
    decide(version('a2', 'a'));
    const before = db.prepare('SELECT * FROM instances').all();
    expect(decide(version('a2', 'a'), conflict('a2'), conflict('nothing'))).toEqual([]);
    expect(db.prepare('SELECT * FROM instances').all()).toEqual(before);
  });

  it('tells what the newest says of its study', () => {
    add(object('a', 1, { StudyDescription: 'Thorax' }));
    add(object('a2', 1, { StudyDescription: 'Abdomen', AccessionNumber: '77' }));
    decide(version('a2', 'a'));
    expect(rows()).toMatchObject([{ description: 'Abdomen', accessionNumber: '77' }]);
    const match = db.prepare('SELECT count(*) FROM study_search WHERE study_search MATCH ?').pluck();
    expect(match.get('abdomen')).toBe(1);
    expect(match.get('thorax')).toBe(0);
  });
});

describe('a corrected patient', () => {
  const correct = { PatientID: 'P2', PatientName: { alphabetic: 'Roe^Jane' } };

  it('never mixes with the wrong one, and takes the study over once all images came again', () => {
    add(object('a', 1), object('b', 2));
    db.prepare("INSERT INTO reading_states VALUES ((SELECT id FROM studies), '{}', 5)").run();
    add(object('a2', 1, correct));
    decide(version('a2', 'a'));
    expect(rows().map(({ patientId, instances }) => [patientId, instances])).toEqual([
      ['P1', 1],
      ['P2', 1],
    ]);
    add(object('b2', 2, correct));
    decide(version('b2', 'b'));
    expect(rows()).toMatchObject([
      {
        studyKey: 's.1.2',
        patientId: 'P2',
        patientName: { alphabetic: 'Roe^Jane' },
        instances: 2,
        bytes: 4000,
        series: 1,
        flags: [{ code: 'INSTANCE_VERSIONS' }],
      },
    ]);
    expect(
      readSeries(db, 's.1.2.1', folder)
        ?.instances.map(({ fileSha256 }) => fileSha256)
        .sort(),
    ).toEqual([hashOf('a2'), hashOf('b2')]);
    expect(db.prepare('SELECT count(*) FROM reading_states').pluck().get()).toBe(1);
    expect(db.prepare('SELECT count(*) FROM patients').pluck().get()).toBe(1);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('stays a study of its own where pixels differ', () => {
    add(object('a', 1));
    add(object('a2', 1, correct));
    decide(conflict('a2'));
    expect(rows().map(({ patientId, instances, flags }) => [patientId, instances, flags[0]?.code])).toEqual([
      ['P1', 1, undefined],
      ['P2', 1, 'UID_CONFLICT'],
    ]);
  });

  it('brings a study back from the trash', () => {
    add(object('a', 1));
    deleteStudies(db, ['s.1.2'], 5000);
    add(object('a2', 1, correct));
    decide(version('a2', 'a'));
    expect(rows()).toMatchObject([{ studyKey: 's.1.2', patientId: 'P2', deletedAtMs: null }]);
  });
});
