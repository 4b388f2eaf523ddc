/** The page's side of the contract: the same client over the browser shell and over Electron's preload. */
import type { Result } from '../../../core/base/result.ts';
import type { CallInput, CallName, CallOutput, HostEvent, Topic } from '../../../core/contract/index.ts';
import type { DesktopFiles } from '../../../core/contract/preload.ts';
import { createHttpLink } from './http-link.ts';
import { createPreloadLink } from './preload-link.ts';

export type EventOf<T extends Topic> = Extract<HostEvent, { topic: T }>;

/** How far the event stream is from the host now. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** What a transport must be able to do; the client adds types and topics. */
export interface Link {
  readonly shell: 'browser' | 'electron';
  call(name: string, input: unknown, options?: CallOptions): Promise<Result<unknown>>;
  /** Every event once and in order, across reconnections. Answers the function that ends it. */
  listen(onEvent: (event: HostEvent) => void, onConnection: (state: Connection) => void): () => void;
  /** A byte route (`/pixels/…`), with whatever proof the shell wants added. */
  fetchBytes(path: string, init?: RequestInit): Promise<Response>;
  /** What a worker needs to fetch bytes by itself; pass it by message, never by URL. */
  workerAccess(): Promise<ByteAccess>;
  /** Saves what a byte route answers as a file, by the shell's own road. */
  download(path: string): Promise<void>;
  /** Saves what the page made as a file, by the shell's own road. @throws where it could not be written */
  saveFile(name: string, file: Blob): Promise<void>;
  /** File dialogs and drops of the desktop shell; null in a browser. */
  readonly desktop: DesktopFiles | null;
}

export interface CallOptions {
  /** The page goes now: it must arrive all the same, as it does up to `lastingMostBytes`. */
  readonly isLast?: boolean;
}

/** Base address and headers for `fetch` in a worker. Structured-clonable. */
export interface ByteAccess {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Client {
  readonly shell: Link['shell'];
  call<N extends CallName>(
    name: N,
    input: CallInput<N>,
    options?: CallOptions,
  ): Promise<Result<CallOutput<N>>>;
  /** Live events of one topic. Answers the function that ends it. */
  subscribe<T extends Topic>(topic: T, listener: (event: EventOf<T>) => void): () => void;
  /** The state of the event stream: told at once, then at each change. Answers the function that ends it. */
  watchConnection(listener: (state: Connection) => void): () => void;
  fetchBytes(path: string, init?: RequestInit): Promise<Response>;
  workerAccess(): Promise<ByteAccess>;
  download(path: string): Promise<void>;
  saveFile(name: string, file: Blob): Promise<void>;
  /** File dialogs and drops of the desktop shell; null in a browser (upload there, or `media.browse`). */
  readonly desktop: DesktopFiles | null;
  close(): void;
}

/** Makes the client of the shell that this page runs in. One per window. */
export function createClient(): Client {
  return createClientOver(window.candela ? createPreloadLink(window.candela) : createHttpLink(window));
}

/** Same, over a given link (tests use a fake one). */
export function createClientOver(link: Link): Client {
  const listeners = new Map<Topic, Set<(event: HostEvent) => void>>();
  const watchers = new Set<(state: Connection) => void>();
  let connection: Connection = 'connecting';
  const end = link.listen(
    (event) => {
      for (const listener of listeners.get(event.topic) ?? []) listener(event);
    },
    (state) => {
      connection = state;
      for (const watcher of watchers) watcher(state);
    },
  );
  return {
    shell: link.shell,
    // The host answers by the call's output schema: the name fixes the type.
    call: <N extends CallName>(name: N, input: CallInput<N>, options?: CallOptions) =>
      link.call(name, input, options) as Promise<Result<CallOutput<N>>>,
    subscribe<T extends Topic>(topic: T, listener: (event: EventOf<T>) => void) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      const entry = (event: HostEvent) => listener(event as EventOf<T>);
      set.add(entry);
      return () => set.delete(entry);
    },
    watchConnection(listener) {
      watchers.add(listener);
      listener(connection);
      return () => watchers.delete(listener);
    },
    fetchBytes: (path, init) => link.fetchBytes(path, init),
    workerAccess: () => link.workerAccess(),
    download: (path) => link.download(path),
    saveFile: (name, file) => link.saveFile(name, file),
    desktop: link.desktop,
    close: end,
  };
}
