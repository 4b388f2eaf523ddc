import { describe, expect, it } from 'vitest';
import { rejections } from './reason-codes.ts';
import { abortProblem, rejectionProblem } from './reasons.ts';

const titles = { calledAeTitle: 'PACS', callingAeTitle: 'CANDELA' };
const rejection = (result: number, source: number, reason: number) =>
  rejectionProblem({ kind: 'associate-rj', result, source, reason }, titles);

describe('rejections (PS3.8 table 9-21)', () => {
  it.each([
    [1, 1, 1, { code: 'REJECTED_NO_REASON' }],
    [1, 1, 2, { code: 'REJECTED_PROTOCOL' }],
    [1, 1, 3, { code: 'REJECTED_CALLING_AE', params: { aeTitle: 'CANDELA' } }],
    [1, 1, 7, { code: 'REJECTED_CALLED_AE', params: { aeTitle: 'PACS' } }],
    [2, 1, 1, { code: 'REJECTED_BUSY' }],
    [1, 2, 1, { code: 'REJECTED_NO_REASON' }],
    [1, 2, 2, { code: 'REJECTED_PROTOCOL' }],
    [2, 3, 1, { code: 'REJECTED_BUSY' }],
    [1, 3, 2, { code: 'REJECTED_BUSY' }],
    [2, 3, 2, { code: 'REJECTED_BUSY' }],
    [1, 9, 9, { code: 'REJECTED_NO_REASON' }],
  ])('result %d, source %d, reason %d', (result, source, reason, expected) => {
    expect(rejection(result, source, reason)).toEqual(expected);
  });

  it('are ours as the standard numbers them', () => {
    const numbers = Object.entries(rejections).map(
      ([name, { result, source, reason }]) => `${name} ${result}/${source}/${reason}`,
    );
    expect(numbers).toEqual([
      'applicationContext 1/1/2',
      'callingAeTitle 1/1/3',
      'calledAeTitle 1/1/7',
      'noReason 1/2/1',
      'protocolVersion 1/2/2',
      'congestion 2/3/1',
      'localLimit 1/3/2',
      'tooMany 2/3/2',
    ]);
  });
});

describe('aborts (PS3.8 table 9-26)', () => {
  it.each([
    [0, 0, 'service-user'],
    [0, 6, 'service-user'],
    [2, 0, 'reason-not-specified'],
    [2, 1, 'unrecognized-PDU'],
    [2, 2, 'unexpected-PDU'],
    [2, 3, '2/3'],
    [2, 4, 'unrecognized-PDU-parameter'],
    [2, 5, 'unexpected-PDU-parameter'],
    [2, 6, 'invalid-PDU-parameter-value'],
    [1, 200, '1/200'],
  ])('source %d, reason %d', (source, reason, word) => {
    expect(abortProblem(source, reason)).toEqual({ code: 'PEER_ABORTED', params: { reason: word } });
  });
});
