/** Transfers that are cut off: by their reader, by the end of the program, by the other side. */
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { dcmtkMissing, startDcmqrscp, startStorescp } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { startCandela } from '../fixtures/terminal.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());

const outcomes = async (host: Host, jobId: string) =>
  (await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 1000 })).rows;
const progress = (host: Host, jobId: string, done: number) =>
  until(async () => {
    const job = (await ask(host, 'jobs.list', {})).find((one) => one.jobId === jobId);
    return job && (job.done >= done || !['waiting', 'running'].includes(job.state)) ? job : null;
  }, `${done} objects`);

describe.skipIf(dcmtkMissing !== null)(`cut off (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  it('a send killed with the program goes on with what was not sent', async () => {
    const station = await startStorescp(['--sleep-after', '1']);
    const data = join(scratch.path, 'killed');
    const files = writeStudy(join(scratch.path, 'a'), { uid: '2.25.501', images: 6 });
    const first = await openHost(data);
    await importPaths(first, files);
    await first.close();
    const peer = `${station.aeTitle}@127.0.0.1:${station.port}`;
    const child = startCandela(['send', '--peer', peer, '2.25.501'], data);
    await until(async () => (station.files().length >= 2 ? true : null), 'two objects');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const host = await openHost(data);
    try {
      const [job] = (await ask(host, 'jobs.list', {})).filter(({ kind }) => kind === 'send');
      expect(job).toMatchObject({ state: 'interrupted', problem: { code: 'JOB_INTERRUPTED' } });
      const before = await outcomes(host, job!.jobId);
      expect(before).toHaveLength(6);
      const trail = await ask(host, 'audit.list', { offset: 0, limit: 10 });
      expect(trail.rows.filter(({ event }) => event === 'remote.sent')).toMatchObject([
        { outcome: 'JOB_INTERRUPTED' },
      ]);
      const done = before.filter(({ state }) => state === 'done').map(({ sopInstanceUID }) => sopInstanceUID);
      const { jobId } = await ask(host, 'jobs.retry', { jobId: job!.jobId });
      expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', done: 6, problem: null });
      const after = await outcomes(host, jobId);
      expect(after.every(({ state }) => state === 'done')).toBe(true);
      // What was noted as sent kept its one attempt.
      for (const uid of done) {
        expect(after.find(({ sopInstanceUID }) => sopInstanceUID === uid)?.attempts).toBe(1);
      }
      expect(new Set(station.files()).size).toBe(6);
    } finally {
      await host.close();
      await station.stop();
    }
  });

  it('a cancelled send ends soon, and says what was sent', async () => {
    const station = await startStorescp(['--sleep-after', '1']);
    const host = await openHost(join(scratch.path, 'cancelled'));
    try {
      await importPaths(host, writeStudy(join(scratch.path, 'b'), { uid: '2.25.502', images: 30 }));
      const nodeId = `${station.aeTitle}@127.0.0.1:${station.port}`;
      const { jobId } = await ask(host, 'remote.send', { nodeId, studyKeys: ['s.2.25.502'] });
      await progress(host, jobId, 1);
      await ask(host, 'jobs.cancel', { jobId });
      const job = (await ask(host, 'jobs.list', {})).find((one) => one.jobId === jobId);
      expect(job?.state).toBe('cancelled');
      const rows = await outcomes(host, jobId);
      expect(rows.filter(({ state }) => state === 'done').length).toBeGreaterThan(0);
      expect(rows.filter(({ state }) => state === 'waiting').length).toBeGreaterThan(0);
    } finally {
      await host.close();
      await station.stop();
    }
  });

  it('a cancelled retrieval keeps what came, and the next one asks for the rest', async () => {
    const archive = await startDcmqrscp();
    const nodeId = `ARCHIVE@127.0.0.1:${archive.port}`;
    const sender = await openHost(join(scratch.path, 'sender'));
    const host = await openHost(join(scratch.path, 'taker'));
    try {
      await importPaths(
        sender,
        writeStudy(join(scratch.path, 'c'), { uid: '2.25.503', images: 200, size: 256 }),
      );
      const sent = await ask(sender, 'remote.send', { nodeId, studyKeys: ['s.2.25.503'] });
      expect(await jobEnd(sender, sent.jobId)).toMatchObject({ state: 'done', done: 200 });
      const items = [{ studyInstanceUID: '2.25.503' }];
      const { jobId } = await ask(host, 'remote.retrieve', { nodeId, items });
      await progress(host, jobId, 5);
      await ask(host, 'jobs.cancel', { jobId });
      const job = (await ask(host, 'jobs.list', {})).find((one) => one.jobId === jobId);
      const came =
        (await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 10 })).rows[0]
          ?.instances ?? 0;
      if (job?.state === 'cancelled') expect(came).toBeLessThan(200);
      const rest = await ask(host, 'jobs.retry', { jobId });
      expect(await jobEnd(host, rest.jobId)).toMatchObject({
        state: 'done',
        done: 200,
        total: 200,
        problem: null,
      });
      const receipts = await ask(host, 'jobs.receipts', {});
      expect(receipts.reduce((sum, { stored }) => sum + stored, 0)).toBe(200);
      expect(receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(0);
    } finally {
      await sender.close();
      await host.close();
      await archive.stop();
    }
  });

  it('an archive that vanishes is told, and what came is kept', async () => {
    const archive = await startDcmqrscp();
    const nodeId = `ARCHIVE@127.0.0.1:${archive.port}`;
    const host = await openHost(join(scratch.path, 'vanished'));
    await archive.stop();
    try {
      const { jobId } = await ask(host, 'remote.retrieve', {
        nodeId,
        items: [{ studyInstanceUID: '2.25.504' }],
      });
      expect(await jobEnd(host, jobId)).toMatchObject({
        state: 'failed',
        problem: { code: 'CONNECTION_REFUSED' },
      });
    } finally {
      await host.close();
    }
  });
});
