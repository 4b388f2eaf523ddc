import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { MessageReader } from '../../../core/dimse/message-reader.ts';
import { splitMessage } from '../../../core/dimse/message-writer.ts';
import type { NegotiatedContext, WantedContext } from '../../../core/dimse/negotiate-types.ts';
import { readAnswer } from '../../../core/dimse/propose.ts';
import { abortProblem, rejectionProblem } from '../../../core/dimse/reasons.ts';
import type {
  AssociateAccept,
  AssociateRequest,
  Command,
  PdvPiece,
  UpperLayerAction,
  UpperLayerInput,
} from '../../../core/dimse/types.ts';
import { UpperLayer } from '../../../core/dimse/upper-layer.ts';
import { JoinedWriter } from './joined-writer.ts';
import { otherProtocol, socketProblem } from './peer-problem.ts';
import { requestOf } from './peer-request.ts';
import type { IncomingObject, PeerMessage, PeerOptions, PeerPhase, PeerTarget } from './peer-types.ts';
import { SendFlow } from './send-flow.ts';
import { clientTlsOptions } from './tls-options.ts';
import { aboutOurCertificate } from './tls-problem.ts';

/** Data sets of answers are small; more is no answer. */
const maxDatasetBytes = 4 << 20;
const releaseMs = 5_000;
/** A socket waits while more than this waits for the disk. */
const maxWaitingBytes = 4 << 20;

/** One association that we asked for: PS3.8 in `UpperLayer`, this is its socket and its clock. */
export class PeerAssociation {
  /** Accepted contexts by id. */
  contexts: ReadonlyMap<number, NegotiatedContext> = new Map();
  maxPduBytes = 0;
  readonly #target: PeerTarget;
  readonly #options: PeerOptions;
  readonly #layer: UpperLayer;
  readonly #reader = new MessageReader();
  readonly #queue: PeerMessage[] = [];
  readonly #flow = new SendFlow();
  #socket: Socket | null = null;
  #writer: JoinedWriter | null = null;
  #accepted = Promise.withResolvers<Result<AssociateAccept>>();
  #ended = Promise.withResolvers<void>();
  #failure: Problem | null = null;
  #isOver = false;
  #wake: (() => void) | null = null;
  #artim: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #phaseStart = performance.now();
  #partial: { contextId: number; command: Command; parts: Uint8Array[]; bytes: number } | null = null;
  #incoming: IncomingObject | null = null;
  #nextMessageId = 1;

  private constructor(target: PeerTarget, options: PeerOptions) {
    this.#target = target;
    this.#options = options;
    this.#layer = new UpperLayer('requestor', {
      maxPduBytes: target.maxPduBytes,
      offeredPduBytes: target.offeredPduBytes,
      maxRequestBytes: 256 << 10,
      maxContexts: 128,
      maxSyntaxesPerContext: 64,
    });
  }

  /**
   * Connects and associates. Problems: HOST_UNKNOWN, HOST_UNREACHABLE, CONNECTION_REFUSED, CONNECTION_TIMEOUT,
   * CONNECTION_LOST, TLS_…, REJECTED_…, PEER_ABORTED, PEER_TIMEOUT.
   */
  static async open(
    target: PeerTarget,
    wanted: readonly WantedContext[],
    options: PeerOptions,
  ): Promise<Result<PeerAssociation>> {
    const association = new PeerAssociation(target, options);
    const request = requestOf(target, wanted);
    const answer = await association.#associate(request);
    if (!answer.ok) return answer;
    association.maxPduBytes = answer.value.user.maxPduBytes;
    association.contexts = readAnswer(request, answer.value).contexts;
    return ok(association);
  }

  /** The first accepted context of a SOP class; null when the peer takes it in none. */
  contextOf(abstractSyntax: string): number | null {
    for (const [id, context] of this.contexts) if (context.abstractSyntax === abstractSyntax) return id;
    return null;
  }

  nextMessageId(): number {
    const id = this.#nextMessageId;
    this.#nextMessageId = id === 0xffff ? 1 : id + 1;
    return id;
  }

  /** True until the association ended, whoever ended it. */
  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** Sends a whole message; settles when the socket has room again. False once the association ended. */
  async send(contextId: number, command: Command, dataset: readonly Uint8Array[] | null): Promise<boolean> {
    return this.sendPieces(splitMessage(contextId, command, dataset, this.maxPduBytes));
  }

  async sendPieces(pieces: readonly PdvPiece[]): Promise<boolean> {
    for (const part of this.#flow.parts(pieces)) {
      if (this.#isOver) return false;
      this.#step({ kind: 'sendData', pieces: part });
      this.#wind();
      if (this.#socket?.writableNeedDrain) await this.#flow.drained(this.#socket, this.#ended.promise);
    }
    return !this.#isOver;
  }

  /** The next message. Problems: PEER_TIMEOUT, PEER_ABORTED, CONNECTION_LOST, what the peer did wrong, CANCELLED. */
  async receive(): Promise<Result<PeerMessage>> {
    for (;;) {
      const next = this.#queue.shift();
      if (next) return ok(next);
      if (this.#isOver) return fail(this.#failure ?? problem('CONNECTION_LOST'));
      this.#wind();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      clearTimeout(this.#idle);
    }
  }

  /** Ends the association in order; what the peer still says is not heard. */
  async release(): Promise<void> {
    if (this.#isOver) return;
    clearTimeout(this.#idle);
    this.#step({ kind: 'requestRelease' });
    const late = setTimeout(() => this.abort(problem('PEER_TIMEOUT')), releaseMs);
    await this.#ended.promise;
    clearTimeout(late);
  }

  /** Breaks it off; a `receive` that waits fails with `reason`. */
  abort(reason: Problem): void {
    if (this.#isOver) return;
    this.#failure ??= reason;
    this.#step({ kind: 'requestAbort' });
    this.#over();
  }

  async #associate(request: AssociateRequest): Promise<Result<AssociateAccept>> {
    if (this.#options.signal?.aborted) return fail(problem('CANCELLED'));
    const timer = setTimeout(() => {
      const { host, port } = this.#target;
      const isAssociating = this.#layer.state === 5;
      this.#fail(isAssociating ? problem('PEER_TIMEOUT') : problem('CONNECTION_TIMEOUT', { host, port }));
    }, this.#options.timeouts.connectMs * 2);
    const { signal } = this.#options;
    const cancel = (): void => this.abort(problem('CANCELLED'));
    signal?.addEventListener('abort', cancel, { once: true });
    this.#step({ kind: 'requestAssociation', request });
    const answer = await this.#accepted.promise;
    signal?.removeEventListener('abort', cancel);
    clearTimeout(timer);
    return answer;
  }

  #step(input: UpperLayerInput): void {
    let chunks: Uint8Array[] = [];
    for (const action of this.#layer.step(input)) {
      if (action.kind === 'write') {
        chunks.push(action.bytes);
        continue;
      }
      this.#writer?.write(chunks);
      chunks = [];
      this.#act(action);
    }
    this.#writer?.write(chunks);
  }

  #act(action: UpperLayerAction): void {
    switch (action.kind) {
      case 'openTransport':
        this.#connect();
        return;
      case 'closeTransport':
        this.#socket?.end();
        return;
      case 'startTimer':
        this.#startArtim();
        return;
      case 'stopTimer':
        clearTimeout(this.#artim);
        return;
      case 'associationAccepted':
        this.#phaseDone('associate');
        this.#accepted.resolve(ok(action.answer));
        return;
      case 'associationRejected':
        this.#fail(rejectionProblem(action.answer, this.#target));
        return;
      case 'data':
        this.#take(action.piece);
        return;
      case 'releaseRequested':
        this.#later({ kind: 'answerRelease' });
        return;
      case 'released':
        this.#over();
        return;
      case 'aborted':
        this.#fail(
          action.problem
            ? otherProtocol(action.problem, this.#target)
            : abortProblem(action.source, action.reason),
        );
        return;
      case 'lost':
        this.#fail(problem('CONNECTION_LOST'));
        return;
      default:
        return;
    }
  }

  /** The layer takes one input at a time. */
  #later(input: UpperLayerInput): void {
    queueMicrotask(() => {
      this.#step(input);
      this.#over();
    });
  }

  #startArtim(): void {
    clearTimeout(this.#artim);
    this.#artim = setTimeout(() => {
      this.#step({ kind: 'timerExpired' });
      this.#socket?.destroy();
    }, releaseMs).unref();
  }

  #connect(): void {
    const { host, port, tls } = this.#target;
    const { trace } = this.#options;
    if (trace && isIP(host) > 0) trace.phase = 'connect';
    const socket = tls ? connectTls({ host, port, ...clientTlsOptions(tls) }) : connectTcp({ host, port });
    this.#socket = socket;
    this.#writer = new JoinedWriter(socket);
    socket.setNoDelay(true);
    // Who closes before encryption stands does not speak TLS here, or not our TLS.
    let isSecuring = false;
    const aboutOurs = tls && aboutOurCertificate(socket, tls.identity !== null);
    const unsecured = (): Problem => problem('TLS_FAILED', { reason: 'closed' });
    socket.once('lookup', (error: Error | null) => {
      if (!error) this.#phaseDone('address');
    });
    socket.once('connect', () => {
      this.#phaseDone('connect');
      isSecuring = tls !== null;
      if (!tls) this.#step({ kind: 'transportOpened' });
    });
    socket.once('secureConnect', () => {
      isSecuring = false;
      this.#phaseDone('tls');
      this.#step({ kind: 'transportOpened' });
    });
    socket.on('data', (bytes: Buffer) => {
      clearTimeout(this.#idle);
      this.#step({ kind: 'transportBytes', bytes });
      if (this.#wake) this.#wind();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const why = aboutOurs?.(error) ?? socketProblem(error, this.#target, this.#layer.state > 4);
      this.#fail(isSecuring && error.code === 'ECONNRESET' ? unsecured() : why);
    });
    socket.once('close', () => {
      this.#step({ kind: 'transportClosed' });
      this.#fail(isSecuring ? unsecured() : problem('CONNECTION_LOST'));
    });
  }

  /** Names the step that runs now, and how long the one before took. */
  #phaseDone(phase: PeerPhase): void {
    const { trace } = this.#options;
    if (!trace) return;
    const now = performance.now();
    trace.done.push({ phase, tookMs: now - this.#phaseStart });
    this.#phaseStart = now;
    const isTls = this.#target.tls !== null;
    trace.phase = phase === 'address' ? 'connect' : phase === 'connect' && isTls ? 'tls' : 'associate';
  }

  #take(piece: PdvPiece): void {
    for (const event of this.#reader.take(piece)) {
      if (event.kind === 'command') this.#begin(event.contextId, event.command);
      else if (event.kind === 'dataset') this.#add(event.bytes);
      else if (event.kind === 'datasetEnd') this.#finish();
      else {
        const reason = event.problem;
        queueMicrotask(() => this.abort(reason));
      }
    }
  }

  #begin(contextId: number, command: Command): void {
    if (command.name === 'C-STORE-RQ' && this.#options.onStore && command.hasDataset) {
      this.#incoming = this.#options.onStore(contextId, command);
      return;
    }
    this.#partial = { contextId, command, parts: [], bytes: 0 };
    if (!command.hasDataset) this.#finish();
  }

  #add(bytes: Uint8Array): void {
    if (this.#incoming) {
      this.#incoming.write(bytes);
      if (this.#incoming.waitingBytes() > maxWaitingBytes) {
        this.#socket?.pause();
        this.#incoming.whenBelow(maxWaitingBytes, () => this.#socket?.resume());
      }
      return;
    }
    if (!this.#partial) return;
    this.#partial.bytes += bytes.length;
    if (this.#partial.bytes > maxDatasetBytes) {
      queueMicrotask(() => this.abort(problem('PEER_ANSWER_INVALID', { where: 'length' })));
      return;
    }
    this.#partial.parts.push(bytes.slice());
  }

  #finish(): void {
    if (this.#incoming) {
      this.#incoming.end();
      this.#incoming = null;
      return;
    }
    if (!this.#partial) return;
    const { contextId, command, parts } = this.#partial;
    this.#partial = null;
    this.#queue.push({ contextId, command, dataset: command.hasDataset ? Buffer.concat(parts) : null });
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Anything that comes, or goes out, puts the end off. */
  #wind(): void {
    clearTimeout(this.#idle);
    const { idleMs, objectIdleMs } = this.#options.timeouts;
    const usualMs = (this.#incoming && !this.#socket?.isPaused() && objectIdleMs) || idleMs;
    const waitMs = usualMs + this.#flow.onTheWayMs;
    if (!this.#isOver) this.#idle = setTimeout(() => this.abort(problem('PEER_TIMEOUT')), waitMs);
  }

  #fail(reason: Problem): void {
    this.#failure ??= reason;
    this.#over();
  }

  #over(): void {
    clearTimeout(this.#idle);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#incoming?.drop();
    this.#incoming = null;
    this.#accepted.resolve(fail(this.#failure ?? problem('CONNECTION_LOST')));
    this.#socket?.end();
    // A peer that does not close loses its socket all the same.
    const socket = this.#socket;
    setTimeout(() => socket?.destroy(), releaseMs).unref();
    this.#ended.resolve();
    this.#wakeUp();
  }
}
