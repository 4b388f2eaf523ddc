import { describe, expect, it } from 'vitest';
import { checkedDateTime } from './dates.ts';
import { dictionaryEntry, isSequenceTag, tagOfKeyword } from './dictionary.ts';
import { personName } from './person-name.ts';
import { latin1, parseDecimal, readNumbers, smallInteger } from './values.ts';
import { VR, vrCode, vrForm, vrName } from './vr.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from([...text].map((c) => c.charCodeAt(0)));
const numbers = (text: string, vr = VR.DS as number) => readNumbers(bytes(text), 0, text.length, vr, false);

describe('numbers', () => {
  it.each([
    ['1', 1],
    ['-12.5', -12.5],
    ['+.5', 0.5],
    ['1e-3', 0.001],
    ['-9.81338674e-006', -9.81338674e-6],
    ['007', 7],
  ])('reads %s', (text, value) => expect(parseDecimal(text)).toBe(value));

  it.each(['', 'abc', '0x10', '1,5', '1e', '1e99999', '--1', '1 2', 'NaN', 'Infinity'])(
    'refuses %j',
    (text) => expect(parseDecimal(text)).toBeUndefined(),
  );

  it('reads lists, padded, and reports parts that are no numbers', () => {
    expect(numbers('0.5 \\ 0.75 ')).toEqual({ values: [0.5, 0.75], valid: true });
    expect(numbers('1\\x\\3')).toEqual({ values: [1, 3], valid: false });
    expect(numbers('0.123456789012345678').valid).toBe(false);
    expect(numbers('')).toEqual({ values: [], valid: true });
  });

  it('reads binary values in both byte orders', () => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Math.PI, false);
    const big = new Uint8Array(view.buffer);
    expect(readNumbers(big, 0, 8, VR.FD, true).values).toEqual([Math.PI]);
    expect(readNumbers(big.slice().reverse(), 0, 8, VR.FD, false).values).toEqual([Math.PI]);
    expect(readNumbers(Uint8Array.of(0xff, 0xfe), 0, 2, VR.SS, true).values).toEqual([-2]);
    expect(readNumbers(Uint8Array.of(0x10, 0x00, 0x20, 0x00), 0, 4, VR.AT, false).values).toEqual([
      0x00100020,
    ]);
  });

  it('takes a decimal comma for what it means, and says so; in DS only', () => {
    expect(numbers('-1024,5\\0,7', VR.DS)).toEqual({ values: [-1024.5, 0.7], valid: false, comma: true });
    expect(numbers('0,625\\-0,977', VR.DS).values).toEqual([0.625, -0.977]);
    expect(numbers('1,250', VR.DS)).toEqual({ values: [], valid: false });
    expect(numbers('1,2,3', VR.DS)).toEqual({ values: [], valid: false });
    expect(numbers('1,2', vrCode('IS'))).toEqual({ values: [], valid: false });
  });

  it('agrees with Number on small integers', () => {
    for (const text of ['0', '42', '99999999'])
      expect(smallInteger(bytes(text), 0, text.length)).toBe(Number(text));
    for (const text of ['-1', '1.5', '123456789', '1 '])
      expect(smallInteger(bytes(text), 0, text.length)).toBeUndefined();
  });

  it('keeps every byte of Latin-1', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect([...latin1(all, 0, 256)].map((c) => c.charCodeAt(0))).toEqual([...all]);
  });
});

describe('dates and times', () => {
  it.each([
    ['20240229', VR.DA, '20240229', true],
    ['1999.12.31', VR.DA, '19991231', false],
    ['00000000', VR.DA, undefined, false],
    ['19991332', VR.DA, undefined, false],
    ['0930', VR.TM, '0930', true],
    ['235960.123456', VR.TM, '235960.123456', true],
    ['09:30:00', VR.TM, '093000', false],
    ['250000', VR.TM, undefined, false],
    ['20240229093000.5+0800', VR.DT, '20240229093000.5+0800', true],
  ])('%s', (text, vr, value, valid) => expect(checkedDateTime(text, vr)).toEqual({ value, valid }));
});

describe('names', () => {
  it('splits groups and drops empty ones', () => {
    expect(personName('Wang^XiaoDong=王^小东=')).toEqual({
      alphabetic: 'Wang^XiaoDong',
      ideographic: '王^小东',
    });
    expect(personName('=王^小东')).toEqual({ alphabetic: '', ideographic: '王^小东' });
    expect(personName('A^B \\C^D')).toEqual({ alphabetic: 'A^B' });
    expect(personName(' = = ')).toBeUndefined();
  });
});

describe('dictionary', () => {
  it('knows tags, keywords, sequences and repeating groups', () => {
    expect(dictionaryEntry(0x00100010)).toEqual({ vr: 'PN', keyword: 'PatientName' });
    expect(tagOfKeyword('PixelData')).toBe(0x7fe00010);
    expect(dictionaryEntry(0x60023000)?.keyword).toBe('OverlayData');
    expect(isSequenceTag(0x52009230)).toBe(true);
    expect(dictionaryEntry(0x00091001)).toBeUndefined();
  });
});

describe('value representations', () => {
  it('tells the two forms of length', () => {
    expect(vrForm(85, 83)).toBe(1);
    expect(vrForm(83, 81)).toBe(2);
    expect(vrForm(90, 90)).toBe(0);
    expect(vrForm(0, 0)).toBe(0);
    expect(vrName(vrCode('OW'))).toBe('OW');
  });
});
