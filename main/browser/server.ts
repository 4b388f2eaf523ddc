/**
 * The browser shell: one host behind HTTP on loopback (reliability.md D8).
 *
 * Free for anybody who reaches the port: the data-free page and its files, and `/enter`. Everything else needs the
 * session's cookie, its nonce, our own Host, Origin and Sec-Fetch-Site. No CORS header exists anywhere.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Host } from '../../core/contract/host.ts';
import { type CallGate, callBytesMax, createCallGate } from '../shell/call-gate.ts';
import { plainTarget } from '../shell/plain-target.ts';
import { securityHeaders } from '../shell/security-headers.ts';
import type { StaticAssets } from '../shell/static-assets.ts';
import { sendByteResponse, toByteRequest } from './byte-route.ts';
import { enteredPage, enterPage, enterScript, refusedPage } from './enter-page.ts';
import { createEventSockets, type EventSockets } from './event-socket.ts';
import {
  cookieName,
  isFromOwnPage,
  isOwnHost,
  nonceOf,
  type RequestHead,
  sessionCookie,
} from './request-guard.ts';
import { createSessions, launchTokenMs, type Session, type Sessions, terminalTokenMs } from './sessions.ts';

export interface BrowserShellOptions {
  readonly host: Host;
  readonly assets: StaticAssets;
  /** 0 = any free port. */
  readonly port?: number;
  readonly nowMs?: () => number;
  /** A bug in a handler: the browser is told only `INTERNAL`. */
  readonly report?: (where: string, error: unknown) => void;
  /** A request that was refused, with the rule that did it: for the audit. Holds nothing of the request itself. */
  readonly onRefused?: (rule: RefusalRule) => void;
}

export type RefusalRule = 'host' | 'origin' | 'session' | 'token' | 'path' | 'method';

export interface BrowserShell {
  readonly origin: string;
  readonly port: number;
  /** Address to print in a terminal: valid ten minutes or until used. */
  terminalUrl(): string;
  /** A token for the launcher file, valid a minute. */
  launchToken(): string;
  /** Windows that follow the event stream now. */
  windowCount(): number;
  close(): Promise<void>;
}

interface Context {
  readonly host: Host;
  readonly assets: StaticAssets;
  readonly sessions: Sessions;
  readonly sockets: EventSockets;
  readonly gateOf: (session: Session) => CallGate;
  readonly refused: (rule: RefusalRule) => void;
  readonly port: () => number;
}

const formBytesMax = 4096;

/** Starts listening. @throws NodeJS.ErrnoException `EADDRINUSE` or `EACCES` when the port is not to be had. */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const { host, assets, nowMs = Date.now, report = () => {}, onRefused = () => {} } = options;
  let port = 0;
  const sessions = createSessions({ nowMs, randomSecret: () => randomBytes(32).toString('base64url') });
  const gates = new Map<number, CallGate>();
  const context: Context = {
    host,
    assets,
    sessions,
    sockets: createEventSockets({ host, sessions, port: () => port }),
    gateOf: (session) => {
      const gate = gates.get(session.id) ?? createCallGate({ host, nowMs, report });
      gates.set(session.id, gate);
      return gate;
    },
    refused: onRefused,
    port: () => port,
  };

  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  server.on('request', (request, response) => {
    answer(context, request, response).catch((error: unknown) => {
      report('request', error);
      if (response.headersSent) response.destroy();
      else send(response, 500);
    });
  });
  server.on('upgrade', (request, socket, head) => context.sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, resolve);
  });
  port = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${port}`;

  return {
    origin,
    port,
    terminalUrl: () => `${origin}/enter#${sessions.issueToken(terminalTokenMs)}`,
    launchToken: () => sessions.issueToken(launchTokenMs),
    windowCount: () => context.sockets.count(),
    close: () =>
      new Promise((resolve) => {
        context.sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The one door: Host first, then method, then path, then either the free routes or a proven session. */
async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const head: RequestHead = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
  };
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  if (!isOwnHost(head, context.port())) return refuse(context, response, 'host', 403);
  if (!['GET', 'HEAD', 'POST'].includes(head.method)) {
    response.setHeader('allow', 'GET, HEAD, POST');
    return refuse(context, response, 'method', 405);
  }
  const target = plainTarget(head.target);
  if (!target) return refuse(context, response, 'path', 404);
  const { path, query } = target;

  if (path === '/enter') return enter(context, head, request, response);
  const isRead = head.method !== 'POST';
  if (isRead && path === '/enter.js')
    return send(response, 200, 'text/javascript; charset=utf-8', enterScript);
  if (isRead && (await sendStatic(context, head, response, path))) return;
  // Browsers ask for it by themselves, without any proof, on pages that name no icon: no sign of abuse.
  if (isRead && path === '/favicon.ico') {
    if (await sendStatic(context, head, response, '/icons/candela.png')) return;
    return send(response, 404);
  }
  if (isRead && path.startsWith('/download/')) return download(context, head, request, response, path);

  if (!isFromOwnPage(head, context.port())) return refuse(context, response, 'origin', 403);
  const session = context.sessions.find(sessionCookie(head), nonceOf(head));
  if (!session) return refuse(context, response, 'session', 403);
  await answerSession(context, session, request, response, path, query);
}

/** Routes of a proven session. */
async function answerSession(
  context: Context,
  session: Session,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
): Promise<void> {
  if (request.method === 'POST' && path.startsWith('/call/')) {
    const text = await readText(request, callBytesMax);
    if (text === null) return send(response, 413);
    const result = await context.gateOf(session).answer(path.slice('/call/'.length), text);
    return send(response, 200, 'application/json', result);
  }
  if (request.method === 'POST' && path === '/leave') {
    context.sessions.leave(session);
    context.sockets.closeSession(session);
    response.setHeader('set-cookie', `${cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`);
    return send(response, 204);
  }
  if (request.method === 'POST' && path === '/download-handle') {
    const wanted = plainTarget((await readText(request, formBytesMax)) ?? '');
    if (!wanted) return send(response, 404);
    const handle = context.sessions.issueDownload(session, wanted.path + wanted.query);
    return send(response, 200, 'application/json', JSON.stringify({ path: `/download/${handle}` }));
  }
  const bytes = await context.host.fetch(toByteRequest(request, response, path + query));
  await sendByteResponse(response, bytes, request.method === 'HEAD');
}

/** `GET /enter` is the page that reads the token from the address; `POST /enter` spends the token. */
async function enter(
  context: Context,
  head: RequestHead,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (head.method !== 'POST') return send(response, 200, 'text/html; charset=utf-8', enterPage);
  const isForm = String(head.headers['content-type']).startsWith('application/x-www-form-urlencoded');
  const token = tokenOf((await readText(request, formBytesMax)) ?? '', isForm);
  const entered = token === null ? null : context.sessions.enter(token, sessionCookie(head));
  if (!entered) {
    context.refused('token');
    return send(response, 410, 'text/html; charset=utf-8', refusedPage);
  }
  response.setHeader('set-cookie', `${cookieName}=${entered.cookie}; HttpOnly; SameSite=Strict; Path=/`);
  if (isForm) return send(response, 200, 'text/html; charset=utf-8', enteredPage(entered.nonce));
  return send(response, 200, 'application/json', JSON.stringify({ nonce: entered.nonce }));
}

function tokenOf(body: string, isForm: boolean): string | null {
  if (isForm) return new URLSearchParams(body).get('token');
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('token' in parsed)) return null;
    return typeof parsed.token === 'string' ? parsed.token : null;
  } catch {
    return null;
  }
}

async function sendStatic(
  context: Context,
  head: RequestHead,
  response: ServerResponse,
  path: string,
): Promise<boolean> {
  const ifNoneMatch = head.headers['if-none-match'];
  const asset = context.assets.find(path, {
    method: head.method,
    ...(typeof ifNoneMatch === 'string' && { ifNoneMatch }),
  });
  if (!asset) return false;
  response.setHeader('cache-control', asset.headers['cache-control'] ?? 'no-store');
  await sendByteResponse(response, asset, head.method === 'HEAD');
  return true;
}

/** A download is a navigation of our own page: it carries the cookie but cannot carry the nonce. */
async function download(
  context: Context,
  head: RequestHead,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (!isFromOwnPage(head, context.port())) return refuse(context, response, 'origin', 403);
  const wanted = context.sessions.takeDownload(path.slice('/download/'.length), sessionCookie(head));
  if (wanted === null) return refuse(context, response, 'session', 403);
  const bytes = await context.host.fetch(toByteRequest(request, response, wanted));
  await sendByteResponse(response, bytes, head.method === 'HEAD');
}

function refuse(context: Context, response: ServerResponse, rule: RefusalRule, status: number): void {
  context.refused(rule);
  // What is left of a body is not read: the connection ends with the answer.
  response.setHeader('connection', 'close');
  send(response, status);
}

function send(response: ServerResponse, status: number, type?: string, body = ''): void {
  response.statusCode = status;
  if (type) response.setHeader('content-type', type);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The body as text, or null when it is longer than allowed. */
async function readText(request: IncomingMessage, bytesMax: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of request) {
    sizeBytes += (part as Buffer).byteLength;
    if (sizeBytes > bytesMax) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
