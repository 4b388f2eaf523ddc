import { describe, expect, it } from 'vitest';
import { element } from '../dicom/write/element.ts';
import { hexBytes } from './command-fixtures.ts';
import { encodeMessageDataset, readMessageDataset } from './query-dataset.ts';
import {
  encodeRetrieve,
  failedUidsDataset,
  finalRetrieveStatus,
  parseRetrieveIdentifier,
  type RetrieveKeys,
  readFailedUids,
  suboperationsOf,
} from './query-retrieve.ts';

const explicit = '1.2.840.10008.1.2.1';
const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const parsed = (keys: RetrieveKeys, root: 'study' | 'patient' = 'study') =>
  parseRetrieveIdentifier(encodeRetrieve(root, keys, explicit), explicit, root);

describe('identifiers of C-MOVE and C-GET', () => {
  it('are written as movescu and getscu write them', () => {
    // Captured: -S -k 0008,0052=STUDY -k 0020,000D=1.2.3
    expect(hexOf(encodeRetrieve('study', { studyUids: ['1.2.3'] }, explicit))).toBe(
      '080052004353060053545544592020000d0055490600312e322e3300',
    );
  });

  it.each<readonly [string, RetrieveKeys, 'study' | 'patient', object]>([
    ['studies', { studyUids: ['1.2', '1.3'] }, 'study', { level: 'STUDY', studyUids: ['1.2', '1.3'] }],
    [
      'series',
      { studyUids: ['1.2'], seriesUids: ['1.3'] },
      'study',
      { level: 'SERIES', studyUids: ['1.2'], seriesUids: ['1.3'], instanceUids: [] },
    ],
    [
      'images of a patient',
      { patientId: '病1', studyUids: ['1.2'], seriesUids: ['1.3'], instanceUids: ['1.4'] },
      'patient',
      { level: 'IMAGE', patientId: '病1', instanceUids: ['1.4'] },
    ],
    ['a patient', { patientId: 'P1' }, 'patient', { level: 'PATIENT', patientId: 'P1', studyUids: [] }],
    ['images by their own UIDs alone', { instanceUids: ['1.4'] }, 'study', { level: 'IMAGE', studyUids: [] }],
  ])('are read back: %s', (_, keys, root, request) => {
    expect(parsed(keys, root)).toMatchObject({ ok: true, request: { root, ...request } });
  });

  it('leave the patient out of the study root', () => {
    expect(parsed({ patientId: 'P1', studyUids: ['1.2'] })).toMatchObject({ request: { patientId: '' } });
  });

  const identifier = (...elements: Parameters<typeof element>[]) =>
    encodeMessageDataset(
      elements.map((row) => element(...row)),
      explicit,
      '',
    );
  it.each<readonly [string, Uint8Array, 'study' | 'patient', number, number]>([
    ['no level', identifier([0x0020000d, 'UI', '1.2']), 'study', 0xa900, 0x00080052],
    [
      'a level of the other model',
      encodeRetrieve('patient', { patientId: 'P' }, explicit),
      'study',
      0xa900,
      0x00080052,
    ],
    ['no unique key', identifier([0x00080052, 'CS', 'STUDY']), 'study', 0xa900, 0x0020000d],
    ['no patient', identifier([0x00080052, 'CS', 'PATIENT']), 'patient', 0xa900, 0x00100020],
    [
      'two patients',
      identifier([0x00080052, 'CS', 'STUDY'], [0x00100020, 'LO', ['A', 'B']], [0x0020000d, 'UI', '1.2']),
      'patient',
      0xa900,
      0x00100020,
    ],
    ['a wildcard', encodeRetrieve('study', { studyUids: ['1.2.*'] }, explicit), 'study', 0xa900, 0x0020000d],
    [
      'a wildcard above its level',
      encodeRetrieve('study', { studyUids: ['*'], seriesUids: ['1.2'] }, explicit),
      'study',
      0xa900,
      0x0020000d,
    ],
    ['a cut data set', hexBytes('0800520043530600535455'), 'study', 0xc000, 0x00080052],
  ])('are refused with %s', (_, bytes, root, status, offendingElement) => {
    expect(parseRetrieveIdentifier(bytes, explicit, root)).toMatchObject({
      ok: false,
      refusal: { status, offendingElement },
    });
  });
});

describe('the end of a retrieval', () => {
  it.each([
    [{ completed: 3, failed: 0, warning: 0 }, 0x0000],
    [{ completed: 0, failed: 0, warning: 0 }, 0x0000],
    [{ completed: 2, failed: 1, warning: 0 }, 0xb000],
    [{ completed: 2, failed: 0, warning: 1 }, 0xb000],
    [{ completed: 0, failed: 1, warning: 1 }, 0xb000],
    [{ completed: 0, failed: 3, warning: 0 }, 0xa702],
  ])('%o is %i', (counts, status) => {
    expect(finalRetrieveStatus({ remaining: 0, ...counts })).toBe(status);
  });

  it('names what failed', () => {
    const bytes = encodeMessageDataset(failedUidsDataset(['1.2', '1.3']), explicit, '');
    const read = readMessageDataset(bytes, explicit);
    expect(read.ok && readFailedUids(read.value)).toEqual(['1.2', '1.3']);
  });

  it('names no more than one value can hold', () => {
    const uids = Array.from({ length: 3000 }, (_, i) => `${'1.'.repeat(30)}${1000 + i}`);
    const bytes = encodeMessageDataset(failedUidsDataset(uids), explicit, '');
    const read = readMessageDataset(bytes, explicit);
    expect(read.ok && readFailedUids(read.value)).toEqual(uids.slice(0, 1000));
  });

  it('counts sub-operations, those that a peer leaves out as none', () => {
    const response = { name: 'C-GET-RSP', status: 0xff00, hasDataset: false } as const;
    expect(suboperationsOf(response)).toEqual({ remaining: 0, completed: 0, failed: 0, warning: 0 });
    expect(
      suboperationsOf({
        ...response,
        remainingSuboperations: 1,
        completedSuboperations: 2,
        failedSuboperations: 3,
        warningSuboperations: 4,
      }),
    ).toEqual({ remaining: 1, completed: 2, failed: 3, warning: 4 });
  });
});
