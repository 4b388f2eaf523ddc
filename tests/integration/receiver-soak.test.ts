/** Short form of K2 (reliability.md), in a file of its own: two minutes that other files run beside. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, bodyOf, temporaryFolder } from '../fixtures/host.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { storeAtOnce } from '../soak/load.ts';
import { canMeasure, type Memory, memoryOf } from '../soak/receiver-child.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
/** 20 minutes in reliability.md. */
const forMs = 120_000;

describe.skipIf(!canMeasure)(`K2${canMeasure ? '' : ' (needs /proc)'}`, () => {
  // Memory is no matter here: the peers of this test share the process.
  it('receives, shows and deletes for two minutes, and keeps no descriptor', async () => {
    const dataDir = join(folder.path, 'long');
    const { host, port } = await openReceiver(dataDir);
    const startMs = performance.now();
    let round = 0;
    let warm: Memory | null = null;
    while (performance.now() - startMs < forMs || round < 12) {
      round += 1;
      await storeAtOnce(port, null, 2, 10, `1.2.45.${round}`);
      const { rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 100 });
      const keys = rows.map(({ studyKey }) => studyKey);
      for (const studyKey of keys.slice(0, 2)) {
        const { series } = await ask(host, 'studies.show', { studyKey });
        const thumb = await host.fetch({ method: 'GET', path: `/thumb/${series[0]!.seriesKey}?size=128` });
        expect(thumb.status).toBe(200);
        await bodyOf(thumb.body);
      }
      await ask(host, 'studies.delete', { studyKeys: keys });
      if (warm === null && performance.now() - startMs > forMs / 3 && round >= 4)
        warm = memoryOf(process.pid);
    }
    const end = memoryOf(process.pid);
    await host.close();
    expect(end.descriptors).toBeLessThanOrEqual(warm!.descriptors + 8);
  }, 600_000);
});
