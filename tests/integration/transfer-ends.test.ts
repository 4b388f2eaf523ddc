/** How a transfer ended: in the audit log, and on a study that a cut retrieval brought back from the bin. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { type DcmjsStation, startDcmjs } from '../fixtures/dcmjs-station.ts';
import { ask, importPaths, jobEnd, listAll, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { openReceiver } from '../fixtures/receiver.ts';
import { writeStudy } from '../fixtures/small-study.ts';

const scratch = temporaryFolder();
const uid = '2.25.871';
const files = writeStudy(join(scratch.path, 'files'), { uid, images: 3 });
const last = `${uid}.1.3`;
let host: Host;
let station: DcmjsStation;

beforeAll(async () => {
  const receiver = await openReceiver(join(scratch.path, 'data'));
  host = receiver.host;
  let refused = '';
  station = await startDcmjs({
    moveTo: { CANDELA: receiver.port },
    withheld: new Set([last]),
    statusOf: (sop) => (sop === refused ? 0xc000 : 0),
  });
  const node = { nodeId: 'n', name: 'Main archive', aeTitle: 'DCMJS', host: '127.0.0.1', port: station.port };
  await ask(host, 'nodes.save', { node: { ...node, protocol: 'dimse', retrieveBy: 'move' } });
  await importPaths(host, files);
  // The station has all three; then it takes the last no more.
  await jobEnd(host, (await ask(host, 'remote.send', { nodeId: 'n', studyKeys: [`s.${uid}`] })).jobId);
  refused = last;
});
afterAll(async () => {
  await host?.close();
  station?.close();
  scratch.remove();
});

const audited = async (event: string) =>
  (await ask(host, 'audit.list', { offset: 0, limit: 50 })).rows
    .filter((row) => row.event === event)
    .map(({ outcome, detail }) => `${outcome}: ${detail}`);

it('of a send is logged with what was sent and what failed', async () => {
  const { jobId } = await ask(host, 'remote.send', { nodeId: 'n', studyKeys: [`s.${uid}`] });
  expect(await jobEnd(host, jobId)).toMatchObject({ state: 'failed', problem: { code: 'SEND_INCOMPLETE' } });
  const rest = `committed 0 not 0 s.${uid}`;
  expect(await audited('remote.sent')).toEqual([
    `SEND_INCOMPLETE: Main archive done 2 failed 1 left 0 before 0 ${rest}`,
    `ok: Main archive done 3 failed 0 left 0 before 0 ${rest}`,
  ]);
});

it('of a retrieval that brought a part of a study back from the bin is logged, and told of the study', async () => {
  const keys = { studyKeys: [`s.${uid}`] };
  await ask(host, 'studies.delete', keys);
  await ask(host, 'storage.emptyTrash', {});
  await importPaths(host, files.slice(0, 2));
  await ask(host, 'studies.delete', keys);
  const items = [{ studyInstanceUID: uid }];
  const { jobId } = await ask(host, 'remote.retrieve', { nodeId: 'n', items });
  const row = async () => (await listAll(host)).rows[0] ?? null;
  expect(await until(row, 'the study')).toMatchObject({ arriving: true, instances: 2 });
  const isTold = async () =>
    (await ask(host, 'jobs.list', {})).find((job) => job.jobId === jobId)?.problem ?? null;
  expect(await until(isTold, 'what is missing')).toMatchObject({ code: 'NOT_DELIVERED' });
  await ask(host, 'jobs.cancel', { jobId });
  expect(await audited('remote.retrieved')).toEqual([
    `CANCELLED: Main archive done 2 failed 1 left 0 before 0 committed 0 not 0 ${uid}`,
  ]);
  const settled = async () => ((await row())?.arriving === false ? row() : null);
  expect(await until(settled, 'the end of it')).toMatchObject({ incomplete: true, instances: 2 });
});
