import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element } from '../dicom/write/element.ts';
import {
  type CommitmentReport,
  encodeCommitmentReport,
  encodeCommitmentRequest,
  failureReasons,
  readCommitmentReport,
  readCommitmentRequest,
} from './commitment.ts';
import { encodeMessageDataset, readMessageDataset, textAt } from './query-dataset.ts';

const syntaxes = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'] as const;
const [explicit] = syntaxes;
const uid = fc.stringMatching(/^1(\.[1-9][0-9]{0,4}){1,6}$/);
const reference = fc.record({ sopClassUid: uid, sopInstanceUid: uid });
const failure = fc.record({
  sopClassUid: uid,
  sopInstanceUid: uid,
  reason: fc.constantFrom(...Object.values(failureReasons)),
});
const bytesOf = (...elements: Parameters<typeof element>[]) =>
  encodeMessageDataset(
    elements.map((row) => element(...row)),
    explicit,
    '',
  );
const item = (sopClassUid: string, sopInstanceUid: string) => [
  element(0x00081150, 'UI', sopClassUid),
  element(0x00081155, 'UI', sopInstanceUid),
];

describe('requests and reports', () => {
  it('come back as they were, in both syntaxes', () => {
    const references = fc.array(reference, { minLength: 1, maxLength: 5 });
    const report = fc.record({
      transactionUid: uid,
      committed: fc.array(reference, { maxLength: 4 }),
      failed: fc.array(failure, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        uid,
        references,
        report,
        fc.constantFrom(...syntaxes),
        (transactionUid, list, told, syntax) => {
          const request = { transactionUid, references: list };
          expect(readCommitmentRequest(encodeCommitmentRequest(request, syntax), syntax)).toEqual({
            ok: true,
            value: request,
          });
          expect(readCommitmentReport(encodeCommitmentReport(told, 'CANDELA', syntax), syntax)).toEqual({
            ok: true,
            value: told,
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('say where objects can be retrieved from, and leave empty sequences out', () => {
    const report: CommitmentReport = { transactionUid: '1.2', committed: [], failed: [] };
    const read = readMessageDataset(encodeCommitmentReport(report, 'CANDELA', explicit), explicit);
    expect(read.ok && textAt(read.value, 0x00080054)).toBe('CANDELA');
    expect(read.ok && read.value.map(({ keyword }) => keyword)).toEqual([
      'RetrieveAETitle',
      'TransactionUID',
    ]);
  });
});

describe('what is refused', () => {
  const references = [item('1.2', '1.3')];
  it.each([
    ['no transaction', bytesOf([0x00081199, 'SQ', references]), '(0008,1195)'],
    [
      'a transaction that is no UID',
      bytesOf([0x00081195, 'UI', 'x'], [0x00081199, 'SQ', references]),
      '(0008,1195)',
    ],
    ['no references', bytesOf([0x00081195, 'UI', '1.2']), '(0008,1199)'],
    ['an empty sequence', bytesOf([0x00081195, 'UI', '1.2'], [0x00081199, 'SQ', []]), '(0008,1199)'],
    [
      'a reference that is none',
      bytesOf([0x00081195, 'UI', '1.2'], [0x00081199, 'SQ', [item('1.2', '')]]),
      '(0008,1199)',
    ],
  ])('of requests: %s', (_, bytes, tag) => {
    expect(readCommitmentRequest(bytes, explicit)).toEqual({
      ok: false,
      problem: { code: 'COMMAND_INVALID', params: { element: tag } },
    });
  });

  it('of reports: no transaction; bad references count as not kept', () => {
    expect(readCommitmentReport(bytesOf([0x00081199, 'SQ', references]), explicit).ok).toBe(false);
    const bytes = bytesOf(
      [0x00081195, 'UI', '1.2'],
      [0x00081198, 'SQ', [item('1.2', '1.4'), item('', '1.5')]],
      [0x00081199, 'SQ', [item('1.2', '1.3'), item('1.2', '../x')]],
    );
    expect(readCommitmentReport(bytes, explicit)).toEqual({
      ok: true,
      value: {
        transactionUid: '1.2',
        committed: [{ sopClassUid: '1.2', sopInstanceUid: '1.3' }],
        // Without a reason it is a processing failure.
        failed: [{ sopClassUid: '1.2', sopInstanceUid: '1.4', reason: 0x0110 }],
      },
    });
  });

  it('what is no data set', () => {
    const cut = bytesOf([0x00081195, 'UI', '1.2']).subarray(0, 9);
    expect(readCommitmentRequest(cut, explicit).ok).toBe(false);
    expect(readCommitmentReport(cut, explicit).ok).toBe(false);
  });
});
