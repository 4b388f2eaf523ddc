/** F2 and F3 of reliability.md on the receiving path: killed between the steps of keeping an object, and a power cut. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { testReceiver } from '../fixtures/test-receiver.ts';
import { ctDataset } from '../soak/ct-datasets.ts';
import { checkKept, sha256 } from '../soak/kills.ts';
import { CutDisk, copyWhileIdle } from '../soak/power-cut.ts';
import { killsAtEachStep } from '../soak/steps.ts';
import { readCalls, recordCalls, straceMissing } from '../soak/syscall-log.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('F2: killed at each step of keeping an object, it is adopted or absent, and there once it is committed', async () => {
  mkdirSync(join(folder.path, 'steps'));
  const found = await killsAtEachStep(join(folder.path, 'steps/data'), 1);
  expect(found).toMatchObject({ missed: [], lost: [], damaged: [], unknown: [], parts: [] });
}, 300_000);

it.skipIf(straceMissing)(
  `F3: whatever of the unsynced a power cut takes, the store opens and has what was acknowledged${straceMissing ? ` (${straceMissing})` : ''}`,
  async () => {
    const dataDir = join(folder.path, 'power');
    const logFile = join(folder.path, 'calls');
    const receiver = await testReceiver(dataDir, [], { UV_USE_IO_URING: '0' });
    const peer = await DimsePeer.open({ port: receiver.port });
    const sent = new Map<string, string>();
    const store = async (n: number): Promise<void> => {
      const { uid, dataset } = ctDataset('1.2.61', n, 64);
      expect(await peer.store(uid, dataset)).toBe(0);
      sent.set(uid, sha256(dataset));
    };
    await store(1);
    const tracer = await recordCalls(receiver.process.pid!, logFile);
    const from = copyWhileIdle(dataDir, join(folder.path, 'base'), logFile);
    for (let n = 2; n <= 40; n++) await store(n);
    const traced = once(tracer, 'exit');
    tracer.kill('SIGINT');
    await traced;
    await peer.release();
    await receiver.kill();

    const calls = readCalls(logFile, dataDir, from);
    const answers = calls.flatMap((call, at) => (call.kind === 'sent' ? [at] : []));
    expect(answers.length).toBe(39);
    // Right after an answer nothing is certain but what was synced; elsewhere any part of the rest may be there.
    const cuts = [
      ...[0, 19, 38].map((n) => ({ at: answers[n]!, keeps: () => false })),
      ...[0.3, 0.6, 0.9].map((part) => ({
        at: Math.floor(part * calls.length),
        keeps: halfOfThem(Math.floor(part * 100)),
      })),
    ];
    for (const { at, keeps } of cuts) {
      const disk = new CutDisk(dataDir, join(folder.path, 'base'));
      const answered = new Set(['1.2.61.1.1']);
      for (const call of calls.slice(0, at + 1)) {
        disk.apply(call);
        if (call.kind !== 'sent') continue;
        const uid = /1\.2\.61\.1\.\d+/.exec(call.bytes.toString('latin1'))?.[0];
        if (uid) answered.add(uid);
      }
      const state = join(folder.path, 'after');
      disk.write(state, keeps);
      const found = await checkKept(state, new Map([...sent].filter(([uid]) => answered.has(uid))));
      expect([at, found]).toMatchObject([at, { absent: [], parts: [] }]);
    }
  },
  300_000,
);

/** Yes or no, by a seed. */
function halfOfThem(seed: number): () => boolean {
  let random = seed;
  return () => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random >>> 31 === 1;
  };
}
