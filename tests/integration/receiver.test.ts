/**
 * The receiver against real peers (DCMTK, dcmjs-dimse) and a peer of our own that re-encodes nothing. Oracles: the bytes
 * that were sent, the peers' own verdicts, the status codes of PS3.4.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';
import { afterAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { HostEvent } from '../../core/contract/index.ts';
import type { ProposedContext } from '../../core/dimse/types.ts';
import { parseOperations } from '../../main/host/parse/operations.ts';
import { ctClass, DimsePeer, explicitLittle } from '../fixtures/dimse-peer.ts';
import { ask, equationHolds, listAll, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, run } from '../fixtures/peers.ts';
import { element, file, sliceWith, sliceWithout, u32 } from '../fixtures/raw-dicom.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

const folder = temporaryFolder();
const hosts: Host[] = [];
afterAll(async () => {
  for (const host of hosts) await host.close();
  folder.remove();
});

let made = 0;
async function receiver(...more: Parameters<typeof openReceiver> extends [string, ...infer R] ? R : never) {
  const dataDir = join(folder.path, `data-${made++}`);
  const opened = await openReceiver(dataDir, ...more);
  hosts.push(opened.host);
  return { ...opened, dataDir };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** What follows group 0002. */
const datasetOf = (bytes: Buffer): Buffer => bytes.subarray(144 + bytes.readUInt32LE(140));

/** Objects of the data folder as they lie there. */
const objectsOf = (dataDir: string): Buffer[] =>
  readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

const ctDataset = (uid: string, ...more: number[][]): Uint8Array =>
  Uint8Array.from(sliceWith(element(0x8, 0x18, 'UI', uid), ...more));

describe.skipIf(dcmtkMissing)(`DCMTK${dcmtkMissing ? ` (${dcmtkMissing})` : ''}`, () => {
  it('gets an echo, and is told by code and sentence when it calls somebody else (N9)', async () => {
    const { host, port } = await receiver();
    const right = await run('echoscu', ['-v', '-aec', 'CANDELA', '127.0.0.1', String(port)]);
    expect(right).toMatchObject({
      code: 0,
      output: expect.stringContaining('Received Echo Response (Success)'),
    });
    const wrong = await run('echoscu', ['-v', '-aet', 'CT1', '-aec', 'SOMEBODY', '127.0.0.1', String(port)]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toContain('Called AE Title Not Recognized');
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length > 0);
    expect(refusals[0]).toMatchObject({
      aeTitle: 'CT1',
      calledAeTitle: 'SOMEBODY',
      address: '127.0.0.1',
      problem: { code: 'REFUSED_CALLED_AE' },
    });
  });

  it.each([
    ['storescu', ['-xs', '-R']],
    ['dcmsend', ['--decompress-never', '--no-halt']],
  ])('sends by %s, durable and listed before success', async (program, words) => {
    const { host, port, dataDir } = await receiver();
    const files = ['a', 'b', 'c'].map((name, n) => {
      const path = join(folder.path, `${program}-${name}.dcm`);
      const uid = `1.2.3.5.${n}`;
      writeFileSync(path, file(sliceWith(element(0x8, 0x18, 'UI', uid)), metaOf(uid)));
      return path;
    });
    const plain = words.filter((word) => word !== '-xs' && word !== '-R' && word !== '--decompress-never');
    const sent = await run(program, ['-v', ...plain, '-aec', 'CANDELA', '127.0.0.1', String(port), ...files]);
    expect(sent).toMatchObject({ code: 0 });
    const list = await listAll(host);
    expect(list.rows).toMatchObject([{ instances: 3, source: 'received' }]);
    expect(
      objectsOf(dataDir)
        .map((bytes) => sha256(datasetOf(bytes)))
        .sort(),
    ).toEqual(files.map((path) => sha256(datasetOf(readFileSync(path)))).sort());
  });
});

describe('a class that is not taken', () => {
  it('is refused in the context of another one too, unless unknown ones are allowed', async () => {
    const unknown = '1.2.840.10008.5.1.4.1.1.999';
    const mr = '1.2.840.10008.5.1.4.1.1.4';
    const object = (sopClass: string, uid: string): Uint8Array =>
      Uint8Array.from(sliceWith(element(0x8, 0x16, 'UI', sopClass), element(0x8, 0x18, 'UI', uid)));
    for (const [unknownSopClasses, status] of [
      [false, 0x0122],
      [true, 0],
    ] as const) {
      const { host, port } = await receiver({ unknownSopClasses });
      const contexts = [{ id: 1, abstractSyntax: ctClass, transferSyntaxes: [explicitLittle] }];
      const peer = await DimsePeer.open({ port, contexts });
      expect(await peer.store('1.2.3.99.1', object(unknown, '1.2.3.99.1'), 1, unknown)).toBe(status);
      // Devices that name a context of another known class lose nothing.
      expect(await peer.store('1.2.3.99.2', object(mr, '1.2.3.99.2'), 1, mr)).toBe(0);
      await peer.release();
      const { refusals } = await ask(host, 'receiver.status', {});
      expect(refusals.map(({ problem }) => problem.code)).toEqual(status === 0 ? [] : ['REFUSED_CLASS']);
    }
  });
});

describe.skipIf(sharedDataFolder() === null)(
  `the shared data${sharedDataFolder() ? '' : ` (${sharedDataMissing})`}`,
  () => {
    it('stores every data set as it was sent, private elements included (A2)', async () => {
      const { host, port, dataDir } = await receiver({ unknownSopClasses: true });
      const shared = sharedDataFolder()!;
      const sent = new Map<string, string>();
      const { scan } = parseOperations();
      const wanted = readManifest(shared).files.flatMap(({ path }) => {
        const source = join(shared, path);
        const scanned = scan({ file: source, keepPartial: false });
        if (!scanned.ok || scanned.value.isDirectory) return [];
        const { attributes, datasetOffset, transferSyntaxUID } = scanned.value;
        const { SOPClassUID, SOPInstanceUID } = attributes;
        // A sender names what it sends; a file without its class cannot be sent.
        if (!SOPClassUID || !SOPInstanceUID) return [];
        return [{ source, datasetOffset, transferSyntaxUID, SOPClassUID, SOPInstanceUID }];
      });
      expect(wanted.length).toBeGreaterThan(500);
      const pairs = [...new Set(wanted.map((one) => `${one.SOPClassUID} ${one.transferSyntaxUID}`))];
      const contexts = pairs.map((pair, n): ProposedContext => {
        const [abstractSyntax, transferSyntax] = pair.split(' ');
        return { id: 2 * n + 1, abstractSyntax: abstractSyntax!, transferSyntaxes: [transferSyntax!] };
      });
      const peer = await DimsePeer.open({ port, contexts });
      const refused: string[] = [];
      for (const one of wanted) {
        const dataset = readFileSync(one.source).subarray(one.datasetOffset);
        const contextId = 2 * pairs.indexOf(`${one.SOPClassUID} ${one.transferSyntaxUID}`) + 1;
        const status = await peer.store(one.SOPInstanceUID, dataset, contextId, one.SOPClassUID);
        if (status === 0) sent.set(sha256(dataset), one.source);
        else refused.push(`${one.source} ${status?.toString(16)}`);
      }
      await peer.release();
      expect(refused).toEqual([]);
      const stored = new Set(objectsOf(dataDir).map((bytes) => sha256(datasetOf(bytes))));
      expect([...sent].filter(([hash]) => !stored.has(hash)).map(([, source]) => source)).toEqual([]);
      const receipts = await untilReceipts(host);
      expect(receipts.every(equationHolds)).toBe(true);
      expect(receipts.reduce((sum, receipt) => sum + receipt.files, 0)).toBe(wanted.length);
    });
  },
);

async function untilReceipts(host: Host) {
  for (;;) {
    const receipts = await ask(host, 'jobs.receipts', {});
    if (receipts.length > 0) return receipts;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('takes from dcmjs-dimse', async () => {
  const { host, port } = await receiver();
  const path = join(folder.path, 'dcmjs.dcm');
  writeFileSync(path, file(sliceWith(element(0x8, 0x18, 'UI', '1.2.3.6')), metaOf('1.2.3.6')));
  const { Client, log, requests } = dcmjsDimse;
  log.setLevel('silent');
  const client = new Client();
  const request = new requests.CStoreRequest(path);
  const status = new Promise<number>((resolve, reject) => {
    request.on('response', (response) => resolve(response.getStatus()));
    client.on('networkError', reject);
  });
  client.addRequest(request);
  client.send('127.0.0.1', port, 'DCMJS', 'CANDELA');
  expect(await status).toBe(0);
  expect((await listAll(host)).total).toBe(1);
});

describe('studies arrive live', () => {
  it('listed while they come, marked until the sender has left, with a receipt', async () => {
    const { host, port } = await receiver();
    const events: HostEvent[] = [];
    host.subscribe(0, (event) => events.push(event));
    const peer = await DimsePeer.open({ port, calling: 'CT_ROOM_1' });
    expect(await peer.store('1.2.7.1', ctDataset('1.2.7.1'))).toBe(0);
    expect((await listAll(host)).rows).toMatchObject([{ arriving: true, instances: 1, source: 'received' }]);
    expect(await peer.store('1.2.7.2', ctDataset('1.2.7.2'))).toBe(0);
    const busy = await receiverUntil(host, ({ received }) => received === 2);
    expect(busy.associations).toMatchObject([{ aeTitle: 'CT_ROOM_1', received: 2, encrypted: false }]);
    await peer.release();
    const idle = await receiverUntil(host, ({ associations }) => associations.length === 0);
    expect(idle.state).toBe('listening');
    while ((await listAll(host)).rows[0]?.arriving !== false) await nextEvent(host, 'studies');
    expect(events.some(({ topic }) => topic === 'studies')).toBe(true);
    const [receipt] = await untilReceipts(host);
    expect(receipt).toMatchObject({ source: 'CT_ROOM_1', files: 2, stored: 2, duplicates: 0, broken: 0 });
  });
});

function nextEvent(host: Host, topic: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = host.subscribe(Number.MAX_SAFE_INTEGER, (event) => {
    if (event.topic === topic) resolve();
  });
  // Events before this one may have been the last.
  const timer = setTimeout(resolve, 1000);
  return promise.then(() => {
    stop();
    clearTimeout(timer);
  });
}

describe('what is refused', () => {
  it('a data set that is not what was announced: A900, and nothing kept (N17)', async () => {
    const { host, port, dataDir } = await receiver();
    const peer = await DimsePeer.open({ port });
    expect(await peer.store('1.2.8.1', ctDataset('1.2.8.2'))).toBe(0xa900);
    const noUid = Uint8Array.from(sliceWithout(0x0020000d));
    expect(await peer.store('1.2.3.4', noUid)).toBe(0xa900);
    const noise = Uint8Array.from({ length: 4000 }, (_, n) => (n * 97) & 255);
    expect(await peer.store('1.2.8.3', noise)).not.toBe(0);
    await peer.release();
    expect(objectsOf(dataDir)).toEqual([]);
    expect(filesBelow(join(dataDir, 'incoming'))).toEqual([]);
    const [receipt] = await untilReceipts(host);
    expect(receipt).toMatchObject({ files: 3, broken: 3 });
  });

  it('a UID that is none: kept with a flag, and no path is made of it (M76)', async () => {
    const { port, dataDir, host } = await receiver();
    const peer = await DimsePeer.open({ port });
    const uid = '../../../tmp/evil';
    expect(await peer.store(uid, ctDataset(uid))).toBe(0);
    const [row] = (await listAll(host)).rows;
    expect(row?.flags.map(({ code }) => code)).toContain('UID_INVALID');
    expect(objectsOf(dataDir).length).toBe(1);
    await peer.release();
  });

  it('everything while the disk is full: A700, told within a second, and taken again afterwards', async () => {
    let freeBytes = 1e12;
    const { host, port, dataDir } = await receiver({}, { freeBytes: async () => freeBytes });
    const peer = await DimsePeer.open({ port });
    expect(await peer.store('1.2.9.1', ctDataset('1.2.9.1'))).toBe(0);
    freeBytes = 1000;
    // What was known of the disk may hold for a moment.
    let status: number | null = 0;
    let n = 2;
    while (status === 0) {
      status = await peer.store(`1.2.9.${n}`, ctDataset(`1.2.9.${n}`));
      n += 1;
    }
    expect(status).toBe(0xa700);
    const full = await receiverUntil(host, ({ problem }) => problem !== null);
    expect(full).toMatchObject({ state: 'listening', problem: { code: 'DISK_FULL' } });
    expect(full.refusals[0]?.problem.code).toBe('DISK_FULL');
    freeBytes = 1e12;
    await receiverUntil(host, ({ problem }) => problem === null);
    expect(await peer.store('1.2.9.999', ctDataset('1.2.9.999'))).toBe(0);
    await peer.release();
    expect(filesBelow(join(dataDir, 'incoming'))).toEqual([]);
  });

  it('strangers, where only listed stations may send: by name, and by address', async () => {
    const { host, port } = await receiver({
      allowed: [
        { aeTitle: 'KNOWN', host: '127.0.0.1' },
        { aeTitle: 'FAR', host: '192.0.2.7' },
      ],
    });
    const known = await DimsePeer.open({ port, calling: 'KNOWN' });
    await known.release();
    for (const calling of ['STRANGER', 'FAR']) {
      const peer = new DimsePeer({ port, calling });
      expect(await peer.answer).toEqual({ kind: 'rejected', result: 1, source: 1, reason: 3 });
    }
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length === 2);
    expect(refusals.map(({ problem }) => problem.code)).toEqual(['REFUSED_ADDRESS', 'REFUSED_CALLING_AE']);
  });

  it('unknown storage classes, unless they are allowed; objects in contexts that are none of storage', async () => {
    const contexts: ProposedContext[] = [
      { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: [explicitLittle] },
      { id: 3, abstractSyntax: '1.3.6.1.4.1.9.9.9', transferSyntaxes: [explicitLittle] },
    ];
    const { port } = await receiver();
    const peer = await DimsePeer.open({ port, contexts });
    const answer = await peer.answer;
    const results = answer.kind === 'accepted' ? answer.answer.contexts.map(({ result }) => result) : [];
    expect(results).toEqual([0, 3]);
    expect(await peer.store('1.2.10.1', ctDataset('1.2.10.1'))).toBe(0x0122);
    await peer.release();
  });
});

describe('the same again (N18)', () => {
  it('on eight associations at once: one object, one row, eight times success', async () => {
    const { host, port, dataDir } = await receiver();
    const peers = await Promise.all(Array.from({ length: 8 }, () => DimsePeer.open({ port })));
    const dataset = ctDataset('1.2.11.1');
    const statuses = await Promise.all(peers.map((peer) => peer.store('1.2.11.1', dataset)));
    expect(statuses).toEqual(Array.from({ length: 8 }, () => 0));
    await Promise.all(peers.map((peer) => peer.release()));
    expect((await listAll(host)).rows).toMatchObject([{ instances: 1 }]);
    expect(objectsOf(dataDir).length).toBe(1);
  });

  it('with another content: both are kept', async () => {
    const { port, dataDir } = await receiver();
    const peer = await DimsePeer.open({ port });
    const other = element(0x7fe0, 0x10, 'OW', new Array(16).fill(9));
    expect(await peer.store('1.2.12.1', ctDataset('1.2.12.1'))).toBe(0);
    expect(await peer.store('1.2.12.1', ctDataset('1.2.12.1', other))).toBe(0);
    await peer.release();
    expect(objectsOf(dataDir).length).toBe(2);
  });
});

describe('its life', () => {
  it('goes on with associations through changes that do not concern them', async () => {
    const { host, port } = await receiver();
    const peer = await DimsePeer.open({ port });
    const { network } = await ask(host, 'settings.get', {});
    const limits = { ...network.limits, associationsPerAddress: 1 };
    await ask(host, 'settings.set', { changes: { network: { ...network, limits } } });
    // The change is there when a second association is refused.
    let second = new DimsePeer({ port });
    while ((await second.answer).kind === 'accepted') {
      await second.release();
      second = new DimsePeer({ port });
    }
    expect(await second.answer).toEqual({ kind: 'rejected', result: 2, source: 3, reason: 2 });
    expect(await peer.echo()).toBe(0);
    await peer.release();
  });

  it('says that its port is taken, and listens once it is free (F16)', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { host } = await receiver({ port });
    expect(await ask(host, 'receiver.status', {})).toMatchObject({
      state: 'failed',
      problem: { code: 'RECEIVER_PORT_BUSY' },
    });
    expect((await listAll(host)).total).toBe(0);
    await new Promise((resolve) => other.close(resolve));
    expect(await ask(host, 'receiver.restart', {})).toMatchObject({ state: 'listening', port });
    const peer = await DimsePeer.open({ port });
    expect(await peer.echo()).toBe(0);
    await peer.release();
  });

  it('aborts what runs when it is closed, and leaves no parts', async () => {
    const dataDir = join(folder.path, 'closed');
    const { host, port } = await openReceiver(dataDir);
    const peer = await DimsePeer.open({ port });
    peer.sendPart(1, peer.storeCommand('1.2.13.1'), ctDataset('1.2.13.1'));
    await host.close();
    expect((await peer.closed).kind).not.toBe('accepted');
    expect(filesBelow(join(dataDir, 'incoming'))).toEqual([]);
  });
});

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

const metaOf = (uid: string): number[] => {
  const rest = [
    ...element(2, 1, 'OB', [0, 1]),
    ...element(2, 2, 'UI', ctClass),
    ...element(2, 3, 'UI', uid),
    ...element(2, 0x10, 'UI', explicitLittle),
    ...element(2, 0x12, 'UI', '1.2.3'),
  ];
  return [...element(2, 0, 'UL', u32(rest.length)), ...rest];
};
