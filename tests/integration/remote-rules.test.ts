/** What happens by itself: forwarding, and priors of a study that arrives or is opened. */
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { startDcmjs } from '../fixtures/dcmjs-station.ts';
import { ask, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until, untilListening } from '../fixtures/listening.ts';
import { freePort, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { dcmtkMissing, run, startStorescp } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());

const jobsOf = async (host: Host, kind: string) =>
  (await ask(host, 'jobs.list', {})).filter((job) => job.kind === kind);

async function receiving(name: string, network: object): Promise<{ host: Host; port: number }> {
  const port = await freePort();
  const host = await openHost(join(scratch.path, name), {
    shell: 'browser',
    receiver: { enabled: true, port, address: '127.0.0.1' },
  });
  const settings = await ask(host, 'settings.get', {});
  await ask(host, 'settings.set', { changes: { network: { ...settings.network, ...network } } });
  await untilListening(host);
  return { host, port };
}

describe.skipIf(dcmtkMissing !== null)(`forwarding (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  it('sends on what arrives from one title, once', async () => {
    const target = await startStorescp([], 'TARGET');
    const { host, port } = await receiving('forward', {
      forwarding: [{ ruleId: 'r', enabled: true, fromAeTitle: 'CT1', modality: 'CT', toNodeId: 't' }],
    });
    try {
      await ask(host, 'nodes.save', {
        node: {
          nodeId: 't',
          name: 'Target',
          protocol: 'dimse',
          aeTitle: 'TARGET',
          host: '127.0.0.1',
          port: target.port,
        },
      });
      const files = writeStudy(join(scratch.path, 'a'), { uid: '2.25.301', images: 3 });
      const others = writeStudy(join(scratch.path, 'b'), { uid: '2.25.302' });
      const send = (aeTitle: string, paths: readonly string[]) =>
        run('storescu', ['-aet', aeTitle, '-aec', 'CANDELA', '127.0.0.1', String(port), ...paths]);
      expect((await send('CT2', others)).code).toBe(0);
      expect((await send('CT1', files)).code).toBe(0);
      const job = await until(async () => {
        const [found] = await jobsOf(host, 'send');
        return found?.state === 'done' ? found : null;
      }, 'the forwarding job');
      expect(job).toMatchObject({ done: 3, total: 3, title: 'Target · Test Patient' });
      expect(target.files()).toHaveLength(3);
      // The same again is nothing new.
      expect((await send('CT1', files)).code).toBe(0);
      await until(async () => {
        const { rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 10 });
        return rows.some(({ arriving }) => arriving) ? null : rows;
      }, 'the end of arriving');
      expect(await jobsOf(host, 'send')).toHaveLength(1);
    } finally {
      await host.close();
      await target.stop();
    }
  });
});

describe.skipIf(orthancMissing !== null || dcmtkMissing !== null)(
  `priors (${orthancMissing ?? 'Orthanc is there'})`,
  () => {
    it('fetches earlier studies of the same patient and region, and nobody else', async () => {
      const archive = await startOrthanc();
      const { host, port } = await receiving('priors', {
        priors: { enabled: true, nodeId: 'o', years: 3, sameModality: false, sameBodyPart: true, atMost: 3 },
      });
      const patient = { patientId: 'P7', patientName: 'Li^Na' };
      const at = (uid: string, more: object) =>
        writeStudy(join(scratch.path, uid), { uid, ...patient, ...more });
      try {
        await archive.upload(
          [
            ...at('2.25.311', { studyDate: '20250301' }),
            ...at('2.25.312', { studyDate: '20250401', bodyPart: 'KNEE', description: 'Knee' }),
            ...at('2.25.313', { studyDate: '20200101' }),
            ...at('2.25.314', { studyDate: '20250501', patientName: 'Wu^Di' }),
            ...at('2.25.315', { studyDate: '20250601', patientId: 'P77' }),
          ].map((path) => readFileSync(path)),
        );
        await ask(host, 'nodes.save', {
          node: {
            nodeId: 'o',
            name: 'Archive',
            protocol: 'dimse',
            aeTitle: archive.aeTitle,
            host: '127.0.0.1',
            port: archive.dimsePort,
          },
        });
        const current = at('2.25.310', { studyDate: '20260301' });
        const sent = await run('storescu', ['-aec', 'CANDELA', '127.0.0.1', String(port), ...current]);
        expect(sent.code, sent.output).toBe(0);
        await until(async () => {
          const [found] = await jobsOf(host, 'retrieve');
          return found?.state === 'done' ? found : null;
        }, 'the priors');
        const { rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 10 });
        expect(rows.map(({ studyInstanceUID }) => studyInstanceUID).sort()).toEqual(['2.25.310', '2.25.311']);
        expect(await jobsOf(host, 'retrieve')).toHaveLength(1);
      } finally {
        await host.close();
        await archive.stop();
      }
    });
  },
);

describe.skipIf(dcmtkMissing !== null)('priors of a station that does not answer', () => {
  const priors = {
    enabled: true,
    nodeId: 'o',
    years: 3,
    sameModality: false,
    sameBodyPart: false,
    atMost: 3,
  } as const;
  const send = async (port: number, paths: readonly string[]) => {
    const sent = await run('storescu', [
      '-aet',
      'CT1',
      '-aec',
      'CANDELA',
      '127.0.0.1',
      String(port),
      ...paths,
    ]);
    expect(sent.code, sent.output).toBe(0);
  };
  const node = (nodeId: string, aeTitle: string, port: number) => ({
    node: { nodeId, name: nodeId, protocol: 'dimse', aeTitle, host: '127.0.0.1', port } as const,
  });
  const isHere = async (host: Host, uid: string) =>
    (await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 20 })).rows.some(
      ({ studyInstanceUID }) => studyInstanceUID === uid,
    ) || null;

  it('are told of by one job, which fetches them when it is tried again', async () => {
    const { host, port } = await receiving('dead', { priors });
    const station = await startDcmjs();
    try {
      await ask(host, 'nodes.save', node('o', 'DCMJS', await freePort()));
      const of = (uid: string, studyDate: string) =>
        writeStudy(join(scratch.path, uid), { uid, studyDate, patientId: 'P9', patientName: 'Li^Na' });
      await send(port, of('2.25.321', '20260301'));
      const failed = await until(async () => {
        const [found] = await jobsOf(host, 'retrieve');
        return found?.state === 'failed' ? found : null;
      }, 'the job that says why');
      expect(failed.problem?.code).toBe('CONNECTION_REFUSED');
      await send(port, of('2.25.322', '20260401'));
      await until(() => isHere(host, '2.25.322'), 'another study');
      await send(station.port, of('2.25.323', '20250301'));
      await ask(host, 'nodes.save', node('o', 'DCMJS', station.port));
      await ask(host, 'jobs.retry', { jobId: failed.jobId });
      await until(() => isHere(host, '2.25.323'), 'the prior');
      expect((await jobsOf(host, 'retrieve')).filter(({ state }) => state === 'failed')).toHaveLength(1);
    } finally {
      await host.close();
      station.close();
    }
  });

  it('hold up no forwarding', async () => {
    const forwarding = [{ ruleId: 'r', enabled: true, fromAeTitle: '', modality: '', toNodeId: 't' }];
    // The first call waits longer than the test.
    const limits = { peerConnectSeconds: 120 };
    const { host, port } = await receiving('mute', { priors, forwarding, limits });
    const calls: Socket[] = [];
    const mute = createServer((socket) => void calls.push(socket.on('error', () => undefined).resume()));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const target = await startStorescp([], 'TARGET');
    try {
      await ask(host, 'nodes.save', node('o', 'MUTE', (mute.address() as AddressInfo).port));
      await ask(host, 'nodes.save', node('t', 'TARGET', target.port));
      const current = writeStudy(join(scratch.path, 'm1'), { uid: '2.25.331', patientId: 'P9' });
      await send(port, current);
      await until(async () => calls.length > 0 || null, 'the search for priors');
      await until(async () => target.files().length > 0 || null, 'what is forwarded');
      const next = writeStudy(join(scratch.path, 'm2'), { uid: '2.25.332', patientId: 'P9' });
      await send(port, next);
      await until(async () => target.files().length === current.length + next.length || null, 'the next');
      // None was given up yet: the first call still waits for its answer.
      expect(calls.every((socket) => !socket.destroyed)).toBe(true);
      expect(await jobsOf(host, 'retrieve')).toEqual([]);
    } finally {
      await host.close();
      mute.close();
      await target.stop();
    }
  });
});
