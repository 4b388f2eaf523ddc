/**
 * One association's upper layer (PS3.8 section 9.2): inputs from transport, timer and user go in, actions come out. No
 * sockets, no clock: the shell carries the actions out in their order and feeds back what happens.
 *
 * Rules. Every change of state goes through `#run`, which reads state-table.ts. Inputs that the table leaves empty do
 * nothing: an answer of the user may cross the peer's abort. Views of the input (data pieces) are valid until the next
 * input. ARTIM is started and stopped by actions only; its length is the shell's.
 */
import { type Problem, problem } from '../base/problem.ts';
import { assertNever } from '../base/result.ts';
import { type DecodedPdu, decodePdu, type PduFault } from './pdu-decode.ts';
import { encodeData, encodePdu } from './pdu-encode.ts';
import { type FramerSink, PduFramer } from './pdu-framer.ts';
import { pduNames, pduType } from './pdu-types.ts';
import { abortReasons, abortSource, rejections } from './reason-codes.ts';
import { type ActionName, type AssociationEvent, actionFor, type State, stateAfter } from './state-table.ts';
import type {
  AbortPdu,
  AnsweredContext,
  AssociateAccept,
  AssociateReject,
  AssociateRequest,
  ControlPdu,
  PdvPiece,
  Role,
  UpperLayerAction,
  UpperLayerInput,
  UpperLayerLimits,
} from './types.ts';

/** What came with an event. */
interface Matter {
  readonly request?: AssociateRequest;
  readonly accept?: AssociateAccept;
  readonly reject?: AssociateReject;
  readonly pieces?: readonly PdvPiece[];
  readonly abort?: AbortPdu;
  /** Of Evt19. */
  readonly fault?: PduFault;
  /** What an unexpected PDU is called. */
  readonly pdu?: string;
}

const eventOf: Readonly<Record<ControlPdu['kind'], AssociationEvent>> = {
  'associate-ac': 3,
  'associate-rj': 4,
  'associate-rq': 6,
  'release-rq': 12,
  'release-rp': 13,
  abort: 16,
};

function matterOf(pdu: ControlPdu): Matter {
  switch (pdu.kind) {
    case 'associate-rq':
      return { request: pdu };
    case 'associate-ac':
      return { accept: pdu };
    case 'associate-rj':
      return { reject: pdu };
    case 'abort':
      return { abort: pdu };
    default:
      return {};
  }
}

const releaseRequest = encodePdu({ kind: 'release-rq' });
const releaseReply = encodePdu({ kind: 'release-rp' });

export class UpperLayer {
  readonly role: Role;
  readonly #framer: PduFramer;
  #state: State = 1;
  #actions: UpperLayerAction[] = [];
  /** Sent when the transport is open, then held against the answer. */
  #request: AssociateRequest | null = null;
  /** 1 at the ids of contexts that both sides agreed on. */
  readonly #agreed = new Uint8Array(256);

  constructor(role: Role, limits: UpperLayerLimits) {
    this.role = role;
    const sink: FramerSink = {
      control: (type, body) => this.#takeControl(decodePdu(type, body, limits), type),
      dataStart: () => this.#run(10, { pdu: pduNames[pduType.data]! }),
      piece: (piece) => this.#takePiece(piece),
      fault: (fault) => this.#run(19, { fault }),
    };
    this.#framer = new PduFramer(limits, sink);
  }

  /** Sta1 to Sta13 of PS3.8. */
  get state(): State {
    return this.#state;
  }

  /** Memory held for the PDU that is coming in. */
  get heldBytes(): number {
    return this.#framer.heldBytes;
  }

  /** True when the last input ended between two PDUs. */
  get isAtBoundary(): boolean {
    return this.#framer.isAtBoundary;
  }

  step(input: UpperLayerInput): UpperLayerAction[] {
    this.#actions = [];
    if (input.kind === 'transportBytes') this.#framer.take(input.bytes);
    else this.#run(...this.#eventOf(input));
    return this.#actions;
  }

  #eventOf(input: Exclude<UpperLayerInput, { kind: 'transportBytes' }>): [AssociationEvent, Matter] {
    switch (input.kind) {
      case 'sendData':
        return [9, { pieces: input.pieces }];
      case 'transportOpened':
        return [this.role === 'requestor' ? 2 : 5, {}];
      case 'transportClosed':
        return [17, {}];
      case 'timerExpired':
        return [18, {}];
      case 'requestAssociation':
        return [1, { request: input.request }];
      case 'acceptAssociation':
        return [7, { accept: input.answer }];
      case 'rejectAssociation':
        return [8, { reject: input.answer }];
      case 'requestRelease':
        return [11, {}];
      case 'answerRelease':
        return [14, {}];
      case 'requestAbort':
        return [15, {}];
      default:
        return assertNever(input);
    }
  }

  #takeControl(decoded: DecodedPdu, type: number): void {
    const pdu = pduNames[type]!;
    if (decoded.ok) {
      this.#run(eventOf[decoded.pdu.kind], { pdu, ...matterOf(decoded.pdu) });
      return;
    }
    const { fault } = decoded;
    const isRejected = type === pduType.associateRq && fault.rejection !== undefined;
    this.#run(isRejected ? 6 : 19, { fault, pdu });
  }

  #takePiece(piece: PdvPiece): void {
    if (this.#state !== 6 && this.#state !== 7) return;
    if (this.#agreed[piece.contextId] === 1) {
      this.#actions.push({ kind: 'data', piece });
      return;
    }
    // A context that was refused or never proposed (N11).
    this.#run(19, {
      fault: {
        problem: problem('PDU_INVALID', { where: 'P-DATA-TF presentation-context-id' }),
        abortReason: abortReasons.invalidParameter,
      },
    });
  }

  #run(event: AssociationEvent, matter: Matter): void {
    const action = actionFor(this.#state, event);
    if (action === null) return;
    const isAcceptable = this.#carryOut(action, matter);
    this.#state = stateAfter(action, this.role, isAcceptable);
    if (this.#state === 1) this.#framer.stop();
  }

  /** False only of a request that AE-6 turned away. */
  #carryOut(action: ActionName, matter: Matter): boolean {
    switch (action) {
      case 'AE-1':
        this.#request = matter.request!;
        return this.#say({ kind: 'openTransport' });
      case 'AE-2':
        return this.#write(encodePdu(this.#request!));
      case 'AE-3':
        this.#agree(matter.accept!.contexts);
        return this.#say({ kind: 'associationAccepted', answer: matter.accept! });
      case 'AE-4':
        return this.#say({ kind: 'associationRejected', answer: matter.reject! }, { kind: 'closeTransport' });
      case 'AE-5':
        return this.#say({ kind: 'startTimer' });
      case 'AE-6':
        return this.#judgeRequest(matter);
      case 'AE-7':
        this.#agree(matter.accept!.contexts);
        return this.#write(encodePdu(matter.accept!));
      case 'AE-8':
        return this.#write(encodePdu(matter.reject!), { kind: 'startTimer' });
      case 'DT-1':
      case 'AR-7':
        for (const piece of matter.pieces!) {
          for (const bytes of encodeData(piece)) this.#write(bytes);
        }
        return true;
      case 'DT-2':
      case 'AR-6':
        // The values follow piece by piece, see #takePiece.
        return true;
      case 'AR-1':
        return this.#write(releaseRequest);
      case 'AR-2':
      case 'AR-8':
        return this.#say({ kind: 'releaseRequested' });
      case 'AR-3':
        return this.#say({ kind: 'released' }, { kind: 'closeTransport' });
      case 'AR-4':
        return this.#write(releaseReply, { kind: 'startTimer' });
      case 'AR-9':
        return this.#write(releaseReply);
      case 'AR-10':
        return this.#say({ kind: 'released' });
      default:
        return this.#carryOutAbort(action, matter);
    }
  }

  #carryOutAbort(action: Extract<ActionName, `AA-${number}`> | 'AR-5', matter: Matter): boolean {
    switch (action) {
      case 'AR-5':
      case 'AA-5':
        return this.#say({ kind: 'stopTimer' });
      case 'AA-1':
        return this.#abortBeforeUse(matter);
      case 'AA-2':
        return this.#closeQuietly(matter);
      case 'AA-3':
        return this.#say(
          { kind: 'aborted', source: matter.abort!.source, reason: matter.abort!.reason },
          { kind: 'closeTransport' },
        );
      case 'AA-4':
        return this.#say({ kind: 'lost' });
      case 'AA-6':
        return true;
      case 'AA-7':
        return this.#write(abortBytes(abortSource.provider, this.#reasonOf(matter)));
      case 'AA-8': {
        const reason = this.#reasonOf(matter);
        return this.#write(
          abortBytes(abortSource.provider, reason),
          { kind: 'aborted', source: abortSource.provider, reason, problem: problemOf(matter) },
          { kind: 'startTimer' },
        );
      }
      default:
        return assertNever(action);
    }
  }

  /** AE-6: what the provider itself cannot serve is rejected here, everything else is the user's to judge. */
  #judgeRequest({ request, fault }: Matter): boolean {
    this.#say({ kind: 'stopTimer' });
    // Bit 0 is version 1, the only one there is; other bits are not tested (PS3.8 table 9-11).
    const isVersionKnown = request !== undefined && (request.protocolVersion & 1) === 1;
    if (isVersionKnown) return this.#say({ kind: 'associationRequested', request });
    const answer = fault?.rejection ?? rejections.protocolVersion;
    this.#write(
      encodePdu(answer),
      {
        kind: 'refused',
        problem: fault?.problem ?? problem('REFUSED_PROTOCOL'),
        ...(request && { request }),
      },
      { kind: 'startTimer' },
    );
    return false;
  }

  /**
   * AA-1. The standard has the user as the source throughout, and of a user's abort no reason: where the peer's own PDU
   * is the cause we name the provider with its reason instead, so that the peer's log says what was wrong (N2, N3).
   */
  #abortBeforeUse(matter: Matter): boolean {
    const isOurs = matter.fault === undefined && matter.pdu === undefined;
    if (isOurs) return this.#write(abortBytes(abortSource.user, 0), { kind: 'startTimer' });
    return this.#write(
      abortBytes(abortSource.provider, this.#reasonOf(matter)),
      { kind: 'refused', problem: problemOf(matter) },
      { kind: 'startTimer' },
    );
  }

  /** AA-2, from three causes: ARTIM, the peer's abort, our own before the transport was open. */
  #closeQuietly(matter: Matter): boolean {
    const isTooSlow = this.#state === 2 && matter.abort === undefined;
    if (isTooSlow) this.#say({ kind: 'refused', problem: problem('PEER_TIMEOUT') });
    return this.#say({ kind: 'stopTimer' }, { kind: 'closeTransport' });
  }

  #reasonOf(matter: Matter): number {
    return matter.fault?.abortReason ?? abortReasons.unexpectedPdu;
  }

  /** As requestor only what was proposed counts: an answer may name ids that nobody asked for. */
  #agree(contexts: readonly AnsweredContext[]): void {
    for (const context of contexts) {
      const isKnown = this.#request === null || this.#request.contexts.some(({ id }) => id === context.id);
      if (context.result === 0 && isKnown) this.#agreed[context.id] = 1;
    }
  }

  #write(bytes: Uint8Array, ...then: readonly UpperLayerAction[]): boolean {
    return this.#say({ kind: 'write', bytes }, ...then);
  }

  #say(...actions: readonly UpperLayerAction[]): boolean {
    this.#actions.push(...actions);
    return true;
  }
}

const abortBytes = (source: number, reason: number): Uint8Array =>
  encodePdu({ kind: 'abort', source, reason });

const problemOf = (matter: Matter): Problem =>
  matter.fault?.problem ?? problem('PDU_UNEXPECTED', { pdu: matter.pdu ?? 'PDU' });
