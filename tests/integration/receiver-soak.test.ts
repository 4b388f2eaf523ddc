/** Short form of K2 (reliability.md), in a file of its own: two minutes that other files run beside. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import { keptGrowth, receiveAndRead } from '../soak/lasting.ts';
import { canMeasure, partsIn } from '../soak/receiver-child.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
/** 20 minutes in reliability.md. */
const forMs = 120_000;
/** Of what all threads keep in the second minute: caches still fill, by 1 MiB. A round that kept 30 KB would be more. */
const mostKeptMiB = 3;

it.skipIf(!canMeasure)(
  `K2: receives, shows and deletes for two minutes, and keeps neither memory nor descriptors${canMeasure ? '' : ' (needs /proc)'}`,
  async () => {
    const dataDir = join(folder.path, 'long');
    const found = await receiveAndRead(dataDir, forMs);
    expect(found).toMatchObject({ refused: 0, shown: 2 * found.rounds, exitCode: 0 });
    expect(found.kept).toHaveLength(4);
    expect(keptGrowth(found.kept).heapMiB).toBeLessThan(mostKeptMiB);
    expect(found.end.descriptors).toBeLessThanOrEqual(found.warm.descriptors + 8);
    expect(partsIn(dataDir)).toEqual([]);
  },
  600_000,
);
