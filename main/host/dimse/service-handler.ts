import type { Problem } from '../../../core/base/problem.ts';
import type { Command, CommandName } from '../../../core/dimse/types.ts';

/**
 * What the receiver leaves to others: every request but C-ECHO and C-STORE. The receiver's worker keeps sockets and
 * states; it hands a whole request to the host, and a handler answers there, where the store is.
 */

/** Who asks, as it was negotiated. */
export interface RequestPeer {
  readonly associationId: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly address: string;
  readonly encrypted: boolean;
  /** Accepted presentation contexts, with the roles that the peer plays in them. */
  readonly contexts: readonly RequestContext[];
}

export interface RequestContext {
  readonly contextId: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
  /** The peer takes C-STORE sub-operations in this context (PS3.7 D.3.3.4). */
  readonly peerIsScp: boolean;
}

export interface ServiceRequest {
  readonly peer: RequestPeer;
  readonly context: RequestContext;
  readonly command: Command;
  /** The data set that came with it, in the context's transfer syntax; null when there was none. At most 4 MiB. */
  readonly dataset: Uint8Array | null;
  /** Aborted by C-CANCEL, and when the association ends. */
  readonly signal: AbortSignal;
}

/** A stored object to be sent to the peer; its data set goes as it is, in the file's own transfer syntax. */
export interface ObjectToSend {
  readonly file: string;
  /** Where the data set begins in the file. */
  readonly datasetOffset: number;
  readonly sizeBytes: number;
  readonly contextId: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of a C-MOVE's destination: who asked (PS3.7 9.1.1.1). */
  readonly moveOriginatorAeTitle?: string;
  readonly moveOriginatorMessageId?: number;
}

/** What a handler can do on the association of its request. All of them answer false or a problem once it ended. */
export interface ServiceAnswer {
  /** Sends one response; settles when the socket has taken it. `command.messageIdBeingRespondedTo` is the handler's. */
  respond(command: Command, dataset?: Uint8Array | null): Promise<boolean>;
  /** A request of ours on the same association (N-EVENT-REPORT …); its message id is given here. Answers its response. */
  request(contextId: number, command: Command, dataset?: Uint8Array | null): Promise<Command | Problem>;
  /** A C-STORE sub-operation of a C-GET; answers the peer's status. */
  store(object: ObjectToSend): Promise<number | Problem>;
}

/** Answers one request; a handler that throws costs its own association. */
export type ServiceHandler = (request: ServiceRequest, answer: ServiceAnswer) => Promise<void>;

/** By request. A name that is missing is answered 0x0211 (unrecognized operation). */
export type ServiceHandlers = { readonly [N in CommandName]?: ServiceHandler };
