/** The DICOM JSON Model: the standard's own example, and every VR there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DatasetElement, readDataset } from '../dicom/dataset.ts';
import { dictionaryEntry } from '../dicom/dictionary.ts';
import { element } from '../dicom/write/element.ts';
import { encodePart10 } from '../dicom/write/encode.ts';
import { explicitBigEndian, explicitLittleEndian } from '../dicom/write/transfer-syntax.ts';
import { base64Of, bytesOfBase64 } from './base64.ts';
import { datasetsOfJson, datasetsOfJsonText, webElement, webNumber, webText, webTexts } from './json-read.ts';
import { jsonOfDataset } from './json-write.ts';

/** PS3.18 F.2.1.1.2, as far as it uses something of its own. */
const example = {
  '0020000D': { vr: 'UI', Value: ['1.2.392.200036.9116.2.2.2.1762893313.1029997326.945873'] },
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080020': { vr: 'DA', Value: ['20130409'] },
  '00080061': { vr: 'CS', Value: ['CT', 'PET'] },
  '00080090': { vr: 'PN', Value: [{ Alphabetic: '^Bob^^Dr.' }] },
  '00091002': { vr: 'UN', InlineBinary: 'z0x9c8v7' },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' }] },
  '00101002': {
    vr: 'SQ',
    Value: [
      { '00100020': { vr: 'LO', Value: ['54321'] }, '00100021': { vr: 'LO', Value: ['Hospital B'] } },
      { '00100020': { vr: 'LO', Value: ['24680'] } },
    ],
  },
  '00200010': { vr: 'SH' },
  '00201206': { vr: 'IS', Value: [4] },
  '00280009': { vr: 'AT', Value: ['00181063'] },
  '00282000': { vr: 'OB', BulkDataURI: 'http://example/bulk/1' },
};

describe('reading', () => {
  const [dataset = []] = datasetsOfJson(example).ok ? datasetsOfJsonTextOrThrow(JSON.stringify(example)) : [];

  it('reads the example of PS3.18 F.2.1', () => {
    expect(webText(dataset, 0x0020000d)).toBe('1.2.392.200036.9116.2.2.2.1762893313.1029997326.945873');
    expect(webTexts(dataset, 0x00080061)).toEqual(['CT', 'PET']);
    expect(webText(dataset, 0x00080090)).toBe('^Bob^^Dr.');
    expect(webText(dataset, 0x00100010)).toBe('Wang^XiaoDong=王^小東');
    expect(webElement(dataset, 0x00091002)?.value).toEqual(Uint8Array.of(0xcf, 0x4c, 0x7d, 0x73, 0xcb, 0xfb));
    expect(webElement(dataset, 0x00101002)?.items?.map((item) => webText(item, 0x00100020))).toEqual([
      '54321',
      '24680',
    ]);
    expect(webElement(dataset, 0x00200010)?.value).toBeUndefined();
    expect(webNumber(dataset, 0x00201206)).toBe(4);
    expect(webElement(dataset, 0x00280009)?.value).toEqual([0x00181063]);
    expect(webElement(dataset, 0x00282000)?.bulkDataUri).toBe('http://example/bulk/1');
    expect(dataset.map(({ tag }) => tag)).toEqual([...dataset.map(({ tag }) => tag)].sort((a, b) => a - b));
  });

  it('writes the example again as it was', () => {
    const written = jsonOfDataset(
      dataset.map((one) => ({ ...one, lengthBytes: one.bulkDataUri ? 1 : one.lengthBytes })),
      { bulkUri: () => 'http://example/bulk/1' },
    );
    expect(written).toEqual(example);
  });

  it('takes numbers as text, empty values and names as plain text, as servers write them', () => {
    const [read = []] = datasetsOfJsonTextOrThrow(
      '[{"00201208":{"vr":"IS","Value":["312"]},"00280030":{"vr":"DS","Value":[null,"0.5"]},' +
        '"00100010":{"vr":"PN","Value":["A^B",null]},"00189087":{"vr":"FD","Value":["NaN",1.5]},"extra":1,' +
        '"00081110":{"vr":"SQ","Value":[null]},"00080061":{"Value":["MR"]},"00081190":{"vr":"UR","Value":["http://x"]}}]',
    );
    expect(webNumber(read, 0x00201208)).toBe(312);
    expect(webElement(read, 0x00280030)?.value).toEqual(['', '0.5']);
    expect(webElement(read, 0x00100010)?.value).toEqual(['A^B', '']);
    expect(webElement(read, 0x00189087)?.value).toEqual([Number.NaN, 1.5]);
    expect(webElement(read, 0x00081110)?.items).toEqual([[]]);
    expect(webElement(read, 0x00080061)?.vr).toBe('CS');
  });

  it('answers with a problem for what is no DICOM JSON', () => {
    const deep = (depth: number): unknown =>
      depth === 0 ? {} : { '00081115': { vr: 'SQ', Value: [deep(depth - 1)] } };
    for (const text of [
      '{',
      '[1]',
      '"x"',
      '[{"00091002":{"vr":"UN","InlineBinary":"???"}}]',
      JSON.stringify(deep(70)),
    ]) {
      const read = datasetsOfJsonText(text);
      expect(read.ok ? 'read' : read.problem.code).toBe('WEB_ANSWER_INVALID');
    }
    expect(datasetsOfJsonText(' ')).toEqual({ ok: true, value: [] });
    expect(datasetsOfJsonText(JSON.stringify(deep(60))).ok).toBe(true);
  });

  it('never throws, for any JSON', () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 1, 'x', ['MR'], { Alphabetic: 1 }));
    const json = fc.dictionary(
      fc.constantFrom('00100010', '0040A730', '7FE00010', 'FFFFFFFF'),
      fc.record(
        {
          vr: fc.constantFrom('PN', 'SQ', 'OB', 'DS', 'AT', 'xx', 5),
          Value: values,
          InlineBinary: values,
          BulkDataURI: values,
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(json, (item) => {
        expect(typeof datasetsOfJson([item]).ok).toBe('boolean');
      }),
    );
  });
});

function datasetsOfJsonTextOrThrow(text: string) {
  const read = datasetsOfJsonText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problem));
  return read.value;
}

describe('writing', () => {
  const made = [
    element(0x00080005, 'CS', 'GB18030'),
    element(0x00080008, 'CS', ['ORIGINAL', '', 'AXIAL']),
    element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(0x00080018, 'UI', '1.2.3'),
    element(0x00080050, 'SH', ''),
    element(0x00081140, 'SQ', [[element(0x00081155, 'UI', '1.9')], []]),
    element(0x00100010, 'PN', 'Wang^Xiao==shiau'),
    element(0x00181063, 'DS', '33.30'),
    element(0x00189087, 'FD', [1.25, Number.POSITIVE_INFINITY]),
    element(0x00280009, 'AT', 0x00181063),
    element(0x00280010, 'US', 512),
    element(0x00281201, 'OW', Uint16Array.of(0x0102, 0x0304)),
    element(0x00091010, 'UN', Uint8Array.of(1, 2, 3, 4)),
    element(0x7fe00010, 'OW', Uint16Array.of(1, 2, 3, 4)),
  ];
  const jsonIn = (syntax: typeof explicitLittleEndian, inlineBytes = 1024) => {
    const tree = readDataset(encodePart10(made, { syntax }));
    if (!tree.ok) throw new Error(tree.problem.code);
    return jsonOfDataset(tree.value.dataset, {
      transferSyntaxUID: syntax.uid,
      inlineBytes,
      bulkUri: (path) => `bulk/${path.map((part) => part.toString(16)).join('/')}`,
    });
  };
  const expected = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: ['1.2.3'] },
    '00080050': { vr: 'SH' },
    '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.9'] } }, {}] },
    '00091010': { vr: 'UN', InlineBinary: 'AQIDBA==' },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^Xiao', Phonetic: 'shiau' }] },
    '00181063': { vr: 'DS', Value: [33.3] },
    '00189087': { vr: 'FD', Value: [1.25, 'inf'] },
    '00280009': { vr: 'AT', Value: ['00181063'] },
    '00280010': { vr: 'US', Value: [512] },
    // Little endian whatever the file is: 0x0102 → 02 01.
    '00281201': { vr: 'OW', InlineBinary: 'AgEEAw==' },
    '7FE00010': { vr: 'OW', BulkDataURI: 'bulk/7fe00010' },
  };

  it.each([explicitLittleEndian, explicitBigEndian])('writes every kind of value ($uid)', (syntax) => {
    expect(jsonIn(syntax)).toEqual(expected);
  });

  it('gives large values as bulk data', () => {
    expect(jsonIn(explicitLittleEndian, 3)['00281201']).toEqual({ vr: 'OW', BulkDataURI: 'bulk/281201' });
    expect(jsonIn(explicitLittleEndian, 3)['00091010']).toEqual({ vr: 'UN', BulkDataURI: 'bulk/91010' });
  });

  it('comes back as it was, for any texts and numbers', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((one) => one.trim() !== '' && !/[\\=]/.test(one));
    const one = (tag: number, vr: string, value: DatasetElement['value'] & {}) => ({
      tag,
      vr,
      keyword: dictionaryEntry(tag)?.keyword ?? '',
      lengthBytes: 2,
      value,
    });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        text,
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.uint8Array({ minLength: 1 }),
        (texts, ideographic, numbers, bytes) => {
          const dataset = [
            one(0x00080008, 'CS', texts),
            one(0x00100010, 'PN', [`A^B=${ideographic.trimEnd()}`]),
            one(0x00189087, 'FD', numbers),
            one(0x00281201, 'OW', bytes),
          ];
          const json: unknown = JSON.parse(JSON.stringify(jsonOfDataset(dataset)));
          const [back = []] = datasetsOfJsonTextOrThrow(JSON.stringify(json));
          expect(back.map(({ value }) => value)).toEqual(
            dataset.map(({ value, vr }) => (vr === 'FD' ? (value as number[]).map((x) => x + 0) : value)),
          );
        },
      ),
    );
  });
});

describe('base64', () => {
  it('equals that of the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = base64Of(bytes);
        expect(text).toBe(btoa(String.fromCharCode(...bytes)));
        expect(bytesOfBase64(text)).toEqual(bytes);
      }),
    );
    expect(bytesOfBase64('AQ I\nD')).toEqual(Uint8Array.of(1, 2, 3));
    expect(bytesOfBase64('AQI*')).toBeUndefined();
    expect(bytesOfBase64('A')).toBeUndefined();
  });
});
