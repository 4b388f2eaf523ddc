/** A DICOMweb server as a node of the whole host: found, fetched through the worker into the list, sent back. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { remoteNode } from '../../core/contract/network.ts';
import { ask, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { makeWebStudies, webStudy } from '../fixtures/web-host.ts';
import { sendObject } from '../fixtures/web-peer.ts';

const folder = temporaryFolder();
/** Of what follows the file meta information. */
const datasetHash = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(path).subarray(sendObject(path)!.datasetOffset))
    .digest('hex');

describe.skipIf(orthancMissing !== null)(`a web node${orthancMissing ? ` (${orthancMissing})` : ''}`, () => {
  let orthanc: Orthanc;
  let host: Host;

  beforeAll(async () => {
    const made = makeWebStudies(folder.path);
    orthanc = await startOrthanc({ users: { anna: 'geheim' } });
    await orthanc.upload(readdirSync(made).map((name) => readFileSync(join(made, name))));
    host = await openHost(join(folder.path, 'data'), { shell: 'browser' });
    const node = v.parse(remoteNode, {
      nodeId: 'w',
      name: 'Orthanc',
      protocol: 'web',
      url: orthanc.webUrl,
      authentication: 'basic',
      user: 'anna',
    });
    expect((await ask(host, 'nodes.test', { node, secret: 'falsch' })).ok).toBe(false);
    await ask(host, 'nodes.save', { node, secret: 'geheim' });
    expect(await ask(host, 'nodes.test', { node })).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await host?.close();
    await orthanc?.stop();
    folder.remove();
  });

  it('is searched', async () => {
    const found = await ask(host, 'remote.search', { nodeId: 'w', query: { text: 'weber' } });
    expect(found.rows.map((row) => [row.studyInstanceUID, row.localStudyKey, row.localInstances])).toEqual(
      expect.arrayContaining([
        [webStudy, null, 0],
        ['1.2.3.67', null, 0],
      ]),
    );
    const series = await ask(host, 'remote.series', { nodeId: 'w', studyInstanceUID: webStudy });
    expect(series.map(({ instances }) => instances)).toEqual([3, 3]);
  });

  it('gives a study, which is then in the list, bit for bit', async () => {
    const items = [{ studyInstanceUID: webStudy }];
    const { jobId } = await ask(host, 'remote.retrieve', { nodeId: 'w', items });
    expect((await jobEnd(host, jobId)).state).toBe('done');
    const { rows } = await listAll(host);
    expect(rows.map((row) => [row.studyKey, row.instances, row.source])).toEqual([
      [`s.${webStudy}`, 6, 'received'],
    ]);
    const store = join(folder.path, 'data', 'objects');
    const objects = readdirSync(store, { recursive: true })
      .map((name) => join(store, String(name)))
      .filter((path) => path.endsWith('.dcm'));
    const mine = Array.from({ length: 6 }, (_, n) => join(folder.path, 'made', `${n}.dcm`));
    expect(objects.map(datasetHash).sort()).toEqual(mine.map(datasetHash).sort());
    const found = await ask(host, 'remote.search', { nodeId: 'w', query: { studyInstanceUID: webStudy } });
    expect(found.rows.map((row) => [row.localStudyKey, row.localInstances])).toEqual([[`s.${webStudy}`, 6]]);
  });

  it('takes it back', async () => {
    for (const id of (await (await orthanc.rest('GET', '/studies')).json()) as string[])
      await orthanc.rest('DELETE', `/studies/${id}`);
    const { jobId } = await ask(host, 'remote.send', { nodeId: 'w', studyKeys: [`s.${webStudy}`] });
    expect((await jobEnd(host, jobId)).state).toBe('done');
    const { total, failed, rows } = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 100 });
    expect([total, failed, new Set(rows.map(({ state }) => state))]).toEqual([6, 0, new Set(['done'])]);
    expect((await (await orthanc.rest('GET', '/instances')).json()) as string[]).toHaveLength(6);
  });
});
