import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes, Scan } from '../../../../core/dicom/types.ts';
import { packScan } from '../../parse/packed-scan.ts';
import { InstanceWriter, scanBlobLimit } from '../add-instances.ts';
import { type Migration, migrate, migrations } from '../migrate.ts';
import { openWritable, type WritableDatabase } from '../open-database.ts';
import { queryIndexes } from '../query-indexes.ts';
import { decideVersions } from '../versions.ts';
import { queryIndex } from './0006-query-index.ts';

let folder: string;
let db: WritableDatabase;

const openNew = (): WritableDatabase => {
  const opened = openWritable(':memory:');
  if (!opened.ok) throw new Error(opened.problem.code);
  expect(migrate(opened.value, { backupDir: null, freeBytes: 1e12 }).ok).toBe(true);
  return opened.value;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-migration-'));
  db = openNew();
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (name: string): string => name.padStart(64, '0');

function add(name: string, attributes: Attributes, extra: Partial<Scan> = {}): boolean {
  const { bytes } = packScan({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes: {
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: '1.2.1',
      PatientID: 'P1',
      PatientName: { alphabetic: 'Doe^Jane' },
      Modality: 'CT',
      ...attributes,
    },
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [],
    ...extra,
  });
  const file = { fileSha256: hashOf(name), datasetSha256: name, sizeBytes: 10, path: null };
  const [added] = new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'received',
    sourceLabel: 'CT1',
    receiptId: null,
    demo: false,
    nowMs: 1000,
    items: [{ ...file, scan: bytes, modifiedAtMs: null }],
  });
  return added?.isUndecided === true;
}
const decide = (name: string, of: string | null): void => {
  const before = of === null ? null : { fileSha256: hashOf(of), difference: 'attributes' as const };
  decideVersions(db, folder, [{ fileSha256: hashOf(name), pixelsSha256: null, of: before }]);
};

const columns = ['study_id', 'referring_physician', 'referring_folded'];
const filled = () => db.prepare(`SELECT study_key, ${columns.join(', ')} FROM studies ORDER BY id`).all();

/** As the store was before: without the columns and later indexes, under the index of 0006. */
function takeBack(): void {
  for (const index of Object.keys(queryIndexes)) db.exec(`DROP INDEX ${index}`);
  db.exec('DROP INDEX studies_by_frames; CREATE INDEX studies_by_instances ON studies (instance_count)');
  for (const column of [...columns, 'frame_count', 'cut_off'])
    db.exec(`ALTER TABLE studies DROP COLUMN ${column}`);
  db.exec(/CREATE INDEX studies_for_queries[^;]*;/.exec(queryIndex.sql)![0]);
  db.pragma('user_version = 6');
}
const again = (steps: readonly Migration[] = migrations) =>
  migrate(db, { backupDir: null, freeBytes: 1e12, scansDir: folder, steps });

describe('study IDs and referring physicians of a store of before', () => {
  it('are what an import of today writes', () => {
    const name = { alphabetic: 'Müller^Ä ', ideographic: '王^伟' };
    add('a', { SOPInstanceUID: '1', StudyID: 'S1', ReferringPhysicianName: name });
    add('b', { SOPInstanceUID: '2', StudyInstanceUID: '1.3', StudyID: '' });
    add('c', { SOPInstanceUID: '3', StudyInstanceUID: '1.4', SeriesInstanceUID: '1.4.2', StudyID: 'first' });
    add('d', { SOPInstanceUID: '4', StudyInstanceUID: '1.4', SeriesInstanceUID: '1.4.1', StudyID: 'second' });
    const before = filled();
    expect(before).toMatchObject([
      { study_id: 'S1', referring_physician: 'Müller^Ä=王^伟', referring_folded: '=muller^a=王^伟==' },
      { study_id: '', referring_physician: '', referring_folded: '====' },
      { study_id: 'first' },
    ]);
    takeBack();
    expect(again()).toEqual({ ok: true, value: { from: 6, to: migrations.length } });
    expect(filled()).toEqual(before);
    expect(db.pragma('index_info(studies_for_queries)')).toContainEqual(
      expect.objectContaining({ name: 'referring_folded' }),
    );
  });

  it('come from scans beside the index as well, and those that are lost cost their study only', () => {
    const large = { flags: [], sharedFrame: { StackID: 'x'.repeat(scanBlobLimit) } };
    add('a', { SOPInstanceUID: '1', StudyID: 'large' }, large);
    add('b', { SOPInstanceUID: '2', StudyInstanceUID: '1.3', StudyID: 'small' });
    expect(readdirSync(folder)).toEqual([`${hashOf('a')}.scan`]);
    takeBack();
    expect(again().ok).toBe(true);
    expect(filled()).toMatchObject([{ study_id: 'large' }, { study_id: 'small' }]);
    takeBack();
    rmSync(join(folder, `${hashOf('a')}.scan`));
    expect(again().ok).toBe(true);
    expect(filled()).toMatchObject([{ study_id: '' }, { study_id: 'small' }]);
  });

  it('are those of the newest version, whatever came in which order', () => {
    const object = fc.record({
      study: fc.integer({ min: 1, max: 2 }),
      sop: fc.integer({ min: 1, max: 4 }),
      StudyID: fc.constantFrom('', 'A', 'B', 'C'),
      referring: fc.constantFrom('', 'Roe', 'Doe^J'),
      description: fc.constantFrom('Thorax', 'Knee'),
      isVersion: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 12 }), (objects) => {
        db.close();
        db = openNew();
        const shown = new Map<string, string>();
        for (const [n, { study, sop, StudyID, referring, description, isVersion }] of objects.entries()) {
          const uid = `1.${study}.${sop}`;
          const isUndecided = add(`o${n}`, {
            SOPInstanceUID: uid,
            StudyInstanceUID: `1.${study}`,
            SeriesInstanceUID: `1.${study}.${sop % 2}`,
            StudyID,
            ReferringPhysicianName: { alphabetic: referring },
            StudyDescription: description,
          });
          if (isUndecided) decide(`o${n}`, isVersion ? shown.get(uid)! : null);
          if (!isUndecided || isVersion) shown.set(uid, `o${n}`);
        }
        const before = filled();
        takeBack();
        expect(again().ok).toBe(true);
        expect(filled()).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('are those of a corrected patient', () => {
    add('a', { SOPInstanceUID: '1', StudyID: 'old' });
    const correct = { PatientID: 'P2', PatientName: { alphabetic: 'Roe^Jane' } };
    expect(add('a2', { SOPInstanceUID: '1', StudyID: 'new', ...correct })).toBe(true);
    decide('a2', 'a');
    const before = filled();
    expect(before).toMatchObject([{ study_key: 's.1.2', study_id: 'new' }]);
    takeBack();
    expect(again().ok).toBe(true);
    expect(filled()).toEqual(before);
  });

  it('are all there or none of them', () => {
    add('a', { SOPInstanceUID: '1', StudyID: 'S1' });
    takeBack();
    const bad: Migration = {
      version: migrations.length + 1,
      name: 'bad',
      sql: '',
      fill: () => {
        throw new Error('the power is gone');
      },
    };
    expect(again([...migrations, bad])).toMatchObject({ ok: false, problem: { code: 'MIGRATION_FAILED' } });
    expect(db.pragma('user_version', { simple: true })).toBe(6);
    expect(() => filled()).toThrow(/no such column/);
    expect(db.pragma('index_info(studies_for_queries)')).toHaveLength(13);
    expect(again().ok).toBe(true);
    expect(filled()).toMatchObject([{ study_id: 'S1' }]);
  });
});
