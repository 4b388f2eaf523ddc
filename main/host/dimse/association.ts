import type { Socket } from 'node:net';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { assertNever } from '../../../core/base/result.ts';
import { MessageReader } from '../../../core/dimse/message-reader.ts';
import { splitMessage } from '../../../core/dimse/message-writer.ts';
import { abortProblem } from '../../../core/dimse/reasons.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  Command,
  PdvPiece,
  UpperLayerAction,
  UpperLayerInput,
} from '../../../core/dimse/types.ts';
import { UpperLayer } from '../../../core/dimse/upper-layer.ts';
import type { AssociationOwner, DatasetTaker } from './association-types.ts';
import { Pace } from './pace.ts';
import type { RequestContext } from './service-handler.ts';
import { drained, plainAddress } from './sockets.ts';

/** After an abort or a rejection the peer has so long to read it. */
const lingerMs = 500;
/** More that is not yet read by the peer: we read no more of it either. */
const mostUnsentBytes = 1024 * 1024;

/**
 * One association that a peer asked for: its socket and timers around the upper layer of core/dimse. It serves one
 * request at a time, as negotiated; whatever goes wrong here costs this association only.
 */
export class Association {
  readonly id: number;
  readonly address: string;
  readonly encrypted: boolean;
  callingAeTitle = '';
  calledAeTitle = '';
  contexts: ReadonlyMap<number, RequestContext> = new Map();
  readonly #socket: Socket;
  readonly #owner: AssociationOwner;
  readonly #upper: UpperLayer;
  readonly #reader = new MessageReader();
  readonly #pace: Pace;
  readonly #pending = new Map<number, (answer: Command | Problem) => void>();
  #todo: UpperLayerAction[] = [];
  #isDraining = false;
  #isLingering = false;
  #isOpen = false;
  #isOver = false;
  #isKnown = false;
  /** It wanted its user confirmed and was not; until it says anything. */
  #isUnconfirmed = false;
  #hasReleaseRequest = false;
  #peerPduBytes = 0;
  #artim: NodeJS.Timeout | null = null;
  #serving: Command | null = null;
  #taker: DatasetTaker | null = null;
  #holds = 0;
  #nextMessageId = 1;

  constructor(id: number, socket: Socket, encrypted: boolean, owner: AssociationOwner) {
    this.id = id;
    this.#socket = socket;
    this.encrypted = encrypted;
    this.#owner = owner;
    this.address = plainAddress(socket.remoteAddress ?? '');
    this.#pace = new Pace(performance.now());
    this.#upper = new UpperLayer('acceptor', {
      ...owner.limits,
      maxRequestBytes: 256 << 10,
      ...contextLimits,
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (bytes: Uint8Array) => {
      this.#pace.came(bytes.length);
      this.#input({ kind: 'transportBytes', bytes });
    });
    // What went wrong is told by 'close'.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
    this.#input({ kind: 'transportOpened' });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends a message; settles when the socket can take more. False when the association has ended. */
  async send(contextId: number, command: Command, dataset: readonly Uint8Array[] | null): Promise<boolean> {
    if (!this.#isOpen) return false;
    return this.sendPieces(splitMessage(contextId, command, dataset, this.#peerPduBytes));
  }

  async sendPieces(pieces: readonly PdvPiece[]): Promise<boolean> {
    if (!this.#isOpen) return false;
    this.#socket.cork();
    this.#input({ kind: 'sendData', pieces });
    this.#socket.uncork();
    if (this.#socket.writableNeedDrain) await drained(this.#socket);
    return this.#isOpen;
  }

  get peerPduBytes(): number {
    return this.#peerPduBytes;
  }

  /** The answer to the request that is being served; `isFinal` unless its status is pending. */
  respond(
    contextId: number,
    command: Command,
    dataset: readonly Uint8Array[] | null,
    isFinal = true,
  ): Promise<boolean> {
    if (isFinal) this.#serving = null;
    const sent = this.send(contextId, command, dataset);
    if (isFinal && this.#hasReleaseRequest) this.#answerRelease();
    return sent;
  }

  /** A request of ours, whose message id is given here. `send` sends it. */
  ask(send: (messageId: number) => Promise<boolean>): Promise<Command | Problem> {
    const messageId = this.#nextMessageId;
    this.#nextMessageId = (messageId % 0xffff) + 1;
    return new Promise((resolve) => {
      this.#pending.set(messageId, resolve);
      void send(messageId).then((isSent) => {
        if (!isSent && this.#pending.delete(messageId)) resolve(problem('CONNECTION_LOST'));
      });
    });
  }

  /** Stops reading until `release`: the disk, or somebody else, is slower than the peer. */
  hold(): void {
    this.#holds += 1;
    this.#socket.pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds <= 0) this.#socket.resume();
  }

  abort(why: Problem): void {
    if (this.#isOver) return;
    this.#input({ kind: 'requestAbort' });
    this.#end(why);
    this.#linger();
  }

  /** Once a second. */
  look(nowMs: number): void {
    if (!this.#isOpen) return;
    const { idleSeconds, idleKnownSeconds, minBytesPerSecond } = this.#owner.limits;
    // Whoever does not answer us, or does not take what we write, is waited for, whatever we have to do besides.
    const isTheirs = this.#pending.size > 0 || this.#socket.writableLength > 0;
    const isOurs = !isTheirs && (this.#holds > 0 || this.#serving !== null);
    this.#pace.went(this.#socket.bytesWritten - this.#socket.writableLength);
    const state = this.#reader.isInMessage && this.#holds === 0 ? 'receiving' : isOurs ? 'ours' : 'waiting';
    const idleMs = 1000 * (this.#isKnown ? idleKnownSeconds : idleSeconds);
    const why = this.#pace.look(nowMs, state, { idleMs, minBytesPerSecond });
    if (why) this.abort(why);
  }

  #input(input: UpperLayerInput): void {
    this.#todo.push(...this.#upper.step(input));
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let action = this.#todo.shift(); action; action = this.#todo.shift()) this.#carryOut(action);
    } finally {
      this.#isDraining = false;
    }
    if (this.#isLingering && !this.#socket.writableEnded) this.#linger();
  }

  #carryOut(action: UpperLayerAction): void {
    switch (action.kind) {
      case 'write':
        if (!this.#socket.destroyed) this.#socket.write(action.bytes);
        if (this.#socket.writableLength > mostUnsentBytes && this.#holds === 0) this.#holdUntilDrained();
        return;
      case 'closeTransport':
        this.#socket.destroySoon();
        return;
      case 'startTimer':
        this.#startArtim();
        return;
      case 'stopTimer':
        this.#stopArtim();
        return;
      case 'associationRequested':
        void this.#decide(action.request);
        return;
      case 'data':
        if (this.#isOpen) this.#take(action.piece);
        return;
      case 'releaseRequested':
        this.#released();
        return;
      case 'released':
        this.#end(null);
        return;
      case 'aborted':
        this.#end(action.problem ?? abortProblem(action.source, action.reason));
        this.#linger();
        return;
      case 'lost':
        this.#end(problem('CONNECTION_LOST'));
        return;
      case 'refused':
        if (action.request) this.#name(action.request);
        this.#owner.refused(this, action.problem);
        this.#linger();
        return;
      case 'openTransport':
      case 'associationAccepted':
      case 'associationRejected':
        // Of requestors.
        return;
      default:
        assertNever(action);
    }
  }

  async #decide(request: AssociateRequest): Promise<void> {
    this.#name(request);
    const admission = await this.#owner.admit(this, request);
    if (this.#upper.state !== 3) return;
    if ('reject' in admission) {
      this.#input({ kind: 'rejectAssociation', answer: admission.reject });
      this.#owner.refused(this, admission.problem);
      this.#linger();
      return;
    }
    this.contexts = admission.contexts;
    this.#isKnown = admission.isKnown;
    this.#peerPduBytes = request.user.maxPduBytes;
    this.#isUnconfirmed = isUnconfirmed(request, admission.accept);
    this.#isOpen = true;
    this.#owner.opened(this);
    this.#input({ kind: 'acceptAssociation', answer: admission.accept });
  }

  #name(request: AssociateRequest): void {
    this.callingAeTitle = request.callingAeTitle;
    this.calledAeTitle = request.calledAeTitle;
  }

  #take(piece: PdvPiece): void {
    for (const event of this.#reader.take(piece)) {
      if (!this.#isOpen) return;
      switch (event.kind) {
        case 'command':
          this.#begin(event.contextId, event.command);
          break;
        case 'dataset':
          this.#taker?.take(event.bytes);
          break;
        case 'datasetEnd':
          this.#endDataset();
          break;
        case 'invalid':
          if (event.answer) void this.send(event.contextId, event.answer, null);
          else this.abort(event.problem);
          break;
        default:
          assertNever(event);
      }
    }
  }

  #begin(contextId: number, command: Command): void {
    this.#isUnconfirmed = false;
    const context = this.contexts.get(contextId);
    if (!context) {
      this.abort(problem('MESSAGE_UNEXPECTED'));
      return;
    }
    if (command.name.endsWith('-RSP')) this.#answered(command);
    else if (command.name === 'C-CANCEL-RQ') this.#owner.cancel(this, command);
    else if (this.#serving || this.#hasReleaseRequest) this.abort(problem('MESSAGE_UNEXPECTED'));
    else {
      this.#serving = command;
      this.#taker = this.#owner.request(this, context, command);
    }
  }

  /** Data sets of responses are of no use to an acceptor and are skipped. */
  #answered(command: Command): void {
    const messageId = command.messageIdBeingRespondedTo ?? -1;
    const resolve = this.#pending.get(messageId);
    if (!resolve) {
      this.abort(problem('MESSAGE_UNEXPECTED'));
      return;
    }
    this.#pending.delete(messageId);
    resolve(command);
  }

  #endDataset(): void {
    const taker = this.#taker;
    this.#taker = null;
    taker?.end();
  }

  /** What is being served is answered first; a data set that is not whole is given up. */
  #released(): void {
    this.#hasReleaseRequest = true;
    if (this.#serving && !this.#taker) return;
    this.#answerRelease();
  }

  #answerRelease(): void {
    this.#input({ kind: 'answerRelease' });
    this.#end(null);
  }

  #end(why: Problem | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const wasOpen = this.#isOpen;
    // Somebody has to send again: that it ended is no longer the peer's own affair.
    const isMidway = this.#serving?.name === 'C-STORE-RQ' && why !== null && goneCodes.has(why.code);
    this.#isOpen = false;
    this.#taker?.drop();
    this.#taker = null;
    for (const resolve of this.#pending.values()) resolve(problem('CONNECTION_LOST'));
    this.#pending.clear();
    // Nobody reads what comes now, but the end of it must be seen.
    this.#socket.resume();
    const isForWant = this.#isUnconfirmed && (why === null || goneCodes.has(why.code));
    const unconfirmed = problem('IDENTITY_UNCONFIRMED', { aeTitle: this.callingAeTitle });
    const told = isMidway ? problem('SENDER_CUT_OFF') : isForWant ? unconfirmed : why;
    if (wasOpen) this.#owner.ended(this, told);
  }

  /** Nothing more is read: the peer gets what was sent, and the end. */
  #linger(): void {
    this.#isLingering = true;
    // What is still to be written goes first.
    if (this.#isDraining) return;
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  #holdUntilDrained(): void {
    this.hold();
    void drained(this.#socket).then(() => this.release());
  }

  #startArtim(): void {
    this.#stopArtim();
    const { artimSeconds } = this.#owner.limits;
    this.#artim = setTimeout(() => this.#input({ kind: 'timerExpired' }), 1000 * artimSeconds);
  }

  #stopArtim(): void {
    if (this.#artim) clearTimeout(this.#artim);
    this.#artim = null;
  }

  #closed(): void {
    this.#input({ kind: 'transportClosed' });
    this.#stopArtim();
    this.#end(problem('CONNECTION_LOST'));
    this.#owner.closed(this);
  }
}

/** Only who was asked for its user, and gave the right one, gets a response (PS3.7 D.3.3.7). */
const isUnconfirmed = (request: AssociateRequest, { user }: AssociateAccept): boolean =>
  request.user.identity?.wantsResponse === true && user.identityResponse === undefined;

const goneCodes: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'PEER_ABORTED', 'PEER_IDLE']);

/** C25. */
const contextLimits = { maxContexts: 128, maxSyntaxesPerContext: 64 };
