/** C-CANCEL as pages send it (PS3.7 9.3.2.3, 9.3.3.3, 9.3.4.3), and what an archive of DCMTK says that it got. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { worklistClass } from '../../core/dimse/service-table.ts';
import { worklistQueries } from '../../core/dimse/worklist.ts';
import { PeerClient } from '../../main/host/dimse/peer-client.ts';
import { dataFolder, makeDataFolder } from '../../main/host/folder.ts';
import { spellingsOf } from '../../main/host/remote/name-spellings.ts';
import { type Gate, startGate } from '../fixtures/gate.ts';
import { ask, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until, untilListening } from '../fixtures/listening.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run, type Station, startDcmqrscp, startWlmscpfs } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const study = '2.25.601';
const images = 120;
const scratch = temporaryFolder();
afterAll(() => scratch.remove());

describe.skipIf(dcmtkMissing !== null)(`C-CANCEL (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  let archive: Station;
  let host: Host;
  /** Between us and the archive; and between the archive and our receiver. */
  let gates: { readonly get: Gate; readonly move: Gate };

  beforeAll(async () => {
    const port = await freePort();
    const move = await startGate(port);
    archive = await startDcmqrscp([{ aeTitle: 'CANDELA', port: move.port }], ['-d']);
    gates = { move, get: await startGate(archive.port) };
    const files = [
      ...writeStudy(join(scratch.path, 'long'), { uid: study, images, size: 256, patientId: 'LONG' }),
      ...Array.from({ length: 60 }, (_, n) =>
        writeStudy(join(scratch.path, `s${n}`), { uid: `2.25.7${n}`, images: 1, patientId: `P${n}` }),
      ).flat(),
    ];
    const sent = await run('dcmsend', ['-aec', 'ARCHIVE', '127.0.0.1', String(archive.port), ...files]);
    expect(sent.code).toBe(0);
    host = await openHost(join(scratch.path, 'data'), { shell: 'browser' });
    const dimse = { protocol: 'dimse', host: '127.0.0.1', aeTitle: 'ARCHIVE' } as const;
    const nodes = [
      { ...dimse, nodeId: 'get', name: 'get', port: gates.get.port, retrieveBy: 'get' },
      { ...dimse, nodeId: 'move', name: 'move', port: archive.port, retrieveBy: 'move' },
    ] as const;
    for (const node of nodes) await ask(host, 'nodes.save', { node });
    const { network } = await ask(host, 'settings.get', {});
    const receiver = { ...network.receiver, enabled: true, port, address: '127.0.0.1' as const };
    await ask(host, 'settings.set', { changes: { network: { ...network, receiver } } });
    await untilListening(host);
  });
  afterAll(async () => {
    await host?.close();
    await archive?.stop();
    for (const gate of Object.values(gates ?? {})) gate.close();
  });

  const stored = async (): Promise<number> => {
    const asked = { filter: {}, sort: [], offset: 0, limit: 10 };
    return (await ask(host, 'studies.list', asked)).rows.reduce((sum, { instances }) => sum + instances, 0);
  };
  /** Of this retrieval; the log keeps its last 64 KiB. */
  const isIn = (words: RegExp) => until(async () => (words.test(archive.log()) ? true : null), String(words));

  it.each(['get', 'move'] as const)('ends a retrieval by C-%s between two objects', async (way) => {
    const before = await stored();
    const gate = gates[way];
    gate.open();
    gate.shutAfter(2_000_000);
    const { jobId } = await ask(host, 'remote.retrieve', {
      nodeId: way,
      items: [{ studyInstanceUID: study }],
    });
    await until(async () => (gate.passed >= 2_000_000 ? true : null), 'two megabytes');
    const cancelled = ask(host, 'jobs.cancel', { jobId });
    // On a busy machine all of it would come before the word that ends it is on its way.
    await delay(500);
    gate.open();
    await cancelled;
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'cancelled' });
    // The archive ended by its own word, and the association was released, not broken off.
    await isIn(new RegExp(`${way} SCP Response .*SubOperationsTerminatedDueToCancelIndication`, 'i'));
    await isIn(/Association Release/);
    expect(archive.log()).not.toContain('Association Abort');
    const came = (await stored()) - before;
    expect(came).toBeLessThan(images);
    if (way === 'get') expect(came).toBeGreaterThan(0);
  });

  it('ends a search at the most answers that a page takes', async () => {
    const query = { patientId: 'P*', limit: 5 };
    const found = await ask(host, 'remote.search', { nodeId: 'get', query });
    expect(found.rows).toHaveLength(5);
    expect(found.partial).toBe(true);
    // Small answers are all sent before we can ask for their end: the archive understands that, too.
    await isIn(/late C-CANCEL-RQ|Matching ?terminated due to Cancel ?Request/i);
    const whole = await ask(host, 'remote.search', { nodeId: 'get', query: { ...query, limit: 500 } });
    expect(whole.partial).toBe(false);
    expect(whole.rows).toHaveLength(60);
  });

  it('ends a search that goes on', async () => {
    const items = Array.from({ length: 20 }, (_, n) => order(n));
    const list = await startWlmscpfs(items, ['-v', '--sleep-during', '1']);
    const folder = dataFolder(join(scratch.path, 'client'));
    makeDataFolder(folder);
    const received = (): never => {
      throw new Error('nothing is received here');
    };
    const client = new PeerClient(folder, received, () => ({ connectMs: 60_000, idleMs: 60_000 }));
    try {
      const abort = new AbortController();
      const target = {
        host: '127.0.0.1',
        port: list.port,
        calledAeTitle: list.aeTitle,
        callingAeTitle: 'CANDELA',
        tls: null,
        identity: null,
        maxPduBytes: 1 << 20,
        offeredPduBytes: 256 << 10,
      };
      const asked = { sopClassUid: worklistClass, queries: worklistQueries(every, spellingsOf), limit: 1000 };
      const found = client.find(target, asked, abort.signal);
      await until(async () => (list.log().includes('(Pending)') ? true : null), 'the first answer');
      abort.abort();
      expect(await found).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
      const ended = 'MatchingTerminatedDueToCancelRequest';
      await until(async () => (list.log().includes(ended) ? true : null), ended);
      await until(async () => (list.log().includes('Association Release') ? true : null), 'its release');
      expect(list.log().split('(Pending)').length).toBeLessThan(items.length);
    } finally {
      await client.close();
      await list.stop();
    }
  });
});

describe.skipIf(dcmtkMissing !== null)('a search that a page stops', () => {
  it('is ended by C-CANCEL, and its association is released', async () => {
    const items = Array.from({ length: 20 }, (_, n) => order(n));
    const list = await startWlmscpfs(items, ['-v', '--sleep-during', '1']);
    const host = await openHost(join(scratch.path, 'page'), { shell: 'browser' });
    try {
      const node = {
        nodeId: 'l',
        name: 'List',
        protocol: 'dimse',
        host: '127.0.0.1',
        hasWorklist: true,
      } as const;
      await ask(host, 'nodes.save', { node: { ...node, aeTitle: list.aeTitle, port: list.port } });
      const found = host.call('worklist.search', { nodeId: 'l', ...every, searchId: 'mine' });
      await until(async () => (list.log().includes('(Pending)') ? true : null), 'the first answer');
      await ask(host, 'remote.stop', { searchId: 'another' });
      await ask(host, 'remote.stop', { searchId: 'mine' });
      expect(await found).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
      const ended = 'MatchingTerminatedDueToCancelRequest';
      await until(async () => (list.log().includes(ended) ? true : null), ended);
      await until(async () => (list.log().includes('Association Release') ? true : null), 'its release');
      expect(list.log().split('(Pending)').length).toBeLessThan(items.length);
    } finally {
      await host.close();
      await list.stop();
    }
  });
});

describe('a search over DICOMweb that a page stops', () => {
  it('gives its connection up, so that the server can stop, too', async () => {
    let isAsked = false;
    let isGivenUp = false;
    const server = createServer((request, response) => {
      isAsked ||= request.url?.includes('/studies') === true;
      response.on('close', () => {
        isGivenUp = true;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const host = await openHost(join(scratch.path, 'web'), { shell: 'browser' });
    try {
      const url = `http://127.0.0.1:${port}/dicom-web`;
      await ask(host, 'nodes.save', { node: { nodeId: 'w', name: 'Web', protocol: 'web', url } });
      const found = host.call('remote.search', { nodeId: 'w', query: { text: 'doe' }, searchId: 'mine' });
      await until(async () => (isAsked ? true : null), 'the request');
      expect(isGivenUp).toBe(false);
      await ask(host, 'remote.stop', { searchId: 'mine' });
      expect(await found).toMatchObject({ ok: false, problem: { code: 'CANCELLED' } });
      await until(async () => (isGivenUp ? true : null), 'the end of the request');
    } finally {
      await host.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

const every = { dateFrom: '', dateTo: '', modality: '', text: '' };
const order = (n: number): string => `
(0008,0005) CS [ISO_IR 192]
(0008,0050) SH [ACC${n}]
(0010,0010) PN [Li^Na]
(0010,0020) LO [L${n}]
(0010,0030) DA [19800101]
(0010,0040) CS [F]
(0020,000d) UI [2.25.88${n}]
(0032,1060) LO [CT chest]
(0040,1001) SH [RP${n}]
(0040,0100) SQ
(fffe,e000) na
(0008,0060) CS [CT]
(0040,0001) AE [CT1]
(0040,0002) DA [20260301]
(0040,0003) TM [0930]
(0040,0007) LO [Chest]
(0040,0009) SH [SPS${n}]
(fffe,e00d) na
(fffe,e0dd) na
`;
