import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { NetworkLimits } from '../../../core/contract/network-settings.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { IntakePlaces } from './intake-client.ts';
import type { IntakeNote, IntakeOperations } from './intake-protocol.ts';
import type { ObjectToSend, RequestContext, RequestPeer } from './service-handler.ts';
import type { ServerTls } from './tls-options.ts';

/** Who may send, when only listed peers may. */
export interface AllowedPeer {
  readonly aeTitle: string;
  /** Name or address. */
  readonly host: string;
}

/** Users of whom a peer must be one (PS3.7 D.3.3.7); a passcode of null: the name alone is given. */
export interface AskedIdentity {
  readonly users: readonly { readonly name: string; readonly passcode: string | null }[];
}

export interface KnownPeer extends AllowedPeer {
  /** What it must say of itself; null = nothing, absent = as everybody. */
  readonly asks?: AskedIdentity | null;
}

/** Everything the receiver goes by; plain data. */
export interface ReceiverConfig {
  readonly aeTitle: string;
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number | null;
  readonly tls: ServerTls | null;
  readonly limits: NetworkLimits;
  readonly checkCalledAeTitle: boolean;
  /** Null = anybody. */
  readonly allowed: readonly AllowedPeer[] | null;
  /** Who a peer must say that it is, unless it is known and asked for something else; null = nobody in particular. */
  readonly identity: AskedIdentity | null;
  /** Stations that are known: they may be silent for longer. */
  readonly known: readonly KnownPeer[];
  readonly unknownSopClasses: boolean;
  readonly answersQueries: boolean;
  readonly answersCommitment: boolean;
  readonly takesProcedureSteps: boolean;
}

export interface ListeningPorts {
  readonly port: number;
  readonly tlsPort: number | null;
}

export interface Opened {
  readonly associationId: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly address: string;
  readonly encrypted: boolean;
}

export type ReceiverNote =
  | IntakeNote
  | ({ readonly kind: 'opened' } & Opened)
  /** `problem`: what cut it off; null when it was released. */
  | { readonly kind: 'closed'; readonly associationId: number; readonly problem: Problem | null }
  /** Turned away before there was an association, or cut off; `left out`: further ones in the same second. */
  | {
      readonly kind: 'refused';
      readonly aeTitle: string;
      readonly calledAeTitle: string;
      readonly address: string;
      readonly problem: Problem;
    }
  | {
      readonly kind: 'request';
      readonly requestId: number;
      readonly peer: RequestPeer;
      readonly context: RequestContext;
      readonly command: Command;
      readonly dataset: Uint8Array | null;
    }
  /** C-CANCEL, or the end of the association. */
  | { readonly kind: 'cancelled'; readonly requestId: number };

/** Operations of `main/workers/receiver.ts`. */
export interface ReceiverOperations extends IntakeOperations {
  /** Once, before anything else. */
  places(input: IntakePlaces): void;
  /**
   * Listens, or changes to another configuration: sockets are bound anew only where address, port or TLS changed, and
   * running associations go on. Problems: RECEIVER_PORT_BUSY, RECEIVER_PORT_DENIED, IO_ERROR.
   */
  listen(config: ReceiverConfig): Promise<Result<ListeningPorts>>;
  /** A sign of life. */
  ping(input: null): void;
  /** Stops listening; running associations are aborted. */
  close(input: null): Promise<void>;
  /** A problem: objects are answered A700 before they are taken. */
  room(input: { readonly problem: Problem | null }): void;
  respond(input: {
    readonly requestId: number;
    readonly command: Command;
    readonly dataset: Uint8Array | null;
  }): Promise<boolean>;
  ask(input: {
    readonly requestId: number;
    readonly contextId: number;
    readonly command: Command;
    readonly dataset: Uint8Array | null;
  }): Promise<Command | Problem>;
  sendObject(input: { readonly requestId: number; readonly object: ObjectToSend }): Promise<number | Problem>;
  /** The handler has ended; with a problem its association is aborted. */
  handled(input: { readonly requestId: number; readonly failed: boolean }): void;
}
