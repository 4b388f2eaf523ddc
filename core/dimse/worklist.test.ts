import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dicom/dataset.ts';
import { element, type Dataset as WriteDataset } from '../dicom/write/element.ts';
import { encodeMessageDataset, itemsAt, readMessageDataset, textAt } from './query-dataset.ts';
import {
  encodeWorklistFind,
  fitsWorklist,
  type WorklistQuery,
  type WorklistRow,
  worklistQueries,
  worklistRows,
} from './worklist.ts';

const explicit = '1.2.840.10008.1.2.1';
const read = (bytes: Uint8Array): Dataset => {
  const result = readMessageDataset(bytes, explicit);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
};
const empty: WorklistQuery = { dateFrom: '', dateTo: '', modality: '', text: '' };
const pinyin = (): readonly string[] => ['zhang san'];
const asked = (query: Partial<WorklistQuery>) =>
  worklistQueries({ ...empty, ...query }, pinyin).map((find) => read(encodeWorklistFind(find, explicit)));

describe('worklistQueries', () => {
  it('asks for every order when nothing is given', () => {
    const [dataset = [], ...more] = asked({});
    expect(more).toEqual([]);
    expect(textAt(dataset, 0x00080005)).toBe('ISO_IR 192');
    expect(dataset.map(({ keyword }) => keyword)).toEqual([
      'SpecificCharacterSet',
      'AccessionNumber',
      'ReferringPhysicianName',
      'PatientName',
      'PatientID',
      'PatientBirthDate',
      'PatientSex',
      'StudyInstanceUID',
      'RequestedProcedureDescription',
      'ScheduledProcedureStepSequence',
      'RequestedProcedureID',
    ]);
    const [step = []] = itemsAt(dataset, 0x00400100);
    expect(step.map(({ keyword }) => keyword)).toEqual([
      'Modality',
      'ScheduledStationAETitle',
      'ScheduledProcedureStepStartDate',
      'ScheduledProcedureStepStartTime',
      'ScheduledProcedureStepDescription',
      'ScheduledProcedureStepID',
      'ScheduledStationName',
    ]);
    expect(step.every(({ value }) => value === undefined)).toBe(true);
  });

  it('puts date, modality and station into the scheduled step', () => {
    const given = { dateFrom: '20260101', dateTo: '20260102', modality: 'CT', stationAeTitle: 'CT01' };
    const [dataset = []] = asked(given);
    const [step = []] = itemsAt(dataset, 0x00400100);
    expect([0x00400002, 0x00080060, 0x00400001].map((tag) => textAt(step, tag))).toEqual([
      '20260101-20260102',
      'CT',
      'CT01',
    ]);
    const [day = []] = asked({ dateFrom: '20260101', dateTo: '20260101' });
    expect(textAt(itemsAt(day, 0x00400100)[0] ?? [], 0x00400002)).toBe('20260101');
  });

  it('looks for a text as name, ID and accession number', () => {
    const keys = [0x00100010, 0x00100020, 0x00080050, 0x0020000d];
    const texts = (text: string) => asked({ text }).map((dataset) => keys.map((tag) => textAt(dataset, tag)));
    expect(texts('A1')).toEqual([
      ['', 'A1', '', ''],
      ['', '', 'A1', ''],
    ]);
    expect(texts('张三')).toEqual([
      ['*张*三*', '', '', ''],
      ['*张*三*', '', '', ''],
      ['ZHANG*SAN*', '', '', ''],
    ]);
    expect(asked({ text: '张三' }).map((dataset) => textAt(dataset, 0x00080005))).toEqual([
      'ISO_IR 192',
      'GB18030',
      'ISO_IR 192',
    ]);
    expect(texts('1.2.840.1.2')).toEqual([['', '', '', '1.2.840.1.2']]);
  });

  it('needs no pinyin', () => {
    expect(worklistQueries({ ...empty, text: '张三' })).toHaveLength(2);
  });
});

const order: WriteDataset = [
  element(0x00080050, 'SH', 'A1'),
  element(0x00100010, 'PN', 'Zhang^San=张^三'),
  element(0x00100020, 'LO', 'P1'),
  element(0x00100030, 'DA', '19700102'),
  element(0x00100040, 'CS', 'M'),
  element(0x0020000d, 'UI', '1.2.3'),
  element(0x00321060, 'LO', 'CT 胸部'),
];
const step = (...more: WriteDataset): WriteDataset => [
  element(0x00080060, 'CS', 'CT'),
  element(0x00400001, 'AE', 'CT01'),
  element(0x00400002, 'DA', '20260102'),
  element(0x00400003, 'TM', '1015'),
  element(0x00400009, 'SH', 'S1'),
  ...more,
];
const rowsOf = (...steps: readonly WriteDataset[]): readonly WorklistRow[] =>
  worklistRows(read(encodeMessageDataset([...order, element(0x00400100, 'SQ', steps)], explicit, 'GB18030')));

describe('worklistRows', () => {
  it('makes a row of each scheduled step', () => {
    const rows = rowsOf(step(element(0x00400007, 'LO', '增强')), step());
    expect(rows[0]).toEqual({
      patientName: { alphabetic: 'Zhang^San', ideographic: '张^三' },
      patientId: 'P1',
      sex: 'M',
      birthDate: '19700102',
      accessionNumber: 'A1',
      studyInstanceUID: '1.2.3',
      modality: 'CT',
      stationAeTitle: 'CT01',
      startDate: '20260102',
      startTime: '1015',
      procedure: '增强',
      procedureStepId: 'S1',
    });
    expect(rows.map(({ procedure }) => procedure)).toEqual(['增强', 'CT 胸部']);
  });

  it('keeps an order without a step', () => {
    expect(rowsOf()).toMatchObject([{ patientId: 'P1', modality: '', procedure: 'CT 胸部' }]);
  });
});

describe('fitsWorklist', () => {
  const [row] = rowsOf(step()) as [WorklistRow];
  it.each<readonly [Partial<WorklistQuery>, boolean]>([
    [{}, true],
    [{ dateFrom: '20260101', dateTo: '20260103' }, true],
    [{ dateFrom: '20260103' }, false],
    [{ dateTo: '20260101' }, false],
    [{ modality: 'CT' }, true],
    [{ modality: 'MR' }, false],
    [{ text: '张三' }, true],
    [{ text: 'zhang' }, true],
    [{ text: 'li' }, false],
    [{ text: 'P1' }, true],
    [{ text: 'A1' }, true],
    [{ text: '1.2.3' }, true],
  ])('%o: %s', (query, expected) => {
    expect(fitsWorklist(row, { ...empty, ...query })).toBe(expected);
  });

  it('does not hold against an order what the peer does not say', () => {
    const silent = { ...row, startDate: '', modality: '' };
    expect(fitsWorklist(silent, { ...empty, dateFrom: '20300101', modality: 'MR' })).toBe(true);
  });
});
