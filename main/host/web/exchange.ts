/**
 * One HTTP/1.1 request and its answer, over node:http and node:https, for worker threads. Answers stream. Redirects are
 * followed to the same origin only, or from http to https of the same host: credentials never reach another one.
 */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { clientTlsOptions, type TlsIdentity, type TlsTrust } from '../dimse/tls-options.ts';
import { aboutOurCertificate } from '../dimse/tls-problem.ts';
import { answerOf, type WebAnswer } from './answer-body.ts';
import { ConnectLate, exchangeProblem, PeerSilent } from './exchange-problem.ts';

/** A body that can be sent again. */
export interface WebBody {
  readonly lengthBytes: number;
  pieces(): AsyncIterable<Uint8Array>;
}

export interface WebRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: WebBody;
  readonly signal: AbortSignal;
}

export interface ExchangeOptions {
  /** Shown to the node's own host only. */
  readonly identity: TlsIdentity | null;
  readonly identityHost: string;
  readonly trust: TlsTrust;
  readonly connectMs: number;
  readonly idleMs: number;
}

const maxRedirects = 5;
const maxHeaderBytes = 65_536;
const socketsPerHost = 8;

export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #agents = new Map<string, Agent>();
  /** What an error of a request's connection says of the certificate that was asked for. */
  readonly #aboutOurs = new WeakMap<ClientRequest, ReturnType<typeof aboutOurCertificate>>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Problems: those of `exchangeProblem`, WEB_REDIRECTED, CANCELLED. Any status is an answer. */
  async send(wanted: WebRequest): Promise<Result<WebAnswer>> {
    let url = wanted.url;
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const answer = await this.#once({ ...wanted, url });
      if (!answer.ok || ![301, 302, 303, 307, 308].includes(answer.value.status)) return answer;
      answer.value.drop();
      const next = redirectTarget(url, answer.value, wanted.method);
      if (!next.ok) return next;
      url = next.value;
    }
    return fail(problem('WEB_REDIRECTED', { host: url.host }));
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  /** A kept connection may have been closed by the server just now: such a request is sent once more. */
  async #once(wanted: WebRequest, isSecondTry = false): Promise<Result<WebAnswer>> {
    const { signal, url } = wanted;
    if (signal.aborted) return fail(problem('CANCELLED'));
    const sent = this.#request(wanted);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      // Stays: an error after the answer belongs to its body.
      sent.on('error', reject);
    });
    // An answer may come, or the connection end, while the body is still being sent.
    const giving = wanted.body ? give(sent, wanted.body) : null;
    if (!wanted.body) sent.end();
    giving?.catch((error: Error) => sent.destroy(error));
    try {
      return ok(answerOf(await answered, url));
    } catch (error) {
      const isStale = sent.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (isStale && !isSecondTry && !signal.aborted) return this.#once(wanted, true);
      if (signal.aborted) return fail(problem('CANCELLED'));
      return fail(this.#aboutOurs.get(sent)?.(error as Error) ?? exchangeProblem(error, url));
    }
  }

  #request({ url, method, headers, body, signal }: WebRequest): ClientRequest {
    const { connectMs, idleMs } = this.#options;
    const open = url.protocol === 'https:' ? secureRequest : request;
    const sent = open(url, {
      method,
      agent: this.#agentOf(url),
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'Candela',
        ...headers,
        ...(body && { 'content-length': body.lengthBytes }),
      },
      maxHeaderSize: maxHeaderBytes,
      signal,
    });
    sent.setNoDelay(true);
    let answer: IncomingMessage | null = null;
    sent.once('response', (message) => {
      answer = message;
    });
    // Whoever reads the answer is to hear the reason.
    sent.setTimeout(idleMs, () => (answer ?? sent).destroy(new PeerSilent()));
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      if (url.protocol === 'https:')
        this.#aboutOurs.set(sent, aboutOurCertificate(socket, this.#identityFor(url) !== null));
      const timer = setTimeout(() => sent.destroy(new ConnectLate()), connectMs);
      const stop = (): void => clearTimeout(timer);
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
      socket.once('close', stop);
    });
    return sent;
  }

  #agentOf(url: URL): Agent {
    const key = `${url.protocol}//${url.host}`;
    const known = this.#agents.get(key);
    if (known) return known;
    const common = { keepAlive: true, maxSockets: socketsPerHost };
    const made =
      url.protocol === 'https:' ? new SecureAgent({ ...common, ...this.#tlsOf(url) }) : new Agent(common);
    this.#agents.set(key, made);
    return made;
  }

  #identityFor(url: URL): TlsIdentity | null {
    const { identity, identityHost } = this.#options;
    return url.hostname === identityHost ? identity : null;
  }

  /** Web servers also show certificates of public authorities, which DIMSE peers do not. */
  #tlsOf(url: URL) {
    const { trust } = this.#options;
    const { ca, servername, checkServerIdentity, ...rest } = clientTlsOptions({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      identity: this.#identityFor(url),
      trust,
    });
    return {
      secureContext: createSecureContext({ ...rest, ca: [...getCACertificates('default'), ...ca] }),
      rejectUnauthorized: true,
      checkServerIdentity,
      ...(servername !== undefined && { servername }),
    };
  }
}

async function give(sent: ClientRequest, body: WebBody): Promise<void> {
  let go: () => void = () => undefined;
  for (const event of ['drain', 'close'] as const) sent.on(event, () => go());
  for await (const piece of body.pieces()) {
    if (sent.destroyed || sent.writableEnded) return;
    if (sent.write(piece)) continue;
    await new Promise<void>((resolve) => {
      go = resolve;
      if (sent.destroyed) resolve();
    });
  }
  sent.end();
}

function redirectTarget(from: URL, answer: WebAnswer, method: string): Result<URL> {
  const place = answer.headers.location ?? '';
  const url = URL.canParse(place, from.href) ? new URL(place, from) : null;
  if (!url) return fail(problem('WEB_ANSWER_INVALID', { reason: 'Location' }));
  const isSame = url.origin === from.origin;
  const isUpgrade = url.hostname === from.hostname && from.protocol === 'http:' && url.protocol === 'https:';
  // 301 to 303 turn a POST into a GET, which would lose what was sent.
  const keepsMethod = method === 'GET' || answer.status >= 307;
  if ((!isSame && !isUpgrade) || !keepsMethod) return fail(problem('WEB_REDIRECTED', { host: url.host }));
  return ok(url);
}
