/** The client's side of DIMSE against DCMTK's servers. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { createDecodeService, type DecodeService } from '../../main/host/decode/service.ts';
import { PeerClient } from '../../main/host/dimse/peer-client.ts';
import type { StoreObject, StoreOutcome } from '../../main/host/dimse/peer-protocol.ts';
import type { PeerTarget } from '../../main/host/dimse/peer-types.ts';
import { dataFolder, makeDataFolder } from '../../main/host/folder.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, type Station, startStorescp } from '../fixtures/peers.ts';
import { readManifest, sharedDataFolder } from '../fixtures/shared-data.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
const folder = dataFolder(join(scratch.path, 'data'));
makeDataFolder(folder);
const client = new PeerClient(
  folder,
  () => {
    throw new Error('nothing is received here');
  },
  () => ({ connectMs: 2_000, idleMs: 5_000 }),
);
let decode: DecodeService;
beforeAll(() => {
  decode = createDecodeService({ threads: 1, deadlineMs: 60_000 });
});
afterAll(async () => {
  await client.close();
  await decode.close();
  scratch.remove();
});

const never = new AbortController().signal;
const target = (port: number, more: Partial<PeerTarget> = {}): PeerTarget => ({
  host: '127.0.0.1',
  port,
  calledAeTitle: 'STORESCP',
  callingAeTitle: 'CANDELA',
  tls: null,
  identity: null,
  maxPduBytes: 1 << 20,
  offeredPduBytes: 256 << 10,
  ...more,
});

function objectOf(path: string): StoreObject {
  const bytes = readFileSync(path);
  const scanned = scan(bytesSource(bytes), { keepPartial: true });
  if (!scanned.ok) throw new Error(`${path}: ${scanned.problem.code}`);
  const { attributes, transferSyntaxUID, datasetOffset } = scanned.value;
  return {
    sopClassUid: attributes.SOPClassUID ?? '',
    sopInstanceUid: attributes.SOPInstanceUID ?? '',
    transferSyntaxUid: transferSyntaxUID,
    file: path,
    datasetOffset,
    sizeBytes: bytes.length,
  };
}

async function send(peer: PeerTarget, objects: readonly StoreObject[], signal = never) {
  const outcomes: StoreOutcome[] = [];
  const result = await client.store(
    peer,
    {
      objects,
      onOutcome: (outcome) => outcomes.push(outcome),
      transcode: (object, to, out) => decode.transcode({ path: object.file, to, out }),
    },
    signal,
  );
  return { result, outcomes };
}

/** Servers that a test made. */
const servers: Server[] = [];
const stations: Station[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  for (const station of stations.splice(0)) await station.stop();
});

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer(onSocket);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const datasetHash = (path: string): string => {
  const bytes = readFileSync(path);
  const scanned = scan(bytesSource(bytes), { keepPartial: true });
  const dataset = scanned.ok ? bytes.subarray(scanned.value.datasetOffset) : bytes;
  // Nothing of an odd length can be sent: it gets a zero behind.
  return hash(dataset.length % 2 === 1 ? Buffer.concat([dataset, Buffer.alloc(1)]) : dataset);
};

describe('a station that cannot be reached', () => {
  it('says that nobody listens, and at which step', async () => {
    const port = await listen(() => undefined);
    for (const server of servers.splice(0)) server.close();
    expect(await client.echo(target(port), never)).toMatchObject({
      failedAt: 'connect',
      problem: { code: 'CONNECTION_REFUSED', params: { port } },
    });
  });

  it('says that the name is unknown', async () => {
    const steps = await client.echo(target(104, { host: 'no-such-host.invalid' }), never);
    expect(steps).toMatchObject({ failedAt: 'address', problem: { code: 'HOST_UNKNOWN' } });
  });

  it('gives up on one that takes the connection and says nothing', async () => {
    const port = await listen(() => undefined);
    const steps = await client.echo(target(port), never);
    expect(steps).toMatchObject({ failedAt: 'associate', problem: { code: 'PEER_TIMEOUT' } });
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'PEER_IS_WEB'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'PDU_UNKNOWN'],
  ])('tells one that speaks something else: %j', async (greeting, code) => {
    const port = await listen((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.write(greeting);
    });
    const steps = await client.echo(target(port), never);
    expect(steps.failedAt).toBe('associate');
    expect(steps.problem?.code).toBe(code);
  });

  it('is left at once by a cancelled task', async () => {
    const port = await listen(() => undefined);
    const abort = new AbortController();
    const echo = client.echo(target(port), abort.signal);
    setTimeout(() => abort.abort(), 50);
    expect(await echo).toMatchObject({ problem: { code: 'CANCELLED' } });
  });
});

describe.skipIf(dcmtkMissing !== null)(`storescp (${dcmtkMissing ?? 'there'})`, () => {
  it('answers an echo, with the time of each step', async () => {
    const station = await startStorescp();
    stations.push(station);
    const steps = await client.echo(target(station.port), never);
    expect(steps.problem).toBeNull();
    expect(steps.done.map(({ phase }) => phase)).toEqual(['connect', 'associate']);
    expect(steps.echoMs).toBeGreaterThan(0);
  });

  it.skipIf(sharedDataFolder() === null)('gets every data set as it is stored', async () => {
    const station = await startStorescp(['+xa', '+B']);
    stations.push(station);
    const shared = sharedDataFolder() ?? '';
    const kinds = new Map(
      readManifest(shared)
        .files.filter(
          ({ expected, SOPClassUID, SOPInstanceUID, TransferSyntaxUID, size }) =>
            expected === undefined && SOPClassUID && SOPInstanceUID && TransferSyntaxUID && size < 8 << 20,
        )
        .map((file) => [`${file.TransferSyntaxUID} ${file.SOPClassUID}`, file] as const),
    );
    // storescp keeps one file a SOP instance.
    const byUid = new Map([...kinds.values()].map((file) => [file.SOPInstanceUID, file]));
    const objects = [...byUid.values()].map(({ path }) => objectOf(join(shared, path)));
    const outcomes: StoreOutcome[] = [];
    // A data set that makes the program break off costs itself; the rest goes by another association.
    for (let from = 0; from < objects.length; ) {
      const sent = await send(target(station.port), objects.slice(from));
      outcomes.push(...sent.outcomes.map((outcome) => ({ ...outcome, index: outcome.index + from })));
      expect(sent.outcomes.length).toBeGreaterThan(0);
      from += sent.outcomes.length;
    }
    const unsent = outcomes.filter(({ state }) => state !== 'done');
    const reasons = new Set(unsent.map(({ problem }) => problem?.code));
    expect([...reasons].sort()).toEqual(['NO_CONTEXT_ACCEPTED', 'UID_INVALID']);
    const stored = new Set(station.files().map(datasetHash));
    const sent = outcomes.filter(({ state, transcodedTo }) => state === 'done' && transcodedTo === '');
    const lost = sent.filter(({ index }) => !stored.has(datasetHash(objects[index]!.file)));
    expect(lost.map(({ index }) => objects[index]!.file)).toEqual([]);
    expect(sent.length).toBeGreaterThan(20);
  });

  it.skipIf(sharedDataFolder() === null)(
    'gets what it does not take in a plain syntax, pixels equal',
    async () => {
      const station = await startStorescp(['+xi']);
      stations.push(station);
      const shared = sharedDataFolder() ?? '';
      const files = readManifest(shared).files.filter(
        ({ TransferSyntaxUID, SOPClassUID, SOPInstanceUID, pixels, expected, size }) =>
          ['1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.5'].includes(
            TransferSyntaxUID ?? '',
          ) &&
          SOPClassUID &&
          SOPInstanceUID &&
          pixels?.sha256 &&
          expected === undefined &&
          size < 2 << 20,
      );
      const objects = files.slice(0, 6).map(({ path }) => objectOf(join(shared, path)));
      const { outcomes } = await send(target(station.port), objects);
      const done = outcomes.filter(({ state }) => state === 'done');
      expect(done.length).toBeGreaterThan(2);
      expect(done.every(({ transcodedTo }) => transcodedTo === '1.2.840.10008.1.2')).toBe(true);
      const pictures = await Promise.all(
        station.files().map(async (path) => (await decode.frameSummary(path)).sha256),
      );
      for (const { index } of done) {
        expect(pictures).toContain((await decode.frameSummary(objects[index]!.file)).sha256);
      }
    },
  );

  it('refuses a title that it does not know', async () => {
    const port = await listen((socket: Socket) => {
      // A-ASSOCIATE-RJ: permanent, user, called AE title not recognized (PS3.8 9.3.4).
      socket.once('data', () => socket.end(Uint8Array.of(3, 0, 0, 0, 0, 4, 0, 1, 1, 7)));
    });
    const steps = await client.echo(target(port, { calledAeTitle: 'WRONG' }), never);
    expect(steps).toMatchObject({
      failedAt: 'associate',
      problem: { code: 'REJECTED_CALLED_AE', params: { aeTitle: 'WRONG' } },
    });
  });

  it('costs one object when its file is gone', async () => {
    const station = await startStorescp();
    stations.push(station);
    const made = writeStudy(scratch.path, { uid: '2.25.77', images: 3 }).map(objectOf);
    const { result, outcomes } = await send(target(station.port), [
      made[0]!,
      { ...made[1]!, file: join(scratch.path, 'gone.dcm') },
      made[2]!,
    ]);
    expect(result.ok).toBe(true);
    expect(outcomes.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['done', undefined],
      ['failed', 'FILE_MISSING'],
      ['done', undefined],
    ]);
    expect(station.files()).toHaveLength(2);
  });
});
