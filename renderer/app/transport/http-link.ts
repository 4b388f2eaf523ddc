/** The browser shell's transport: calls by POST, events by one WebSocket, bytes by fetch, all with the nonce. */
import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { HostEvent } from '../../../core/contract/index.ts';
import { fromWire, toWire } from '../../../core/contract/wire.ts';
import type { Connection, Link } from './client.ts';
import { bytesOf, lastingMostBytes } from './lasting.ts';

const nonceKey = 'candela.nonce';
const nonceHeader = 'x-candela-nonce';
/** Close codes of the server: proof refused; window too slow (reconnect at once). */
const refusedCode = 4403;
const retryMsMax = 5_000;
/** Small ones that are also sent as a tab is closed. */
const lastingCalls: ReadonlySet<string> = new Set(['settings.set']);
/** The browser has long taken the file by then. */
const urlKeptMs = 10_000;

export type HttpLinkWindow = Pick<
  typeof globalThis,
  'fetch' | 'sessionStorage' | 'location' | 'WebSocket' | 'setTimeout' | 'clearTimeout' | 'document' | 'URL'
>;

export function createHttpLink(page: HttpLinkWindow): Link {
  // The session's start put the nonce there; a window opened by this one inherits a copy.
  const nonce = page.sessionStorage.getItem(nonceKey) ?? '';
  const proof = { [nonceHeader]: nonce };

  const fetchBytes = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set(nonceHeader, nonce);
    return page.fetch(path, { ...init, headers, credentials: 'same-origin', redirect: 'error' });
  };

  return {
    shell: 'browser',
    async call(name, input, options) {
      try {
        const body = toWire(input);
        const post = (keepalive: boolean) => fetchBytes(`/call/${name}`, { method: 'POST', body, keepalive });
        // What is kept when a tab is closed must arrive although the tab is gone.
        const isLasting = (options?.isLast || lastingCalls.has(name)) && bytesOf(body) <= lastingMostBytes;
        const response = await (isLasting ? post(true).catch(() => post(false)) : post(false));
        if (response.status === 403) return fail(problem('FORBIDDEN'));
        if (!response.ok) return fail(problem('INPUT_INVALID'));
        return fromWire(await response.text()) as Result<unknown>;
      } catch {
        return fail(problem('IO_ERROR'));
      }
    },
    listen: (onEvent, onConnection) => listen(page, nonce, onEvent, onConnection),
    fetchBytes,
    desktop: null,
    workerAccess: async () => ({ baseUrl: page.location.origin, headers: proof }),
    async download(path) {
      const response = await fetchBytes('/download-handle', { method: 'POST', body: path });
      const answer = (await response.json()) as { readonly path: string };
      const anchor = page.document.createElement('a');
      anchor.href = answer.path;
      anchor.download = '';
      anchor.click();
    },
    async saveFile(name, file) {
      const url = page.URL.createObjectURL(file);
      const anchor = page.document.createElement('a');
      anchor.href = url;
      anchor.download = name;
      anchor.click();
      page.setTimeout(() => page.URL.revokeObjectURL(url), urlKeptMs);
    },
  };
}

/** Keeps one socket open, resuming after the last event seen; waits longer after each failed try. */
function listen(
  page: HttpLinkWindow,
  nonce: string,
  onEvent: (event: HostEvent) => void,
  onConnection: (state: Connection) => void,
): () => void {
  let lastSeq = 0;
  let tries = 0;
  let isEnded = false;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    onConnection('connecting');
    const opened = new page.WebSocket(`${page.location.origin.replace(/^http/, 'ws')}/events`);
    socket = opened;
    opened.onopen = () => {
      opened.send(JSON.stringify({ nonce, fromSeq: lastSeq }));
      onConnection('open');
    };
    opened.onmessage = (message) => {
      tries = 0;
      const event = fromWire(String(message.data)) as HostEvent;
      if (event.seq <= lastSeq) return;
      lastSeq = event.seq;
      onEvent(event);
    };
    opened.onclose = ({ code }) => {
      if (isEnded) return;
      if (code === refusedCode) return onConnection('refused');
      onConnection('lost');
      timer = page.setTimeout(connect, Math.min(retryMsMax, 100 * 2 ** tries++));
    };
  };
  connect();
  return () => {
    isEnded = true;
    page.clearTimeout(timer);
    socket?.close();
  };
}
