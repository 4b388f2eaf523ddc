/** Thumbnails of a series, from its first image to its last as its scanner numbered them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, bodyOf, importPaths, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

const shared = sharedDataFolder();
const folder = temporaryFolder();

describe.skipIf(shared === null)(`thumbnails${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  const series = join(shared ?? '', 'series/ct-chest-philips');
  let host: Host;
  beforeAll(async () => {
    host = await openHost(join(folder.path, 'data'));
    await importPaths(host, [series]);
  });
  afterAll(async () => {
    await host?.close();
    folder.remove();
  });

  const thumb = async (seriesKey: string, at: number): Promise<Buffer> => {
    const path = `/thumb/${encodeURIComponent(seriesKey)}?size=64&at=${at}`;
    const answer = await host.fetch({ method: 'GET', path });
    expect(answer.status).toBe(200);
    return bodyOf(answer.body);
  };
  const seriesOf = async (studyKey: string): Promise<string> =>
    (await ask(host, 'studies.show', { studyKey })).series[0]!.seriesKey;

  it('begins with the least number, which is the highest slice, and ends with the lowest', async () => {
    const [study] = (await listAll(host)).rows;
    const key = await seriesOf(study!.studyKey);
    const ends = [await thumb(key, 0), await thumb(key, 0.999)];
    // Files lie from the lowest slice (0001, number 240) to the highest (0100, number 42).
    for (const [n, file] of ['0100.dcm', '0001.dcm'].entries()) {
      const { job } = await importPaths(host, [join(series, file)], 'open');
      const alone = await seriesOf(`${job.place}.${study!.studyInstanceUID}`);
      expect(ends[n]!.equals(await thumb(alone, 0.5))).toBe(true);
    }
    expect(ends[0]!.equals(ends[1]!)).toBe(false);
  });
});
