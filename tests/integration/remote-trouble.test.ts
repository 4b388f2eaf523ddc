/** What goes wrong while a send or retrieval runs is told while it runs, with what to do; and is gone when it goes on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { Job } from '../../core/contract/jobs.ts';
import { problemText } from '../../core/terms/terms.ts';
import { type DcmjsStation, startDcmjs } from '../fixtures/dcmjs-station.ts';
import { type Gate, startGate } from '../fixtures/gate.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { dcmtkMissing, startStorescp } from '../fixtures/peers.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { endOf, startCandela } from '../fixtures/terminal.ts';

const scratch = temporaryFolder();
const images = 12;
const uid = '2.25.901';
// 12 × 131 kB: more than sockets keep in their buffers.
const files = writeStudy(join(scratch.path, 'files'), { uid, images, size: 256 });
const cutAt = 900_000;
/** Of the connection after: a few objects. */
const heldAt = 450_000;
let host: Host;

beforeAll(async () => {
  host = await openHost(join(scratch.path, 'data'));
  await importPaths(host, files);
});
afterAll(async () => {
  await host?.close();
  scratch.remove();
});

const save = (one: Host, nodeId: string, aeTitle: string, port: number) =>
  ask(one, 'nodes.save', {
    node: { nodeId, name: nodeId, protocol: 'dimse', aeTitle, host: '127.0.0.1', port },
  });

/** What was said of a job from its first problem on, in order; how often between is a matter of time. */
async function said(one: Host, jobId: string): Promise<string[]> {
  const told: Job[] = [];
  const stop = one.subscribe(0, (event) => {
    if (event.topic === 'job' && event.payload.jobId === jobId) told.push(event.payload);
  });
  await jobEnd(one, jobId);
  stop();
  const words = told
    .map(({ state, problem }) => `${state} ${problem?.code ?? 'well'}`)
    .filter((word) => !/^(waiting|running) well$/.test(word));
  return words.filter((word, n) => word !== words[n - 1]);
}

/**
 * Cuts what stands still, and holds the next connection where some objects have passed: the job is told to be troubled,
 * and then, while it still runs, not any more.
 */
async function cutAndHold(one: Host, jobId: string, gate: Gate): Promise<void> {
  const goesOn = Promise.withResolvers<void>();
  let isTold = false;
  const stop = one.subscribe(0, ({ topic, payload }) => {
    if (topic !== 'job' || payload.jobId !== jobId || payload.state !== 'running') return;
    if (payload.problem?.code === 'CONNECTION_LOST') isTold = true;
    else if (isTold && payload.problem === null) goesOn.resolve();
  });
  gate.cut();
  gate.shutAfter(heldAt);
  await goesOn.promise;
  stop();
  expect(gate.passed).toBeLessThan(images * 131_072);
  gate.open();
}

describe.skipIf(dcmtkMissing !== null)('a send', () => {
  it('says that the connection was lost, and no longer when it goes on', async () => {
    const station = await startStorescp();
    const gate = await startGate(station.port);
    await save(host, 'cable', station.aeTitle, gate.port);
    gate.shutAfter(cutAt);
    const { jobId } = await ask(host, 'remote.send', { nodeId: 'cable', studyKeys: [`s.${uid}`] });
    const words = said(host, jobId);
    await until(async () => gate.passed >= cutAt || null, 'a part of it');
    await cutAndHold(host, jobId, gate);
    expect(await words).toEqual(['running CONNECTION_LOST', 'done well']);
    expect(station.files()).toHaveLength(images);
    gate.close();
    await station.stop();
  });
});

describe('a send to a station whose disk is full', () => {
  let full: DcmjsStation;
  let isFull = true;
  const outOfResources = 0xa700;
  beforeAll(async () => {
    full = await startDcmjs({ statusOf: () => (isFull ? outOfResources : 0) });
    await save(host, 'full', 'DCMJS', full.port);
  });
  afterAll(() => full?.close());

  it('says so at once, and goes on when there is room', async () => {
    const { jobId } = await ask(host, 'remote.send', { nodeId: 'full', studyKeys: [`s.${uid}`] });
    const words = said(host, jobId);
    const isTold = async () =>
      (await ask(host, 'jobs.list', {})).find((job) => job.jobId === jobId && job.problem !== null) ?? null;
    const job = await until(isTold, 'the reason');
    isFull = false;
    expect(job.state).toBe('running');
    for (const language of ['zh-CN', 'en'] as const) {
      const { sentence, advice } = problemText(language, job.problem!);
      expect([sentence, advice]).not.toContain('');
    }
    expect(await words).toEqual(['running PEER_OUT_OF_RESOURCES', 'done well']);
  });

  it('is told by the command while it waits, and in its document', async () => {
    isFull = true;
    const peer = `DCMJS@127.0.0.1:${full.port}`;
    const child = startCandela(
      ['send', '--json', '--peer', peer, ...files.slice(0, 2)],
      join(scratch.path, 'cli'),
    );
    child.stderr?.on('data', (text: Buffer) => {
      if (text.toString().includes('PEER_OUT_OF_RESOURCES')) isFull = false;
    });
    const ran = await endOf(child);
    expect(ran.code, ran.err).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({
      state: 'done',
      code: null,
      met: [{ code: 'PEER_OUT_OF_RESOURCES' }],
    });
  });
});

describe.skipIf(orthancMissing !== null)(`a retrieval (${orthancMissing ?? 'there'})`, () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    await orthanc.upload(files.map((path) => readFileSync(path)));
  });
  afterAll(() => orthanc?.stop());

  it('says that the connection was lost, and fetches the rest', async () => {
    const gate = await startGate(orthanc.dimsePort);
    const reader = await openHost(join(scratch.path, 'reader'));
    await save(reader, 'cable', orthanc.aeTitle, gate.port);
    gate.shutAfter(cutAt);
    const items = [{ studyInstanceUID: uid }];
    const { jobId } = await ask(reader, 'remote.retrieve', { nodeId: 'cable', items });
    const words = said(reader, jobId);
    await until(async () => gate.passed >= cutAt || null, 'a part of it');
    await cutAndHold(reader, jobId, gate);
    expect(await words).toEqual(['running CONNECTION_LOST', 'done well']);
    await reader.close();
    gate.close();
  });

  it('whose question is cut off is asked again, and its job names the patient', async () => {
    const gate = await startGate(orthanc.dimsePort);
    const reader = await openHost(join(scratch.path, 'asked'));
    await save(reader, 'cable', orthanc.aeTitle, gate.port);
    // The first words reach it; its answer does not come back.
    gate.shutAfter(1);
    const items = [{ studyInstanceUID: uid }];
    const { jobId } = await ask(reader, 'remote.retrieve', { nodeId: 'cable', items, about: '王伟' });
    const words = said(reader, jobId);
    await until(async () => gate.passed > 0 || null, 'the question');
    gate.cut();
    expect(await words).toEqual(['running CONNECTION_LOST', 'done well']);
    expect(await jobEnd(reader, jobId)).toMatchObject({ title: 'cable · 王伟', done: images, total: images });
    await reader.close();
    gate.close();
  });

  it('that stands still in the middle of an object is told after the usual wait, and goes on', async () => {
    const gate = await startGate(orthanc.dimsePort);
    const reader = await openHost(join(scratch.path, 'still'));
    const { network } = await ask(reader, 'settings.get', {});
    const limits = { ...network.limits, peerIdleSeconds: 5 };
    await ask(reader, 'settings.set', { changes: { network: { ...network, limits } } });
    await save(reader, 'cable', orthanc.aeTitle, gate.port);
    gate.shutAfter(cutAt);
    const items = [{ studyInstanceUID: uid }];
    const { jobId } = await ask(reader, 'remote.retrieve', { nodeId: 'cable', items });
    const words = said(reader, jobId);
    const told = async () =>
      (await ask(reader, 'jobs.list', {})).find((job) => job.jobId === jobId)?.problem?.code ?? null;
    // Between objects an archive may take two minutes: its tapes are slow.
    expect(await until(told, 'the reason')).toBe('PEER_TIMEOUT');
    gate.open();
    expect(await words).toEqual(['running PEER_TIMEOUT', 'done well']);
    await reader.close();
    gate.close();
  });

  it('of a station that is gone says why it tries again before it gives up', async () => {
    const reader = await openHost(join(scratch.path, 'gone'));
    const gate = await startGate(orthanc.dimsePort);
    await save(reader, 'gone', orthanc.aeTitle, gate.port);
    gate.shutAfter(cutAt);
    const items = [{ studyInstanceUID: uid }];
    const { jobId } = await ask(reader, 'remote.retrieve', { nodeId: 'gone', items });
    const words = said(reader, jobId);
    await until(async () => gate.passed >= cutAt || null, 'a part of it');
    gate.close();
    expect(await words).toEqual([
      'running CONNECTION_LOST',
      'running CONNECTION_REFUSED',
      'failed CONNECTION_REFUSED',
    ]);
    await reader.close();
  });
});
