/**
 * Our requests to a third kind of station, dcmjs-dimse's server: echo, store, find, get, move; failure statuses to the
 * job's outcome; user identity as SCU, and as SCP against DCMTK and dcmjs-dimse.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput } from '../../core/contract/index.ts';
import { type DcmjsStation, startDcmjs } from '../fixtures/dcmjs-station.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, run } from '../fixtures/peers.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
const stations: DcmjsStation[] = [];
let host: Host;
let receiving: Host;
let port = 0;
const files = writeStudy(join(scratch.path, 'a'), { uid: '2.25.901', images: 5, patientId: 'D1' });

beforeAll(async () => {
  host = await openHost(join(scratch.path, 'data'));
  await importPaths(host, files);
  ({ host: receiving, port } = await openReceiver(join(scratch.path, 'receiving')));
});
afterAll(async () => {
  for (const station of stations) station.close();
  await host.close();
  await receiving.close();
  scratch.remove();
});

async function station(options: Parameters<typeof startDcmjs>[0] = {}): Promise<DcmjsStation> {
  const started = await startDcmjs(options);
  stations.push(started);
  return started;
}

type NodeInput = CallInput<'nodes.save'>['node'];
async function saved(
  asking: Host,
  to: number,
  more: Partial<NodeInput> = {},
  secret?: string,
): Promise<string> {
  const node: NodeInput = {
    nodeId: `n${to}`,
    name: `n${to}`,
    protocol: 'dimse',
    aeTitle: 'DCMJS',
    host: '127.0.0.1',
    port: to,
    ...more,
  };
  await ask(asking, 'nodes.save', { node, ...(secret !== undefined && { secret }) });
  return node.nodeId;
}

const pixelsOf = (dataset: { getElement(tag: string): unknown } | undefined): string => {
  const value = dataset?.getElement('PixelData') as ArrayBuffer[] | ArrayBuffer | undefined;
  const bytes = Array.isArray(value) ? value[0] : value;
  return createHash('sha256')
    .update(new Uint8Array(bytes ?? new ArrayBuffer(0)))
    .digest('hex');
};

async function send(nodeId: string) {
  const { jobId } = await ask(host, 'remote.send', { nodeId, studyKeys: ['s.2.25.901'] });
  const job = await jobEnd(host, jobId);
  const { rows } = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
  return { job, rows };
}

describe('dcmjs-dimse as a station', () => {
  it('answers an echo, takes a study, finds it, gives it back by C-GET and by C-MOVE', async () => {
    const peer = await station({ moveTo: { CANDELA: port } });
    const nodeId = await saved(host, peer.port);
    const node = (await ask(host, 'nodes.list', {})).find((one) => one.nodeId === nodeId)!;
    expect(await ask(host, 'nodes.test', { node })).toMatchObject({ ok: true });
    const { job } = await send(nodeId);
    expect(job).toMatchObject({ state: 'done', done: 5, problem: null });
    expect([...peer.kept.keys()].sort()).toEqual(
      Array.from({ length: 5 }, (_, n) => `2.25.901.1.${n + 1}`).sort(),
    );
    const found = await ask(host, 'remote.search', {
      nodeId,
      query: { patientId: 'D1', modalities: [], limit: 10 },
    });
    expect(found.rows).toMatchObject([{ studyInstanceUID: '2.25.901', localInstances: 5 }]);

    const taker = await openHost(join(scratch.path, 'taker'));
    try {
      const getId = await saved(taker, peer.port);
      const items = [{ studyInstanceUID: '2.25.901' }];
      const got = await ask(taker, 'remote.retrieve', { nodeId: getId, items });
      expect(await jobEnd(taker, got.jobId)).toMatchObject({ state: 'done', problem: null });
      expect((await listAll(taker)).rows).toMatchObject([{ instances: 5 }]);
    } finally {
      await taker.close();
    }
    const moveId = await saved(receiving, peer.port, { retrieveBy: 'move' });
    const moved = await ask(receiving, 'remote.retrieve', {
      nodeId: moveId,
      items: [{ studyInstanceUID: '2.25.901' }],
    });
    expect(await jobEnd(receiving, moved.jobId)).toMatchObject({ state: 'done', problem: null });
    expect((await listAll(receiving)).rows).toMatchObject([{ instances: 5 }]);
    // dcmjs-dimse writes every data set anew: what must be the same is the pixels.
    const objects = readdirSync(join(scratch.path, 'receiving/objects'), {
      recursive: true,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    for (const dataset of peer.kept.values()) {
      const value = dataset.getElement('PixelData') as unknown as ArrayBuffer[];
      expect(objects.some((bytes) => bytes.includes(Buffer.from(value[0]!)))).toBe(true);
    }
    expect(new Set([...peer.kept.values()].map(pixelsOf)).size).toBe(5);
  });

  it('says what each failure status of a C-STORE means, object by object', async () => {
    const statuses: Record<string, number> = {
      '2.25.901.1.1': 0xa900,
      '2.25.901.1.2': 0xc000,
      '2.25.901.1.3': 0xb000,
      '2.25.901.1.4': 0x0122,
    };
    const peer = await station({ statusOf: (uid) => statuses[uid] ?? 0 });
    const { job, rows } = await send(await saved(host, peer.port));
    expect(job.state).toBe('failed');
    const told = rows.map(({ sopInstanceUID, state, status, problem }) => [
      sopInstanceUID,
      state,
      status,
      problem?.code ?? null,
    ]);
    expect(told.sort()).toEqual([
      ['2.25.901.1.1', 'failed', 0xa900, 'PEER_DATASET_MISMATCH'],
      ['2.25.901.1.2', 'failed', 0xc000, 'PEER_CANNOT_UNDERSTAND'],
      ['2.25.901.1.3', 'warning', 0xb000, 'PEER_STATUS_WARNING'],
      ['2.25.901.1.4', 'failed', 0x0122, 'PEER_CLASS_UNSUPPORTED'],
      ['2.25.901.1.5', 'done', 0, null],
    ]);
    expect(rows.find(({ status }) => status === 0xa900)?.problem?.params).toEqual({ status: '0xA900' });
  });

  it('sends again by itself what a full peer refused with A700, and nothing else', async () => {
    const tries = new Map<string, number>();
    const peer = await station({
      statusOf: (uid) => {
        const times = (tries.get(uid) ?? 0) + 1;
        tries.set(uid, times);
        return uid.endsWith('.2') && times === 1 ? 0xa700 : 0;
      },
    });
    const { job, rows } = await send(await saved(host, peer.port));
    expect(job).toMatchObject({ state: 'done', problem: null });
    expect(rows.map(({ state, attempts }) => [state, attempts]).sort()).toEqual([
      ['done', 1],
      ['done', 1],
      ['done', 1],
      ['done', 1],
      ['done', 2],
    ]);
    expect(tries.get('2.25.901.1.1')).toBe(1);
  });

  it('a peer that stays full: A700 is told of each object', async () => {
    const peer = await station({ statusOf: () => 0xa700 });
    const { job, rows } = await send(await saved(host, peer.port));
    expect(job).toMatchObject({ state: 'failed', problem: { code: 'SEND_INCOMPLETE' } });
    const told = rows.map(({ state, status, problem }) => [state, status, problem?.code]);
    expect(told).toEqual(rows.map(() => ['failed', 0xa700, 'PEER_OUT_OF_RESOURCES']));
    expect(rows.length).toBe(5);
    expect(peer.kept.size).toBe(0);
  });

  it('a move to a title that the peer does not know: A801', async () => {
    const peer = await station();
    await send(await saved(host, peer.port));
    await ask(receiving, 'studies.delete', { studyKeys: ['s.2.25.901'] });
    const nodeId = await saved(receiving, peer.port, { retrieveBy: 'move' });
    const { jobId } = await ask(receiving, 'remote.retrieve', {
      nodeId,
      items: [{ studyInstanceUID: '2.25.901' }],
    });
    expect(await jobEnd(receiving, jobId)).toMatchObject({
      state: 'failed',
      problem: { code: 'PEER_MOVE_DESTINATION', params: { aeTitle: 'CANDELA' } },
    });
  });
});

const passcode = 'open-sesame-4711';

describe('user identity as SCU', () => {
  it.each([
    ['a name', { identity: 'name', user: 'reader' }, undefined, '1:reader:'],
    ['a name and a passcode', { identity: 'password', user: 'reader' }, passcode, `2:reader:${passcode}`],
    ['a token', { identity: 'jwt' }, 'head.body.mark', '5:head.body.mark:'],
    ['none', {}, undefined, 'none'],
  ] as const)('%s comes to the peer as it was set up', async (_name, more, secret, expected) => {
    const peer = await station();
    const nodeId = await saved(host, peer.port, more, secret);
    const node = (await ask(host, 'nodes.list', {})).find((one) => one.nodeId === nodeId)!;
    expect(await ask(host, 'nodes.test', { node })).toMatchObject({ ok: true });
    expect(new Set(peer.identities)).toEqual(new Set([expected]));
  });

  it('a wrong passcode is told as a rejection, the right one sends', async () => {
    const peer = await station({ user: { name: 'reader', passcode } });
    const nodeId = await saved(host, peer.port, { identity: 'password', user: 'reader' }, 'wrong');
    const node = (await ask(host, 'nodes.list', {})).find((one) => one.nodeId === nodeId)!;
    const tested = await ask(host, 'nodes.test', { node });
    expect(tested.ok).toBe(false);
    expect(tested.steps.find(({ state }) => state === 'failed')).toMatchObject({
      id: 'associate',
      problem: { code: 'REJECTED_NO_REASON' },
    });
    const right = await send(
      await saved(host, peer.port, { identity: 'password', user: 'reader' }, passcode),
    );
    expect(right.job).toMatchObject({ state: 'done', done: 5 });
  });
});

describe('user identity as SCP (N20)', () => {
  const filesBelow = (path: string): Buffer[] =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const isWrittenAnywhere = async (secret: string): Promise<boolean> => {
    const { rows } = await ask(receiving, 'audit.list', { offset: 0, limit: 1000 });
    const status = await ask(receiving, 'receiver.status', {});
    const said = JSON.stringify([rows, status]);
    return (
      said.includes(secret) || filesBelow(join(scratch.path, 'receiving')).some((one) => one.includes(secret))
    );
  };

  it.skipIf(dcmtkMissing)(
    `of DCMTK is passed over, and its passcode is written nowhere${dcmtkMissing ? ` (${dcmtkMissing})` : ''}`,
    async () => {
      const address = ['-aec', 'CANDELA', '127.0.0.1', String(port), files[0]!];
      expect(await run('storescu', ['-usr', 'reader', ...address])).toMatchObject({ code: 0 });
      const both = ['-usr', 'reader', '-pwd', passcode];
      expect(await run('storescu', [...both, ...address])).toMatchObject({ code: 0 });
      // Who asks for a positive response gets none: nobody was identified (PS3.7 D.3.3.7.2). DCMTK then leaves.
      const asked = await run('storescu', ['-v', ...both, '-rsp', ...address]);
      expect(asked.output).not.toContain('Received Store Response');
      expect(await isWrittenAnywhere(passcode)).toBe(false);
    },
  );

  it('of dcmjs-dimse is passed over, with 64 KiB of passcode too, and its passcode is written nowhere', async () => {
    const { Client, requests } = dcmjsDimse;
    const secret = `${passcode}-dcmjs`;
    for (const secondaryField of [secret, secret.padEnd(60_000, 'x')]) {
      const client = new Client();
      const request = new requests.CEchoRequest();
      const status = new Promise<number>((resolve, reject) => {
        request.on('response', (response: { getStatus(): number }) => resolve(response.getStatus()));
        client.on('networkError', reject);
      });
      client.addRequest(request);
      client.send('127.0.0.1', port, 'DCMJS', 'CANDELA', {
        userIdentity: {
          type: dcmjsDimse.constants.UserIdentityType.UsernameAndPasscode,
          primaryField: 'reader',
          secondaryField,
        },
      });
      expect(await status).toBe(0);
    }
    expect(await isWrittenAnywhere(secret)).toBe(false);
  });
});
