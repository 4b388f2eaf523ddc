/**
 * Candela's store as DICOMweb for scripts of this machine (reliability.md D18, C26): loopback only, read only, a bearer
 * token for everything, no pages, no cookies.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertNever } from '../../../core/base/result.ts';
import type { ByteResponse } from '../../../core/contract/host.ts';
import type { AccessLog } from './access-log.ts';
import type { WebContext } from './context.ts';
import { answerBulk, answerFrames, answerRendered } from './frames-answer.ts';
import { answerMetadata } from './metadata-answer.ts';
import { answerObjects } from './objects-answer.ts';
import { answerQuery } from './qido-answer.ts';
import { refusalOf } from './request-gate.ts';
import { parseRoute } from './route.ts';

export interface WebServerOptions
  extends Pick<WebContext, 'read' | 'searches' | 'parse' | 'decode' | 'folder'> {
  readonly port: number;
  readonly log: AccessLog;
  isToken(token: string): boolean;
}

export interface WebServer {
  readonly origin: string;
  close(): Promise<void>;
}

const headerBytesMax = 16_384;
const socketsMax = 64;
const address = '127.0.0.1';
const alwaysHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/** Starts listening; 0 is any free port. @throws NodeJS.ErrnoException `EADDRINUSE` or `EACCES`. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5000,
  });
  server.maxConnections = socketsMax;
  server.on('request', (request, response) => {
    const { port } = server.address() as AddressInfo;
    // A bug costs its own request.
    answer(options, port, request, response).catch(() => response.destroy());
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  options: WebServerOptions,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log } = options;
  const refusal = refusalOf(request, port, options.isToken);
  if (refusal) {
    log.refused(refusal.rule);
    // What is left of a body is not read: the connection ends with the answer.
    response.setHeader('connection', 'close');
    if (refusal.status === 401) response.setHeader('www-authenticate', 'Bearer realm="Candela"');
    if (refusal.status === 405) response.setHeader('allow', 'GET, HEAD');
    await send(request, response, refused(refusal.status, refusal.rule));
    return;
  }
  if (log.isBroken) await log.flush();
  if (log.isBroken) {
    await send(request, response, refused(503, 'AUDIT_UNAVAILABLE'));
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const url = new URL(request.url ?? '/', `http://${address}:${port}`);
  const context: WebContext = {
    ...options,
    origin: url.origin,
    accept: url.searchParams.get('accept') ?? request.headers.accept ?? '',
    isHead: request.method === 'HEAD',
    signal: gone.signal,
    refuse: refused,
  };
  await send(request, response, await answerOf(context, request.url ?? '', url.searchParams));
}

/** The path as it was sent: `URL` would have taken `..` out of it. */
async function answerOf(
  context: WebContext,
  target: string,
  parameters: URLSearchParams,
): Promise<ByteResponse> {
  const route = parseRoute(target.split('?', 1)[0] ?? '');
  if (!route) {
    context.log.refused('path');
    return context.refuse(404, 'path');
  }
  switch (route.kind) {
    case 'query':
      return answerQuery(context, route.level, route.within, [...parameters]);
    case 'objects':
      return answerObjects(context, route.target);
    case 'metadata':
      return answerMetadata(context, route.target);
    case 'frames':
      return answerFrames(context, route.target, route.frames);
    case 'rendered':
      return answerRendered(context, route.target, route.frame, parameters);
    case 'bulk':
      return answerBulk(context, route.target, route.path);
    default:
      return assertNever(route);
  }
}

const refused = (status: number, detail = ''): ByteResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify({ status, error: detail })),
});

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answered: ByteResponse,
): Promise<void> {
  const { status, headers, body } = answered;
  const length = body instanceof Uint8Array ? { 'content-length': body.byteLength } : {};
  response.writeHead(status, { ...alwaysHeaders, ...headers, ...length });
  if (body === null || request.method === 'HEAD') {
    response.end();
  } else if (body instanceof Uint8Array) response.end(body);
  else await pipeline(Readable.from(body, { objectMode: false }), response);
}
