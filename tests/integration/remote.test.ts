/** Searching, retrieving and sending through the host, against Orthanc and DCMTK. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { RemoteNode } from '../../core/contract/network.ts';
import { emptyNode } from '../../renderer/pages/settings/node-draft.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until, untilListening } from '../fixtures/listening.ts';
import { freePort, type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run, startDcmqrscp, startStorescp, startWlmscpfs } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const node = (
  nodeId: string,
  aeTitle: string,
  port: number,
  more: Partial<RemoteNode> = {},
): RemoteNode => ({
  ...emptyNode(),
  nodeId,
  name: nodeId,
  aeTitle,
  host: '127.0.0.1',
  port,
  ...more,
});

const query = {
  text: '',
  patientName: '',
  patientId: '',
  accessionNumber: '',
  studyInstanceUID: '',
  dateFrom: '',
  dateTo: '',
  modalities: [] as string[],
  limit: 500,
};

const save = (host: Host, one: RemoteNode) => ask(host, 'nodes.save', { node: one });

describe.skipIf(orthancMissing !== null)(`Orthanc by DIMSE (${orthancMissing ?? 'there'})`, () => {
  let orthanc: Orthanc;
  let host: Host;
  let receiverPort = 0;
  const files = [
    ...writeStudy(join(scratch.path, 'a'), {
      uid: '2.25.101',
      series: 2,
      images: 3,
      patientName: 'Wang^XiaoDong=王^小东',
      patientId: 'W1',
    }),
    ...writeStudy(join(scratch.path, 'b'), {
      uid: '2.25.102',
      images: 2,
      patientName: 'Smith^Anna',
      patientId: 'S1',
      studyDate: '20250101',
      accessionNumber: 'ACC9',
    }),
  ];

  beforeAll(async () => {
    receiverPort = await freePort();
    orthanc = await startOrthanc({
      more: { DefaultEncoding: 'Utf8' },
      modalities: { candela: ['CANDELA', '127.0.0.1', receiverPort] },
    });
    await orthanc.upload(files.map((path) => readFileSync(path)));
    host = await openHost(join(scratch.path, 'data'), {
      shell: 'browser',
      receiver: { enabled: true, port: receiverPort, address: '127.0.0.1' },
    });
    await untilListening(host);
    await save(host, node('o', orthanc.aeTitle, orthanc.dimsePort));
    await save(host, node('om', orthanc.aeTitle, orthanc.dimsePort, { retrieveBy: 'move' }));
  });
  afterAll(async () => {
    await host?.close();
    await orthanc?.stop();
  });

  it('finds by Chinese name, pinyin, ID, accession number and date, and says what is here', async () => {
    const find = async (more: Partial<typeof query>) =>
      (await ask(host, 'remote.search', { nodeId: 'o', query: { ...query, ...more } })).rows;
    const found = async (more: Partial<typeof query>) =>
      (await find(more)).map(({ studyInstanceUID }) => studyInstanceUID).sort();
    expect(await found({ text: '王小东' })).toEqual(['2.25.101']);
    expect(await found({ text: 'wang' })).toEqual(['2.25.101']);
    expect(await found({ text: 'smith anna' })).toEqual(['2.25.102']);
    expect(await found({ text: 'S1' })).toEqual(['2.25.102']);
    expect(await found({ accessionNumber: 'ACC9' })).toEqual(['2.25.102']);
    expect(await found({ dateFrom: '20250101', dateTo: '20251231' })).toEqual(['2.25.102']);
    expect(await found({ modalities: ['MR'] })).toEqual([]);
    const [row] = await find({ patientId: 'W1' });
    expect(row).toMatchObject({
      patientName: { alphabetic: 'Wang^XiaoDong', ideographic: '王^小东' },
      modalities: ['CT'],
      series: 2,
      instances: 6,
      localStudyKey: null,
      localInstances: 0,
    });
  });

  it('lists the series of a study', async () => {
    const series = await ask(host, 'remote.series', { nodeId: 'o', studyInstanceUID: '2.25.101' });
    expect(
      series.map(({ number, modality, description, instances }) => [
        number,
        modality,
        description,
        instances,
      ]),
    ).toEqual([
      [1, 'CT', 'Series 1', 3],
      [2, 'CT', 'Series 2', 3],
    ]);
  });

  it('retrieves one series by C-GET, then only the rest of the study', async () => {
    const first = await ask(host, 'remote.retrieve', {
      nodeId: 'o',
      items: [{ studyInstanceUID: '2.25.101', seriesInstanceUID: '2.25.101.1' }],
    });
    expect(await jobEnd(host, first.jobId)).toMatchObject({
      state: 'done',
      done: 3,
      total: 3,
      problem: null,
    });
    const second = await ask(host, 'remote.retrieve', {
      nodeId: 'o',
      items: [{ studyInstanceUID: '2.25.101' }],
    });
    expect(await jobEnd(host, second.jobId)).toMatchObject({
      state: 'done',
      done: 6,
      total: 6,
      problem: null,
    });
    const { rows } = await listAll(host, 'W1');
    expect(rows).toMatchObject([{ studyInstanceUID: '2.25.101', instances: 6, source: 'received' }]);
    const receipts = await ask(host, 'jobs.receipts', {});
    expect(
      receipts.map(({ stored, duplicates, source }) => [stored, duplicates, source]).slice(0, 2),
    ).toEqual([
      [3, 0, orthanc.aeTitle],
      [3, 0, orthanc.aeTitle],
    ]);
    const outcomes = await ask(host, 'remote.outcomes', { jobId: second.jobId, offset: 0, limit: 100 });
    expect(outcomes).toMatchObject({ total: 6, failed: 0 });
  });

  it('retrieves by C-MOVE to our receiver', async () => {
    const { jobId } = await ask(host, 'remote.retrieve', {
      nodeId: 'om',
      items: [{ studyInstanceUID: '2.25.102' }],
    });
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 2, problem: null });
    expect((await listAll(host, 'S1')).rows).toMatchObject([{ instances: 2 }]);
    const found = await ask(host, 'remote.search', { nodeId: 'o', query: { ...query, patientId: 'S1' } });
    expect(found.rows[0]).toMatchObject({ localInstances: 2 });
  });

  it('sends a study back', async () => {
    const [path] = writeStudy(join(scratch.path, 'c'), { uid: '2.25.103', patientId: 'N1' });
    await importPaths(host, [path!]);
    const [row] = (await listAll(host, 'N1')).rows;
    const { jobId } = await ask(host, 'remote.send', { nodeId: 'o', studyKeys: [row!.studyKey] });
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 1, total: 1, problem: null });
    const ids = (await (
      await orthanc.rest(
        'POST',
        '/tools/find',
        JSON.stringify({ Level: 'Instance', Query: { PatientID: 'N1' } }),
      )
    ).json()) as string[];
    const back = new Uint8Array(
      await (await orthanc.rest('GET', `/instances/${ids[0]}/frames/0/raw`)).arrayBuffer(),
    );
    // Orthanc writes data sets anew; the pixels are ours.
    const pixels = readFileSync(path!).subarray(-512);
    expect(hash(back)).toBe(hash(pixels));
  });

  it('asks Orthanc for commitment, which reports to our receiver', async () => {
    const files = writeStudy(join(scratch.path, 'g'), { uid: '2.25.106', images: 2, patientId: 'G1' });
    await importPaths(host, files);
    const { jobId } = await ask(host, 'remote.send', {
      nodeId: 'o',
      studyKeys: ['s.2.25.106'],
      commit: true,
    });
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', problem: null });
    const rows = await until(async () => {
      const page = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
      return page.rows.every(({ state }) => state === 'committed') ? page.rows : null;
    }, 'the report');
    expect(rows).toHaveLength(2);
  });

  it('says so where the report cannot come, as the receiver is off', async () => {
    const deaf = await openHost(join(scratch.path, 'deaf'));
    await save(deaf, node('o', orthanc.aeTitle, orthanc.dimsePort));
    await importPaths(
      deaf,
      writeStudy(join(scratch.path, 'h'), { uid: '2.25.107', images: 2, patientId: 'H1' }),
    );
    const studyKeys = ['s.2.25.107'];
    const { jobId } = await ask(deaf, 'remote.send', { nodeId: 'o', studyKeys, commit: true });
    const ended = await jobEnd(deaf, jobId);
    expect(ended).toMatchObject({ state: 'failed', problem: { code: 'COMMITMENT_UNHEARD' } });
    const { rows } = await ask(deaf, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done']);
    await deaf.close();
  });

  it('tests a node step by step', async () => {
    const good = await ask(host, 'nodes.test', { node: node('t', orthanc.aeTitle, orthanc.dimsePort) });
    expect(good.ok).toBe(true);
    expect(good.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'address ok',
      'connect ok',
      'associate ok',
      'echo ok',
      'query ok',
    ]);
    const bad = await ask(host, 'nodes.test', { node: node('t', orthanc.aeTitle, 1) });
    expect(bad.ok).toBe(false);
    expect(bad.steps.find(({ state }) => state === 'failed')).toMatchObject({
      id: 'connect',
      problem: { code: 'CONNECTION_REFUSED' },
    });
  });
});

describe.skipIf(dcmtkMissing !== null)(`DCMTK (${dcmtkMissing ?? 'there'})`, () => {
  it('stores to dcmqrscp, finds it there, and gets it back', async () => {
    const archive = await startDcmqrscp();
    const files = writeStudy(join(scratch.path, 'd'), {
      uid: '2.25.104',
      series: 2,
      images: 2,
      patientId: 'D1',
    });
    const sender = await openHost(join(scratch.path, 'sender'));
    const taker = await openHost(join(scratch.path, 'taker'));
    try {
      await save(sender, node('q', 'ARCHIVE', archive.port));
      await save(taker, node('q', 'ARCHIVE', archive.port, { queryRoot: 'patient' }));
      await importPaths(sender, files);
      const [row] = (await listAll(sender)).rows;
      const sent = await ask(sender, 'remote.send', { nodeId: 'q', studyKeys: [row!.studyKey] });
      expect(await jobEnd(sender, sent.jobId)).toMatchObject({ state: 'done', done: 4 });
      const found = await ask(taker, 'remote.search', { nodeId: 'q', query: { ...query, patientId: 'D1' } });
      expect(found.rows.map(({ studyInstanceUID }) => studyInstanceUID)).toEqual(['2.25.104']);
      const got = await ask(taker, 'remote.retrieve', {
        nodeId: 'q',
        items: [{ studyInstanceUID: '2.25.104' }],
      });
      expect(await jobEnd(taker, got.jobId)).toMatchObject({ state: 'done', done: 4, total: 4 });
      expect((await listAll(taker)).rows).toMatchObject([{ instances: 4, series: 2 }]);
    } finally {
      await sender.close();
      await taker.close();
      await archive.stop();
    }
  });

  it('is reached by C-MOVE under the title that the receiver has in this run', async () => {
    const port = await freePort();
    const archive = await startDcmqrscp([{ aeTitle: 'TODAY', port }], ['-v']);
    const files = writeStudy(join(scratch.path, 'i'), { uid: '2.25.108', images: 2, patientId: 'I1' });
    expect(
      (await run('storescu', ['-aec', 'ARCHIVE', '127.0.0.1', String(archive.port), ...files])).code,
    ).toBe(0);
    const host = await openHost(join(scratch.path, 'today'), {
      receiver: { enabled: true, port, address: '127.0.0.1', aeTitle: 'TODAY' },
    });
    try {
      await untilListening(host);
      await save(host, node('q', 'ARCHIVE', archive.port, { retrieveBy: 'move' }));
      const { jobId } = await ask(host, 'remote.retrieve', {
        nodeId: 'q',
        items: [{ studyInstanceUID: '2.25.108' }],
      });
      expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 2, total: 2 });
    } finally {
      await host.close();
      await archive.stop();
    }
  });

  it('tries again what could not be sent, and sends only that after a retry', async () => {
    const files = writeStudy(join(scratch.path, 'e'), { uid: '2.25.105', images: 3, patientId: 'E1' });
    const host = await openHost(join(scratch.path, 'again'));
    const port = await freePort();
    try {
      await save(host, node('s', 'STORESCP', port));
      await importPaths(host, files);
      const [row] = (await listAll(host)).rows;
      const { jobId } = await ask(host, 'remote.send', { nodeId: 's', studyKeys: [row!.studyKey] });
      expect(await jobEnd(host, jobId)).toMatchObject({
        state: 'failed',
        problem: { code: 'CONNECTION_REFUSED' },
      });
      const before = await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 });
      expect(before).toMatchObject({ total: 3, failed: 3 });
      const station = await startStorescp();
      await save(host, node('s', station.aeTitle, station.port));
      const retried = await ask(host, 'jobs.retry', { jobId });
      expect(await jobEnd(host, retried.jobId)).toMatchObject({ state: 'done', done: 3 });
      expect(station.files()).toHaveLength(3);
      const again = await ask(host, 'jobs.retry', { jobId: retried.jobId });
      expect(await jobEnd(host, again.jobId)).toMatchObject({ state: 'done', done: 3 });
      await station.stop();
    } finally {
      await host.close();
    }
  });

  it('reads a worklist and finds the study that belongs to an order', async () => {
    const item = `
(0008,0005) CS [ISO_IR 192]
(0008,0050) SH [ACC7]
(0010,0010) PN [Li^Na]
(0010,0020) LO [L7]
(0010,0030) DA [19800101]
(0010,0040) CS [F]
(0020,000d) UI [2.25.777]
(0032,1060) LO [CT chest]
(0040,1001) SH [RP1]
(0040,0100) SQ
(fffe,e000) na
(0008,0060) CS [CT]
(0040,0001) AE [CT1]
(0040,0002) DA [20260301]
(0040,0003) TM [0930]
(0040,0007) LO [Chest]
(0040,0009) SH [SPS1]
(fffe,e00d) na
(fffe,e0dd) na
`;
    const list = await startWlmscpfs([item]);
    const host = await openHost(join(scratch.path, 'orders'));
    try {
      await save(host, node('w', list.aeTitle, list.port, { hasWorklist: true, canQuery: false }));
      const files = writeStudy(join(scratch.path, 'f'), {
        uid: '2.25.778',
        accessionNumber: 'ACC7',
        patientId: 'L7',
      });
      await importPaths(host, files);
      const day = { dateFrom: '20260301', dateTo: '20260301', modality: 'CT', text: '' };
      const found = await ask(host, 'worklist.search', { nodeId: 'w', ...day });
      expect(found.rows).toMatchObject([
        {
          patientName: { alphabetic: 'Li^Na' },
          accessionNumber: 'ACC7',
          stationAeTitle: 'CT1',
          startTime: '0930',
          procedure: 'Chest',
          localStudyKey: 's.2.25.778',
        },
      ]);
      const other = await ask(host, 'worklist.search', { nodeId: 'w', ...day, modality: 'MR' });
      expect(other.rows).toEqual([]);
    } finally {
      await host.close();
      await list.stop();
    }
  });
});
