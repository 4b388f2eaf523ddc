import { describe, expect, it } from 'vitest';
import type { WriteCharset } from '../dicom/write/charset-encode.ts';
import { type Dataset, element } from '../dicom/write/element.ts';
import { hexBytes } from './command-fixtures.ts';
import { encodeMessageDataset, readMessageDataset, textAt } from './query-dataset.ts';
import { queryKeyOf, queryKeys } from './query-keys.ts';
import {
  encodeAnswer,
  type FindRecord,
  type FindRequest,
  matchesRecord,
  parseFindIdentifier,
  pendingStatus,
} from './query-request.ts';
import type { QueryRoot } from './service-table.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';

/** The identifier that DCMTK's findscu 3.6.7 sent for -S -k 0052=STUDY -k 0010,0010=* -k 0008,0020=20000101- … */
const findscu =
  hexBytes(`0800050043530a0049534f5f4952203139320800200044410a0032303030303130312d2008005200435306005354
  554459200800610043530000 10001000504e02002a20 20000d0055490000`);

const tagOf = (keyword: string): number => queryKeys.find((key) => key.keyword === keyword)!.tag;
const vrOf = (keyword: string): string => queryKeyOf.get(tagOf(keyword))!.vr;

function identifier(level: string, keys: Readonly<Record<string, string | readonly string[]>>): Dataset {
  return [
    element(0x00080052, 'CS', level),
    ...Object.entries(keys).map(([keyword, value]) =>
      element(tagOf(keyword), vrOf(keyword) === 'US' ? 'US' : vrOf(keyword), value),
    ),
  ];
}

function parse(dataset: Dataset, root: QueryRoot = 'study', charset: WriteCharset = 'ISO_IR 192') {
  return parseFindIdentifier(encodeMessageDataset(dataset, explicit, charset), explicit, root);
}
function requestOf(dataset: Dataset, root: QueryRoot = 'study', charset: WriteCharset = 'ISO_IR 192') {
  const parsed = parse(dataset, root, charset);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return parsed.request;
}
const find = (level: string, keys: Readonly<Record<string, string | readonly string[]>>): FindRequest =>
  requestOf(identifier(level, keys));

const study: FindRecord = {
  StudyInstanceUID: '1.2.3',
  PatientName: { alphabetic: 'Zhang^San', ideographic: '张^三' },
  PatientID: 'P1',
  PatientBirthDate: '19700102',
  PatientSex: 'M',
  StudyDate: '20260103',
  StudyTime: '101530',
  AccessionNumber: 'A-7',
  StudyID: '',
  ModalitiesInStudy: ['CT', 'SR'],
  StudyDescription: 'Thorax',
  NumberOfStudyRelatedSeries: 3,
  NumberOfStudyRelatedInstances: null,
};

describe('the table of keys', () => {
  it('has a tag and a VR for every keyword', () => {
    expect(queryKeys.filter(({ tag, vr }) => tag === 0 || vr === 'UN')).toEqual([]);
    expect(queryKeys.find(({ keyword }) => keyword === 'StudyInstanceUID')).toMatchObject({
      tag: 0x0020000d,
      vr: 'UI',
      level: 'STUDY',
    });
    expect(queryKeyOf.size).toBe(queryKeys.length);
  });
});

describe('parseFindIdentifier', () => {
  it('reads what findscu sends', () => {
    const parsed = parseFindIdentifier(findscu, explicit, 'study');
    expect(parsed).toMatchObject({
      ok: true,
      request: {
        root: 'study',
        level: 'STUDY',
        charset: 'ISO_IR 192',
        hasUnsupportedKeys: false,
        filters: [{ kind: 'range', range: { from: '20000101', to: '' } }],
      },
    });
    if (!parsed.ok) return;
    expect(parsed.request.returnKeys.map(({ keyword }) => keyword)).toEqual([
      'StudyDate',
      'ModalitiesInStudy',
      'PatientName',
      'StudyInstanceUID',
    ]);
    expect(pendingStatus(parsed.request)).toBe(0xff00);
  });

  it('reads implicit VR as well', () => {
    const bytes = encodeMessageDataset(identifier('STUDY', { PatientName: '张*' }), implicit, 'GB18030');
    const parsed = parseFindIdentifier(bytes, implicit, 'study');
    expect(parsed).toMatchObject({
      ok: true,
      request: { charset: 'GB18030', filters: [{ kind: 'name', pattern: '张*' }] },
    });
  });

  it.each<readonly [string, Readonly<Record<string, string | readonly string[]>>, unknown]>([
    ['nothing', { PatientID: '' }, []],
    ['stars alone', { PatientID: '**' }, []],
    ['a star for a UID', { StudyInstanceUID: '*' }, []],
    ['a text', { PatientID: 'P1' }, [{ kind: 'list', values: ['P1'] }]],
    ['texts', { ModalitiesInStudy: ['CT', 'MR'] }, [{ kind: 'list', values: ['CT', 'MR'] }]],
    ['a pattern', { AccessionNumber: 'A***7?' }, [{ kind: 'pattern', patterns: ['A*7?'] }]],
    ['UIDs', { StudyInstanceUID: ['1.2', '1.3'] }, [{ kind: 'list', values: ['1.2', '1.3'] }]],
    ['a time', { StudyTime: '10' }, [{ kind: 'range', range: { from: '100000.000000' } }]],
  ])('takes %s', (_, keys, filters) => {
    expect(find('STUDY', keys).filters).toMatchObject(filters as object[]);
  });

  it.each<readonly [string, Dataset, QueryRoot, number]>([
    ['no level', [element(0x00100020, 'LO', 'P1')], 'study', 0x00080052],
    ['the patient level in the study root', identifier('PATIENT', {}), 'study', 0x00080052],
    ['an unknown level', identifier('WHATEVER', {}), 'patient', 0x00080052],
    ['a date that is none', identifier('STUDY', { StudyDate: '2026*' }), 'study', 0x00080020],
    ['a UID with a wildcard', identifier('STUDY', { StudyInstanceUID: '1.2.*' }), 'study', 0x0020000d],
    [
      'a pattern of 300 characters',
      identifier('STUDY', { PatientID: 'a?'.repeat(150) }),
      'study',
      0x00100020,
    ],
    ['series of any study', identifier('SERIES', { Modality: 'CT' }), 'study', 0x0020000d],
    [
      'series of a study, but no series',
      identifier('IMAGE', { StudyInstanceUID: '1.2' }),
      'study',
      0x0020000e,
    ],
    ['studies of any patient in the patient root', identifier('STUDY', {}), 'patient', 0x00100020],
    ['studies of patients by pattern', identifier('STUDY', { PatientID: 'P*' }), 'patient', 0x00100020],
    [
      'more values than it looks at',
      identifier('STUDY', { StudyInstanceUID: Array.from({ length: 10_001 }, (_, i) => `1.${i}`) }),
      'study',
      0x0020000d,
    ],
  ])('refuses %s', (_, dataset, root, element) => {
    const bytes = encodeMessageDataset(dataset, implicit, '');
    const parsed = parseFindIdentifier(bytes, implicit, root);
    expect(parsed).toMatchObject({
      ok: false,
      refusal: { status: 0xa900, offendingElement: element, problem: { code: 'QUERY_INVALID' } },
    });
  });

  it('refuses what is no data set, and what is too long', () => {
    const cannot = { ok: false, refusal: { status: 0xc000 } };
    expect(parseFindIdentifier(findscu.subarray(0, 40), explicit, 'study')).toMatchObject(cannot);
    expect(parseFindIdentifier(new Uint8Array(5 << 20), explicit, 'study')).toMatchObject(cannot);
  });

  it('lets a series or image be asked for by its own UID alone', () => {
    expect(find('SERIES', { SeriesInstanceUID: '1.2.4' }).level).toBe('SERIES');
    expect(find('IMAGE', { SOPInstanceUID: '1.2.5' }).level).toBe('IMAGE');
  });

  it('says which keys it does not know, and passes over control elements', () => {
    const base = identifier('STUDY', { StudyInstanceUID: '' });
    const unknown = (...more: Dataset): boolean => requestOf([...base, ...more]).hasUnsupportedKeys;
    expect(unknown()).toBe(false);
    expect(unknown(element(0x00080053, 'CS', 'CLASSIC'), element(0x00080201, 'SH', '+0800'))).toBe(false);
    expect(unknown(element(0x00080000, 'UL', 10))).toBe(false);
    expect(unknown(element(0x00104000, 'LT', ''))).toBe(true);
    expect(unknown(element(0x00400275, 'SQ', [[]]))).toBe(true);
    // A key of a level below, and a count, which cannot be matched.
    expect(unknown(element(0x00080060, 'CS', 'CT'))).toBe(true);
    expect(unknown(element(0x00201208, 'IS', '5'))).toBe(true);
    expect(pendingStatus(requestOf([...base, element(0x00104000, 'LT', '')]))).toBe(0xff01);
  });

  it('remembers the character set of the peer', () => {
    const base = identifier('STUDY', {});
    expect(requestOf(base, 'study', '').charset).toBe('ISO_IR 192');
    expect(requestOf(base, 'study', 'ISO_IR 100').charset).toBe('ISO_IR 100');
    expect(requestOf(base, 'study', 'GB18030').charset).toBe('GB18030');
  });
});

describe('matchesRecord', () => {
  it.each<readonly [Readonly<Record<string, string | readonly string[]>>, boolean]>([
    [{}, true],
    [{ PatientID: 'P1' }, true],
    [{ PatientID: 'p1' }, false],
    [{ PatientID: 'P?' }, true],
    [{ PatientID: 'Q*' }, false],
    [{ StudyInstanceUID: ['1.2', '1.2.3'] }, true],
    [{ StudyInstanceUID: '1.2' }, false],
    [{ ModalitiesInStudy: 'SR' }, true],
    [{ ModalitiesInStudy: ['MR', 'CT'] }, true],
    [{ ModalitiesInStudy: 'MR' }, false],
    [{ StudyDate: '20260101-20260131' }, true],
    [{ StudyDate: '-20251231' }, false],
    [{ StudyTime: '1015' }, true],
    [{ StudyTime: '11-' }, false],
    [{ PatientName: 'zhang*' }, true],
    [{ PatientName: '张*' }, true],
    [{ PatientName: 'li*' }, false],
    [{ StudyID: 'x' }, false],
    [{ ReferringPhysicianName: 'x' }, false],
    [{ PatientID: 'P1', StudyDate: '20260103', PatientSex: 'F' }, false],
  ])('%o: %s', (keys, expected) => {
    expect(matchesRecord(study, find('STUDY', keys))).toBe(expected);
  });

  it('compares numbers as numbers, and names that are plain texts', () => {
    const series = { StudyInstanceUID: '1.2.3', SeriesNumber: 7, Modality: 'CT' };
    const by = (SeriesNumber: string) => find('SERIES', { StudyInstanceUID: '1.2.3', SeriesNumber });
    expect(matchesRecord(series, by('7'))).toBe(true);
    expect(matchesRecord({ ...series, SeriesNumber: '007' }, by('7'))).toBe(true);
    expect(matchesRecord(series, by('70'))).toBe(false);
    expect(matchesRecord({ PatientName: 'Zhang^San' }, find('STUDY', { PatientName: 'zhang' }))).toBe(true);
    expect(
      matchesRecord({ PatientID: study['PatientName']! }, find('STUDY', { PatientID: 'Zhang^San' })),
    ).toBe(true);
  });
});

describe('encodeAnswer', () => {
  const request = find('STUDY', {
    PatientName: '',
    PatientID: '',
    StudyDate: '',
    ModalitiesInStudy: '',
    NumberOfStudyRelatedSeries: '',
    NumberOfStudyRelatedInstances: '',
    StudyID: '',
  });
  const answered = (record: FindRecord, own: FindRequest = request) => {
    const read = readMessageDataset(encodeAnswer(record, own, 'CANDELA', explicit), explicit);
    if (!read.ok) throw new Error(read.problem.code);
    return read.value;
  };

  it('gives what was asked for, the unique key, and where to retrieve from', () => {
    const dataset = answered(study);
    const rows = dataset.map(({ keyword, value }) => [keyword, value]);
    expect(rows).toEqual([
      ['SpecificCharacterSet', ['ISO_IR 192']],
      ['StudyDate', ['20260103']],
      ['QueryRetrieveLevel', ['STUDY']],
      ['RetrieveAETitle', ['CANDELA']],
      ['InstanceAvailability', ['ONLINE']],
      ['ModalitiesInStudy', ['CT', 'SR']],
      ['PatientName', ['Zhang^San=张^三']],
      ['PatientID', ['P1']],
      ['StudyInstanceUID', ['1.2.3']],
      ['StudyID', undefined],
      ['NumberOfStudyRelatedSeries', [3]],
      ['NumberOfStudyRelatedInstances', undefined],
    ]);
  });

  it('declares a character set only where one is needed, and the peer’s where it is enough', () => {
    const name = (alphabetic: string): FindRecord => ({ ...study, PatientName: { alphabetic } });
    expect(textAt(answered(name('Zhang^San')), 0x00080005)).toBe('');
    const latin = { ...request, charset: 'ISO_IR 100' } as const;
    expect(textAt(answered(name('Müller'), latin), 0x00080005)).toBe('ISO_IR 100');
    expect(textAt(answered(name('Müller'), latin), 0x00100010)).toBe('Müller');
    expect(textAt(answered(name('张^三'), latin), 0x00080005)).toBe('ISO_IR 192');
    const chinese = { ...request, charset: 'GB18030' } as const;
    expect(textAt(answered(name('张^三'), chinese), 0x00080005)).toBe('GB18030');
    expect(textAt(answered(name('张^三'), chinese), 0x00100010)).toBe('张^三');
  });

  it('gives the unique keys of all levels above an image', () => {
    const own = find('IMAGE', { SOPInstanceUID: '1.9', Rows: '', NumberOfFrames: '' });
    const record = { StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3', SOPInstanceUID: '1.9', Rows: 512 };
    const values = Object.fromEntries(answered(record, own).map(({ keyword, value }) => [keyword, value]));
    expect(values).toEqual({
      QueryRetrieveLevel: ['IMAGE'],
      RetrieveAETitle: ['CANDELA'],
      InstanceAvailability: ['ONLINE'],
      SOPInstanceUID: ['1.9'],
      StudyInstanceUID: ['1.2'],
      SeriesInstanceUID: ['1.3'],
      NumberOfFrames: undefined,
      Rows: [512],
    });
  });
});
