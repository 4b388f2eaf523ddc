/** An object that Orthanc cannot send ends its whole C-GET there: everything else comes all the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
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
    scratch.remove();
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
    const isSettled = async () => (await listAll(host)).rows.find(({ arriving }) => !arriving) ?? null;
    expect(await until(isSettled, 'the end of it')).toMatchObject({ incomplete: true, instances: 9 });
  });
});
