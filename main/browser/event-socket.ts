/** One WebSocket per window carries the host's event stream: a held-open request would use up the browser's six. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Host } from '../../core/contract/host.ts';
import { toWire } from '../../core/contract/wire.ts';
import { isOwnHost, isOwnOrigin, type RequestHead, sessionCookie } from './request-guard.ts';
import type { Session, Sessions } from './sessions.ts';

/** The first message, due at once: proof of the window, and the number of the last event it has seen. */
const helloSchema = v.strictObject({
  nonce: v.pipe(v.string(), v.maxLength(128)),
  fromSeq: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
const helloTimeoutMs = 5_000;
const pingMs = 20_000;
const socketsMax = 64;
/** A window that does not read is cut off; it resumes from its last number. */
const bufferedBytesMax = 8 * 1024 * 1024;

export const socketClosed = { refused: 4403, slow: 4408 } as const;

export interface EventSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Windows with a live event stream. */
  count(): number;
  /** Cuts the windows of a session that ended. */
  closeSession(session: Session): void;
  close(): void;
}

export function createEventSockets(options: {
  readonly host: Host;
  readonly sessions: Sessions;
  readonly port: () => number;
}): EventSockets {
  const { host, sessions, port } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const live = new Map<WebSocket, Session>();

  const refuse = (socket: Duplex) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');

  function isAllowed(head: RequestHead): boolean {
    const site = head.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return false;
    return isOwnHost(head, port()) && isOwnOrigin(head, port());
  }

  function start(socket: WebSocket, session: Session, fromSeq: number): void {
    live.set(socket, session);
    const end = host.subscribe(fromSeq, (event) => {
      if (socket.bufferedAmount > bufferedBytesMax) socket.close(socketClosed.slow);
      else socket.send(toWire(event));
    });
    const ping = setInterval(() => socket.ping(), pingMs);
    socket.on('close', () => {
      clearInterval(ping);
      live.delete(socket);
      end();
    });
  }

  function greet(socket: WebSocket, head: RequestHead): void {
    const late = setTimeout(() => socket.close(socketClosed.refused), helloTimeoutMs);
    socket.on('error', () => socket.terminate());
    socket.once('close', () => clearTimeout(late));
    socket.once('message', (data, isBinary) => {
      clearTimeout(late);
      const hello = isBinary ? null : parseHello(String(data));
      const session = hello && sessions.find(sessionCookie(head), hello.nonce);
      if (hello && session) start(socket, session, hello.fromSeq);
      else socket.close(socketClosed.refused);
    });
  }

  return {
    upgrade(request, socket, headBytes) {
      socket.on('error', () => socket.destroy());
      const head = { method: 'GET', target: request.url ?? '', headers: request.headers };
      if (head.target !== '/events' || !isAllowed(head) || server.clients.size >= socketsMax) {
        refuse(socket);
        return;
      }
      server.handleUpgrade(request, socket, headBytes, (webSocket) => greet(webSocket, head));
    },
    count: () => live.size,
    closeSession(session) {
      for (const [socket, owner] of live) if (owner.id === session.id) socket.close(socketClosed.refused);
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function parseHello(text: string): v.InferOutput<typeof helloSchema> | null {
  try {
    return v.parse(helloSchema, JSON.parse(text));
  } catch {
    return null;
  }
}
