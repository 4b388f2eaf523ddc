/** A device that goes away in the middle of an image is told of, and its study is marked; one that ends well is not. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGate } from '../fixtures/gate.ts';
import { ask, listAll, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { dcmtkMissing, run } from '../fixtures/peers.ts';
import { openReceiver, type ReceivingHost, receiverUntil } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
// 12 × 524 kB: more than sockets keep in their buffers.
const files = writeStudy(join(scratch.path, 'files'), { uid: '2.25.911', images: 12, size: 512 });
let receiver: ReceivingHost;

beforeAll(async () => {
  receiver = await openReceiver(join(scratch.path, 'data'));
});
afterAll(async () => {
  await receiver?.host.close();
  scratch.remove();
});

/** The row of a study when nothing comes to it any more. */
const settled = (study: string) =>
  until(async () => {
    const { rows } = await listAll(receiver.host);
    return rows.find((row) => row.studyInstanceUID === study && !row.arriving) ?? null;
  }, 'the end of its arrival');

describe.skipIf(dcmtkMissing !== null)('storescu', () => {
  const words = (port: number) => ['-aet', 'CT9', '-aec', 'CANDELA', '127.0.0.1', String(port), ...files];

  it('is told of when its cable is pulled', async () => {
    const gate = await startGate(receiver.port);
    gate.shutAfter(2_000_000);
    const child = spawn('storescu', words(gate.port), { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(async () => (gate.passed >= 2_000_000 ? true : null), 'a part of it');
    gate.close();
    await ended;
    const status = await receiverUntil(receiver.host, ({ refusals }) => refusals.length > 0);
    expect(status.refusals).toMatchObject([{ aeTitle: 'CT9', problem: { code: 'SENDER_CUT_OFF' } }]);
    expect(await settled('2.25.911')).toMatchObject({ incomplete: true, unread: true });
  });

  it('is told of when its cable is pulled and nobody says so', async () => {
    const { network } = await ask(receiver.host, 'settings.get', {});
    const limits = { ...network.limits, idleSeconds: 5 };
    const { refusals: before } = await ask(receiver.host, 'receiver.status', {});
    await ask(receiver.host, 'settings.set', { changes: { network: { ...network, limits } } });
    const gate = await startGate(receiver.port);
    gate.shutAfter(2_000_000);
    const silent = writeStudy(join(scratch.path, 'silent'), { uid: '2.25.913', images: 12, size: 512 });
    const child = spawn('storescu', ['-aec', 'CANDELA', '127.0.0.1', String(gate.port), ...silent], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const status = await receiverUntil(receiver.host, ({ refusals }) => refusals.length > before.length);
    expect(status.refusals[0]).toMatchObject({ problem: { code: 'SENDER_CUT_OFF' } });
    expect(await settled('2.25.913')).toMatchObject({ incomplete: true });
    await ask(receiver.host, 'settings.set', { changes: { network } });
    gate.close();
    await ended;
  });

  it('is not when it sends all', async () => {
    expect(await run('storescu', words(receiver.port))).toMatchObject({ code: 0 });
    const { refusals } = await ask(receiver.host, 'receiver.status', {});
    expect(refusals).toHaveLength(2);
    expect(await settled('2.25.911')).toMatchObject({ incomplete: false, instances: 12 });
  });

  it('marks its study when the host ends midway, until a reader says that it is whole', async () => {
    const gate = await startGate(receiver.port);
    gate.shutAfter(2_000_000);
    const more = writeStudy(join(scratch.path, 'more'), { uid: '2.25.912', images: 12, size: 512 });
    const child = spawn('storescu', ['-aec', 'CANDELA', '127.0.0.1', String(gate.port), ...more], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(async () => ((await listAll(receiver.host)).total === 3 ? true : null), 'a part of it');
    await receiver.host.close();
    gate.close();
    await ended;
    receiver = await openReceiver(join(scratch.path, 'data'));
    const row = await settled('2.25.912');
    expect(row).toMatchObject({ incomplete: true, source: 'received' });
    await ask(receiver.host, 'studies.setWhole', { studyKeys: [row.studyKey] });
    expect(await settled('2.25.912')).toMatchObject({ incomplete: false, unread: true });
    expect(await settled('2.25.911')).toMatchObject({ incomplete: false });
  });
});
