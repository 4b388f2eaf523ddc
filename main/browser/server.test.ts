import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ok } from '../../core/base/result.ts';
import type { ByteRequest, Host } from '../../core/contract/host.ts';
import type { HostEvent } from '../../core/contract/index.ts';
import { contentSecurityPolicy } from '../shell/security-headers.ts';
import type { StaticAssets } from '../shell/static-assets.ts';
import { type BrowserShell, type RefusalRule, startBrowserShell } from './server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const event = (seq: number): HostEvent => ({ seq, topic: 'studies', payload: { studyKeys: [`s.${seq}`] } });

let now = 1_000_000;
let calls: string[] = [];
let byteRequests: string[] = [];
let uploaded = '';
let refusals: RefusalRule[] = [];
const listeners = new Set<(event: HostEvent) => void>();

const host: Host = {
  call: (async (name: string) => {
    calls.push(name);
    return ok(null);
  }) as Host['call'],
  subscribe(fromSeq, listener) {
    for (let seq = fromSeq + 1; seq <= 3; seq++) listener(event(seq));
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  async fetch(asked: ByteRequest) {
    byteRequests.push(asked.path);
    for await (const part of asked.body ?? []) uploaded += Buffer.from(part).toString();
    const headers = { 'content-type': 'text/plain', 'access-control-allow-origin': '*', 'set-cookie': 'x=1' };
    return { status: 200, headers, body: new TextEncoder().encode('bytes') };
  },
  close: async () => {},
};

const files: Readonly<Record<string, string>> = {
  '/': 'text/html',
  '/assets/a.js': 'text/html',
  '/icons/candela.png': 'image/png',
};
const assets: StaticAssets = {
  find: (path) => {
    const type = files[path];
    const headers = { 'content-type': type ?? '', 'cache-control': 'no-cache' };
    return type ? { status: 200, headers, body: null } : null;
  },
};

let shell: BrowserShell;
beforeAll(async () => {
  shell = await startBrowserShell({
    host,
    assets,
    nowMs: () => now,
    onRefused: (rule) => refusals.push(rule),
  });
});
afterAll(() => shell.close());
afterEach(() => {
  calls = [];
  byteRequests = [];
  uploaded = '';
  refusals = [];
  now += 2000;
});

function ask(
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: shell.port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = () => ({ origin: shell.origin, 'sec-fetch-site': 'same-origin' });
const tokenOf = (url: string) => new URL(url).hash.slice(1);

async function enter(): Promise<{
  cookie: string;
  'x-candela-nonce': string;
  origin: string;
  'sec-fetch-site': string;
}> {
  const token = JSON.stringify({ token: tokenOf(shell.terminalUrl()) });
  const answer = await ask('POST', '/enter', { ...own(), 'content-type': 'application/json' }, token);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return { cookie, 'x-candela-nonce': JSON.parse(answer.body).nonce, ...own() };
}

describe('every response', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/enter'],
    ['GET', '/enter.js'],
    ['GET', '/pixels/1'],
    ['POST', '/call/app.info'],
    ['OPTIONS', '/call/app.info'],
    ['GET', '/../x'],
  ])('%s %s isolates, forbids framing and allows no other origin', async (method, path) => {
    const { headers } = await ask(method, path);
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['content-security-policy']).toBe(contentSecurityPolicy);
    expect(headers['permissions-policy']).toContain('cross-origin-isolated=(self)');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

it('gives browsers the icon that they ask for by themselves, before there is a session', async () => {
  const { status, headers } = await ask('GET', '/favicon.ico');
  expect([status, headers['content-type'], refusals]).toEqual([200, 'image/png', []]);
});

describe('entering', () => {
  it('trades a printed token for a strict cookie and a nonce, once', async () => {
    const body = JSON.stringify({ token: tokenOf(shell.terminalUrl()) });
    const first = await ask('POST', '/enter', { 'content-type': 'application/json' }, body);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^candela_s=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(JSON.parse(first.body).nonce).toMatch(/^[\w-]{43}$/);
    const second = await ask('POST', '/enter', { 'content-type': 'application/json' }, body);
    expect(second.status).toBe(410);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(refusals).toEqual(['token']);
  });

  it('takes the launcher form and hands the nonce to the page', async () => {
    const body = `token=${shell.launchToken()}`;
    const type = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'null',
      'sec-fetch-site': 'cross-site',
    };
    const { status, body: html } = await ask('POST', '/enter', type, body);
    expect(status).toBe(200);
    expect(html).toMatch(/data-nonce="[\w-]{43}"/);
    expect(html).not.toContain(body.slice(6));
  });

  it('takes no launcher token after a minute and no printed one after ten', async () => {
    const launch = JSON.stringify({ token: shell.launchToken() });
    const printed = JSON.stringify({ token: tokenOf(shell.terminalUrl()) });
    now += 60_000;
    expect((await ask('POST', '/enter', {}, launch)).status).toBe(410);
    now += 540_000;
    expect((await ask('POST', '/enter', {}, printed)).status).toBe(410);
  });

  it.each(['', '{', '{}', '{"token":1}', 'null', 'x'.repeat(10_000)])('refuses %j', async (body) => {
    expect((await ask('POST', '/enter', {}, body.slice(0, 10_000))).status).toBe(410);
  });
});

describe('a proven session', () => {
  it('calls, and reads and sends bytes', async () => {
    const proof = await enter();
    const called = await ask('POST', '/call/app.info', proof, '{}');
    expect(called.status).toBe(200);
    expect(JSON.parse(called.body)).toEqual(ok(null));
    expect(called.headers['cache-control']).toBe('no-store');
    const { origin: _, ...reading } = proof;
    const bytes = await ask('GET', '/pixels/p1?frames=1-3', reading);
    expect([bytes.status, bytes.body]).toEqual([200, 'bytes']);
    expect(bytes.headers['set-cookie']).toBeUndefined();
    expect(bytes.headers['access-control-allow-origin']).toBeUndefined();
    expect(bytes.headers['cache-control']).toBe('no-store');
    await ask('POST', '/upload/u1?name=a', proof, 'content');
    expect(uploaded).toBe('content');
    expect(byteRequests).toEqual(['/pixels/p1?frames=1-3', '/upload/u1?name=a']);
  });

  it('is dead after leaving', async () => {
    const proof = await enter();
    expect((await ask('POST', '/leave', proof)).status).toBe(204);
    expect((await ask('POST', '/call/app.info', proof, '{}')).status).toBe(403);
  });

  it('refuses a call text above its limit', async () => {
    const proof = await enter();
    expect((await ask('POST', '/call/app.info', proof, ' '.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(calls).toEqual([]);
  });

  it('downloads by a handle that works once, with the cookie and without the nonce', async () => {
    const proof = await enter();
    const { body } = await ask('POST', '/download-handle', proof, '/instance/s.1');
    const { path } = JSON.parse(body);
    const asNavigation = { cookie: proof.cookie, 'sec-fetch-site': 'same-origin' };
    expect((await ask('GET', path, { ...asNavigation, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask('GET', path, { 'sec-fetch-site': 'same-origin' })).status).toBe(403);
    expect((await ask('GET', path, asNavigation)).status).toBe(200);
    expect((await ask('GET', path, asNavigation)).status).toBe(403);
    expect(byteRequests).toEqual(['/instance/s.1']);
  });
});

describe('abuse', () => {
  type Change = (proof: Record<string, string>) => Record<string, string | string[]>;
  const cases: readonly (readonly [string, Change, number, RefusalRule])[] = [
    [
      'W1 foreign page',
      (p) => ({ ...p, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }),
      403,
      'origin',
    ],
    ['W1 beacon without origin', ({ origin: _, ...p }) => p, 403, 'origin'],
    ['W2 rebound name', (p) => ({ ...p, host: 'evil.example' }), 403, 'host'],
    ['W2 localhost', (p) => ({ ...p, host: `localhost:${shell.port}` }), 403, 'host'],
    [
      'W3 other port',
      (p) => ({ ...p, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }),
      403,
      'origin',
    ],
    ['W3 other port with our Origin', (p) => ({ ...p, 'sec-fetch-site': 'same-site' }), 403, 'origin'],
    ['W5 cookie without nonce', ({ 'x-candela-nonce': _, ...p }) => p, 403, 'session'],
    ['W5 nonce without cookie', ({ cookie: _, ...p }) => p, 403, 'session'],
    ['W5 wrong nonce', (p) => ({ ...p, 'x-candela-nonce': 'x'.repeat(43) }), 403, 'session'],
    ['W5 two cookies', (p) => ({ ...p, cookie: `${p['cookie']}; candela_s=planted` }), 403, 'session'],
  ];
  it.each(cases)('%s', async (_what, change, status, rule) => {
    const proof = await enter();
    const answer = await ask('POST', '/call/app.info', change(proof), '{}');
    expect(answer.status).toBe(status);
    expect(answer.body).toBe('');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(calls).toEqual([]);
    expect(refusals).toEqual([rule]);
  });

  it('W2 gives a rebound name not even the page', async () => {
    expect((await ask('GET', '/', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('GET', '/enter', { host: 'evil.example' })).status).toBe(403);
  });

  it('answers OPTIONS, PUT and DELETE with 405', async () => {
    const proof = await enter();
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
      expect((await ask(method, '/call/app.info', proof)).status).toBe(405);
    }
  });

  it.each(['/..%2f..%2fetc%2fpasswd', '/%2e%2e/x', '/%252e%252e/x', '/a%00', '/a\\b', '/assets/../../x'])(
    'W16 %s is 404 and reaches no handler',
    async (path) => {
      const proof = await enter();
      expect((await ask('GET', path, proof)).status).toBe(404);
      expect(byteRequests).toEqual([]);
    },
  );

  it('listens on 127.0.0.1 only', async () => {
    const refused = new Promise<string>((resolve) => {
      const socket = connect(shell.port, '127.0.0.2');
      socket.on('connect', () => resolve('connected'));
      socket.on('error', () => resolve('refused'));
      // Where a system has only one loopback address, nobody answers at all.
      socket.setTimeout(500, () => resolve('refused'));
    });
    expect(await refused).toBe('refused');
  });
});

describe('the event socket', () => {
  type Opened = { readonly messages: HostEvent[]; readonly end: Promise<number>; readonly socket: WebSocket };
  function open(headers: Record<string, string>, hello: unknown): Opened {
    const socket = new WebSocket(`${shell.origin.replace('http', 'ws')}/events`, { headers });
    const messages: HostEvent[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    socket.on('open', () => socket.send(JSON.stringify(hello)));
    const end = new Promise<number>((resolve) => {
      socket.on('close', resolve);
      socket.on('error', () => resolve(-1));
    });
    return { messages, end, socket };
  }
  const received = async (opened: Opened, count: number) => {
    await expect.poll(() => opened.messages.length, { timeout: 2000 }).toBe(count);
    return opened.messages.map(({ seq }) => seq);
  };

  it('sends what was missed, then what happens', async () => {
    const proof = await enter();
    const { 'x-candela-nonce': nonce, ...headers } = proof;
    const opened = open(headers, { nonce, fromSeq: 1 });
    expect(await received(opened, 2)).toEqual([2, 3]);
    for (const listener of listeners) listener(event(4));
    expect(await received(opened, 3)).toEqual([2, 3, 4]);
    expect(shell.windowCount()).toBe(1);
    opened.socket.close();
    await opened.end;
    await expect.poll(() => listeners.size).toBe(0);
  });

  it.each([
    ['a foreign origin', (p: Record<string, string>) => ({ ...p, origin: 'http://127.0.0.1:1' })],
    ['no origin', ({ origin: _, ...p }: Record<string, string>) => p as Record<string, string>],
    ['another host', (p: Record<string, string>) => ({ ...p, host: 'evil.example' })],
    ['another site', (p: Record<string, string>) => ({ ...p, 'sec-fetch-site': 'same-site' })],
  ])('is not even upgraded with %s', async (_what, change) => {
    const proof = await enter();
    const { 'x-candela-nonce': nonce, ...headers } = proof;
    expect(await open(change(headers), { nonce, fromSeq: 0 }).end).toBe(-1);
  });

  it('is closed for a wrong nonce, for a missing cookie, and for noise', async () => {
    const { 'x-candela-nonce': nonce, cookie, ...rest } = await enter();
    expect(await open({ ...rest, cookie }, { nonce: 'wrong', fromSeq: 0 }).end).toBe(4403);
    expect(await open(rest, { nonce, fromSeq: 0 }).end).toBe(4403);
    expect(await open({ ...rest, cookie }, 'noise').end).toBe(4403);
    expect(listeners.size).toBe(0);
  });

  it('is cut when its session leaves', async () => {
    const proof = await enter();
    const { 'x-candela-nonce': nonce, ...headers } = proof;
    const opened = open(headers, { nonce, fromSeq: 0 });
    await received(opened, 3);
    await ask('POST', '/leave', proof);
    expect(await opened.end).toBe(4403);
  });
});
