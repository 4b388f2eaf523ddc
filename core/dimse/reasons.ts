/** What a person is told of rejections and aborts (PS3.8 tables 9-21 and 9-26). */
import { type Problem, problem } from '../base/problem.ts';
import type { AssociateReject } from './types.ts';

/** Of a rejection that we got, with the titles that we used. */
export function rejectionProblem(
  { result, source, reason }: AssociateReject,
  titles: { readonly calledAeTitle: string; readonly callingAeTitle: string },
): Problem {
  switch (`${source}/${reason}`) {
    case '1/3':
      return problem('REJECTED_CALLING_AE', { aeTitle: titles.callingAeTitle });
    case '1/7':
      return problem('REJECTED_CALLED_AE', { aeTitle: titles.calledAeTitle });
    case '1/2':
    case '2/2':
      return problem('REJECTED_PROTOCOL');
    case '3/1':
    case '3/2':
      return problem('REJECTED_BUSY');
    default:
      return problem(result === 2 ? 'REJECTED_BUSY' : 'REJECTED_NO_REASON');
  }
}

/** The standard's own words, which are the same in every language and in every device's log. */
const abortWords: Readonly<Record<number, string>> = {
  0: 'reason-not-specified',
  1: 'unrecognized-PDU',
  2: 'unexpected-PDU',
  4: 'unrecognized-PDU-parameter',
  5: 'unexpected-PDU-parameter',
  6: 'invalid-PDU-parameter-value',
};

/** Of an abort that we got. */
export function abortProblem(source: number, reason: number): Problem {
  const word = source === 0 ? 'service-user' : (abortWords[reason] ?? `${source}/${reason}`);
  return problem('PEER_ABORTED', { reason: word });
}
