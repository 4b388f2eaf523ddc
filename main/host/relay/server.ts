import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Host } from '../../../core/contract/host.ts';
import type { CallName } from '../../../core/contract/index.ts';
import { fromWire, toWire } from '../../../core/contract/wire.ts';
import type { DataFolder } from '../folder.ts';
import { type Opening, type RelayReply, type RelayRequest, relayEndpoint } from './endpoint.ts';
import { LineReader } from './lines.ts';

/**
 * Lets another process of the same person (the command line) use this host: calls and events as JSON lines on
 * one connection, each byte request on a connection of its own. Where the folder has no room for the key, this host
 * goes on without (reliability.md A11: a start works at 0 bytes free); the command line then hears STORE_IN_USE.
 */
export async function serveRelay(
  host: Host,
  folder: DataFolder,
  shell: string,
): Promise<() => Promise<void>> {
  try {
    return await listenForOthers(host, folder, shell);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    rmSync(folder.socketKey, { force: true });
    return async () => undefined;
  }
}

async function listenForOthers(host: Host, folder: DataFolder, shell: string): Promise<() => Promise<void>> {
  const key = randomBytes(32).toString('hex');
  const endpoint = relayEndpoint(folder);
  const isPipe = process.platform === 'win32';
  // We hold the store's lock, so a socket that lies here is a dead host's.
  if (!isPipe) rmSync(endpoint, { force: true });
  writeFileSync(folder.socketKey, key, { mode: 0o600 });
  const sockets = new Set<Socket>();
  const users = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serveSocket(socket, host, key, shell, users);
  });
  await listen(server, endpoint);
  if (!isPipe) chmodSync(endpoint, 0o600);
  return async () => {
    // A command that ends must not end the commands that meanwhile work through it.
    while (shell === 'cli' && users.size > 0) await Promise.all([...users].map(closed));
    rmSync(folder.socketKey, { force: true });
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (!isPipe) rmSync(endpoint, { force: true });
  };
}

function listen(server: Server, endpoint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const oldMask = process.platform === 'win32' ? null : setMask(0o177);
    server.listen(endpoint, () => {
      server.off('error', reject);
      resolve();
    });
    if (oldMask !== null) setMask(oldMask);
  });
}

/** Workers may not set the mask; the chmod after listening covers that case. */
function setMask(mask: number): number | null {
  try {
    return process.umask(mask);
  } catch {
    return null;
  }
}

function serveSocket(socket: Socket, host: Host, key: string, shell: string, users: Set<Socket>): void {
  let isOpen = false;
  let unsubscribe: (() => void) | null = null;
  const send = (reply: RelayReply): void => {
    if (!socket.destroyed) socket.write(`${toWire(reply)}\n`);
  };
  const reader = new LineReader(socket, (line) => {
    const message = parse(line);
    if (message === null) {
      socket.destroy();
      return;
    }
    if (!isOpen) {
      const opening = message as Opening;
      if (!isSameKey(opening.key, key)) {
        socket.destroy();
        return;
      }
      isOpen = true;
      if (opening.kind === 'fetch') {
        reader.stop();
        void answerFetch(socket, host, opening, reader);
      } else {
        users.add(socket);
        socket.on('close', () => users.delete(socket));
        send({ hello: shell });
      }
      return;
    }
    const request = message as RelayRequest;
    if ('subscribe' in request) {
      unsubscribe ??= host.subscribe(Number(request.subscribe), (event) => send({ event }));
    } else {
      void host
        .call(request.call as CallName, request.input as never)
        .then((result) => send({ id: request.id, result }));
    }
  });
  socket.on('close', () => unsubscribe?.());
  socket.on('end', () => {
    // A fetch has sent its body and waits for the answer; any other caller has gone.
    if (!isOpen || users.has(socket)) socket.end();
  });
}

async function answerFetch(
  socket: Socket,
  host: Host,
  { method, path }: Extract<Opening, { kind: 'fetch' }>,
  reader: LineReader,
): Promise<void> {
  const abort = new AbortController();
  socket.on('close', () => abort.abort());
  try {
    const body = method === 'POST' ? { body: reader.remaining() } : {};
    const response = await host.fetch({ method, path, signal: abort.signal, ...body });
    socket.write(`${JSON.stringify({ status: response.status, headers: response.headers })}\n`);
    const parts = response.body instanceof Uint8Array ? [response.body] : (response.body ?? []);
    for await (const part of parts) {
      if (socket.destroyed) break;
      if (!socket.write(part)) await drained(socket);
    }
    socket.end();
  } catch {
    socket.destroy();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
  });
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}

function parse(line: string): unknown {
  try {
    const value = fromWire(line);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function isSameKey(given: unknown, key: string): boolean {
  const a = Buffer.from(String(given));
  const b = Buffer.from(key);
  return a.length === b.length && timingSafeEqual(a, b);
}
