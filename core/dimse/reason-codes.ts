/** Reasons of rejections and aborts as the wire has them (PS3.8 tables 9-21 and 9-26). */
import type { AssociateReject } from './types.ts';

const reject = (result: number, source: number, reason: number): AssociateReject => ({
  kind: 'associate-rj',
  result,
  source,
  reason,
});

/** Every rejection that we send. Result 1 permanent, 2 transient; source 1 user, 2 ACSE, 3 presentation. */
export const rejections = {
  applicationContext: reject(1, 1, 2),
  callingAeTitle: reject(1, 1, 3),
  calledAeTitle: reject(1, 1, 7),
  /** Also of a user identity that was not accepted (PS3.7 D.3.3.7). */
  noReason: reject(1, 2, 1),
  protocolVersion: reject(1, 2, 2),
  congestion: reject(2, 3, 1),
  /** A request beyond our limits will not pass later either. */
  localLimit: reject(1, 3, 2),
  /** Too many associations: try again later. */
  tooMany: reject(2, 3, 2),
} as const;

export const abortSource = { user: 0, provider: 2 } as const;

/** Of the provider; an abort by the user has 0. */
export const abortReasons = {
  notSpecified: 0,
  unrecognizedPdu: 1,
  unexpectedPdu: 2,
  unrecognizedParameter: 4,
  unexpectedParameter: 5,
  invalidParameter: 6,
} as const;
