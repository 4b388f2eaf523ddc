import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import type { TlsIdentity, TlsTrust } from '../dimse/tls-options.ts';
import type { Exchange, WebBody } from './exchange.ts';

/** Everything a worker needs to talk to a web node; plain data. */
export interface WebAccess {
  readonly node: RemoteNode;
  /** Password, bearer token or the secret of an OAuth client. */
  readonly secret: string;
  /** Client certificate; null = none is shown. */
  readonly identity: TlsIdentity | null;
  readonly trust: TlsTrust;
}

interface Token {
  readonly text: string;
  readonly endsAtMs: number;
}

/** A token is renewed so long before it ends. */
const earlyMs = 30_000;
const usualLifeSeconds = 300;
const tokenBytesMax = 65_536;

/** Says who we are: Basic (RFC 7617), Bearer (RFC 6750), OAuth client credentials (RFC 6749 4.4). */
export class Credentials {
  readonly #access: WebAccess;
  readonly #exchange: Exchange;
  readonly #now: () => number;
  #token: Promise<Result<Token>> | null = null;

  constructor(access: WebAccess, exchange: Exchange, now: () => number) {
    this.#access = access;
    this.#exchange = exchange;
    this.#now = now;
  }

  /** Value of the Authorization header; '' = none is sent. Problems: WEB_TOKEN_FAILED, those of the connection. */
  async header(signal: AbortSignal): Promise<Result<string>> {
    const { node, secret } = this.#access;
    switch (node.authentication) {
      case 'none':
      case 'certificate':
        return ok('');
      case 'basic':
        return ok(basic(node.user, secret));
      case 'bearer':
        return ok(`Bearer ${secret}`);
      case 'oauth':
        break;
    }
    const kept = await this.#token;
    if (!kept?.ok || kept.value.endsAtMs - earlyMs <= this.#now()) this.#token = this.#ask(signal);
    const token = await this.#token;
    return token?.ok ? ok(`Bearer ${token.value.text}`) : (token ?? ok(''));
  }

  /** The server did not take it (401). True: a new one can be had, so another try makes sense. */
  renew(): boolean {
    if (this.#access.node.authentication !== 'oauth') return false;
    this.#token = null;
    return true;
  }

  async #ask(signal: AbortSignal): Promise<Result<Token>> {
    const { node, secret } = this.#access;
    if (!/^https?:\/\//i.test(node.tokenUrl) || !URL.canParse(node.tokenUrl)) {
      return fail(problem('WEB_TOKEN_FAILED', { reason: 'URL' }));
    }
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (node.scope !== '') form.set('scope', node.scope);
    // RFC 6749 2.3.1: both are form-encoded before they are joined.
    const encoded = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2);
    const answer = await this.#exchange.send({
      method: 'POST',
      url: new URL(node.tokenUrl),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        authorization: basic(encoded(node.user), encoded(secret)),
      },
      body: textBody(form.toString()),
      signal,
    });
    if (!answer.ok) return answer;
    const text = await answer.value.text(tokenBytesMax);
    if (!text.ok) return text;
    return tokenOf(answer.value.status, text.value, this.#now());
  }
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

export function textBody(text: string): WebBody {
  const bytes = Buffer.from(text, 'utf8');
  return {
    lengthBytes: bytes.length,
    async *pieces() {
      yield bytes;
    },
  };
}

function tokenOf(status: number, text: string, nowMs: number): Result<Token> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const { access_token: token, expires_in: seconds, error } = fields;
  if (status === 200 && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) {
    const lifeMs = (Number(seconds) > 0 ? Number(seconds) : usualLifeSeconds) * 1000;
    return ok({ text: token, endsAtMs: nowMs + lifeMs });
  }
  // RFC 6749 5.2: one of a few words.
  const word = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : `HTTP ${status}`;
  return fail(problem('WEB_TOKEN_FAILED', { reason: word }));
}
