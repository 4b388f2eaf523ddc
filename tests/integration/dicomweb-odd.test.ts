/** Our DICOMweb client and servers that are merely odd: packed, marked, in another charset, cut to pages, busy. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, afterEach, expect, it } from 'vitest';
import { remoteQuery } from '../../core/contract/remote.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { element, file, sliceWith } from '../fixtures/raw-dicom.ts';
import { openWebPeer, webAccess } from '../fixtures/web-peer.ts';

type Answer = (response: ServerResponse, hit: number, request: IncomingMessage) => void;

const folder = temporaryFolder();
const peer = openWebPeer(folder.path, { connectMs: 10_000, idleMs: 3000, pausesMs: [10, 10] });
const servers: Server[] = [];
let taskId = 0;
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});
afterAll(() => folder.remove());

async function serve(answer: Answer) {
  let hits = 0;
  const server = createServer((request, response) => answer(response, hits++, request));
  servers.push(server.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { taskId: ++taskId, access: webAccess({ url }) };
}

const json = (name: string): string =>
  `[{"0020000D":{"vr":"UI","Value":["1.2.3"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"${name}"}]}}]`;
const text = json('王伟');
/** 王伟 in GB18030. */
const gbk = Buffer.from(json('\u00cd\u00f5\u00ce\u00b0'), 'latin1');
const as =
  (headers: Readonly<Record<string, string>>, body: string | Uint8Array, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/dicom+json', ...headers }).end(body);
const coded = (coding: string, body: Uint8Array): Answer => as({ 'content-encoding': coding }, body);
const more = '299 server "There are 12 additional results that can be requested"';

it.each<readonly [string, Answer, string]>([
  ['packed by gzip, unasked', coded('gzip', gzipSync(text)), '1 王伟'],
  ['packed by deflate', coded('Deflate', deflateSync(text)), '1 王伟'],
  ['packed by brotli', coded('br', brotliCompressSync(text)), '1 王伟'],
  ['said to be packed, and not', coded('gzip', Buffer.from(text)), 'WEB_ANSWER_INVALID Content-Encoding'],
  ['cut while packed', coded('gzip', gzipSync(text).subarray(0, 40)), 'WEB_ANSWER_INVALID Content-Encoding'],
  ['packed as nobody does', coded('zstd', Buffer.from(text)), 'WEB_ANSWER_INVALID Content-Encoding'],
  ['with a byte order mark', as({}, `\ufeff${text}`), '1 王伟'],
  ['in GB18030, untold', as({}, gbk), '1 王伟'],
  ['in GBK, told', as({ 'content-type': 'application/json; charset=GBK' }, gbk), '1 王伟'],
  ['with a row that is nothing', as({}, `[null,${text.slice(1)}`), '1 王伟'],
  ['one of several pages, in the words of PS3.18 8.3.4.4', as({ warning: more }, text), '1 王伟 partial'],
  ['a part', as({}, text, 206), '1 王伟 partial'],
  ['without fuzzy matching', as({ warning: '299 s "fuzzymatching is not supported"' }, text), '1 王伟'],
])('a list %s', async (_what, answer, expected) => {
  const found = await peer.operations.search({ ...(await serve(answer)), query: v.parse(remoteQuery, {}) });
  if (!found.ok) {
    expect(`${found.problem.code} ${found.problem.params?.['reason']}`).toBe(expected);
    return;
  }
  const { rows, partial } = found.value;
  expect(`${rows.length} ${rows[0]?.patientName.alphabetic}${partial ? ' partial' : ''}`).toBe(expected);
});

const object = file(sliceWith(element(0x8, 0x18, 'UI', '1.2.3.4')));
const parts = Buffer.concat([
  Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
  object,
  Buffer.from('\r\n--b--'),
]);
const dicomParts = { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' };

it.each<readonly [string, Answer, string]>([
  ['packed', as({ ...dicomParts, 'content-encoding': 'gzip' }, gzipSync(parts)), '1 0'],
  ['said to be a part', as(dicomParts, parts, 206), '1 1'],
])('objects %s', async (_what, answer, expected) => {
  const items = [{ studyInstanceUID: '1.2.3' }];
  const task = { ...(await serve(answer)), items, expected: null, sourceAeTitle: '' };
  const got = await peer.operations.retrieve(task);
  expect(got.ok && `${got.value.completed} ${got.value.failed}`).toBe(expected);
});

it('waits until the date that a busy server names', async () => {
  const startMs = Date.now();
  const later = new Date(startMs + 2000).toUTCString();
  const busyFirst: Answer = (response, hit) =>
    hit === 0 ? response.writeHead(503, { 'retry-after': later }).end() : as({}, text)(response, hit, null!);
  const found = await peer.operations.search({
    ...(await serve(busyFirst)),
    query: v.parse(remoteQuery, {}),
  });
  expect(found.ok).toBe(true);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(later));
});
