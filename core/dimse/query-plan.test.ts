import { describe, expect, it } from 'vitest';
import { readMessageDataset, textAt } from './query-dataset.ts';
import {
  encodeFind,
  type FindQuery,
  findDataset,
  imageQuery,
  namePattern,
  nameSpellings,
  type StudyQuery,
  seriesQuery,
  studyQueries,
} from './query-plan.ts';

const explicit = '1.2.840.10008.1.2.1';
const empty: StudyQuery = {
  text: '',
  patientName: '',
  patientId: '',
  accessionNumber: '',
  studyInstanceUID: '',
  dateFrom: '',
  dateTo: '',
  modalities: [],
};
const pinyin = (text: string): readonly string[] => (text === '张小东' ? ['zhang xiaodong'] : []);
const keysOf = (query: Partial<StudyQuery>) =>
  studyQueries({ ...empty, ...query }, 'study', pinyin).map(({ keys }) => keys);

describe('namePattern', () => {
  it.each([
    ['zhang san', 'zhang*san*'],
    ['ZHANG^SAN', 'ZHANG*SAN*'],
    ['Doe, John', 'Doe*John*'],
    ['zh?ng*', 'zh?ng*'],
    ['张小东', '*张*小东*'],
    ['欧阳修', '*欧阳*修*'],
    ['王', '*王*'],
    ['张 小东', '*张*小*东*'],
    ['Zhang=张', '*Zhang*张*'],
  ])('%s becomes %s', (text, pattern) => {
    expect(namePattern(text)).toBe(pattern);
  });
});

describe('nameSpellings (L85)', () => {
  it('tries a Chinese name in UTF-8, in GB18030 and in pinyin', () => {
    expect(nameSpellings('张小东', pinyin)).toEqual([
      { pattern: '*张*小东*', charset: 'ISO_IR 192' },
      { pattern: '*张*小东*', charset: 'GB18030' },
      { pattern: 'ZHANG*XIAODONG*', charset: '' },
    ]);
  });

  it('passes over spellings that are none', () => {
    const odd = () => ['', '  ', 'zhāng', 'zhang'];
    expect(
      nameSpellings('张', odd)
        .slice(2)
        .map(({ pattern }) => pattern),
    ).toEqual(['ZHANG*']);
  });

  it('tries letters in capitals too, for peers where case counts', () => {
    expect(nameSpellings('Zhang', pinyin).map(({ pattern }) => pattern)).toEqual(['ZHANG*', 'Zhang*']);
    expect(nameSpellings('ZHANG', pinyin).map(({ pattern }) => pattern)).toEqual(['ZHANG*']);
    expect(nameSpellings('kim ana', pinyin).map(({ pattern }) => pattern)).toEqual([
      'KIM*ANA*',
      'Kim*Ana*',
      'kim*ana*',
    ]);
  });

  it('tries accents in UTF-8 and Latin-1, other scripts in UTF-8', () => {
    expect(nameSpellings('Müller', pinyin).map(({ charset }) => charset)).toEqual([
      'ISO_IR 192',
      'ISO_IR 100',
    ]);
    expect(nameSpellings('Иванов', pinyin).map(({ charset }) => charset)).toEqual(['ISO_IR 192']);
  });
});

describe('studyQueries', () => {
  it('asks once for everything when nothing was typed', () => {
    expect(studyQueries(empty, 'study')).toEqual([{ root: 'study', level: 'STUDY', keys: {}, charset: '' }]);
  });

  it('takes fields as they are', () => {
    expect(
      keysOf({ patientId: 'P1', accessionNumber: 'A1', dateFrom: '20260101', studyInstanceUID: '1.2' }),
    ).toEqual([{ PatientID: 'P1', AccessionNumber: 'A1', StudyDate: '20260101-', StudyInstanceUID: '1.2' }]);
    expect(keysOf({ dateTo: '20260101' })).toEqual([{ StudyDate: '-20260101' }]);
    expect(keysOf({ dateFrom: '20260101', dateTo: '20260101' })).toEqual([{ StudyDate: '20260101' }]);
    expect(keysOf({ dateFrom: '20260101', dateTo: '20260102' })).toEqual([
      { StudyDate: '20260101-20260102' },
    ]);
  });

  it('takes a text for what it can be', () => {
    expect(keysOf({ text: 'P-17' })).toEqual([{ PatientID: 'P-17' }, { AccessionNumber: 'P-17' }]);
    expect(keysOf({ text: '12345678901234567' })).toEqual([{ PatientID: '12345678901234567' }]);
    expect(keysOf({ text: '1.2.840.113619.2.1' })).toEqual([{ StudyInstanceUID: '1.2.840.113619.2.1' }]);
    const longest = `1.2.840.${'1'.repeat(56)}`;
    expect(keysOf({ text: longest })).toEqual([{ StudyInstanceUID: longest }]);
    expect(keysOf({ text: `${longest}1` })).toEqual([{ PatientID: `${longest}1` }]);
    expect(keysOf({ text: 'doe' })).toEqual([
      { PatientName: 'DOE*' },
      { PatientName: 'Doe*' },
      { PatientName: 'doe*' },
      { PatientID: 'doe' },
      { AccessionNumber: 'doe' },
    ]);
    expect(keysOf({ text: '张小东' })).toEqual([
      { PatientName: '*张*小东*' },
      { PatientName: '*张*小东*' },
      { PatientName: 'ZHANG*XIAODONG*' },
    ]);
  });

  it('asks for up to three modalities one by one, for more without the key', () => {
    expect(keysOf({ modalities: ['CT', 'MR'] })).toEqual([
      { ModalitiesInStudy: 'CT' },
      { ModalitiesInStudy: 'MR' },
    ]);
    expect(keysOf({ modalities: ['CT', 'MR', 'CR', 'DX'] })).toEqual([{}]);
  });

  it('makes no more than twelve queries', () => {
    expect(keysOf({ text: 'doe', modalities: ['CT', 'MR', 'US'] }).length).toBe(12);
  });

  it('picks a character set that has the texts', () => {
    const [query] = studyQueries({ ...empty, patientId: '病1' }, 'study');
    expect(query?.charset).toBe('ISO_IR 192');
  });
});

describe('identifiers', () => {
  const keywordsOf = (query: FindQuery): readonly string[] => {
    const read = readMessageDataset(encodeFind(query, explicit), explicit);
    if (!read.ok) throw new Error(read.problem.code);
    return read.value.map(({ keyword }) => keyword);
  };

  it('ask for all of a study, and always name a character set (L85)', () => {
    const [query] = studyQueries({ ...empty, text: '张小东', dateFrom: '20260101' }, 'study') as [FindQuery];
    const read = readMessageDataset(encodeFind(query, explicit), explicit);
    if (!read.ok) throw new Error(read.problem.code);
    expect(textAt(read.value, 0x00080005)).toBe('ISO_IR 192');
    expect(textAt(read.value, 0x00080052)).toBe('STUDY');
    expect(textAt(read.value, 0x00080020)).toBe('20260101-');
    expect(textAt(read.value, 0x00100010)).toBe('*张*小东*');
    expect(keywordsOf(query)).toEqual([
      'SpecificCharacterSet',
      'StudyDate',
      'StudyTime',
      'AccessionNumber',
      'QueryRetrieveLevel',
      'ModalitiesInStudy',
      'InstitutionName',
      'ReferringPhysicianName',
      'StudyDescription',
      'PatientName',
      'PatientID',
      'IssuerOfPatientID',
      'PatientBirthDate',
      'PatientSex',
      'StudyInstanceUID',
      'StudyID',
      'NumberOfStudyRelatedSeries',
      'NumberOfStudyRelatedInstances',
    ]);
  });

  it('name the levels above, and only the keys of their own', () => {
    const series = seriesQuery('study', '1.2');
    expect(series.keys).toEqual({ StudyInstanceUID: '1.2' });
    expect(keywordsOf(series)).not.toContain('PatientName');
    expect(keywordsOf(series)).toContain('NumberOfSeriesRelatedInstances');
    const image = imageQuery('patient', '1.2', '1.3', '病1');
    expect(image).toEqual({
      root: 'patient',
      level: 'IMAGE',
      keys: { PatientID: '病1', StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3' },
      charset: 'ISO_IR 192',
    });
    expect(findDataset(image).find(({ tag }) => tag === 0x00280010)).toEqual({
      tag: 0x00280010,
      vr: 'US',
      value: [],
    });
  });
});
