import type { Command, UserIdentity } from '../../../core/dimse/types.ts';
import type { ClientTls } from './tls-options.ts';

/** Another station, as it is called; plain data. */
export interface PeerTarget {
  readonly host: string;
  readonly port: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly tls: ClientTls | null;
  readonly identity: UserIdentity | null;
  /** Longest PDU that we take, and offer to take. */
  readonly maxPduBytes: number;
  readonly offeredPduBytes: number;
}

export interface PeerTimeouts {
  /** For the name, the connection, the handshake and the association, each. */
  readonly connectMs: number;
  /** Nothing came although something was due. */
  readonly idleMs: number;
  /** The same in the middle of an object, where no archive stops to look for anything; absent = `idleMs`. */
  readonly objectIdleMs?: number;
}

export const peerTimeouts: PeerTimeouts = { connectMs: 10_000, idleMs: 30_000 };

/** The steps of coming together, in their order, as `nodes.test` shows them. */
export type PeerPhase = 'address' | 'connect' | 'tls' | 'associate';
export interface PeerTrace {
  phase: PeerPhase;
  readonly done: { readonly phase: PeerPhase; readonly tookMs: number }[];
}

/** A message as it came; data sets of C-STORE requests go to `onStore` instead. */
export interface PeerMessage {
  readonly contextId: number;
  readonly command: Command;
  readonly dataset: Uint8Array | null;
}

/** Takes the data set of one C-STORE request. Answers the status of the response. */
export interface IncomingObject {
  write(bytes: Uint8Array): void;
  end(): void;
  /** Bytes that wait for the disk. */
  waitingBytes(): number;
  whenBelow(bytes: number, then: () => void): void;
  drop(): void;
}

export interface PeerOptions {
  readonly timeouts: PeerTimeouts;
  /** Ends it at once, while it is being made too. */
  readonly signal?: AbortSignal;
  readonly trace?: PeerTrace;
  readonly onStore?: (contextId: number, command: Command) => IncomingObject;
}
