/**
 * Network classes of reliability.md on the receiver that need more than a few bytes (those are in
 * receiver-hostile.test.ts): data sets without end, commands and UIDs that lie, floods of questions.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { splitMessage } from '../../core/dimse/message-writer.ts';
import { encodeData } from '../../core/dimse/pdu-encode.ts';
import type { Command } from '../../core/dimse/types.ts';
import { ctClass, DimsePeer, explicitLittle } from '../fixtures/dimse-peer.ts';
import { listAll, temporaryFolder } from '../fixtures/host.ts';
import { element, sliceWith } from '../fixtures/raw-dicom.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';
import { ctDataset, largeDataset } from '../soak/ct-datasets.ts';
import { checkKept, sha256 } from '../soak/kills.ts';
import { memoryOf, partsIn, type ReceiverChild, startReceiver } from '../soak/receiver-child.ts';

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const kept = new Map<string, string>();
let host: Host;
let port = 0;
beforeAll(async () => {
  ({ host, port } = await openReceiver(dataDir, { answersQueries: true }));
});
const receivers: ReceiverChild[] = [];
afterAll(async () => {
  for (const receiver of receivers) await receiver.kill();
  await host.close();
  folder.remove();
});

let good = 0;
async function goodPeerIsServed(): Promise<void> {
  const { uid, dataset } = ctDataset('1.2.80', ++good, 64);
  const peer = await DimsePeer.open({ port, calling: 'GOOD', from: '127.0.0.2' });
  expect(await peer.store(uid, dataset)).toBe(0);
  kept.set(uid, sha256(dataset));
  await peer.release();
}

it.skipIf(process.platform !== 'linux')(
  `N13: 256 MiB without a last fragment lie on the disk, not in memory; gone with the peer${process.platform === 'linux' ? '' : ' (needs /proc)'}`,
  async () => {
    const own = join(folder.path, 'endless');
    const receiver = await startReceiver(own);
    receivers.push(receiver);
    const first = await DimsePeer.open({ port: receiver.port });
    const before = ctDataset('1.2.81', 1, 512);
    expect(await first.store(before.uid, before.dataset)).toBe(0);
    const { rssMiB } = receiver.memory();
    const peer = await DimsePeer.open({ port: receiver.port, from: '127.0.0.3' });
    const command = peer.storeCommand('1.2.82.1.1');
    const pieces = [...largeDataset('1.2.82', 256 << 20)];
    peer.sendPart(1, command, pieces[0]!);
    for (const bytes of pieces.slice(1)) {
      const [piece] = splitMessage(1, command, [bytes], 1 << 21).filter(({ isCommand }) => !isCommand);
      for (let at = 0; at < piece!.bytes.length; at += 1 << 16) {
        const part = { ...piece!, bytes: piece!.bytes.subarray(at, at + (1 << 16)), isLast: false };
        if (!peer.socket.write(Buffer.concat([...encodeData(part)]))) {
          await new Promise<void>((resolve) => peer.socket.once('drain', () => resolve()));
        }
      }
    }
    expect(partsIn(own)).toHaveLength(1);
    expect(memoryOf(receiver.process.pid!).peakMiB - rssMiB).toBeLessThan(128);
    // Others are served meanwhile.
    const next = ctDataset('1.2.81', 2, 512);
    expect(await first.store(next.uid, next.dataset)).toBe(0);
    peer.socket.destroy();
    while (partsIn(own).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await first.release();
    await receiver.end();
    const sent = [before, next].map(({ uid, dataset }) => [uid, sha256(dataset)] as const);
    expect(await checkKept(own, new Map(sent))).toMatchObject({ absent: [], rows: 2, unknown: [] });
  },
);

describe('N16: a C-STORE that lies', () => {
  const lies: readonly (readonly [string, Partial<Command>])[] = [
    ['without its class', { affectedSopClassUid: undefined }],
    ['without its instance', { affectedSopInstanceUid: undefined }],
    ['without a data set', { hasDataset: false }],
    ['of a class that its context is not for', { affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.4' }],
  ] as const satisfies readonly (readonly [string, object])[];
  it.each(lies)('%s is answered with a failure, or aborted', async (_name, change) => {
    const peer = await DimsePeer.open({ port });
    const { dataset } = ctDataset('1.2.83', 1, 16);
    const whole = { ...peer.storeCommand('1.2.83.1.1'), ...change } as Command;
    const given = Object.entries(whole).filter(([, value]) => value !== undefined);
    const command = Object.fromEntries(given) as unknown as Command;
    peer.send(1, command, command.hasDataset ? [dataset] : null);
    const answer = await peer.response();
    if (answer)
      expect([0x0110, 0x0117, 0x0118, 0x0119, 0x0120, 0x0122, 0x0211, 0x0212, 0xa900]).toContain(
        answer.status,
      );
    else expect((await peer.closed).kind).toBe('aborted');
    peer.socket.destroy();
    await goodPeerIsServed();
  });
});

describe('N17: UIDs that are none', () => {
  it.each([
    ['with NUL inside', '1.2.84\0.1/../../x'],
    ['of 70 characters', `1.2.84.${'9'.repeat(63)}`],
    ['as a path', '/etc/cron.d/evil'],
    ['empty', ''],
  ])('%s: nothing outside the store, whatever is answered', async (_name, uid) => {
    const before = readdirSync(dataDir).sort();
    const peer = await DimsePeer.open({ port });
    const dataset = Uint8Array.from(sliceWith(element(0x8, 0x18, 'UI', uid)));
    const status = await peer.store(uid, dataset);
    expect([0, 0x0117, 0x0120, 0xa900, 0xc000, null]).toContain(status);
    peer.socket.destroy();
    expect(readdirSync(dataDir).sort()).toEqual(before);
    const names = readdirSync(join(dataDir, 'objects'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => !/^[0-9a-f]{2}(?:\/[0-9a-f]{64}\.dcm)?$/.test(name))).toEqual([]);
    expect(partsIn(dataDir)).toEqual([]);
  });
});

describe('N22: questions', () => {
  const [find, move] = ['1.2.840.10008.5.1.4.1.2.2.1', '1.2.840.10008.5.1.4.1.2.2.2'];
  const contexts = [find, move, ctClass].map((abstractSyntax, n) => ({
    id: 2 * n + 1,
    abstractSyntax: abstractSyntax!,
    transferSyntaxes: [explicitLittle],
  }));
  const question = (...keys: number[][]): Uint8Array =>
    Uint8Array.from([element(0x8, 0x52, 'CS', 'STUDY'), ...keys].flat());
  /** Final status. */
  async function ask(peer: DimsePeer, command: Command, dataset: Uint8Array, contextId: number) {
    peer.send(contextId, command, [dataset]);
    for (;;) {
      const answer = await peer.response();
      if (!answer) return null;
      if (answer.status !== 0xff00 && answer.status !== 0xff01) return answer.status;
    }
  }
  const findCommand = (messageId: number): Command => ({
    name: 'C-FIND-RQ',
    messageId,
    affectedSopClassUid: find!,
    priority: 0,
    hasDataset: true,
  });

  it('wildcard bombs of sixteen peers at once are answered, and a sender beside them is served', async () => {
    const bomb = question(
      element(0x8, 0x1030, 'LO', '*?*a'.repeat(16)),
      element(0x10, 0x10, 'PN', '*?'.repeat(31)),
      element(0x10, 0x20, 'LO', `${'*a'.repeat(31)}b`),
      element(0x20, 0xd, 'UI', ''),
    );
    const startMs = performance.now();
    const asking = Promise.all(
      Array.from({ length: 16 }, async () => {
        const peer = await DimsePeer.open({ port, contexts, from: '127.0.0.5' });
        const statuses: (number | null | undefined)[] = [];
        for (let n = 1; n <= 10; n++) statuses.push(await ask(peer, findCommand(n), bomb, 1));
        await peer.release();
        return statuses;
      }),
    );
    await goodPeerIsServed();
    const statuses = (await asking).flat();
    expect(statuses).toHaveLength(160);
    expect(statuses.every((status) => status === 0 || status === 0xa700 || status === 0xc000)).toBe(true);
    // Each within a second (reliability.md N22), 160 of them on a machine that is busy with other tests.
    expect(performance.now() - startMs).toBeLessThan(60_000);
  });

  it('a flood of moves to a title that nobody listed sends nothing anywhere: A801, each of them', async () => {
    const peer = await DimsePeer.open({ port, contexts, from: '127.0.0.6' });
    const statuses = new Set<number | null | undefined>();
    for (let n = 1; n <= 50; n++) {
      const command: Command = {
        name: 'C-MOVE-RQ',
        messageId: n,
        affectedSopClassUid: move!,
        priority: 0,
        moveDestination: 'NOBODY',
        hasDataset: true,
      };
      statuses.add(await ask(peer, command, question(element(0x20, 0xd, 'UI', '1.2.80')), 3));
    }
    expect([...statuses]).toEqual([0xa801]);
    await peer.release();
    await goodPeerIsServed();
  });
});

it('has kept what good peers sent', async () => {
  await receiverUntil(host, ({ associations }) => associations.length === 0);
  expect((await listAll(host)).total).toBeGreaterThan(0);
  await host.close();
  expect(await checkKept(dataDir, kept)).toMatchObject({ absent: [], damaged: [], unknown: [], parts: [] });
  expect(kept.size).toBe(good);
});
