import { join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { Services } from '../services.ts';
import { AccessLog } from './access-log.ts';
import { webRoot } from './route.ts';
import { startWebServer, type WebServer } from './server.ts';
import { WebToken } from './token.ts';

export type WebListenerUses = Pick<
  Services,
  'store' | 'folder' | 'parse' | 'decode' | 'events' | 'settings' | 'audit'
>;

/** The life of our DICOMweb listener: on and off by Settings, its token, what it says of itself. */
export class WebListener {
  readonly #services: WebListenerUses;
  readonly #log: AccessLog;
  readonly #token: Promise<WebToken>;
  #server: WebServer | null = null;
  /** Asked for; the server's own tells what it became. */
  #port: number | null = null;
  #problem: Problem | null = null;
  #working: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | null = null;
  #isClosed = false;

  constructor(services: WebListenerUses) {
    this.#services = services;
    this.#log = new AccessLog(services.audit);
    this.#token = WebToken.load(join(services.folder.root, 'web-token'));
  }

  /** From now on it follows Settings. Answers when it listens, or failed to. */
  async start(): Promise<void> {
    this.#unsubscribe ??= this.#services.events.subscribe(Number.POSITIVE_INFINITY, ({ topic }) => {
      if (topic === 'settings') void this.apply();
    });
    await this.apply();
  }

  /** Does what Settings say now; changes come one after another. */
  apply(): Promise<void> {
    this.#working = this.#working.then(() => this.#apply());
    return this.#working;
  }

  async status(): Promise<CallOutput<'web.status'>> {
    await this.#working;
    const { port } = this.#services.settings.get().network.web;
    const origin = this.#server?.origin ?? `http://127.0.0.1:${port}`;
    return {
      state: this.#server ? 'listening' : this.#problem ? 'failed' : 'off',
      url: `${origin}${webRoot}`,
      hasToken: (await this.#token).isThere,
      problem: this.#problem,
    };
  }

  /** The one before ends. Throws what writing throws. */
  async newToken(): Promise<string> {
    const token = await (await this.#token).make();
    await this.#services.audit({ event: 'web.token', outcome: 'ok', detail: 'new' });
    return token;
  }

  async revokeToken(): Promise<void> {
    await (await this.#token).revoke();
    await this.#services.audit({ event: 'web.token', outcome: 'ok', detail: 'revoked' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe?.();
    await this.apply();
    await this.#log.flush();
  }

  async #apply(): Promise<void> {
    const { enabled, port } = this.#services.settings.get().network.web;
    const wanted = enabled && !this.#isClosed ? port : null;
    if (wanted === this.#port && this.#problem === null) return;
    this.#port = wanted;
    this.#problem = null;
    const server = this.#server;
    this.#server = null;
    await server?.close();
    if (wanted === null) return;
    const token = await this.#token;
    const { store, folder, parse, decode } = this.#services;
    const isToken = (given: string): boolean => token.matches(given);
    try {
      const uses = { read: store.read, searches: store.searches, folder, parse, decode };
      this.#server = await startWebServer({ ...uses, port: wanted, log: this.#log, isToken });
    } catch (error) {
      const denied = (error as NodeJS.ErrnoException).code === 'EACCES';
      this.#problem = problem(denied ? 'WEB_PORT_DENIED' : 'WEB_PORT_BUSY', { port: wanted });
    }
  }
}
