/** A retrieval to a disk that is full: ours is named, not the other station's, and nothing is tried in vain. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { untilListening } from '../fixtures/listening.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());
const gibi = 1024 ** 3;

it.each([
  ['from the start', 0],
  ['while it comes', 3],
] as const)('names our own disk where it is full %s', async (_when, looksBefore) => {
  const folder = (name: string) => join(scratch.path, `${name}${looksBefore}`);
  const port = await freePort();
  const archive = await openHost(folder('archive'), {
    shell: 'browser',
    receiver: { enabled: true, port, address: '127.0.0.1', answersQueries: true },
  });
  await untilListening(archive);
  writeStudy(folder('files'), { uid: '2.25.801', images: 12 });
  await importPaths(archive, [folder('files')]);
  let looks = 0;
  const freeBytes = async () => (looks++ < looksBefore ? 2.5 * gibi : gibi);
  const reader = await openHost(folder('reader'), { freeBytes });
  await ask(reader, 'nodes.save', {
    node: { nodeId: 'a', name: 'A', protocol: 'dimse', aeTitle: 'CANDELA', host: '127.0.0.1', port },
  });
  looks = 0;
  const items = [{ studyInstanceUID: '2.25.801' }];
  const { jobId } = await ask(reader, 'remote.retrieve', { nodeId: 'a', items });
  const end = await jobEnd(reader, jobId);
  expect(end).toMatchObject({ state: 'failed', problem: { code: 'DISK_FULL' } });
  expect(end.problem?.params).toMatchObject({ missingBytes: gibi });
  expect((await listAll(reader)).rows.map(({ instances }) => instances < 12)).not.toContain(false);
  await reader.close();
  await archive.close();
});
