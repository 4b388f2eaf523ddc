/** Bytes to protocol data units (PS3.8 section 9.3). Faults are values; limits C24 of reliability.md. */
import { type Problem, problem } from '../base/problem.ts';
import { type Item, ItemCursor, paddedText, readU16, UidReader } from './pdu-items.ts';
import { associateFixedBytes, itemType, pduNames, pduType, shortBodyBytes } from './pdu-types.ts';
import { abortReasons, rejections } from './reason-codes.ts';
import type {
  AnsweredContext,
  AssociateReject,
  AssociateRequest,
  ContextResult,
  ControlPdu,
  ProposedContext,
  UpperLayerLimits,
  UserInformation,
} from './types.ts';
import { emptyUserInformation, readUserInformation } from './user-information.ts';

/** Why bytes are not a PDU that can be used. */
export interface PduFault {
  readonly problem: Problem;
  /** Of the A-ABORT that answers it (PS3.8 table 9-26). */
  readonly abortReason: number;
  /** A request that can be followed but not served is rejected rather than aborted. */
  readonly rejection?: AssociateReject;
}

export type DecodedPdu =
  | { readonly ok: true; readonly pdu: ControlPdu }
  | { readonly ok: false; readonly fault: PduFault };

const invalid = (type: number, part: string): DecodedPdu => ({
  ok: false,
  fault: {
    problem: problem('PDU_INVALID', { where: `${pduNames[type]} ${part}` }),
    abortReason: abortReasons.invalidParameter,
  },
});

const rejected = (type: number, part: string, rejection: AssociateReject): DecodedPdu => ({
  ok: false,
  fault: {
    problem: problem('PDU_INVALID', { where: `${pduNames[type]} ${part}` }),
    abortReason: abortReasons.invalidParameter,
    rejection,
  },
});

interface Reading {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly uids: UidReader;
  readonly limits: UpperLayerLimits;
}

type ContextFault = 'presentation-context' | 'presentation-context-id' | 'too-many-syntaxes';

const syntaxesOf = ({ bytes, uids, limits }: Reading, item: Item) => {
  let abstractSyntax = '';
  const transferSyntaxes: string[] = [];
  const cursor = new ItemCursor(bytes, item.start + 4, item.end);
  for (let part = cursor.next(); part !== null; part = cursor.next()) {
    if (part.type === itemType.abstractSyntax) abstractSyntax = uids.read(part.start, part.end);
    if (part.type !== itemType.transferSyntax) continue;
    if (transferSyntaxes.length === limits.maxSyntaxesPerContext) return 'too-many-syntaxes';
    transferSyntaxes.push(uids.read(part.start, part.end));
  }
  return cursor.lies ? 'presentation-context' : { abstractSyntax, transferSyntaxes };
};

/** Ids are odd and each is used once (PS3.8 section 9.3.2.2, class N11). */
function contextId(reading: Reading, item: Item, seen: Uint8Array): number | ContextFault {
  if (item.end - item.start < 4) return 'presentation-context';
  const id = reading.bytes[item.start]!;
  if (id % 2 === 0 || seen[id] === 1) return 'presentation-context-id';
  seen[id] = 1;
  return id;
}

function proposedContext(reading: Reading, item: Item, seen: Uint8Array): ProposedContext | ContextFault {
  const id = contextId(reading, item, seen);
  if (typeof id === 'string') return id;
  const syntaxes = syntaxesOf(reading, item);
  return typeof syntaxes === 'string' ? syntaxes : { id, ...syntaxes };
}

function answeredContext(reading: Reading, item: Item, seen: Uint8Array): AnsweredContext | ContextFault {
  const id = contextId(reading, item, seen);
  if (typeof id === 'string') return id;
  const result = reading.bytes[item.start + 2]!;
  // Of a refusal the syntax is not significant, and some peers leave it out or cut it short.
  if (result !== 0) return { id, result: (result > 4 ? 2 : result) as ContextResult, transferSyntax: '' };
  const syntaxes = syntaxesOf(reading, item);
  if (typeof syntaxes === 'string') return syntaxes;
  return { id, result, transferSyntax: syntaxes.transferSyntaxes[0] ?? '' };
}

interface Parts<Context> {
  applicationContext: string;
  contexts: Context[];
  user: UserInformation;
}

/** The items of a request or answer, or what to say of them. */
function readItems<Context extends object>(
  reading: Reading,
  contextType: number,
  readContext: (reading: Reading, item: Item, seen: Uint8Array) => Context | ContextFault,
): Parts<Context> | DecodedPdu {
  const { type, bytes, uids, limits } = reading;
  const parts: Parts<Context> = { applicationContext: '', contexts: [], user: emptyUserInformation() };
  const seen = new Uint8Array(256);
  const cursor = new ItemCursor(bytes, associateFixedBytes, bytes.length);
  for (let item = cursor.next(); item !== null; item = cursor.next()) {
    if (item.type === itemType.applicationContext) {
      parts.applicationContext = uids.read(item.start, item.end);
    } else if (item.type === contextType) {
      const context = readContext(reading, item, seen);
      if (context === 'too-many-syntaxes') return rejected(type, context, rejections.localLimit);
      if (typeof context === 'string') return invalid(type, context);
      if (parts.contexts.length === limits.maxContexts) {
        return rejected(type, 'too-many-contexts', rejections.localLimit);
      }
      parts.contexts.push(context);
    } else if (item.type === itemType.userInformation) {
      const user = readUserInformation(bytes, uids, item, limits);
      if (user === null) return rejected(type, 'user-information', rejections.noReason);
      parts.user = user;
    }
  }
  return cursor.lies ? invalid(type, 'item-length') : parts;
}

function decodeAssociate(reading: Reading): DecodedPdu {
  const { type, bytes } = reading;
  if (bytes.length < associateFixedBytes) return invalid(type, 'length');
  const head = {
    protocolVersion: readU16(bytes, 0),
    calledAeTitle: paddedText(bytes, 4, 20),
    callingAeTitle: paddedText(bytes, 20, 36),
  };
  if (type === pduType.associateRq) {
    const parts = readItems(reading, itemType.proposedContext, proposedContext);
    if ('ok' in parts) return parts;
    return { ok: true, pdu: { kind: 'associate-rq', ...head, ...parts } satisfies AssociateRequest };
  }
  const parts = readItems(reading, itemType.answeredContext, answeredContext);
  if ('ok' in parts) return parts;
  return { ok: true, pdu: { kind: 'associate-ac', ...head, ...parts } };
}

function decodeShort(type: number, body: Uint8Array): DecodedPdu {
  if (body.length !== shortBodyBytes) return invalid(type, 'length');
  switch (type) {
    case pduType.associateRj:
      return {
        ok: true,
        pdu: { kind: 'associate-rj', result: body[1]!, source: body[2]!, reason: body[3]! },
      };
    case pduType.releaseRq:
      return { ok: true, pdu: { kind: 'release-rq' } };
    case pduType.releaseRp:
      return { ok: true, pdu: { kind: 'release-rp' } };
    default:
      return { ok: true, pdu: { kind: 'abort', source: body[2]!, reason: body[3]! } };
  }
}

/**
 * Reads the body of any PDU but P-DATA-TF (`PduFramer` takes that apart). Keeps nothing of `body`, and at most a
 * small multiple of its size. Fails with PDU_INVALID, whose `where` names PDU and part.
 */
export function decodePdu(type: number, body: Uint8Array, limits: UpperLayerLimits): DecodedPdu {
  if (type !== pduType.associateRq && type !== pduType.associateAc) return decodeShort(type, body);
  return decodeAssociate({ type, bytes: body, uids: new UidReader(body), limits });
}
