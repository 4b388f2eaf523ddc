import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { Association } from './association.ts';
import { IntakeClient } from './intake-client.ts';
import type { IntakeNote } from './intake-protocol.ts';
import { StoreReception } from './store-reception.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-reception-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command: Command = {
  name: 'C-STORE-RQ',
  messageId: 7,
  affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  affectedSopInstanceUid: '1.2.3',
  priority: 0,
  hasDataset: true,
};

function reception(maxObjectBytes: number, refused: Problem | null) {
  const told: { aborted?: string; answered?: Command; notes: IntakeNote[] } = { notes: [] };
  const made: { taker?: StoreReception } = {};
  // What an association does with the end of it: the taker goes.
  const association = {
    id: 5,
    callingAeTitle: 'CT1',
    abort: (why: Problem) => {
      told.aborted ??= why.code;
      made.taker?.drop();
    },
    respond: async (_contextId: number, answer: Command) => {
      told.answered = answer;
      return true;
    },
  } as unknown as Association;
  const context = {
    contextId: 1,
    abstractSyntax: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntax: '1.2.840.10008.1.2.1',
    peerIsScp: false,
  };
  const places = { incomingDir: folder, objectsDir: join(folder, 'objects') };
  const intake = new IntakeClient(places, (note) => told.notes.push(note), maxObjectBytes);
  const taker = new StoreReception(association, context, command, intake, refused);
  made.taker = taker;
  return { taker, told };
}

const untilGone = async (): Promise<void> => {
  while (readdirSync(folder).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
};

it('N13: a data set that does not end is aborted at the limit, and its part goes', async () => {
  const { taker, told } = reception(1 << 20, null);
  for (let n = 0; n < 4; n++) taker.take(new Uint8Array(1 << 18));
  expect(told.aborted).toBeUndefined();
  expect(readdirSync(folder)).toHaveLength(1);
  taker.take(new Uint8Array(1));
  expect(told.aborted).toBe('FILE_TOO_LARGE');
  await untilGone();
});

it('N13: neither does one that is passed over go on for ever', () => {
  const { taker, told } = reception(1 << 20, problem('DISK_FULL'));
  taker.take(new Uint8Array((1 << 20) + 1));
  expect(told.aborted).toBe('FILE_TOO_LARGE');
});

it('tells the host of an object that was refused beforehand, so that it is counted', async () => {
  const { taker, told } = reception(1 << 20, problem('DISK_FULL'));
  taker.take(new Uint8Array(10));
  taker.end();
  while (!told.answered) await Promise.resolve();
  expect(told.answered).toMatchObject({ status: 0xa700, messageIdBeingRespondedTo: 7 });
  expect(told.notes).toEqual([{ kind: 'lost', id: 0, origin: 5, problem: problem('DISK_FULL') }]);
});

it('tells the host of an object that could not be written', async () => {
  const { taker, told } = reception(1 << 20, null);
  rmSync(folder, { recursive: true });
  const { taker: second, told: toldOfSecond } = reception(1 << 20, null);
  second.take(new Uint8Array(10));
  second.end();
  while (!toldOfSecond.answered) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(toldOfSecond.notes).toMatchObject([{ kind: 'lost', id: 0, origin: 5 }]);
  expect(toldOfSecond.answered.status).not.toBe(0);
  taker.drop();
  expect(told.notes).toEqual([]);
});
