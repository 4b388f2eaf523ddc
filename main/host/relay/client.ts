import { connect, type Socket } from 'node:net';
import { resolve as resolvePath } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { ByteRequest, ByteResponse, Host } from '../../../core/contract/host.ts';
import type { HostEvent } from '../../../core/contract/index.ts';
import { fromWire, toWire } from '../../../core/contract/wire.ts';
import { type DataFolder, dataFolder } from '../folder.ts';
import { type Opening, type RelayReply, readRelayKey, relayEndpoint } from './endpoint.ts';
import { LineReader } from './lines.ts';

const connectTimeoutMs = 3000;

/**
 * The host that has this data folder open, in whatever process it runs; null when there is none. `close` ends
 * the connection, not the host.
 */
export async function connectHost(dataDir: string): Promise<Host | null> {
  const folder = dataFolder(resolvePath(dataDir));
  const key = readRelayKey(folder);
  if (key === null) return null;
  const socket = await openSocket(folder, { key, kind: 'calls' });
  return socket ? RemoteHost.start(socket, folder, key) : null;
}

function openSocket(folder: DataFolder, opening: Opening): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ path: relayEndpoint(folder), allowHalfOpen: true });
    const timer = setTimeout(() => socket.destroy(), connectTimeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
    socket.on('error', () => socket.destroy());
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.write(`${JSON.stringify(opening)}\n`);
      resolve(socket);
    });
  });
}

class RemoteHost {
  readonly #socket: Socket;
  readonly #folder: DataFolder;
  readonly #key: string;
  readonly #waiting = new Map<number, (result: Result<unknown>) => void>();
  readonly #listeners = new Map<(event: HostEvent) => void, number>();
  readonly #seen: HostEvent[] = [];
  #lastId = 0;
  #isSubscribed = false;

  private constructor(socket: Socket, folder: DataFolder, key: string) {
    this.#socket = socket;
    this.#folder = folder;
    this.#key = key;
  }

  /** Null when the other side does not greet: a wrong key, or no host of ours. */
  static start(socket: Socket, folder: DataFolder, key: string): Promise<Host | null> {
    const remote = new RemoteHost(socket, folder, key);
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.destroy(), connectTimeoutMs);
      socket.once('close', () => {
        clearTimeout(timer);
        remote.#end();
        resolve(null);
      });
      new LineReader(socket, (line) => {
        const reply = fromWire(line) as RelayReply;
        if ('hello' in reply) {
          clearTimeout(timer);
          resolve(remote.#asHost());
        } else remote.#receive(reply);
      });
    });
  }

  #asHost(): Host {
    return {
      call: (name, input) => this.#call(name, input) as never,
      subscribe: (fromSeq, listener) => this.#subscribe(fromSeq, listener),
      fetch: (request) => this.#fetch(request),
      close: async () => {
        this.#socket.destroy();
      },
    };
  }

  #call(call: string, input: unknown): Promise<Result<unknown>> {
    if (this.#socket.destroyed)
      return Promise.resolve(fail(problem('INTERNAL', { reason: 'host has ended' })));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.write(`${toWire({ id, call, input })}\n`);
    });
  }

  /** One subscription from the beginning serves all listeners; each gets what is after its number. */
  #subscribe(fromSeq: number, listener: (event: HostEvent) => void): () => void {
    this.#listeners.set(listener, fromSeq);
    if (this.#isSubscribed) {
      for (const event of this.#seen) if (event.seq > fromSeq) listener(event);
    } else {
      this.#isSubscribed = true;
      this.#socket.write(`${JSON.stringify({ subscribe: 0 })}\n`);
    }
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #receive(reply: RelayReply): void {
    if ('event' in reply) {
      const event = reply.event as HostEvent;
      this.#seen.push(event);
      if (this.#seen.length > 5000) this.#seen.splice(0, 500);
      for (const [listener, fromSeq] of [...this.#listeners]) if (event.seq > fromSeq) listener(event);
      return;
    }
    if (!('id' in reply)) return;
    this.#waiting.get(reply.id)?.(reply.result as Result<unknown>);
    this.#waiting.delete(reply.id);
  }

  #end(): void {
    for (const resolve of this.#waiting.values()) {
      resolve(fail(problem('INTERNAL', { reason: 'host has ended' })));
    }
    this.#waiting.clear();
  }

  async #fetch({ method, path, body, signal }: ByteRequest): Promise<ByteResponse> {
    const gone: ByteResponse = { status: 503, headers: {}, body: null };
    const socket = await openSocket(this.#folder, { key: this.#key, kind: 'fetch', method, path });
    if (!socket) return gone;
    signal?.addEventListener('abort', () => socket.destroy());
    return new Promise((resolve) => {
      socket.once('close', () => resolve(gone));
      const reader = new LineReader(socket, (line) => {
        reader.stop();
        const head = JSON.parse(line) as Pick<ByteResponse, 'status' | 'headers'>;
        const isText = head.headers['content-type'] === 'application/json';
        if (!isText) resolve({ ...head, body: reader.remaining() });
        else void gather(reader.remaining()).then((body) => resolve({ ...head, body }));
      });
      void sendBody(socket, body);
    });
  }
}

async function gather(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return new Uint8Array(Buffer.concat(all));
}

async function sendBody(socket: Socket, body: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const part of body ?? []) {
    if (socket.destroyed) return;
    if (!socket.write(part)) await new Promise<void>((resolve) => socket.once('drain', () => resolve()));
  }
  socket.end();
}
