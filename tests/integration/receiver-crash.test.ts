/** F13: 30 SIGKILLs in the midst of storing (200 in `npm run soak`). F7: fsync fails. F17: the process is stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { testReceiver } from '../fixtures/test-receiver.ts';
import { ctDataset } from '../soak/ct-datasets.ts';
import { killsWhileStoring } from '../soak/kills.ts';
import { partsIn } from '../soak/receiver-child.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('F13: loses nothing that it acknowledged, and leaves no parts', async () => {
  const found = await killsWhileStoring(join(folder.path, 'data'), 30, 20_261_126);
  expect(found.lost).toEqual([]);
  expect(found.parts).toEqual([]);
  // Else nothing was tried.
  expect(found.acknowledged).toBeGreaterThan(60);
  expect(found.rows).toBeGreaterThanOrEqual(found.acknowledged);
}, 600_000);

const noStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0;

it.skipIf(noStrace)(
  `F7: acknowledges nothing whose fsync failed${noStrace ? ' (strace is not installed or not allowed)' : ''}`,
  async () => {
    const dataDir = join(folder.path, 'sync');
    const receiver = await testReceiver(dataDir);
    const peer = await DimsePeer.open({ port: receiver.port });
    const first = ctDataset('1.2.31', 1, 64);
    expect(await peer.store(first.uid, first.dataset)).toBe(0);
    const words = ['-f', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO', '-o', '/dev/null'];
    const tracer = spawn('strace', [...words, '-p', String(receiver.process.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(tracer.stderr, 'data');
    // The first ones may come before all threads are traced.
    let n = 2;
    let status: number | null = 0;
    for (; status === 0 && n < 1000; n++) {
      const { uid, dataset } = ctDataset('1.2.31', n, 64);
      status = await peer.store(uid, dataset);
    }
    expect(status).toBe(0xa700);
    tracer.kill('SIGINT');
    await once(tracer, 'exit');
    const again = ctDataset('1.2.31', n - 1, 64);
    expect(await peer.store(again.uid, again.dataset)).toBe(0);
    await peer.release();
    expect(receiver.events.some(({ problem }) => problem === 'IO_ERROR')).toBe(true);
    await receiver.end();
    expect(partsIn(dataDir)).toEqual([]);
  },
);

it('F17: goes on after it was stopped, with its associations', async () => {
  const receiver = await testReceiver(join(folder.path, 'stopped'));
  const peer = await DimsePeer.open({ port: receiver.port });
  receiver.process.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  receiver.process.kill('SIGCONT');
  expect(await peer.echo()).toBe(0);
  const other = await DimsePeer.open({ port: receiver.port });
  expect(await other.echo()).toBe(0);
  await Promise.all([peer.release(), other.release()]);
  await receiver.end();
});
