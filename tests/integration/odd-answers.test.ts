/** Stations whose answers cannot be read, and what is said of them. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { element } from '../../core/dicom/write/element.ts';
import { encodeMessageDataset } from '../../core/dimse/query-dataset.ts';
import { ctClass, explicitLittle } from '../fixtures/dimse-peer.ts';
import { ask, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { until } from '../fixtures/listening.ts';
import { type Came, startScriptedScp } from '../fixtures/scripted-scp.ts';

const scratch = temporaryFolder();
let host: Host;
/** Above the limit of 2, and looked at each time. */
let freeGiB = 2.5;
let onMessage: (came: Came) => void = () => undefined;
let scp: Awaited<ReturnType<typeof startScriptedScp>>;

beforeAll(async () => {
  host = await openHost(join(scratch.path, 'data'), { freeBytes: async () => freeGiB * 1024 ** 3 });
  scp = await startScriptedScp((came) => onMessage(came));
  const node = { nodeId: 'n', name: 'n', aeTitle: 'ODD', host: '127.0.0.1', port: scp.port } as const;
  await ask(host, 'nodes.save', { node: { ...node, protocol: 'dimse', retrieveBy: 'get' } });
});
afterAll(async () => {
  await host?.close();
  scp?.close();
  scratch.remove();
});

const garbage = Buffer.from('no data set of DICOM at all!');
const row = (level: string): Uint8Array =>
  encodeMessageDataset(
    [
      element(0x00080016, 'UI', ctClass),
      element(0x00080018, 'UI', '1.2.3.4'),
      element(0x00080052, 'CS', level),
      element(0x0020000d, 'UI', '1.2'),
      element(0x0020000e, 'UI', '1.2.3'),
    ],
    explicitLittle,
    '',
  );

/** Answers a question with these, and success. */
function answerWith({ contextId, command, send }: Came, rows: readonly Uint8Array[]): void {
  const name = command.name === 'C-GET-RQ' ? 'C-GET-RSP' : 'C-FIND-RSP';
  const { messageId = 0, affectedSopClassUid = '' } = command;
  const head = { name, affectedSopClassUid, messageIdBeingRespondedTo: messageId } as const;
  for (const one of rows) send(contextId, { ...head, status: 0xff00, hasDataset: true }, one);
  send(contextId, { ...head, status: 0, hasDataset: false });
}

const search = async () => {
  const found = await host.call('remote.search', { nodeId: 'n', query: { studyInstanceUID: '1.2' } });
  if (!found.ok) return found.problem.code;
  const { rows, partial } = found.value;
  return `${rows.length}${partial ? ' partial' : ''}`;
};

it.each([
  ['all of them', [garbage], 'PEER_ANSWER_INVALID'],
  ['one of them', [garbage, row('STUDY')], '1 partial'],
  ['none of them', [row('STUDY')], '1'],
  ['no study', [], '0'],
] as const)('answers of which nobody can read %s', async (_which, rows, expected) => {
  onMessage = (came) => answerWith(came, rows);
  expect(await search()).toBe(expected);
});

it('an object that is none is told as such, not as one that did not come', async () => {
  onMessage = (came) => {
    const { command, dataset, contextOf, send } = came;
    if (command.name === 'C-FIND-RQ')
      answerWith(came, [row(/STUDY|SERIES|IMAGE/.exec(dataset.toString('latin1'))?.[0] ?? '')]);
    else if (command.name === 'C-GET-RQ') {
      const store = { affectedSopClassUid: ctClass, affectedSopInstanceUid: '1.2.3.4', priority: 0 } as const;
      send(contextOf(ctClass), { name: 'C-STORE-RQ', messageId: 1, ...store, hasDataset: true }, garbage);
      // It goes on when its object was answered.
      onMessage = (answer) => {
        if (answer.command.name === 'C-STORE-RSP') answerWith(came, []);
      };
    }
  };
  const { jobId } = await ask(host, 'remote.retrieve', { nodeId: 'n', items: [{ studyInstanceUID: '1.2' }] });
  const told = async () =>
    (await ask(host, 'remote.outcomes', { jobId, offset: 0, limit: 1 })).rows[0]?.problem?.code ?? null;
  expect(await until(told, 'the reason')).toBe('LENGTH_BEYOND_EOF');
  await ask(host, 'jobs.cancel', { jobId });
});

it('an object that finds no room is told as that, not as the want of room there', async () => {
  onMessage = (came) => {
    const { command, dataset, contextId, contextOf, send } = came;
    if (command.name === 'C-FIND-RQ')
      answerWith(came, [row(/STUDY|SERIES|IMAGE/.exec(dataset.toString('latin1'))?.[0] ?? '')]);
    if (command.name !== 'C-GET-RQ') return;
    freeGiB = 1;
    const store = { affectedSopClassUid: ctClass, affectedSopInstanceUid: '1.2.3.4', priority: 0 } as const;
    send(contextOf(ctClass), { name: 'C-STORE-RQ', messageId: 1, ...store, hasDataset: true }, row('IMAGE'));
    onMessage = () => {
      // Something was deleted meanwhile.
      freeGiB = 2.5;
      const { messageId = 0, affectedSopClassUid = '' } = command;
      const head = { affectedSopClassUid, messageIdBeingRespondedTo: messageId, hasDataset: false } as const;
      send(contextId, { name: 'C-GET-RSP', ...head, status: 0xa702 });
    };
  };
  const { jobId } = await ask(host, 'remote.retrieve', { nodeId: 'n', items: [{ studyInstanceUID: '1.2' }] });
  expect(await jobEnd(host, jobId)).toMatchObject({ state: 'failed', problem: { code: 'DISK_FULL' } });
});
