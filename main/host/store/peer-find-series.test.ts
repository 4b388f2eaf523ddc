import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes, Scan } from '../../../core/dicom/types.ts';
import type { WriteCharset } from '../../../core/dicom/write/charset-encode.ts';
import { readMessageDataset, textAt } from '../../../core/dimse/query-dataset.ts';
import { type QueryLevel, queryKeys } from '../../../core/dimse/query-keys.ts';
import { encodeFind } from '../../../core/dimse/query-plan.ts';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter, scanBlobLimit } from './add-instances.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import type { WritableDatabase } from './open-database.ts';
import { answerPeer, findForPeer } from './peer-find.ts';

const syntax = '1.2.840.10008.1.2.1';
let folder: string;
let db: WritableDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-series-'));
  db = openEmptyStore();
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(n: number, attributes: Attributes, extra: Partial<Scan> = {}): void {
  const { bytes } = packScan({
    transferSyntaxUID: syntax,
    datasetOffset: 300,
    deflated: false,
    attributes: {
      SOPInstanceUID: `1.2.3.${n}`,
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: `1.2.${n}`,
      PatientID: 'P1',
      PatientName: { alphabetic: 'Doe^Jane' },
      Modality: 'CT',
      StudyID: 'S7',
      ReferringPhysicianName: { alphabetic: 'Ward^Rita', ideographic: '王^丽' },
      InstitutionName: 'General Hospital',
      ...attributes,
    },
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [],
    ...extra,
  });
  const file = { fileSha256: String(n).padStart(64, '0'), datasetSha256: `d${n}`, sizeBytes: 10, path: null };
  new InstanceWriter(db, folder).add({
    scope: 's',
    sourceKind: 'received',
    sourceLabel: 'CT1',
    receiptId: null,
    demo: false,
    nowMs: 1000,
    items: [{ ...file, scan: bytes, modifiedAtMs: null }],
  });
}

/** Values of the answers, in their order; all at once. */
function find(
  level: QueryLevel,
  keys: Readonly<Record<string, string>>,
  wanted: readonly string[],
  root: 'study' | 'patient' = 'study',
  charset: WriteCharset = 'ISO_IR 192',
): { status: number; rows: string[][] } {
  const identifier = encodeFind({ root, level, keys, charset }, syntax);
  const asked = { identifier, transferSyntaxUid: syntax, root, aeTitle: 'CANDELA' };
  const found = findForPeer(db, asked);
  if (!found.ok) throw new Error(found.refusal.problem.code);
  const { answers, status } = answerPeer(db, { ...asked, cursor: found.cursor, limit: 50 }, folder);
  const tags = wanted.map((keyword) => queryKeys.find((key) => key.keyword === keyword)!.tag);
  const rows = answers.map((bytes) => {
    const dataset = readMessageDataset(bytes, syntax);
    if (!dataset.ok) throw new Error(dataset.problem.code);
    return tags.map((tag) => textAt(dataset.value, tag));
  });
  return { status, rows };
}

describe('what peers ask of a study and below', () => {
  it('has what only objects know, also where their scans lie beside the index', () => {
    add(
      1,
      { SeriesDate: '20260102', StationName: 'CT1' },
      { sharedFrame: { StackID: 'x'.repeat(scanBlobLimit) } },
    );
    add(2, { SeriesDate: '20260203', StationName: 'CT2' });
    expect(readdirSync(folder)).toHaveLength(1);
    const series = (keys: Readonly<Record<string, string>>) =>
      find('SERIES', { StudyInstanceUID: '1.2', ...keys }, ['SeriesInstanceUID', 'StationName', 'SeriesDate'])
        .rows;
    expect(series({}).sort()).toEqual([
      ['1.2.1', 'CT1', '20260102'],
      ['1.2.2', 'CT2', '20260203'],
    ]);
    expect(series({ SeriesDate: '20260101-20260131' })).toEqual([['1.2.1', 'CT1', '20260102']]);
    expect(series({ StationName: 'CT?', SeriesDate: '20260203' })).toEqual([['1.2.2', 'CT2', '20260203']]);
  });

  it('is met and answered by study ID, referring physician and institution, at every level', () => {
    add(1, {});
    add(2, {
      SOPInstanceUID: '1.3.1',
      StudyInstanceUID: '1.3',
      StudyID: 'S8',
      ReferringPhysicianName: { alphabetic: '' },
    });
    const wanted = ['StudyID', 'ReferringPhysicianName', 'InstitutionName'];
    const row = ['S7', 'Ward^Rita=王^丽', 'General Hospital'];
    const met = { StudyID: 'S?', ReferringPhysicianName: 'ward', InstitutionName: 'Gen*' };
    expect(find('STUDY', met, wanted)).toEqual({ status: 0xff00, rows: [row] });
    expect(find('STUDY', { ReferringPhysicianName: '=王*' }, wanted).rows).toEqual([row]);
    expect(find('STUDY', { ReferringPhysicianName: 'rita' }, wanted).rows).toEqual([]);
    expect(find('STUDY', { PatientID: 'P1', StudyID: 'S8' }, wanted, 'patient').rows).toEqual([
      ['S8', '', 'General Hospital'],
    ]);
    const inStudy = { StudyInstanceUID: '1.2', ...met };
    expect(find('SERIES', inStudy, wanted).rows).toEqual([row]);
    expect(find('IMAGE', { ...inStudy, SeriesInstanceUID: '1.2.1' }, wanted).rows).toEqual([row]);
    expect(find('SERIES', { ...inStudy, StudyID: 'S8' }, wanted).rows).toEqual([]);
  });

  it.each<readonly [WriteCharset, string, string[]]>([
    ['GB18030', '王*', ['Ward^Rita=王^丽']],
    ['GB18030', '丽*', []],
    ['ISO_IR 100', 'WÄRD*', ['Ward^Rita=王^丽']],
    ['ISO_IR 192', '*=王^丽', ['Ward^Rita=王^丽']],
  ])('finds a referring physician asked for in %s: %s', (charset, asked, found) => {
    add(1, {});
    const keys = { ReferringPhysicianName: asked };
    const { rows } = find('STUDY', keys, ['ReferringPhysicianName'], 'study', charset);
    expect(rows.flat()).toEqual(found);
  });

  it('counts what else is there of the patient, also in the study root', () => {
    add(1, {});
    add(2, {});
    add(3, { StudyInstanceUID: '1.3' });
    const counts = [
      'NumberOfPatientRelatedStudies',
      'NumberOfPatientRelatedSeries',
      'NumberOfPatientRelatedInstances',
    ];
    const asked = Object.fromEntries(counts.map((keyword) => [keyword, '']));
    expect(find('STUDY', { StudyInstanceUID: '1.3', ...asked }, counts).rows).toEqual([['2', '3', '3']]);
    expect(find('PATIENT', asked, counts, 'patient').rows).toEqual([['2', '3', '3']]);
  });
});
