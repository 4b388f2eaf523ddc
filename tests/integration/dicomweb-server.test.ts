/** Our DICOMweb listener as others see it: Python's standard library, curl, Orthanc's client, and those who should not. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { JsonDataset } from '../../core/dicomweb/json-write.ts';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { freePort, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { element, file, sliceWith } from '../fixtures/raw-dicom.ts';
import { get, type WebAnswer } from '../fixtures/web-get.ts';

const folder = temporaryFolder();
const study = '1.2.3.66';
let host: Host;
let port: number;
let token: string;
let root: string;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** The host answers from this very thread: it must not be blocked. */
const run = promisify(execFile);
const isThere = (program: string, ...words: string[]): boolean => spawnSync(program, words).status === 0;
const jsonOf = (answer: WebAnswer): JsonDataset[] => JSON.parse(answer.body.toString()) as JsonDataset[];
const first = (row: JsonDataset, tag: string): unknown => row[tag]?.Value?.[0];

/** Six slices in two series, of one patient; and one study of another. */
function makeFiles(): string {
  const made = join(folder.path, 'made');
  mkdirSync(made);
  for (let n = 0; n < 6; n++) {
    const own = [
      element(0x8, 0x18, 'UI', `${study}.${n}`),
      element(0x8, 0x20, 'DA', '20240229'),
      element(0x8, 0x30, 'TM', '103000'),
      element(0x8, 0x50, 'SH', 'ACC66'),
      element(0x8, 0x1030, 'LO', 'Chest [CT]'),
      element(0x10, 0x10, 'PN', 'Weber^Anna'),
      element(0x10, 0x20, 'LO', 'P-66'),
      element(0x20, 0xd, 'UI', study),
      element(0x20, 0xe, 'UI', `${study}.1000.${n % 2}`),
      element(0x20, 0x13, 'IS', String(n)),
      element(
        0x7fe0,
        0x10,
        'OW',
        Array.from({ length: 16 }, (_, i) => (i * 16 + n) % 256),
      ),
    ];
    writeFileSync(join(made, `${n}.dcm`), file(sliceWith(...own)));
  }
  const other = [
    element(0x8, 0x18, 'UI', '1.2.3.67.1'),
    element(0x8, 0x20, 'DA', '20230101'),
    element(0x8, 0x60, 'CS', 'MR'),
    element(0x10, 0x10, 'PN', 'Webermann^Bert'),
    element(0x10, 0x20, 'LO', 'P-67'),
    element(0x20, 0xd, 'UI', '1.2.3.67'),
    element(0x20, 0xe, 'UI', '1.2.3.67.1000'),
  ];
  writeFileSync(join(made, 'other.dcm'), file(sliceWith(...other)));
  return made;
}

const setWeb = async (web: { enabled: boolean; port: number }): Promise<void> => {
  const { network } = await ask(host, 'settings.get', {});
  await ask(host, 'settings.set', { changes: { network: { ...network, web } } });
};
const read = (path: string, accept = ''): Promise<WebAnswer> => get(root + path, { token, accept });
/** Files of the made study as they are on their way out. */
const storedHashes = (): string[] =>
  readdirSync(join(folder.path, 'made'))
    .filter((name) => name !== 'other.dcm')
    .map((name) => sha256(readFileSync(join(folder.path, 'made', name))));

beforeAll(async () => {
  host = await openHost(join(folder.path, 'data'), { shell: 'browser' });
  await importPaths(host, [makeFiles()]);
  port = await freePort();
  await setWeb({ enabled: true, port });
  root = (await ask(host, 'web.status', {})).url;
  token = (await ask(host, 'web.newToken', {})).token;
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

describe('QIDO', () => {
  it.each([
    ['', 2],
    ['PatientName=weber*', 2],
    ['PatientName=WEBER%5EANNA', 1],
    ['PatientName=web%25', 0],
    ['PatientID=P-66', 1],
    ['PatientID=p-66', 0],
    ['PatientID=P-*', 2],
    ['AccessionNumber=ACC66', 1],
    ['StudyDate=20240101-20241231', 1],
    ['StudyDate=-20231231', 1],
    ['StudyDate=20240229', 1],
    ['StudyTime=1030', 1],
    ['StudyTime=0900-1029', 0],
    ['ModalitiesInStudy=MR', 1],
    ['ModalitiesInStudy=M', 0],
    [`StudyInstanceUID=${study},1.2.3.67`, 2],
    [`StudyDescription=${encodeURIComponent('Chest [C*')}`, 1],
    ['00100020=P-66&includefield=all&fuzzymatching=true', 1],
    ['limit=1', 1],
    ['limit=5&offset=1', 1],
    ['offset=2', 0],
  ])('studies?%s finds %i', async (parameters, count) => {
    const answer = await read(`/studies?${parameters}`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/dicom+json']);
    expect(jsonOf(answer)).toHaveLength(count);
  });

  it('tells what a study is', async () => {
    const [row] = jsonOf(await read(`/studies?StudyInstanceUID=${study}`));
    expect(row).toMatchObject({
      '00080020': { vr: 'DA', Value: ['20240229'] },
      '00080050': { vr: 'SH', Value: ['ACC66'] },
      '00080061': { vr: 'CS', Value: ['CT'] },
      '00081190': { vr: 'UR', Value: [`${root}/studies/${study}`] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Weber^Anna' }] },
      '00201206': { vr: 'IS', Value: [2] },
      '00201208': { vr: 'IS', Value: [6] },
    });
    expect(Object.keys(row!)).toEqual([...Object.keys(row!)].sort());
  });

  it('goes down to series and instances, and across all of them', async () => {
    const uids = async (path: string, tag: string) => jsonOf(await read(path)).map((row) => first(row, tag));
    const series = [`${study}.1000.0`, `${study}.1000.1`];
    expect(await uids(`/studies/${study}/series`, '0020000E')).toEqual(series);
    expect(await uids(`/series?Modality=MR`, '0020000E')).toEqual(['1.2.3.67.1000']);
    expect(await uids(`/studies/${study}/series/${series[1]}/instances`, '00200013')).toEqual([1, 3, 5]);
    expect(await uids(`/studies/${study}/instances?InstanceNumber=4`, '00080018')).toEqual([`${study}.4`]);
    expect(await uids('/instances?PatientID=P-67', '00080018')).toEqual(['1.2.3.67.1']);
    const [row] = jsonOf(await read(`/studies/${study}/instances?limit=1`));
    expect([first(row!, '00280010'), first(row!, '00083002')]).toEqual([2, '1.2.840.10008.1.2.1']);
  });

  it('says what it does not match by, and refuses pages that are none', async () => {
    const odd = await read('/studies?StudyID=1&PatientID=P-66');
    expect([jsonOf(odd).length, String(odd.headers['warning'])]).toEqual([
      1,
      expect.stringMatching(/^299 .*: 1"$/),
    ]);
    expect((await read('/studies?limit=x')).status).toBe(400);
  });
});

describe('WADO', () => {
  const one = `/studies/${study}/series/${study}.1000.0/instances/${study}.0`;

  it('gives one file alone where that is asked for', async () => {
    const answer = await read(one, 'application/dicom; transfer-syntax=*');
    expect(answer.headers['content-type']).toBe('application/dicom');
    expect(sha256(answer.body)).toBe(sha256(readFileSync(join(folder.path, 'made', '0.dcm'))));
  });

  it.each([
    [`${one}/frames/1`, '', 200],
    [`${one}/frames/2`, '', 404],
    [`${one}/frames/0`, '', 404],
    [`${one}/frames/1`, 'image/jls', 406],
    [one, 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90', 406],
    [one, 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1', 200],
    [`${one}/rendered`, 'image/jpeg', 200],
    [`${one}/rendered?window=40,400,LINEAR`, 'image/*', 200],
    [`${one}/rendered?window=40,0,LINEAR`, 'image/*', 400],
    [`${one}/rendered`, 'video/mpeg', 406],
    [`${one}/frames/1/rendered`, '', 200],
    [`${one}/bulkdata/00100010`, '', 200],
    [`${one}/bulkdata/00104000`, '', 404],
    [`${one}/metadata`, 'application/dicom+xml', 406],
    [`/studies/${study}/series/${study}.1000.1/instances/${study}.0`, '', 404],
    ['/studies/1.2.404', '', 404],
    ['/studies/1.2.404/metadata', '', 404],
  ])('%s (%s) → %i', async (path, accept, status) => {
    expect((await read(path, accept)).status).toBe(status);
  });

  it('answers HEAD with the same head', async () => {
    for (const path of ['/studies', one, `${one}/rendered`, `${one}/frames/1`]) {
      const [whole, head] = [await read(path), await get(root + path, { token, method: 'HEAD' })];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      const plain = (text: unknown) => String(text).replace(/boundary=.*/, '');
      expect(plain(head.headers['content-type'])).toBe(plain(whole.headers['content-type']));
    }
  });

  it('gives a window as it was asked for', async () => {
    const pictures = await Promise.all(
      ['', '?window=100,10', '?window=30000,60000'].map(async (query) =>
        sha256((await read(`${one}/rendered${query}`, 'image/png')).body),
      ),
    );
    expect(new Set(pictures).size).toBe(3);
  });

  it('tells of objects that are gone, and gives the others', async () => {
    const lost = await openHost(join(folder.path, 'lost'), { shell: 'browser' });
    try {
      const made = join(folder.path, 'two');
      mkdirSync(made);
      for (const n of [1, 2]) {
        const own = [element(0x8, 0x18, 'UI', `1.2.3.68.${n}`), element(0x20, 0x13, 'IS', String(n))];
        writeFileSync(join(made, `${n}.dcm`), file(sliceWith(...own)));
      }
      await importPaths(lost, [made]);
      const objects = join(folder.path, 'lost', 'objects');
      const name = readdirSync(objects, { recursive: true })
        .map(String)
        .find((path) => path.endsWith('.dcm'))!;
      writeFileSync(join(objects, name), 'cut');
      const { network } = await ask(lost, 'settings.get', {});
      const web = { enabled: true, port: await freePort() };
      await ask(lost, 'settings.set', { changes: { network: { ...network, web } } });
      const { url } = await ask(lost, 'web.status', {});
      const own = await ask(lost, 'web.newToken', {});
      const answer = await get(`${url}/studies/1.2.3.1`, { token: own.token });
      expect([answer.status, String(answer.headers['warning'])]).toEqual([
        206,
        expect.stringMatching(/"1 objects /),
      ]);
      expect(answer.body.toString('latin1').match(/Content-Type: application\/dicom/g)).toHaveLength(1);
    } finally {
      await lost.close();
    }
  });
});

describe('scripts', () => {
  it.skipIf(!isThere('python3', '--version'))('read all of it with Python’s standard library', async () => {
    const script = join(import.meta.dirname, '../fixtures/web-script.py');
    const { stdout } = await run('python3', [script, root, token, study]);
    const got = JSON.parse(stdout) as {
      rows: JsonDataset[];
      instances: string[];
      files: string[];
      frame: [string, number];
      png: string;
    };
    expect(got.rows.map((row) => first(row, '00100020'))).toEqual(['P-66']);
    expect(got.instances.sort()).toEqual(Array.from({ length: 6 }, (_, n) => `${study}.${n}`));
    expect(got.files.sort()).toEqual(storedHashes().sort());
    // Python's reader writes quotes around every parameter.
    const [type, length] = got.frame;
    expect([type.replaceAll('"', ''), length]).toEqual([
      'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1',
      16,
    ]);
    expect(got.png).toBe('89504e470d0a1a0a');
  });

  it.skipIf(!isThere('curl', '--version'))('read a frame with curl', async () => {
    const url = `${root}/studies/${study}/series/${study}.1000.1/instances/${study}.1/frames/1`;
    const words = [
      '-sS',
      '--fail',
      '-H',
      `Authorization: Bearer ${token}`,
      '-H',
      'Accept: application/octet-stream',
    ];
    const { stdout } = await run('curl', [...words, url], { encoding: 'buffer' });
    expect([...stdout]).toEqual(Array.from({ length: 16 }, (_, i) => (i * 16 + 1) % 256));
  });

  it.skipIf(orthancMissing !== null)('fill an Orthanc through its own DICOMweb client', async () => {
    const HttpHeaders = { Authorization: `Bearer ${token}` };
    const orthanc = await startOrthanc({ webServers: { candela: { Url: `${root}/`, HttpHeaders } } });
    try {
      const ask = async (what: string, body: object) => {
        const response = await orthanc.rest(
          'POST',
          `/dicom-web/servers/candela/${what}`,
          JSON.stringify(body),
        );
        return (await response.json()) as unknown;
      };
      const rows = (await ask('qido', { Uri: '/studies', Arguments: { PatientName: 'Weber*' } })) as object[];
      expect(rows).toHaveLength(2);
      await ask('retrieve', { Resources: [{ Study: study }], Synchronous: true });
      const stored = (await (await orthanc.rest('GET', '/instances')).json()) as string[];
      expect(stored).toHaveLength(6);
      const files = await Promise.all(
        stored.map(async (id) => {
          const response = await orthanc.rest('GET', `/instances/${id}/file`);
          return sha256(new Uint8Array(await response.arrayBuffer()));
        }),
      );
      expect(files.sort()).toEqual(storedHashes().sort());
    } finally {
      await orthanc.stop();
    }
  });
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
    await expect.poll(() => ended, { timeout: 20_000 }).toBeGreaterThanOrEqual(16);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(
        () =>
          read('/studies').then(
            (answer) => answer.status,
            () => 0,
          ),
        { timeout: 20_000 },
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
    await setWeb({ enabled: true, port: taken });
    expect(await ask(host, 'web.status', {})).toMatchObject({
      state: 'failed',
      problem: { code: 'WEB_PORT_BUSY', params: { port: taken } },
    });
    await new Promise((resolve) => busy.close(resolve));
    await setWeb({ enabled: false, port: taken });
    expect(await ask(host, 'web.status', {})).toMatchObject({ state: 'off', problem: null });
    await expect(get(`http://127.0.0.1:${taken}/dicom-web/studies`, { token })).rejects.toThrow();
    await setWeb({ enabled: true, port });
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
    await host.close();
    host = await openHost(join(folder.path, 'data'), { shell: 'browser' });
    const { rows, intact } = await ask(host, 'audit.list', { offset: 0, limit: 1000 });
    expect(intact).toBe(true);
    const details = (event: string) => rows.filter((row) => row.event === event).map(({ detail }) => detail);
    expect(details('web.read').some((detail) => detail.startsWith(`retrieve s.${study} `))).toBe(true);
    expect(details('web.refuse').map((detail) => detail.split(' ')[0])).toEqual(
      expect.arrayContaining(['host', 'page', 'method', 'body', 'length', 'token', 'path']),
    );
    expect(details('web.token')).toEqual(expect.arrayContaining(['new', 'revoked']));
    expect(JSON.stringify(rows)).not.toMatch(/weber/i);
  });
});
