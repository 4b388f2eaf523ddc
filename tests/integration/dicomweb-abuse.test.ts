/** Our DICOMweb listener before those who should not get in, and its life: switch, port, token, audit. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { get, type WebAnswer } from '../fixtures/web-get.ts';
import { makeWebStudies, openWebHost, setWeb, webStudy } from '../fixtures/web-host.ts';

const folder = temporaryFolder();
let host: Host;
let port: number;
let token: string;
let root: string;

const read = (path: string, accept = ''): Promise<WebAnswer> => get(root + path, { token, accept });

beforeAll(async () => {
  ({ host, port, root, token } = await openWebHost(join(folder.path, 'data')));
  await importPaths(host, [makeWebStudies(folder.path)]);
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

describe('those who should not', () => {
  it.each([
    ['another host name (W2)', { host: 'candela.example' }, 403],
    ['another port', { host: '127.0.0.1:80' }, 403],
    ['a page of another origin (W1)', { origin: 'http://evil.example' }, 403],
    ['a page of no origin', { origin: 'null' }, 403],
    ['a page of this machine (W3)', { 'sec-fetch-site': 'same-site' }, 403],
    ['an image in a page', { 'sec-fetch-dest': 'image' }, 403],
    ['nobody in particular', { authorization: '' }, 401],
    ['a wrong token', { authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 401],
    ['a password', { authorization: 'Basic YTpi' }, 401],
    ['a cookie', { authorization: '', cookie: 'candela_s=1' }, 401],
  ])('%s', async (_who, headers, status) => {
    const answer = await get(`${root}/studies`, { token, headers });
    expect(answer.status).toBe(status);
    expect(answer.body.length).toBeLessThan(100);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s', async (method) => {
    expect((await get(`${root}/studies`, { token, method })).status).toBe(405);
  });

  it.each([
    '/studies/..%2f..%2fetc%2fpasswd',
    '/studies/%2e%2e/%2e%2e/index.db',
    '/../data/index.db',
    '/studies/%00',
    '/studies/1.2/series/..%5c..%5cx/instances/1',
    '/studies/%',
    '/studies//series',
    '/studies/1.2/frames/1',
    '/nothing',
    '/__proto__',
    '/constructor',
    '',
  ])('the path %s (W16)', async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  it('long addresses, heads and bodies (C26)', async () => {
    expect((await read(`/studies?PatientID=${'x'.repeat(2100)}`)).status).toBe(414);
    expect((await get(`${root}/studies`, { token, headers: { 'x-long': 'x'.repeat(17_000) } })).status).toBe(
      431,
    );
    const body = { 'content-length': '4', 'content-type': 'text/plain' };
    expect((await get(`${root}/studies`, { token, headers: body, body: 'data' })).status).toBe(413);
  });

  it('more than 64 at once: the rest is turned away, and the next is served', async () => {
    const sockets = Array.from({ length: 80 }, () => connect(port, '127.0.0.1'));
    let ended = 0;
    for (const socket of sockets) socket.on('error', () => undefined).on('close', () => ended++);
    await expect.poll(() => ended).toBeGreaterThanOrEqual(16);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        read('/studies').then(
          (answer) => answer.status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});

describe('its life', () => {
  it('is off until it is switched on, and says why it could not be', async () => {
    const busy = createServer();
    const taken = await new Promise<number>((resolve) => {
      busy.listen(0, '127.0.0.1', () => resolve((busy.address() as { port: number }).port));
    });
    await setWeb(host, { enabled: true, port: taken });
    expect(await ask(host, 'web.status', {})).toMatchObject({
      state: 'failed',
      problem: { code: 'WEB_PORT_BUSY', params: { port: taken } },
    });
    await new Promise((resolve) => busy.close(resolve));
    await setWeb(host, { enabled: false, port: taken });
    expect(await ask(host, 'web.status', {})).toMatchObject({ state: 'off', problem: null });
    await expect(get(`http://127.0.0.1:${taken}/dicom-web/studies`, { token })).rejects.toThrow();
    await setWeb(host, { enabled: true, port });
    expect((await read('/studies')).status).toBe(200);
  });

  it('keeps the token over a restart as its hash only, and ends it when it is revoked', async () => {
    const old = token;
    token = (await ask(host, 'web.newToken', {})).token;
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect((await get(`${root}/studies`, { token: old })).status).toBe(401);
    await host.close();
    const data = join(folder.path, 'data');
    const texts = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(texts.filter((text) => text.includes(token))).toEqual([]);
    host = await openHost(data, { shell: 'browser' });
    expect(await ask(host, 'web.status', {})).toMatchObject({ state: 'listening', hasToken: true });
    expect((await read('/studies')).status).toBe(200);
    await ask(host, 'web.revokeToken', {});
    expect((await read('/studies')).status).toBe(401);
    expect((await ask(host, 'web.status', {})).hasToken).toBe(false);
  });

  it('is audited, without a patient’s name', async () => {
    token = (await ask(host, 'web.newToken', {})).token;
    expect((await read(`/studies/${webStudy}`)).status).toBe(200);
    await host.close();
    host = await openHost(join(folder.path, 'data'), { shell: 'browser' });
    const { rows, intact } = await ask(host, 'audit.list', { offset: 0, limit: 1000 });
    expect(intact).toBe(true);
    const details = (event: string) => rows.filter((row) => row.event === event).map(({ detail }) => detail);
    expect(details('web.read').some((detail) => detail.startsWith(`retrieve s.${webStudy} `))).toBe(true);
    expect(details('web.refuse').map((detail) => detail.split(' ')[0])).toEqual(
      expect.arrayContaining(['host', 'page', 'method', 'body', 'length', 'token', 'path']),
    );
    expect(details('web.token')).toEqual(expect.arrayContaining(['new', 'revoked']));
    expect(JSON.stringify(rows)).not.toMatch(/weber/i);
  });
});
