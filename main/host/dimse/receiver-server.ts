import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { NetworkLimits } from '../../../core/contract/network-settings.ts';
import { acceptedClass } from '../../../core/dimse/services.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { AssociateRequest, Command } from '../../../core/dimse/types.ts';
import { admit } from './admission.ts';
import { AllowList } from './allow-list.ts';
import { Association } from './association.ts';
import type { Admission, AssociationOwner, DatasetTaker } from './association-types.ts';
import { HostRequests } from './host-requests.ts';
import type { IntakeClient } from './intake-client.ts';
import { Patience } from './patience.ts';
import type { KnownPeer, ListeningPorts, ReceiverConfig, ReceiverNote } from './receiver-protocol.ts';
import type { RequestContext } from './service-handler.ts';
import { plainAddress } from './sockets.ts';
import { StoreReception } from './store-reception.ts';
import { serverTlsOptions } from './tls-options.ts';
import { tlsProblem } from './tls-problem.ts';

/** Sockets at once, with those that are about to be turned away. */
const mostSockets = 2048;
/** Refusals told in one second: a flood of them says nothing new. */
const refusalsPerSecond = 20;
const lookEveryMs = 1000;

/** Accepts associations and serves them; everything that a peer can do wrong ends here. */
export class ReceiverServer implements AssociationOwner {
  readonly requests: HostRequests;
  readonly #send: (note: ReceiverNote) => void;
  readonly #intake: IntakeClient;
  #config: ReceiverConfig;
  #allowed: AllowList | null = null;
  #known = new AllowList<KnownPeer>([]);
  #plain: Server | null = null;
  #tls: Server | null = null;
  readonly #associations = new Set<Association>();
  #nextId = 1;
  #room: Problem | null = null;
  #refusals = 0;
  readonly #patience = new Patience();
  #looking: NodeJS.Timeout | null = null;

  constructor(config: ReceiverConfig, intake: IntakeClient, send: (note: ReceiverNote) => void) {
    this.#config = config;
    this.#intake = intake;
    this.#send = send;
    this.requests = new HostRequests(send);
  }

  get limits(): NetworkLimits {
    return this.#config.limits;
  }

  /** Binds what is not bound as wanted; associations go on. */
  async listen(config: ReceiverConfig): Promise<Result<ListeningPorts>> {
    const before = this.#config;
    this.#config = config;
    this.#allowed = config.allowed && new AllowList(config.allowed);
    this.#known = new AllowList(config.known);
    this.#looking ??= setInterval(() => this.#look(), lookEveryMs);
    const isElsewhere = before.address !== config.address || before.port !== config.port;
    if (this.#plain && isElsewhere) this.#plain = await stop(this.#plain);
    const isTlsOther = isElsewhere || before.tlsPort !== config.tlsPort || !sameTls(before, config);
    if (this.#tls && isTlsOther) this.#tls = await stop(this.#tls);
    const plain = this.#plain ?? createServer((socket) => this.#accept(socket, false));
    const bound = this.#plain ? ok(plain) : await bind(plain, config.address, config.port);
    if (!bound.ok) return bound;
    this.#plain = plain;
    if (config.tlsPort !== null && config.tls && !this.#tls) {
      const tls = this.#tlsServer(config);
      const boundTls = await bind(tls, config.address, config.tlsPort);
      if (!boundTls.ok) return boundTls;
      this.#tls = tls;
    }
    return ok({ port: portOf(this.#plain), tlsPort: this.#tls && portOf(this.#tls) });
  }

  async close(): Promise<void> {
    if (this.#looking) clearInterval(this.#looking);
    this.#looking = null;
    const servers = [this.#plain, this.#tls];
    this.#plain = null;
    this.#tls = null;
    const stopped = servers.map((server) => server && stop(server));
    for (const association of this.#associations) association.abort(problem('CANCELLED'));
    await Promise.all(stopped);
  }

  /** With a problem, objects are answered before they are taken. */
  setRoom(room: Problem | null): void {
    this.#room = room;
  }

  admit(association: Association, request: AssociateRequest): Promise<Admission> {
    const { address } = association;
    return admit(request, address, this.#config, () => this.#crowdOf(address), {
      allowed: this.#allowed,
      known: this.#known,
    });
  }

  opened({ id, callingAeTitle, calledAeTitle, address, encrypted }: Association): void {
    this.#send({ kind: 'opened', associationId: id, callingAeTitle, calledAeTitle, address, encrypted });
  }

  ended(association: Association, why: Problem | null): void {
    this.requests.ended(association);
    this.#send({ kind: 'closed', associationId: association.id, problem: why });
  }

  refused({ callingAeTitle, calledAeTitle, address }: Association, why: Problem): void {
    this.#tellRefusal(callingAeTitle, calledAeTitle, address, why);
  }

  closed(association: Association): void {
    this.#associations.delete(association);
  }

  request(association: Association, context: RequestContext, command: Command): DatasetTaker | null {
    switch (command.name) {
      case 'C-ECHO-RQ':
        void association.respond(context.contextId, echoResponse(command), null);
        return null;
      case 'C-STORE-RQ': {
        const isStorage = (uid: string): boolean => acceptedClass(uid, this.#config)?.kind === 'storage';
        // Many devices name another class than their context's: it has to be one that is taken, too.
        const sopClass = command.affectedSopClassUid ?? '';
        const isTaken = isStorage(context.abstractSyntax) && (sopClass === '' || isStorage(sopClass));
        const refused = isTaken ? this.#room : problem('REFUSED_CLASS', { sopClass });
        return new StoreReception(association, context, command, this.#intake, refused);
      }
      default:
        return this.requests.begin(association, context, command);
    }
  }

  cancel(association: Association, command: Command): void {
    this.requests.cancel(association, command);
  }

  #crowdOf(address: string): { all: number; ofAddress: number } {
    let all = 0;
    let ofAddress = 0;
    for (const association of this.#associations) {
      if (!association.isOpen) continue;
      all += 1;
      if (association.address === address) ofAddress += 1;
    }
    return { all, ofAddress };
  }

  #accept(socket: Socket, encrypted: boolean): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (this.#patience.takes(socket, address)) return;
    if (this.#associations.size >= mostSockets) {
      this.#tellRefusal('', '', address, problem('ASSOC_LIMIT'));
      socket.destroy();
      return;
    }
    this.#associations.add(new Association(this.#nextId++, socket, encrypted, this));
  }

  #tlsServer({ tls }: ReceiverConfig): Server {
    const server = createTlsServer(serverTlsOptions(tls!), (socket) => this.#accept(socket, true));
    // Asked for once, the address outlives the connection.
    server.on('connection', (socket) => void socket.remoteAddress);
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const address = plainAddress(addressBelow(socket));
      // A certificate that is not believed ends the socket; only the socket knows why.
      const code = socket.authorizationError ? String(socket.authorizationError) : error.code;
      const why =
        tlsProblem({ ...(code !== undefined && { code }) }, address) ??
        problem('TLS_FAILED', { reason: error.code ?? 'closed' });
      this.#tellRefusal('', '', address, why);
      socket.destroy();
    });
    return server;
  }

  #tellRefusal(aeTitle: string, calledAeTitle: string, address: string, why: Problem): void {
    this.#refusals += 1;
    this.#patience.refused(address);
    if (this.#refusals > refusalsPerSecond) return;
    this.#send({ kind: 'refused', aeTitle, calledAeTitle, address, problem: why });
  }

  #look(): void {
    this.#refusals = 0;
    this.#patience.look();
    const nowMs = performance.now();
    for (const association of this.#associations) association.look(nowMs);
  }
}

const echoResponse = (command: Command): Command => ({
  name: 'C-ECHO-RSP',
  ...(command.messageId !== undefined && { messageIdBeingRespondedTo: command.messageId }),
  ...(command.affectedSopClassUid !== undefined && { affectedSopClassUid: command.affectedSopClassUid }),
  status: statuses.success,
  hasDataset: false,
});

/** A client that went away during the handshake has its address in the socket below only, which Node does not document. */
const addressBelow = (socket: Socket & { readonly _parent?: Socket | null }): string =>
  socket.remoteAddress ?? socket._parent?.remoteAddress ?? '';

const sameTls = (a: ReceiverConfig, b: ReceiverConfig): boolean =>
  JSON.stringify(a.tls) === JSON.stringify(b.tls);

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

/** Sockets that were accepted before go on. */
function stop(server: Server): Promise<null> {
  // Its callback waits for all sockets to end; the port is free at once.
  server.close();
  return Promise.resolve(null);
}

function bind(server: Server, host: string, port: number): Promise<Result<Server>> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(fail(bindProblem(error, port)));
    server.once('error', onError);
    // A short queue is enough: sockets are taken at once.
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', onError);
      // Out of descriptors and the like: what is there goes on.
      server.on('error', () => undefined);
      resolve(ok(server));
    });
  });
}

function bindProblem({ code }: NodeJS.ErrnoException, port: number): Problem {
  if (code === 'EADDRINUSE') return problem('RECEIVER_PORT_BUSY', { port });
  if (code === 'EACCES' || code === 'EPERM') return problem('RECEIVER_PORT_DENIED', { port });
  return problem('IO_ERROR', { reason: code ?? 'listen' });
}
