/** The receiver's thread stands still between an object's name and the word that it is durable: nobody else waits for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { ctDataset } from '../soak/ct-datasets.ts';
import { checkKept, sha256 } from '../soak/kills.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function stallable(dataDir: string, armed: string) {
  const fixtures = join(import.meta.dirname, '../fixtures');
  const child = spawn(process.execPath, [join(fixtures, 'receiver-stall-child.ts'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: `--import ${join(fixtures, 'stall.mjs')}`,
      CANDELA_STALL: armed,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, unknown>;
  const port = Number((await heard())['port']);
  const tell = async (word: string): Promise<number> => {
    child.stdin.write(`${word}\n`);
    return Number((await heard())['value']);
  };
  const end = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.stdin.write('end\n');
    await ended;
  };
  return { port, tell, end };
}

const untilThere = async (path: string): Promise<void> => {
  while (!existsSync(path)) await delay(10);
};

it('lets readers write meanwhile, and keeps and answers its objects when it goes on', async () => {
  const dataDir = join(folder.path, 'data');
  const armed = join(folder.path, 'stall');
  const { port, tell, end } = await stallable(dataDir, armed);
  const peers = await Promise.all([1, 2, 3, 4].map(() => DimsePeer.open({ port })));
  const sent = new Map<string, string>();
  const storeAll = (round: number): Promise<(number | null)[]> =>
    Promise.all(
      peers.map((peer, n) => {
        const { uid, dataset } = ctDataset(`1.2.80.${round}`, n + 1, 64);
        sent.set(uid, sha256(dataset));
        return peer.store(uid, dataset);
      }),
    );
  expect(await storeAll(1)).toEqual([0, 0, 0, 0]);

  writeFileSync(armed, '');
  let isAnswered = false;
  const answers = storeAll(2).finally(() => {
    isAnswered = true;
  });
  await untilThere(`${armed}.reached`);
  const waitedMs: number[] = [];
  while (waitedMs.length < 6) waitedMs.push(await tell('write'));
  // One gate may hold the store for half a second, once; it was 30 s for each object. A busy disk may hold others.
  expect(Math.max(...waitedMs)).toBeLessThan(10_000);
  expect(Math.min(...waitedMs)).toBeLessThan(400);
  expect(isAnswered).toBe(false);
  expect(await tell('look')).toBe(4);

  rmSync(armed);
  expect(await answers).toEqual([0, 0, 0, 0]);
  expect(await storeAll(3)).toEqual([0, 0, 0, 0]);
  expect(await tell('look')).toBe(12);
  for (const peer of peers) await peer.release();
  await end();
  expect(await checkKept(dataDir, sent)).toMatchObject({ absent: [], damaged: [], unknown: [], parts: [] });
}, 120_000);

it('ends all the same when the host ends; nothing was answered, and what was stored before is whole', async () => {
  const dataDir = join(folder.path, 'ended');
  const armed = join(folder.path, 'stall-ended');
  const { port, tell, end } = await stallable(dataDir, armed);
  const peer = await DimsePeer.open({ port });
  const first = ctDataset('1.2.81', 1, 64);
  expect(await peer.store(first.uid, first.dataset)).toBe(0);
  writeFileSync(armed, '');
  const second = ctDataset('1.2.81', 2, 64);
  const answer = peer.store(second.uid, second.dataset);
  await untilThere(`${armed}.reached`);
  await tell('write');
  const beganMs = performance.now();
  await end();
  // It has five seconds; the gate alone would have held for thirty.
  expect(performance.now() - beganMs).toBeLessThan(20_000);
  expect(await answer).toBeNull();
  const found = await checkKept(dataDir, new Map([[first.uid, sha256(first.dataset)]]));
  expect(found).toMatchObject({ absent: [], damaged: [], parts: [] });
}, 120_000);
