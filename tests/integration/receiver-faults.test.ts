/** Faults of reliability.md on the receiving path that need a system around it: disks, networks, other processes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { badNetwork } from '../fixtures/bad-network.ts';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { ask, temporaryFolder } from '../fixtures/host.ts';
import { run } from '../fixtures/peers.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';
import { testReceiver } from '../fixtures/test-receiver.ts';
import { ctDataset } from '../soak/ct-datasets.ts';
import { checkKept, sha256 } from '../soak/kills.ts';
import { partsIn } from '../soak/receiver-child.ts';
import { straceMissing } from '../soak/syscall-log.ts';

const folder = temporaryFolder();
const started: ChildProcess[] = [];
afterAll(() => {
  // Only where a test failed.
  for (const child of started) child.kill('SIGKILL');
  folder.remove();
});
const cli = resolve(import.meta.dirname, '../../main/cli/index.ts');
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const noMount = canMount ? '' : ' (this system does not let us mount)';
const isRoot = process.getuid?.() === 0;

/** Sends the n-th object of a root; its status. */
async function store(peer: DimsePeer, root: string, n: number, rows = 64): Promise<number | null> {
  const { uid, dataset } = ctDataset(root, n, rows);
  return peer.store(uid, dataset);
}

async function onSmallDisk() {
  const disk = join(folder.path, 'disk');
  mkdirSync(disk);
  const child = join(import.meta.dirname, '../fixtures/receiver-disk-child.ts');
  const script = `mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"`;
  const words = ['-rm', 'sh', '-c', script, disk, process.execPath, child, disk];
  const small = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(small);
  const lines = createInterface({ input: small.stdout })[Symbol.asyncIterator]();
  const heard = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, unknown>;
  const port = Number((await heard())['port']);
  const tell = async (word: string): Promise<unknown> => {
    small.stdin.write(`${word}\n`);
    return (await heard())['value'];
  };
  return { port, tell };
}

describe.skipIf(!canMount)(`a disk of 64 MiB${noMount}`, () => {
  it('F4: full to the last byte: A700, told; echo and reading go on; taken again once there is room. F37: read-only, too', async () => {
    const { port, tell } = await onSmallDisk();
    const look = async () => (await tell('look')) as Record<string, unknown>;
    const peer = await DimsePeer.open({ port });
    expect(await store(peer, '1.2.70', 1, 512)).toBe(0);
    expect(await tell('fill')).toBe(0);
    expect(await store(peer, '1.2.70', 2, 512)).toBe(0xa700);
    // Small ones find no room either.
    expect(await store(peer, '1.2.70', 3)).toBe(0xa700);
    expect(await peer.echo()).toBe(0);
    // Its receipt finds no room when it leaves; it is written later.
    const other = await DimsePeer.open({ port });
    expect(await store(other, '1.2.70', 5)).toBe(0xa700);
    await other.release();
    expect(await tell('look')).toMatchObject({
      instances: 1,
      series: 1,
      receipts: [],
      refusals: ['DISK_FULL', 'DISK_FULL'],
    });
    expect(await tell('parts')).toEqual([]);
    await tell('empty');
    expect(await store(peer, '1.2.70', 2, 512)).toBe(0);

    expect(await tell('readOnly')).toEqual([0]);
    expect(await store(peer, '1.2.70', 4)).toBe(0xa700);
    expect(await peer.echo()).toBe(0);
    expect(await tell('look')).toMatchObject({
      instances: 2,
      series: 1,
      refusals: ['READ_ONLY_STORE', 'DISK_FULL', 'DISK_FULL'],
    });
    await tell('writable');
    expect(await store(peer, '1.2.70', 4)).toBe(0);
    await peer.release();
    await expect.poll(async () => (await look())['receipts']).toHaveLength(2);
    const end = await look();
    expect(end['instances']).toBe(3);
    // Three kept and three refused of the one, one refused of the other.
    expect((end['receipts'] as number[][]).sort()).toEqual([
      [0, 1],
      [3, 3],
    ]);
    expect(await tell('end')).toBe('closed');
  });

  it('F37: a folder that is read-only is left alone, and said to be', async () => {
    const dataDir = join(folder.path, 'read-only');
    mkdirSync(dataDir);
    const script = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"`;
    const words = [process.execPath, cli, 'receive', '--json', '--port', '0', '--data', dataDir];
    const { code, output } = await run('unshare', ['-rm', 'sh', '-c', script, dataDir, ...words]);
    expect(code).not.toBe(0);
    expect(output).toContain('READ_ONLY_STORE');
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

it.skipIf(straceMissing)(
  `F5: an index that cannot grow: nothing is acknowledged, and all goes on afterwards${straceMissing ? ` (${straceMissing})` : ''}`,
  async () => {
    const dataDir = join(folder.path, 'commit');
    const receiver = await testReceiver(dataDir);
    const peer = await DimsePeer.open({ port: receiver.port });
    const kept = new Map<string, string>();
    const statuses: (number | null)[] = [];
    const send = async (n: number): Promise<number | null> => {
      const { uid, dataset } = ctDataset('1.2.71', n, 64);
      const status = await peer.store(uid, dataset);
      if (status === 0) kept.set(uid, sha256(dataset));
      statuses.push(status);
      return status;
    };
    expect(await send(1)).toBe(0);
    const words = ['-f', '-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=ENOSPC', '-o', '/dev/null'];
    const wal = join(dataDir, 'index.db-wal');
    const tracer = spawn('strace', [...words, '-P', wal, '-p', String(receiver.process.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(tracer.stderr, 'data');
    // The first ones may come before all threads are traced.
    let n = 2;
    while ((await send(n)) === 0 && n < 50) n += 1;
    expect(statuses.at(-1)).toBe(0xa700);
    expect(await peer.echo()).toBe(0);
    tracer.kill('SIGINT');
    await once(tracer, 'exit');
    expect(await send(n)).toBe(0);
    expect(await send(n + 1)).toBe(0);
    await peer.release();
    expect(receiver.events.some(({ problem }) => problem === 'DISK_FULL')).toBe(true);
    await receiver.kill();
    expect(await checkKept(dataDir, kept)).toMatchObject({
      absent: [],
      damaged: [],
      unknown: [],
      parts: [],
      rows: kept.size,
    });
  },
);

it('F40: a second receiver on the same folder says STORE_IN_USE and writes nothing; the first goes on', async () => {
  const dataDir = join(folder.path, 'owned');
  const receiver = await testReceiver(dataDir);
  const peer = await DimsePeer.open({ port: receiver.port });
  expect(await store(peer, '1.2.72', 1)).toBe(0);
  // The first one writes down where an object came from after it has answered.
  await expect.poll(() => stateOf(dataDir).some((file) => file.includes('.jsonl '))).toBe(true);
  const before = stateOf(dataDir);
  const second = await run(process.execPath, [cli, 'receive', '--json', '--port', '0', '--data', dataDir]);
  expect(second.code).not.toBe(0);
  expect(second.output).toContain('STORE_IN_USE');
  expect(stateOf(dataDir)).toEqual(before);
  expect(await store(peer, '1.2.72', 2)).toBe(0);
  await peer.release();
  await receiver.end();
});

/** Size and time of every file; what the first one notes of itself meanwhile lies in the index and its log. */
const stateOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^index\.db/.test(entry.name))
    .map((entry) => {
      const { size, mtimeMs } = statSync(join(entry.parentPath, entry.name));
      return `${entry.parentPath}/${entry.name} ${size} ${mtimeMs}`;
    })
    .sort();

const firstFreePort = Number(
  spawnSync('cat', ['/proc/sys/net/ipv4/ip_unprivileged_port_start'], { encoding: 'utf8' }).stdout,
);
const canBeDenied = firstFreePort > 104 && (!isRoot || spawnSync('setpriv', ['--version']).status === 0);

it.skipIf(!canBeDenied)(
  `F16: port 104 without rights is RECEIVER_PORT_DENIED${canBeDenied ? '' : ' (this system denies no port)'}`,
  async () => {
    const dataDir = join(folder.path, 'denied');
    mkdirSync(dataDir);
    const nobody = 65_534;
    if (isRoot) {
      chmodSync(folder.path, 0o755);
      chownSync(dataDir, nobody, nobody);
    }
    const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=-all'];
    const words = [process.execPath, cli, 'receive', '--json', '--port', '104', '--data', dataDir];
    const [program = '', ...rest] = [...(isRoot ? drop : []), ...words];
    const { code, output } = await run(program, rest, dataDir);
    expect(output).toContain('RECEIVER_PORT_DENIED');
    expect(code).not.toBe(0);
  },
);

describe.concurrent('bad networks', () => {
  it('F15: with 500 ms of delay and losses, everything is stored and nobody is timed out', async () => {
    const dataDir = join(folder.path, 'slow');
    const { host, port } = await openReceiver(dataDir);
    const network = await badNetwork(port, { delayMs: 500, loss: 0.05, retransmitMs: 400, seed: 3 });
    const sent = new Map<string, string>();
    await Promise.all(
      Array.from({ length: 4 }, async (_, a) => {
        const peer = await DimsePeer.open({ port: network.port });
        for (let n = 1; n <= 2; n++) {
          const { uid, dataset } = ctDataset(`1.2.73.${a}`, n, 256);
          expect(await peer.store(uid, dataset)).toBe(0);
          sent.set(uid, sha256(dataset));
        }
        await peer.release();
      }),
    );
    await receiverUntil(host, ({ associations }) => associations.length === 0);
    const { refusals } = await ask(host, 'receiver.status', {});
    network.close();
    await host.close();
    expect(refusals).toEqual([]);
    expect(sent.size).toBe(8);
    expect(await checkKept(dataDir, sent)).toMatchObject({ absent: [], parts: [], rows: 8 });
  });

  it('F14, N15: a link that is cut in the middle of a data set, unseen by both: slot and part are freed', async () => {
    const dataDir = join(folder.path, 'cut');
    const { host, port } = await openReceiver(dataDir);
    const { network: settings } = await ask(host, 'settings.get', {});
    const limits = { ...settings.limits, idleSeconds: 5 };
    await ask(host, 'settings.set', { changes: { network: { ...settings, limits } } });
    const network = await badNetwork(port, { delayMs: 1, loss: 0, retransmitMs: 0, seed: 1 });
    const peer = await DimsePeer.open({ port: network.port });
    const { uid, dataset } = ctDataset('1.2.74', 1, 512);
    peer.sendPart(1, peer.storeCommand(uid), dataset);
    while (partsIn(dataDir).length === 0) await new Promise((settle) => setTimeout(settle, 20));
    network.cut();
    const status = await receiverUntil(host, ({ associations }) => associations.length === 0);
    expect(status.refusals[0]?.problem.code).toBe('SENDER_CUT_OFF');
    while (partsIn(dataDir).length > 0) await new Promise((settle) => setTimeout(settle, 20));
    network.close();
    const next = await DimsePeer.open({ port });
    expect(await next.store(uid, dataset)).toBe(0);
    await next.release();
    await host.close();
  });
});
