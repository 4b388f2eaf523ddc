/** A DICOMweb server as jobs ask it (PS3.18 8 to 10): addresses, login, statuses, attempts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { datasetsOfJsonText, type WebDataset } from '../../../core/dicomweb/json-read.ts';
import type { WebAnswer } from './answer-body.ts';
import { Credentials, type WebAccess } from './credentials.ts';
import { Exchange, type WebBody } from './exchange.ts';
import { isBusyStatus, mayPass, retryAfterMs, statusProblem } from './exchange-problem.ts';

export interface WebWaits {
  readonly connectMs: number;
  /** Nothing comes or goes for so long. */
  readonly idleMs: number;
}

export interface WebTimes extends WebWaits {
  /** Before each further attempt at reading something. */
  readonly pausesMs: readonly number[];
  readonly now: () => number;
}

const usualTimes: WebTimes = {
  connectMs: 10_000,
  idleMs: 60_000,
  pausesMs: [500, 2000],
  now: Date.now,
};

export interface Asked {
  /** Below the root, not yet encoded. */
  readonly path: readonly string[];
  /** An address that the server gave, instead of `path`: of the same origin, or below the root. */
  readonly uri?: string;
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly post?: { readonly contentType: string; readonly body: WebBody };
}

const jsonType = 'application/dicom+json';
/** Rows of a query, or metadata of a series. */
const jsonBytesMax = 256 * 1024 * 1024;
const retryAfterMaxMs = 30_000;

export class WebClient {
  readonly #root: URL;
  readonly #exchange: Exchange;
  readonly #credentials: Credentials;
  readonly #times: WebTimes;

  private constructor(root: URL, access: WebAccess, times: WebTimes) {
    this.#root = root;
    this.#times = times;
    this.#exchange = new Exchange({
      identity: access.identity,
      identityHost: root.hostname,
      trust: access.trust,
      connectMs: times.connectMs,
      idleMs: times.idleMs,
    });
    this.#credentials = new Credentials(access, this.#exchange, times.now);
  }

  /** Problems: NODE_ADDRESS_INVALID. */
  static open(access: WebAccess, times: Partial<WebTimes> = {}): Result<WebClient> {
    const text = access.node.url.trim().replace(/\/+$/, '');
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return fail(problem('NODE_ADDRESS_INVALID'));
    const root = new URL(text);
    // Credentials in an address end up in logs; there are fields for them.
    if (root.username !== '' || root.password !== '') return fail(problem('NODE_ADDRESS_INVALID'));
    return ok(new WebClient(root, access, { ...usualTimes, ...times }));
  }

  close(): void {
    this.#exchange.close();
  }

  /** A successful answer (2xx). What only reads is tried again when the fault may pass. */
  async ask(asked: Asked): Promise<Result<WebAnswer>> {
    for (let attempt = 0; ; attempt++) {
      const { result, waitMs } = await this.#attempt(asked);
      const pauseMs = this.#times.pausesMs[attempt];
      if (result.ok || pauseMs === undefined) return result;
      // What stores is sent again only where the server says when: it took nothing.
      if (asked.post ? waitMs === 0 : !mayPass(result.problem)) return result;
      try {
        await sleep(Math.max(pauseMs, waitMs), undefined, { signal: asked.signal });
      } catch {
        return fail(problem('CANCELLED'));
      }
    }
  }

  /** Data sets of an answer in JSON; none for 204. `partial`: the server says that there is more. */
  async datasets(
    asked: Omit<Asked, 'accept' | 'post'>,
  ): Promise<Result<{ readonly datasets: WebDataset[]; readonly partial: boolean }>> {
    const answer = await this.ask({ ...asked, accept: jsonType });
    if (!answer.ok) return answer;
    const text = await answer.value.text(jsonBytesMax);
    if (!text.ok) return text;
    const datasets = datasetsOfJsonText(text.value);
    if (!datasets.ok) return datasets;
    return ok({ datasets: datasets.value, partial: isPartial(answer.value) });
  }

  /** One answer of any status, with the login; for trying a node. */
  async once(asked: Asked): Promise<Result<WebAnswer>> {
    const authorization = await this.#credentials.header(asked.signal);
    if (!authorization.ok) return authorization;
    const url = this.#addressOf(asked);
    if (!url.ok) return url;
    return this.#exchange.send({
      method: asked.post ? 'POST' : 'GET',
      url: url.value,
      headers: {
        accept: asked.accept,
        ...(authorization.value !== '' && { authorization: authorization.value }),
        ...(asked.post && { 'content-type': asked.post.contentType }),
      },
      ...(asked.post && { body: asked.post.body }),
      signal: asked.signal,
    });
  }

  #addressOf({ path, uri, parameters }: Asked): Result<URL> {
    const base = `${this.#root.href.replace(/\/+$/, '')}/`;
    const url = new URL(base + path.map(encodeURIComponent).join('/'));
    for (const [name, value] of parameters ?? []) url.searchParams.append(name, value);
    if (uri === undefined) return ok(url);
    if (!URL.canParse(uri, base)) return fail(problem('WEB_ANSWER_INVALID', { reason: 'BulkDataURI' }));
    const given = new URL(uri, base);
    // The login goes with the request: never to another server.
    return given.origin === this.#root.origin
      ? ok(given)
      : fail(problem('WEB_REDIRECTED', { host: given.host }));
  }

  async #attempt(asked: Asked): Promise<{ result: Result<WebAnswer>; waitMs: number }> {
    let answer = await this.once(asked);
    if (answer.ok && answer.value.status === 401 && this.#credentials.renew()) {
      answer.value.drop();
      answer = await this.once(asked);
    }
    if (!answer.ok) return { result: answer, waitMs: 0 };
    const { status, headers } = answer.value;
    if (status >= 200 && status < 300) return { result: answer, waitMs: 0 };
    // STOW answers tell of each object in the body of a 409.
    if (asked.post && status === 409) return { result: answer, waitMs: 0 };
    answer.value.drop();
    const askedMs = retryAfterMs(headers['retry-after'], this.#times.now());
    const waitMs = isBusyStatus(status) ? Math.min(askedMs, retryAfterMaxMs) : 0;
    return { result: fail(statusProblem(status)), waitMs };
  }
}

/** PS3.18 8.3.4.4: "There are 12 additional results that can be requested"; 299 tells of unsupported keys, too. */
const isPartial = ({ status, headers }: WebAnswer): boolean =>
  status === 206 ||
  /\b299\b.*(exceed|limit|more|truncat|additional result)/i.test(String(headers['warning'] ?? ''));
