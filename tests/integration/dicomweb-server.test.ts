/** Our DICOMweb listener as others see it: Python's standard library, curl, Orthanc's client. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { JsonDataset } from '../../core/dicomweb/json-write.ts';
import { ask, importPaths, jobEnd, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { element, file, sliceWith } from '../fixtures/raw-dicom.ts';
import { get, type WebAnswer } from '../fixtures/web-get.ts';
import { makeWebStudies, openWebHost, webStudy } from '../fixtures/web-host.ts';

const folder = temporaryFolder();
const study = webStudy;
let host: Host;
let token: string;
let root: string;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** The host answers from this very thread: it must not be blocked. */
const run = promisify(execFile);
const isThere = (program: string, ...words: string[]): boolean => spawnSync(program, words).status === 0;
const jsonOf = (answer: WebAnswer): JsonDataset[] => JSON.parse(answer.body.toString()) as JsonDataset[];
const first = (row: JsonDataset, tag: string): unknown => row[tag]?.Value?.[0];

const read = (path: string, accept = ''): Promise<WebAnswer> => get(root + path, { token, accept });
/** Files of the made study as they are on their way out. */
const storedHashes = (): string[] =>
  readdirSync(join(folder.path, 'made'))
    .filter((name) => name !== 'other.dcm')
    .map((name) => sha256(readFileSync(join(folder.path, 'made', name))));

beforeAll(async () => {
  ({ host, root, token } = await openWebHost(join(folder.path, 'data')));
  await importPaths(host, [makeWebStudies(folder.path)]);
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
    ['StudyID=S66', 1],
    ['StudyID=s66', 0],
    ['00200010=S6*', 1],
    ['StudyID=S66&PatientID=P-67', 0],
    ['ReferringPhysicianName=WARD%5Erita', 1],
    ['00080090=ward*', 1],
    ['ReferringPhysicianName=*q*', 0],
    ['ReferringPhysicianName=&StudyID=', 2],
    ['includefield=StudyID&includefield=00080090&StudyDate=20240229', 1],
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
      '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Ward^Rita' }] },
      '00081190': { vr: 'UR', Value: [`${root}/studies/${study}`] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Weber^Anna' }] },
      '00200010': { vr: 'SH', Value: ['S66'] },
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
    const odd = await read('/studies?PatientComments=1&PatientID=P-66');
    expect([jsonOf(odd).length, String(odd.headers['warning'])]).toEqual([
      1,
      expect.stringMatching(/^299 .*: 1"$/),
    ]);
    expect((await read('/studies?limit=x')).status).toBe(400);
  });

  it('says that there is more than was asked for, and that names are matched as they are written', async () => {
    const warningOf = async (path: string) => (await read(path)).headers['warning'] ?? '';
    expect(await warningOf('/studies?limit=1')).toContain('additional results');
    expect(await warningOf('/studies?limit=1&offset=1')).toBe('');
    expect(await warningOf('/studies?limit=2')).toBe('');
    expect(await warningOf('/studies?fuzzymatching=true')).toContain('Only literal matching');
    expect(await warningOf('/studies?fuzzymatching=false')).toBe('');
    const path = `/studies/${study}/series/${study}.1000.0/instances/${study}.2/rendered`;
    expect(await warningOf(`${path}?window=40,400`)).toBe('');
    expect(await warningOf(`${path}?viewport=64,64&quality=50&viewport=32,32`)).toContain('supported: 2');
  });
});

describe('queries', () => {
  it('go on over an index that was made again', async () => {
    expect(jsonOf(await read('/studies'))).toHaveLength(2);
    const { jobId } = await ask(host, 'rebuild.start', {});
    expect((await jobEnd(host, jobId)).problem).toBeNull();
    expect(jsonOf(await read('/studies?StudyID=S66'))).toHaveLength(1);
    // A reader that had kept the index of before would never see what comes now.
    const late = join(folder.path, 'late.dcm');
    writeFileSync(
      late,
      file(sliceWith(element(0x8, 0x18, 'UI', '1.2.3.69.1'), element(0x20, 0xd, 'UI', '1.2.3.69'))),
    );
    await importPaths(host, [late]);
    expect(jsonOf(await read('/studies?StudyInstanceUID=1.2.3.69'))).toHaveLength(1);
    await ask(host, 'studies.delete', { studyKeys: ['s.1.2.3.69'] });
    expect(jsonOf(await read('/studies'))).toHaveLength(2);
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
    [`${one}/metadata`, 'application/dicom+xml', 200],
    [`${one}/metadata`, 'text/html', 406],
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

  it('gives alone the first of two objects that share a UID, says so, and both in parts', async () => {
    const { host: twice, root: url, token: own } = await openWebHost(join(folder.path, 'twice'));
    try {
      const bytes = [1, 2].map((value) => {
        const more = element(0x7fe0, 0x10, 'OW', Array(16).fill(value));
        return file(
          sliceWith(element(0x8, 0x18, 'UI', '1.2.3.69'), element(0x20, 0xe, 'UI', '1.2.3.1.1'), more),
        );
      });
      for (const [n, one] of bytes.entries()) {
        writeFileSync(join(folder.path, `twin-${n}.dcm`), one);
        await importPaths(twice, [join(folder.path, `twin-${n}.dcm`)]);
      }
      const path = `${url}/studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.69`;
      const parts = await until(async () => {
        const answer = await get(path, { token: own });
        const count = answer.body.toString('latin1').match(/Content-Type: application\/dicom/g)?.length;
        return count === 2 ? answer : null;
      }, 'the second');
      expect(parts.status).toBe(200);
      const alone = await get(path, { token: own, accept: 'application/dicom' });
      expect([alone.status, alone.headers['content-type']]).toEqual([200, 'application/dicom']);
      expect(alone.headers['warning']).toContain('1 other objects');
      expect(sha256(alone.body)).toBe(sha256(bytes[0]!));
    } finally {
      await twice.close();
    }
  });

  it('tells of objects that are gone, and gives the others', async () => {
    const { host: lost, root: url, token: own } = await openWebHost(join(folder.path, 'lost'));
    try {
      const made = join(folder.path, 'two');
      mkdirSync(made);
      for (const n of [1, 2]) {
        const more = [element(0x8, 0x18, 'UI', `1.2.3.68.${n}`), element(0x20, 0x13, 'IS', String(n))];
        writeFileSync(join(made, `${n}.dcm`), file(sliceWith(...more)));
      }
      await importPaths(lost, [made]);
      const objects = join(folder.path, 'lost', 'objects');
      const name = readdirSync(objects, { recursive: true })
        .map(String)
        .find((path) => path.endsWith('.dcm'))!;
      writeFileSync(join(objects, name), 'cut');
      const answer = await get(`${url}/studies/1.2.3.1`, { token: own });
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
