/** An object that Orthanc cannot send ends its whole C-GET there: everything else comes all the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { listSchema } from '../fixtures/cli-documents.ts';
import { ask, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { dcmtkMissing, startDcmqrscp } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());
const [uid, images] = ['2.25.902', 12];
/** Of these the SOP Class UID has VR UN, as in the shared series ct-chest-philips: Orthanc then finds no context. */
const unsendable = [3, 4, 10];

function withUnknownClass(bytes: Buffer): Buffer {
  const at = bytes.indexOf(Buffer.from([0x08, 0x00, 0x16, 0x00, 0x55, 0x49]));
  const long = Buffer.from([0x08, 0x00, 0x16, 0x00, 0x55, 0x4e, 0, 0, 0, 0, 0, 0]);
  long.writeUInt32LE(bytes.readUInt16LE(at + 6), 8);
  return Buffer.concat([bytes.subarray(0, at), long, bytes.subarray(at + 8)]);
}

describe.skipIf(orthancMissing !== null)(`a retrieval by C-GET (${orthancMissing ?? 'there'})`, () => {
  let orthanc: Orthanc;
  let host: Host;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    const files = writeStudy(join(scratch.path, 'files'), { uid, images });
    await orthanc.upload(
      files.map((path, n) => {
        const bytes = readFileSync(path);
        return unsendable.includes(n) ? withUnknownClass(bytes) : bytes;
      }),
    );
    host = await openHost(join(scratch.path, 'data'));
    const { aeTitle, dimsePort: port } = orthanc;
    await ask(host, 'nodes.save', {
      node: { nodeId: 'o', name: 'o', protocol: 'dimse', aeTitle, host: '127.0.0.1', port },
    });
  });
  afterAll(async () => {
    await host?.close();
    await orthanc?.stop();
  });

  it('brings all that can be sent, and says which could not be had and why', async () => {
    const { jobId } = await ask(host, 'remote.retrieve', {
      nodeId: 'o',
      items: [{ studyInstanceUID: uid }],
    });
    expect(await jobEnd(host, jobId)).toMatchObject({
      state: 'failed',
      done: images - unsendable.length,
      total: images,
      problem: { code: 'RETRIEVE_INCOMPLETE', params: { failed: unsendable.length } },
    });
    const { rows } = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 100 });
    const failed = rows.filter(({ state }) => state !== 'done');
    expect(failed.map(({ sopInstanceUID }) => sopInstanceUID).sort()).toEqual(
      unsendable.map((n) => `${uid}.1.${n + 1}`).sort(),
    );
    expect(new Set(failed.map(({ state, problem }) => `${state} ${problem?.code}`))).toEqual(
      new Set(['failed PEER_CANNOT_PROCESS']),
    );
    expect(Math.min(...rows.map(({ attempts }) => attempts))).toBeGreaterThan(0);
    const isSettled = async () => (await listAll(host)).rows.find(({ arriving }) => !arriving) ?? null;
    expect(await until(isSettled, 'the end of it')).toMatchObject({ incomplete: true, instances: 9 });
  });

  it('tells scripts that the study may be incomplete', async () => {
    const data = ['--data', join(scratch.path, 'script')];
    const got = await candela([
      'get',
      '--peer',
      `${orthanc.aeTitle}@127.0.0.1:${orthanc.dimsePort}`,
      uid,
      ...data,
    ]);
    expect(got.code).toBe(3);
    expect(got.err).toContain('RETRIEVE_INCOMPLETE');
    const rows = documentOf(listSchema, await candela(['list', '--json', ...data]));
    expect(rows).toMatchObject([{ StudyInstanceUID: uid, instances: 9, incomplete: true }]);
  });

  it('says how often each object was asked for: not at all where it was here', async () => {
    const other = '2.25.903';
    const files = writeStudy(join(scratch.path, 'other'), { uid: other, images: 3 });
    await orthanc.upload(files.map((path) => readFileSync(path)));
    for (const tries of [1, 0]) {
      const items = [{ studyInstanceUID: other }];
      const { jobId } = await ask(host, 'remote.retrieve', { nodeId: 'o', items });
      expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 3 });
      const { rows } = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
      expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual(Array(3).fill(['done', tries]));
    }
  });
});

describe('a retrieval of what the other side does not have', () => {
  let host: Host;
  beforeAll(async () => {
    host = await openHost(join(scratch.path, 'nothing'));
  });
  afterAll(() => host?.close());

  async function triedAt(aeTitle: string, port: number) {
    const node = { nodeId: aeTitle, name: aeTitle, aeTitle, host: '127.0.0.1', port } as const;
    await ask(host, 'nodes.save', { node: { ...node, protocol: 'dimse' } });
    const items = [{ studyInstanceUID: '2.25.904' }];
    const { jobId } = await ask(host, 'remote.retrieve', { nodeId: aeTitle, items });
    return jobEnd(host, jobId);
  }

  const missingThere = { state: 'failed', problem: { code: 'RETRIEVE_NOTHING' } };

  it.skipIf(orthancMissing !== null)(
    'says so of Orthanc, whose answer is that it cannot process',
    async () => {
      const orthanc = await startOrthanc();
      expect(await triedAt(orthanc.aeTitle, orthanc.dimsePort)).toMatchObject(missingThere);
      await orthanc.stop();
    },
  );

  it.skipIf(dcmtkMissing !== null)('says so of DCMTK, whose answer is success', async () => {
    const archive = await startDcmqrscp();
    expect(await triedAt('ARCHIVE', archive.port)).toMatchObject(missingThere);
    await archive.stop();
  });
});
