import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../core/contract/index.ts';
import type { PreloadApi } from '../../../core/contract/preload.ts';
import { type Connection, createClientOver } from './client.ts';
import { createHttpLink, type HttpLinkWindow } from './http-link.ts';
import { lastingMostBytes } from './lasting.ts';
import { createPreloadLink } from './preload-link.ts';

const event = (seq: number): HostEvent => ({ seq, topic: 'studies', payload: { studyKeys: [`s.${seq}`] } });

class FakeSocket {
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.onclose?.({ code: 1000 });
  }
}

function page(answer: (path: string, init: RequestInit) => Promise<Response>, anchor: object = {}) {
  const revoked: string[] = [];
  FakeSocket.all = [];
  const timers: { work: () => void; delayMs: number }[] = [];
  const asked: { path: string; init: RequestInit }[] = [];
  const window = {
    fetch: (path: string, init: RequestInit) => {
      asked.push({ path, init });
      return answer(path, init);
    },
    sessionStorage: { getItem: (key: string) => (key === 'candela.nonce' ? 'the-nonce' : null) },
    location: { origin: 'http://127.0.0.1:1234' },
    WebSocket: FakeSocket,
    setTimeout: (work: () => void, delayMs: number) => timers.push({ work, delayMs }),
    clearTimeout: () => {},
    document: { createElement: () => anchor },
    URL: {
      createObjectURL: (file: Blob) => `blob:${file.size}`,
      revokeObjectURL: (url: string) => revoked.push(url),
    },
  } as unknown as HttpLinkWindow;
  const latest = () => {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error('no socket');
    return socket;
  };
  return { link: createHttpLink(window), asked, timers, latest, revoked };
}

const json =
  (value: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(value), { status });

describe('calls over HTTP', () => {
  it('post the wire text with the nonce and answer the result', async () => {
    const { link, asked } = page(json({ ok: true, value: 7 }));
    expect(await link.call('app.info', { a: new Uint8Array([1]) })).toEqual({ ok: true, value: 7 });
    expect(asked[0]?.path).toBe('/call/app.info');
    expect(asked[0]?.init.method).toBe('POST');
    expect(asked[0]?.init.body).toBe('{"a":{"$typed":"Uint8Array","values":[1]}}');
    expect(new Headers(asked[0]?.init.headers).get('x-candela-nonce')).toBe('the-nonce');
  });

  it.each([
    [403, 'FORBIDDEN'],
    [413, 'INPUT_INVALID'],
  ])('answer %i as %s', async (status, code) => {
    const { link } = page(json('', status));
    expect(await link.call('app.info', {})).toEqual({ ok: false, problem: { code } });
  });

  it('outlive the page where they keep what was done on it', async () => {
    const { link, asked } = page(json({ ok: true, value: null }));
    for (const name of ['settings.set', 'studies.list'] as const) await link.call(name, {});
    const most = lastingMostBytes - '"'.length * 2;
    for (const letters of [most, most + 1])
      await link.call('reading.save', 'x'.repeat(letters), { isLast: true });
    // Of a page that stays, they leave the room to the last one.
    await link.call('reading.save', {});
    expect(asked.map(({ init }) => init.keepalive)).toEqual([true, false, true, false, false]);
  });

  it('answer a lost host as a problem, never as an exception', async () => {
    const { link } = page(async () => Promise.reject(new TypeError('failed')));
    expect(await link.call('app.info', {})).toEqual({ ok: false, problem: { code: 'IO_ERROR' } });
  });
});

describe('events over a socket', () => {
  function listening() {
    const set = page(json(null));
    const seen: number[] = [];
    const states: Connection[] = [];
    const end = set.link.listen(
      ({ seq }) => seen.push(seq),
      (state) => states.push(state),
    );
    return { ...set, seen, states, end };
  }
  const message = (socket: FakeSocket, seq: number) =>
    socket.onmessage?.({ data: JSON.stringify(event(seq)) });

  it('prove the window in the first message and count from nothing', () => {
    const { latest, states } = listening();
    latest().onopen?.();
    expect(latest().url).toBe('ws://127.0.0.1:1234/events');
    expect(latest().sent).toEqual(['{"nonce":"the-nonce","fromSeq":0}']);
    expect(states).toEqual(['connecting', 'open']);
  });

  it('resume after the last one seen, each once and in order', () => {
    const { latest, seen, states, timers } = listening();
    const first = latest();
    first.onopen?.();
    message(first, 1);
    message(first, 2);
    first.onclose?.({ code: 1006 });
    expect(states.at(-1)).toBe('lost');
    timers.at(-1)?.work();
    expect(latest()).not.toBe(first);
    latest().onopen?.();
    expect(latest().sent).toEqual(['{"nonce":"the-nonce","fromSeq":2}']);
    message(latest(), 2);
    message(latest(), 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('wait longer after each failed try, five seconds at most, and start over when it works again', () => {
    const { latest, timers } = listening();
    for (let i = 0; i < 8; i++) {
      latest().onclose?.({ code: 1006 });
      timers.at(-1)?.work();
    }
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    message(latest(), 1);
    latest().onclose?.({ code: 1006 });
    expect(timers.at(-1)?.delayMs).toBe(100);
  });

  it('stop when the window is refused, and when it is done', () => {
    const refused = listening();
    refused.latest().onclose?.({ code: 4403 });
    expect(refused.states.at(-1)).toBe('refused');
    expect(refused.timers).toEqual([]);
    const done = listening();
    done.end();
    expect(done.timers).toEqual([]);
  });
});

describe('the client', () => {
  it('hands events to the listeners of their topic until they end', () => {
    const { link, latest } = page(json(null));
    const client = createClientOver(link);
    const seen: string[] = [];
    const end = client.subscribe('studies', ({ payload }) => seen.push(...payload.studyKeys));
    client.subscribe('settings', () => seen.push('settings'));
    const message = (seq: number) => latest().onmessage?.({ data: JSON.stringify(event(seq)) });
    message(1);
    end();
    message(2);
    expect(seen).toEqual(['s.1']);
  });

  it('tells the state of the connection at once and at each change', () => {
    const { link, latest } = page(json(null));
    const client = createClientOver(link);
    const states: Connection[] = [];
    client.watchConnection((state) => states.push(state));
    latest().onopen?.();
    expect(states).toEqual(['connecting', 'open']);
  });
});

describe('a file that the page made', () => {
  const file = new Blob(['abc']);

  it('goes through the dialog of the desktop shell, and says when it could not be written', async () => {
    const asked: [string, string][] = [];
    let answer = 'saved';
    const api = {
      saveFile: async (name: string, bytes: Uint8Array) => {
        asked.push([name, new TextDecoder().decode(bytes)]);
        return answer;
      },
    } as unknown as PreloadApi;
    const link = createPreloadLink(api);
    await link.saveFile('a.png', file);
    expect(asked).toEqual([['a.png', 'abc']]);
    answer = 'cancelled';
    await link.saveFile('a.png', file);
    answer = 'failed';
    await expect(link.saveFile('a.png', file)).rejects.toThrow('could not be written');
  });

  it('is a download in a browser', async () => {
    const anchor = { href: '', download: '', clicked: 0, click: () => (anchor.clicked += 1) };
    const { link, timers, revoked } = page(json(null), anchor);
    await link.saveFile('a.png', file);
    expect(anchor).toMatchObject({ href: 'blob:3', download: 'a.png', clicked: 1 });
    timers.at(-1)?.work();
    expect(revoked).toEqual(['blob:3']);
  });
});

describe('the preload link', () => {
  it('speaks wire text and makes a refusal a problem', async () => {
    const api = {
      call: async (name: string, text: string) => {
        if (name === 'refused') throw new Error('FORBIDDEN');
        return `{"ok":true,"value":${text}}`;
      },
      listen: (_fromSeq: number, onEvent: (text: string) => void) => {
        for (const seq of [1, 1, 2]) onEvent(JSON.stringify(event(seq)));
        return () => {};
      },
      bytesPrefix: async () => '/w/secret',
    } as unknown as PreloadApi;
    const link = createPreloadLink(api);
    expect(await link.call('app.info', { a: 1 })).toEqual({ ok: true, value: { a: 1 } });
    expect(await link.call('refused', {})).toEqual({ ok: false, problem: { code: 'FORBIDDEN' } });
    const seen: number[] = [];
    link.listen(
      ({ seq }) => seen.push(seq),
      () => {},
    );
    expect(seen).toEqual([1, 2]);
    expect(link.desktop).toBe(api);
  });
});
