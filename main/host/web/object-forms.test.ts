import { describe, expect, it } from 'vitest';
import type { WebObject } from '../store/web-find.ts';
import { formOf } from './object-forms.ts';

const object = (transferSyntax: string): WebObject => ({
  instanceKey: 'i',
  studyKey: 's',
  studyUid: '1.2',
  seriesUid: '1.3',
  sopUid: '1.4',
  sopClass: '1.5',
  transferSyntax,
  fileSha256: '',
  datasetOffset: 0,
  sizeBytes: 0,
});
const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const big = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';
const lossless = '1.2.840.10008.1.2.4.70';
const lossy = '1.2.840.10008.1.2.4.50';
const video = '1.2.840.10008.1.2.4.102';
const own = '1.2.3.4.5';
const many = (syntax = ''): string =>
  `multipart/related; type="application/dicom"${syntax && `; transfer-syntax=${syntax}`}`;

describe('the transfer syntax of an object (PS3.18 8.7.3.4, 8.7.8.2)', () => {
  it.each<readonly [string, string, string | null]>([
    // None named: the default, but for what is lossy or cannot be decoded.
    ...['', '*/*', 'application/*', many(), 'application/dicom'].flatMap(
      (accept): [string, string, string][] => [
        [accept, explicit, explicit],
        [accept, implicit, explicit],
        [accept, big, explicit],
        [accept, deflated, explicit],
        [accept, lossless, explicit],
        [accept, lossy, lossy],
        [accept, video, video],
        [accept, own, own],
      ],
    ),
    // Any: nothing is converted.
    ...[explicit, implicit, big, deflated, lossless, lossy, video, own].map(
      (stored): [string, string, string] => [many('*'), stored, stored],
    ),
    // Named: exactly that.
    [many(explicit), lossless, explicit],
    [many(explicit), lossy, explicit],
    [many(explicit), video, null],
    [many(explicit), own, null],
    [many(lossless), lossless, lossless],
    [many(lossless), explicit, null],
    [many(implicit), implicit, implicit],
    [many(implicit), lossless, null],
    // Several: the most wanted that can be given.
    [`${many(lossless)}, ${many(explicit)};q=0.5`, lossless, lossless],
    [`${many(lossless)}, ${many(explicit)};q=0.5`, implicit, explicit],
    [`${many(lossless)};q=0.5, ${many(explicit)}`, lossless, explicit],
    ['image/png', explicit, null],
  ])('%s: stored in %s goes in %s', (accept, stored, given) => {
    expect(formOf(accept, object(stored), true)?.transferSyntaxUid ?? null).toBe(given);
    const isNamedAlone = accept.startsWith('application/');
    if (!isNamedAlone) expect(formOf(accept, object(stored), false)?.transferSyntaxUid ?? null).toBe(given);
  });

  it('gives one object alone where that is asked for, several never', () => {
    const alone = 'application/dicom; transfer-syntax=*';
    expect(formOf(alone, object(lossless), true)).toMatchObject({ isMultipart: false });
    expect(formOf(alone, object(lossless), false)).toBeNull();
    expect(formOf('*/*', object(lossless), true)).toMatchObject({ isMultipart: true });
  });

  it('falls back to what is stored only where no syntax was named', () => {
    const may = (accept: string) => formOf(accept, object(lossless), true)?.mayFallBack;
    expect([may(''), may(many()), may(many(explicit))]).toEqual([true, true, false]);
  });
});
