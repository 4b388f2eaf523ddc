/** Short forms of K1, K3 and K8 (reliability.md; K2: receiver-soak); the full ones are in `npm run soak`. Speed is no matter here. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, temporaryFolder } from '../fixtures/host.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { storeAtOnce, storeLarge } from '../soak/load.ts';
import { canMeasure, partsIn, type ReceiverChild, startReceiver } from '../soak/receiver-child.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const mostGrowthMiB = 64;

describe.skipIf(!canMeasure)(`memory${canMeasure ? '' : ' (needs /proc)'}`, () => {
  const dataDir = join(folder.path, 'large');
  let receiver: ReceiverChild;
  beforeAll(async () => {
    receiver = await startReceiver(dataDir);
    // What a process takes for its first object is no matter of the size.
    await storeAtOnce(receiver.port, dataDir, 1, 20, '1.2.43');
  });
  afterAll(() => receiver.end());

  it('K3: one instance of 512 MiB grows the receiver by 64 MiB at most', async () => {
    const found = await storeLarge(receiver, 512 * 1024 * 1024);
    expect(found.status).toBe(0);
    expect(found.growthMiB).toBeLessThan(mostGrowthMiB);
    expect(partsIn(dataDir)).toEqual([]);
  });
});

describe('K1 and K8', () => {
  const dataDir = join(folder.path, 'load');
  let host: Host;
  let port = 0;
  beforeAll(async () => {
    ({ host, port } = await openReceiver(dataDir));
  });
  afterAll(() => host.close());

  it('stores 4 × 250 instances at once, and answers eight windows meanwhile', async () => {
    let isOver = false;
    let answers = 0;
    const windows = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 100 });
        for (const { studyKey } of rows.slice(0, 2)) await ask(host, 'studies.show', { studyKey });
        answers += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    const found = await storeAtOnce(port, dataDir, 4, 250);
    isOver = true;
    await Promise.all(windows);
    expect(found).toMatchObject({ sent: 1000, refused: 0, missing: 0 });
    expect(answers).toBeGreaterThan(8);
    const { total, rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 10 });
    expect([total, rows.reduce((sum, row) => sum + row.instances, 0)]).toEqual([4, 1000]);
    expect(partsIn(dataDir)).toEqual([]);
  });
});
