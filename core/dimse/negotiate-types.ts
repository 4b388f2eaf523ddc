/** What acceptor and requestor bring to the negotiation of an association (PS3.7 annex D, PS3.8 section 7.1). */
import type { Problem } from '../base/problem.ts';
import type { AssociateAccept, AssociateReject, ContextResult } from './types.ts';

/** How an acceptor serves one abstract syntax. */
export interface ServiceRule {
  /** Most wanted first; the first that the requestor proposes is taken. */
  readonly transferSyntaxes: readonly string[];
  /** Roles that the requestor may have; what it has without asking is SCU (PS3.7 D.3.3.4). */
  readonly peerMayBeScu: boolean;
  readonly peerMayBeScp: boolean;
  /** Highest value of each byte of extended negotiation that we support; absent: it is not answered. */
  readonly extended?: Uint8Array;
}

/** Who may come in by a user identity of type 1 (name) or 2 (name and passcode). */
export interface IdentityRule {
  /** Requests without an identity are rejected. */
  readonly isRequired: boolean;
  readonly users: readonly { readonly name: Uint8Array; readonly passcode: Uint8Array | null }[];
}

export interface NegotiationRules {
  readonly aeTitle: string;
  readonly checkCalledAeTitle: boolean;
  /** Null: any well-formed title. */
  readonly callingAeTitles: readonly string[] | null;
  /** How an abstract syntax is served; undefined: it is not (result 3). Pure; see `acceptedClass` of services.ts. */
  readonly serviceFor: (abstractSyntax: string) => ServiceRule | undefined;
  /** Null: identities are neither asked for nor looked at. */
  readonly identity: IdentityRule | null;
  /** Most operations at once that we allow; absent: one each way. */
  readonly asyncWindow?: { readonly invoked: number; readonly performed: number };
  readonly maxPduBytes: number;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
}

/** A context that both sides agreed on. */
export interface NegotiatedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
  readonly requestorIsScu: boolean;
  readonly requestorIsScp: boolean;
}

export type Negotiation =
  | { readonly accept: AssociateAccept; readonly contexts: ReadonlyMap<number, NegotiatedContext> }
  | { readonly reject: AssociateReject; readonly problem: Problem };

/** One context that a requestor would like to have. */
export interface WantedContext {
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
  /** As the requestor means to play it; absent: SCU only. */
  readonly role?: { readonly scu: boolean; readonly scp: boolean };
}

/** What an answer leaves of a request. */
export interface ReadAnswer {
  readonly contexts: ReadonlyMap<number, NegotiatedContext>;
  /** Asked for and not given, an answer that names a syntax that was not proposed included (result 1). */
  readonly refused: readonly {
    readonly id: number;
    readonly abstractSyntax: string;
    readonly result: ContextResult;
  }[];
}
