/** Storage commitment as we ask for it: a job says "done" only of what a station promised, whichever way it tells. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { commitmentReport } from '../../core/dimse/command-build.ts';
import { type CommitmentReport, encodeCommitmentReport } from '../../core/dimse/commitment.ts';
import { type Asked, type DcmjsStation, startDcmjs } from '../fixtures/dcmjs-station.ts';
import { DimsePeer, explicitLittle } from '../fixtures/dimse-peer.ts';
import { ask, importPaths, jobEnd, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const commitmentClass = '1.2.840.10008.1.20.1';
const scratch = temporaryFolder();
const images = 3;
const uid = '2.25.811';
let host: Host;
let port = 0;
let station: DcmjsStation;
let onAsked: (asked: Asked, report: (asked: Asked) => void) => void = () => undefined;

beforeAll(async () => {
  ({ host, port } = await openReceiver(join(scratch.path, 'data')));
  await importPaths(host, writeStudy(join(scratch.path, 'files'), { uid, images }));
  station = await startDcmjs({ onCommitment: (asked, report) => onAsked(asked, report) });
  await ask(host, 'nodes.save', {
    node: {
      nodeId: 'n',
      name: 'n',
      protocol: 'dimse',
      aeTitle: 'DCMJS',
      host: '127.0.0.1',
      port: station.port,
    },
  });
});
afterAll(async () => {
  await host?.close();
  station?.close();
  scratch.remove();
});

const send = async () =>
  (await ask(host, 'remote.send', { nodeId: 'n', studyKeys: [`s.${uid}`], commit: true })).jobId;

const outcomes = async (jobId: string) =>
  (await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 10 })).rows.map(
    ({ state, problem }) => `${state} ${problem?.code ?? ''}`,
  );
const jobOf = async (jobId: string) =>
  (await ask(host, 'jobs.list', {})).find((job) => job.jobId === jobId) ?? null;

/** On an association that the station opens to our receiver, as most do. */
async function reportToReceiver(report: CommitmentReport): Promise<void> {
  const contexts = [{ id: 1, abstractSyntax: commitmentClass, transferSyntaxes: [explicitLittle] }];
  const peer = await DimsePeer.open({ port, calling: 'DCMJS', contexts });
  const command = commitmentReport(1, report.failed.length > 0);
  peer.send(1, command, [encodeCommitmentReport(report, 'DCMJS', explicitLittle)]);
  expect((await peer.response())?.status).toBe(0);
  await peer.release();
}
const kept = ({ transactionUid, objects }: Asked): CommitmentReport => ({
  transactionUid,
  committed: objects,
  failed: [],
});
const firstMissing = ({ transactionUid, objects }: Asked): CommitmentReport => ({
  transactionUid,
  committed: objects.slice(1),
  failed: objects.slice(0, 1).map((one) => ({ ...one, reason: 0x0112 })),
});

describe('a station that reports on an association of its own', () => {
  it('ends the job as done when it keeps everything', async () => {
    onAsked = (asked) => void reportToReceiver(kept(asked));
    const jobId = await send();
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', problem: null });
    expect(await outcomes(jobId)).toEqual(Array(images).fill('committed '));
  });

  it('fails the job when it does not keep an object', async () => {
    onAsked = (asked) => void reportToReceiver(firstMissing(asked));
    const jobId = await send();
    expect(await jobEnd(host, jobId)).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMITMENT_INCOMPLETE', params: { objects: 1 } },
    });
    expect(await outcomes(jobId)).toEqual([
      'notCommitted COMMITMENT_FAILED',
      ...Array(images - 1).fill('committed '),
    ]);
  });

  it('after hours is waited for in words, and fails the job when it does not keep an object', async () => {
    const { promise, resolve } = Promise.withResolvers<Asked>();
    onAsked = resolve;
    const jobId = await send();
    const asked = await promise;
    expect(await jobEnd(host, jobId)).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMITMENT_PENDING' },
    });
    expect(await outcomes(jobId)).toEqual(Array(images).fill('done '));
    await reportToReceiver(firstMissing(asked));
    const later = await until(async () => {
      const job = await jobOf(jobId);
      return job?.problem?.code === 'COMMITMENT_PENDING' ? null : job;
    }, 'the amended job');
    expect(later).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMITMENT_INCOMPLETE', params: { objects: 1 } },
    });
  });
});

describe('a station that reports on the same association', () => {
  it('does not promise what its report leaves out', async () => {
    onAsked = (asked, report) => report({ ...asked, objects: asked.objects.slice(1) });
    const jobId = await send();
    expect(await jobEnd(host, jobId)).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMITMENT_INCOMPLETE', params: { objects: 1 } },
    });
    expect(await outcomes(jobId)).toEqual([
      'notCommitted COMMITMENT_UNNAMED',
      ...Array(images - 1).fill('committed '),
    ]);
  });

  it('may tell of an earlier request first: each job gets its own', async () => {
    const first = Promise.withResolvers<Asked>();
    onAsked = first.resolve;
    const earlier = await send();
    expect(await jobEnd(host, earlier)).toMatchObject({ problem: { code: 'COMMITMENT_PENDING' } });
    const asked = await first.promise;
    onAsked = (own, report) => {
      report(asked);
      report(own);
    };
    const jobId = await send();
    expect(await jobEnd(host, jobId)).toMatchObject({ state: 'done', problem: null });
    expect(await outcomes(jobId)).toEqual(Array(images).fill('committed '));
    await until(async () => ((await jobOf(earlier))?.state === 'done' ? true : null), 'the earlier job');
    expect(await outcomes(earlier)).toEqual(Array(images).fill('committed '));
  });
});

it('an event that commitment has not is refused as such', async () => {
  const contexts = [{ id: 1, abstractSyntax: commitmentClass, transferSyntaxes: [explicitLittle] }];
  const peer = await DimsePeer.open({ port, calling: 'DCMJS', contexts });
  const report = encodeCommitmentReport(
    { transactionUid: '1.9', committed: [], failed: [] },
    'A',
    explicitLittle,
  );
  peer.send(1, { ...commitmentReport(1, false), eventTypeId: 9 }, [report]);
  expect((await peer.response())?.status).toBe(0x0113);
  await peer.release();
});

it('a DICOMweb server is never asked: that it cannot promise is said before anything is sent', async () => {
  const web = { nodeId: 'w', name: 'w', protocol: 'web', url: 'http://127.0.0.1:9/dicom-web' } as const;
  await ask(host, 'nodes.save', { node: web });
  const asked = { nodeId: 'w', studyKeys: [`s.${uid}`], commit: true };
  expect(await host.call('remote.send', asked)).toMatchObject({
    ok: false,
    problem: { code: 'NODE_PURPOSE' },
  });
});
