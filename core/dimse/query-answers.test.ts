import { describe, expect, it } from 'vitest';
import { element } from '../dicom/write/element.ts';
import { hexBytes } from './command-fixtures.ts';
import { type FoundStudy, fitsQuery, foundImage, foundSeries, foundStudy } from './query-answers.ts';
import { encodeMessageDataset, readMessageDataset } from './query-dataset.ts';
import type { StudyQuery } from './query-plan.ts';

const explicit = '1.2.840.10008.1.2.1';
const read = (bytes: Uint8Array) => {
  const result = readMessageDataset(bytes, explicit);
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
};
const written = (...elements: Parameters<typeof element>[]) =>
  read(
    encodeMessageDataset(
      elements.map((row) => element(...row)),
      explicit,
      'ISO_IR 192',
    ),
  );

/** What dcmqrscp 3.6.7 answered for a Japanese study: ISO 2022 IR 6 and IR 87. */
const japanese = hexBytes(`
  0800050043531c0049534f203230323220495220365c49534f20323032322049522038370800200044410800323030383035
  303408005200435306005354554459200800540041450200515210001000504e1a001b24422464245e24401b28425e1b2442
  243f246d24261b28422020000d0055493a00312e332e35312e302e372e31313938363033303733392e31353234322e323031
  30362e33393836312e34383936372e32333035362e3434343230`);

describe('foundStudy', () => {
  it('reads a study by the character set that the answer declares', () => {
    expect(foundStudy(read(japanese))).toMatchObject({
      patientName: { alphabetic: 'やまだ^たろう' },
    });
  });

  it('takes what is there', () => {
    const dataset = written(
      [0x0020000d, 'UI', '1.2.3'],
      [0x00100010, 'PN', 'Zhang^San=张^三'],
      [0x00100020, 'LO', ' P1 '],
      [0x00080061, 'CS', ['CT', 'CT', 'SR']],
      [0x00201206, 'IS', '3'],
      [0x00201208, 'IS', ''],
    );
    expect(foundStudy(dataset)).toEqual({
      studyInstanceUID: '1.2.3',
      patientName: { alphabetic: 'Zhang^San', ideographic: '张^三' },
      patientId: 'P1',
      issuerOfPatientId: '',
      sex: '',
      birthDate: '',
      studyDate: '',
      studyTime: '',
      modalities: ['CT', 'SR'],
      description: '',
      accessionNumber: '',
      institution: '',
      series: 3,
      instances: null,
    });
  });

  it('passes over answers that do not say which', () => {
    const nothing = written([0x00100020, 'LO', 'P1']);
    expect(foundStudy(nothing)).toBeUndefined();
    expect(foundSeries(nothing)).toBeUndefined();
    expect(foundImage(nothing)).toBeUndefined();
  });
});

describe('series and images', () => {
  it('are read', () => {
    expect(
      foundSeries(
        written(
          [0x0020000d, 'UI', '1.2'],
          [0x0020000e, 'UI', '1.3'],
          [0x00080060, 'CS', 'CT'],
          [0x00200011, 'IS', '-2'],
          [0x00180015, 'CS', 'HEAD'],
          [0x00201209, 'IS', '12'],
        ),
      ),
    ).toEqual({
      studyInstanceUID: '1.2',
      seriesInstanceUID: '1.3',
      number: -2,
      modality: 'CT',
      description: '',
      bodyPart: 'HEAD',
      instances: 12,
    });
    expect(foundImage(written([0x00080018, 'UI', '1.4'], [0x00080016, 'UI', '1.5']))).toEqual({
      sopInstanceUID: '1.4',
      sopClassUID: '1.5',
      number: null,
    });
  });

  it('have no number that cannot be one', () => {
    const image = (text: string) => foundImage(written([0x00080018, 'UI', '1.4'], [0x00200013, 'LO', text]));
    expect(image('7')?.number).toBe(7);
    expect(image('seven')?.number).toBeNull();
    const count = (text: string) =>
      foundSeries(written([0x0020000e, 'UI', '1.3'], [0x00201209, 'LO', text]))?.instances;
    expect([count('-1'), count('1.5'), count('x'), count('0')]).toEqual([null, null, null, 0]);
  });
});

describe('fitsQuery', () => {
  const study: FoundStudy = {
    studyInstanceUID: '1.2.3',
    patientName: { alphabetic: 'Zhang^XiaoDong', ideographic: '张^小东' },
    patientId: 'P-17',
    issuerOfPatientId: '',
    sex: 'M',
    birthDate: '',
    studyDate: '20260103',
    studyTime: '',
    modalities: ['CT', 'SR'],
    description: '',
    accessionNumber: 'ACC9',
    institution: '',
    series: null,
    instances: null,
  };
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

  it.each<readonly [Partial<StudyQuery>, boolean]>([
    [{}, true],
    [{ text: '张小东' }, true],
    [{ text: '小东' }, true],
    [{ text: 'zhang xiao' }, true],
    [{ text: 'xiaodong zhang' }, true],
    [{ text: 'zhangxiaodong' }, true],
    [{ text: 'ZHANG^XIAO*' }, true],
    [{ text: 'Li' }, false],
    [{ text: 'p-17' }, true],
    [{ text: 'acc' }, true],
    [{ text: 'ACC?' }, true],
    [{ text: 'ACC??' }, false],
    [{ text: '1.2.3' }, true],
    [{ text: '1.2' }, false],
    [{ patientName: 'Zhang' }, true],
    [{ patientName: 'Wang' }, false],
    [{ patientName: 'Zhang', text: 'ACC9' }, true],
    [{ patientName: 'Zhang', text: 'ACC8' }, false],
    [{ patientId: 'P-1' }, true],
    [{ patientId: 'P-2' }, false],
    [{ accessionNumber: 'X' }, false],
    [{ studyInstanceUID: '1.2.3' }, true],
    [{ studyInstanceUID: '1.2' }, false],
    [{ dateFrom: '20260101' }, true],
    [{ dateFrom: '20260104' }, false],
    [{ dateTo: '20260102' }, false],
    [{ modalities: ['MR', 'CT'] }, true],
    [{ modalities: ['MR'] }, false],
  ])('%o: %s', (query, expected) => {
    expect(fitsQuery(study, { ...empty, ...query }, pinyin)).toBe(expected);
  });

  it('finds one patient by three spellings, whatever the peer knows of the name (L85)', () => {
    const only = (alphabetic: string): FoundStudy => ({ ...study, patientName: { alphabetic } });
    for (const name of ['ZHANG^XIAODONG', '张小东', '张^小东', 'Zhang XiaoDong']) {
      expect(fitsQuery(only(name), { ...empty, text: '张小东' }, pinyin)).toBe(true);
    }
    expect(fitsQuery(only('ZHANG^XIAODONG'), { ...empty, text: '张小东' })).toBe(false);
  });

  it('does not hold against a study what the peer does not say', () => {
    const silent = { ...study, studyDate: '', modalities: [] };
    expect(fitsQuery(silent, { ...empty, dateFrom: '20300101', modalities: ['MR'] })).toBe(true);
  });
});
