/** QIDO parameters: PS3.18 8.3.4 and 10.6.1.2, PS3.4 C.2.2.2. */
import { describe, expect, it } from 'vitest';
import { datasetsOfJson } from './json-read.ts';
import { parseQuery, queryMatch, queryParameters, queryTag } from './query.ts';
import { otherFailures, storedObjects } from './stow.ts';

describe('queryTag', () => {
  it('knows keywords and tags', () => {
    expect(queryTag('PatientName')).toBe(0x00100010);
    expect(queryTag('0020000d')).toBe(0x0020000d);
    expect(queryTag('(0010,0020)')).toBe(0x00100020);
    expect(queryTag('NoSuchThing')).toBeUndefined();
    expect(queryTag('00400275.00400009')).toBeUndefined();
  });
});

describe('queryMatch', () => {
  it.each([
    ['PatientName', 'Wang*', { kind: 'wildcard', pattern: 'Wang*' }],
    ['PatientName', '**', undefined],
    ['PatientID', ' 12 ', { kind: 'single', value: '12' }],
    ['StudyInstanceUID', '1.2,1.3', { kind: 'list', values: ['1.2', '1.3'] }],
    ['StudyInstanceUID', '1.2\\1.3', { kind: 'list', values: ['1.2', '1.3'] }],
    ['StudyInstanceUID', '1.*', { kind: 'single', value: '1.*' }],
    ['StudyDate', '20200101-20201231', { kind: 'range', from: '20200101', to: '20201231' }],
    ['StudyDate', '20200101-', { kind: 'range', from: '20200101', to: '' }],
    ['StudyDate', '-20201231', { kind: 'range', from: '', to: '20201231' }],
    ['StudyDate', '20200101', { kind: 'single', value: '20200101' }],
    ['StudyTime', '0800-1200', { kind: 'range', from: '0800', to: '1200' }],
    ['SeriesNumber', '3', { kind: 'single', value: '3' }],
    ['ModalitiesInStudy', 'CT\\MR', { kind: 'list', values: ['CT', 'MR'] }],
    ['Modality', '', undefined],
  ] as const)('%s=%s', (keyword, value, expected) => {
    expect(queryMatch(queryTag(keyword)!, value)).toEqual(expected);
  });
});

describe('parseQuery', () => {
  it('tells keys, fields and pages apart', () => {
    const { query, ignored, invalid } = parseQuery([
      ['PatientName', 'A*'],
      ['00080020', '20200101'],
      ['includefield', 'StudyDescription,00081060'],
      ['includefield', 'Nothing'],
      ['AccessionNumber', ''],
      ['limit', '10'],
      ['offset', '20'],
      ['fuzzymatching', 'true'],
      ['00400275.00400009', 'x'],
    ]);
    expect(query).toEqual({
      keys: [
        { tag: 0x00100010, match: { kind: 'wildcard', pattern: 'A*' } },
        { tag: 0x00080020, match: { kind: 'single', value: '20200101' } },
      ],
      include: [0x00081030, 0x00081060, 0x00080050],
      limit: 10,
      offset: 20,
    });
    expect(ignored).toEqual(['includefield', '00400275.00400009']);
    expect(invalid).toBeUndefined();
  });

  it('refuses pages that are no numbers, and floods of keys', () => {
    expect(parseQuery([['limit', '-1']]).invalid).toBe('limit');
    for (const value of ['2003-05-05', 'abc', '2003', '20030505-x', '2003-2004', '5/5/2003']) {
      expect(parseQuery([['StudyDate', value]]).invalid, value).toBe('StudyDate');
    }
    for (const value of ['20030505', '-20030505', '20030505-', '20030101-20031231', '2003.05.05', '']) {
      expect(parseQuery([['00080020', value]]).invalid, value).toBeUndefined();
    }
    expect(parseQuery([['StudyTime', '9:15']]).invalid).toBe('StudyTime');
    for (const value of ['0915', '09-10', '091500.25-1000']) {
      expect(parseQuery([['StudyTime', value]]).invalid, value).toBeUndefined();
    }
    expect(parseQuery([['offset', '1e3']]).invalid).toBe('offset');
    const many = Array.from({ length: 65 }, () => ['PatientID', 'x'] as const);
    expect(parseQuery(many).invalid).toBe('keys');
    expect(parseQuery([['includefield', 'all']]).query.include).toBe('all');
  });

  it('reads what queryParameters writes', () => {
    const query = {
      keys: [
        { tag: 0x00100010, match: { kind: 'wildcard', pattern: '王*' } },
        { tag: 0x00080020, match: { kind: 'range', from: '20200101', to: '' } },
        { tag: 0x0020000d, match: { kind: 'list', values: ['1.2', '1.3'] } },
        { tag: 0x00091001, match: { kind: 'single', value: 'x y' } },
      ],
      include: [0x00081030],
      limit: 5,
      offset: 7,
    } as const;
    const parameters = queryParameters(query);
    expect(parameters[0]).toEqual(['PatientName', '王*']);
    expect(parseQuery(parameters).query).toEqual(query);
    expect(queryParameters({ include: 'all', limit: null, offset: 0 })).toEqual([['includefield', 'all']]);
  });
});

describe('storedObjects', () => {
  it('tells every object’s outcome', () => {
    const read = datasetsOfJson({
      '00081198': {
        vr: 'SQ',
        Value: [
          {
            '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
            '00081155': { vr: 'UI', Value: ['1.1'] },
            '00081197': { vr: 'US', Value: [272] },
          },
        ],
      },
      '00081199': {
        vr: 'SQ',
        Value: [
          { '00081155': { vr: 'UI', Value: ['1.2'] }, '00081190': { vr: 'UR', Value: ['http://x'] } },
          { '00081155': { vr: 'UI', Value: ['1.3'] }, '00081196': { vr: 'US', Value: [45056] } },
        ],
      },
      '0008119A': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [49152] } }] },
    });
    if (!read.ok) throw new Error('unread');
    expect(storedObjects(read.value[0]!)).toEqual([
      { sopInstanceUID: '1.1', sopClassUID: '1.2.840.10008.5.1.4.1.1.2', state: 'failed', status: 272 },
      { sopInstanceUID: '1.2', sopClassUID: '', state: 'done', status: null },
      { sopInstanceUID: '1.3', sopClassUID: '', state: 'warning', status: 45056 },
    ]);
    expect(otherFailures(read.value[0]!)).toEqual([49152]);
  });
});
