/**
 * What the parts of the DICOM node say to each other. Everything here is plain data: bytes, primitives and ticks
 * go in, actions come out (PS3.8 section 9.2, PS3.7). Sockets, files and clocks live in `main/host/dimse`.
 */
import type { Problem } from '../base/problem.ts';

// ── Protocol data units (PS3.8 section 9.3) ────────────────────────────────────────────────────────────────────

/** One presentation context as it is proposed. `id` is odd, 1 to 255. */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** 0 acceptance, 1 user-rejection, 2 no-reason, 3 abstract-syntax-not-supported, 4 transfer-syntaxes-not-supported. */
export type ContextResult = 0 | 1 | 2 | 3 | 4;

export interface AnsweredContext {
  readonly id: number;
  readonly result: ContextResult;
  /** Empty unless accepted. */
  readonly transferSyntax: string;
}

/** PS3.7 D.3.3.4. */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

/** PS3.7 D.3.3.5. */
export interface ExtendedNegotiation {
  readonly sopClassUid: string;
  readonly information: Uint8Array;
}

/** PS3.7 D.3.3.6. */
export interface CommonExtendedNegotiation {
  readonly sopClassUid: string;
  readonly serviceClassUid: string;
  readonly relatedSopClassUids: readonly string[];
}

/** PS3.7 D.3.3.7: 1 user name, 2 name and passcode, 3 Kerberos, 4 SAML, 5 JSON Web Token. */
export interface UserIdentity {
  readonly type: number;
  readonly wantsResponse: boolean;
  readonly primary: Uint8Array;
  readonly secondary: Uint8Array;
}

/** PS3.7 annex D.3.3: the user information item of requests and answers. */
export interface UserInformation {
  /** Longest PDU body that its sender can receive; 0 = no limit. */
  readonly maxPduBytes: number;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  /** Operations that may be outstanding; 0 = any number. Absent = 1 and 1. */
  readonly asyncWindow?: { readonly invoked: number; readonly performed: number };
  readonly roles: readonly RoleSelection[];
  readonly extended: readonly ExtendedNegotiation[];
  readonly commonExtended: readonly CommonExtendedNegotiation[];
  /** Of a request. */
  readonly identity?: UserIdentity;
  /** Of an answer: the server's response to an identity that asked for one. */
  readonly identityResponse?: Uint8Array;
}

export interface AssociateRequest {
  readonly kind: 'associate-rq';
  readonly protocolVersion: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
  readonly user: UserInformation;
}

export interface AssociateAccept {
  readonly kind: 'associate-ac';
  readonly protocolVersion: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContext: string;
  readonly contexts: readonly AnsweredContext[];
  readonly user: UserInformation;
}

/** PS3.8 table 9-21: result 1 permanent, 2 transient; source 1 user, 2 provider (ACSE), 3 provider (presentation). */
export interface AssociateReject {
  readonly kind: 'associate-rj';
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

export interface ReleaseRequest {
  readonly kind: 'release-rq';
}
export interface ReleaseReply {
  readonly kind: 'release-rp';
}
/** PS3.8 table 9-26: source 0 user, 2 provider. */
export interface AbortPdu {
  readonly kind: 'abort';
  readonly source: number;
  readonly reason: number;
}

/** All PDUs but P-DATA-TF, which is never held whole: see `PdvPiece`. */
export type ControlPdu =
  | AssociateRequest
  | AssociateAccept
  | AssociateReject
  | ReleaseRequest
  | ReleaseReply
  | AbortPdu;

/**
 * A piece of a presentation data value as it arrives: `bytes` is a view of what the socket gave, valid until the next
 * input. `isLast` is true on the piece that ends the last fragment of a command or data set; it may be empty.
 */
export interface PdvPiece {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

// ── The upper layer (PS3.8 section 9.2) ────────────────────────────────────────────────────────────────────────

export type Role = 'requestor' | 'acceptor';

/** Limits C24 of reliability.md; all in Settings. */
export interface UpperLayerLimits {
  /** Longest PDU body we take; a longer one aborts before anything is allocated. */
  readonly maxPduBytes: number;
  /** What we offer as our maximum length (at most `maxPduBytes`). */
  readonly offeredPduBytes: number;
  readonly maxRequestBytes: number;
  readonly maxContexts: number;
  readonly maxSyntaxesPerContext: number;
}

/** Everything that can happen to an association: from the transport, from its timer, from its user. */
export type UpperLayerInput =
  | { readonly kind: 'transportOpened' }
  | { readonly kind: 'transportBytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'transportClosed' }
  /** ARTIM ran out. */
  | { readonly kind: 'timerExpired' }
  /** Primitives of the local user. */
  | { readonly kind: 'requestAssociation'; readonly request: AssociateRequest }
  | { readonly kind: 'acceptAssociation'; readonly answer: AssociateAccept }
  | { readonly kind: 'rejectAssociation'; readonly answer: AssociateReject }
  /** One PDV; the caller keeps it within the peer's maximum length (see `splitMessage`). */
  | { readonly kind: 'sendData'; readonly pieces: readonly PdvPiece[] }
  | { readonly kind: 'requestRelease' }
  | { readonly kind: 'answerRelease' }
  | { readonly kind: 'requestAbort' };

/** What the shell has to do, in this order. */
export type UpperLayerAction =
  | { readonly kind: 'openTransport' }
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'closeTransport' }
  | { readonly kind: 'startTimer' }
  | { readonly kind: 'stopTimer' }
  /** Indications and confirmations to the local user. */
  | { readonly kind: 'associationRequested'; readonly request: AssociateRequest }
  | { readonly kind: 'associationAccepted'; readonly answer: AssociateAccept }
  | { readonly kind: 'associationRejected'; readonly answer: AssociateReject }
  | { readonly kind: 'data'; readonly piece: PdvPiece }
  | { readonly kind: 'releaseRequested' }
  | { readonly kind: 'released' }
  /** `problem` says why when the fault was found here (PDU_TOO_LARGE …); the peer's own abort has none. */
  | {
      readonly kind: 'aborted';
      readonly source: number;
      readonly reason: number;
      readonly problem?: Problem;
    }
  /** The transport went away without an abort. */
  | { readonly kind: 'lost' }
  /**
   * Turned away here before there was an association: not DICOM, faulty, beyond the limits, or too slow. For the list of
   * refusals; the answer is among the other actions. `request` when it could be read.
   */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly request?: AssociateRequest };

// ── Messages (PS3.7 sections 9 and 10, annex E) ────────────────────────────────────────────────────────────────

export type CommandName =
  | 'C-STORE-RQ'
  | 'C-STORE-RSP'
  | 'C-GET-RQ'
  | 'C-GET-RSP'
  | 'C-FIND-RQ'
  | 'C-FIND-RSP'
  | 'C-MOVE-RQ'
  | 'C-MOVE-RSP'
  | 'C-ECHO-RQ'
  | 'C-ECHO-RSP'
  | 'C-CANCEL-RQ'
  | 'N-EVENT-REPORT-RQ'
  | 'N-EVENT-REPORT-RSP'
  | 'N-GET-RQ'
  | 'N-GET-RSP'
  | 'N-SET-RQ'
  | 'N-SET-RSP'
  | 'N-ACTION-RQ'
  | 'N-ACTION-RSP'
  | 'N-CREATE-RQ'
  | 'N-CREATE-RSP'
  | 'N-DELETE-RQ'
  | 'N-DELETE-RSP';

/** A command set with the keywords of PS3.7 E.1; only those that its kind may have are there. */
export interface Command {
  readonly name: CommandName;
  readonly messageId?: number;
  readonly messageIdBeingRespondedTo?: number;
  readonly affectedSopClassUid?: string;
  readonly requestedSopClassUid?: string;
  readonly affectedSopInstanceUid?: string;
  readonly requestedSopInstanceUid?: string;
  /** 0 medium, 1 high, 2 low. */
  readonly priority?: number;
  readonly moveDestination?: string;
  readonly moveOriginatorAeTitle?: string;
  readonly moveOriginatorMessageId?: number;
  readonly actionTypeId?: number;
  readonly eventTypeId?: number;
  readonly attributeIdentifierList?: readonly number[];
  readonly status?: number;
  readonly errorComment?: string;
  readonly offendingElement?: readonly number[];
  readonly errorId?: number;
  readonly remainingSuboperations?: number;
  readonly completedSuboperations?: number;
  readonly failedSuboperations?: number;
  readonly warningSuboperations?: number;
  /** A data set follows. */
  readonly hasDataset: boolean;
}

/** What pieces become: a command, then its data set as it streams in, then its end. */
export type MessageEvent =
  | { readonly kind: 'command'; readonly contextId: number; readonly command: Command }
  | { readonly kind: 'dataset'; readonly contextId: number; readonly bytes: Uint8Array }
  | { readonly kind: 'datasetEnd'; readonly contextId: number }
  /** The peer lied; `statusToAnswer` when it can be answered, else the association is to be aborted. */
  | {
      readonly kind: 'invalid';
      readonly contextId: number;
      readonly problem: Problem;
      readonly answer?: Command;
    };
