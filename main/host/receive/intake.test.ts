/** The order of answers, who shares a transaction, and what a failing one costs. The store and the scanner are made up. */
import { describe, expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { IntakeNote } from '../dimse/intake-protocol.ts';
import type { PackedScan } from '../parse/packed-scan.ts';
import type { AddBatch, AddedInstance } from '../store/add-instances.ts';
import {
  type CommitGate,
  isClosed,
  isOpen,
  newGate,
  openGate,
  passGates,
  shutGate,
  whenPassed,
} from '../store/commit-gate.ts';
import { type IntakeOrigin, ObjectIntake } from './intake.ts';

const uidOf = (path: string): string => path;

function setUp(options: {
  readonly scan?: (path: string) => Result<PackedScan>;
  readonly commit?: (batches: readonly AddBatch[]) => Promise<void>;
  readonly outcome?: AddedInstance['outcome'];
  readonly freeBytes?: number;
}) {
  const said: string[] = [];
  const commits: string[][] = [];
  const removed: string[][] = [];
  const scanned: PackedScan = {
    SOPClassUID: 'class',
    SOPInstanceUID: '',
    datasetOffset: 300,
    isDirectory: false,
    bytes: new Uint8Array(1),
  };
  const added = (label: string): AddedInstance => ({
    outcome: options.outcome ?? 'stored',
    studyKey: `s.${label}`,
    studyUid: label,
    seriesKey: '',
    instanceKey: '',
    flags: [],
  });
  const uses = {
    folder: { root: '/', objects: '/objects' },
    now: () => 0,
    imports: {
      freeBytes: async () => options.freeBytes ?? 1e12,
      scanner: {
        scan: async (path: string) => options.scan?.(path) ?? ok({ ...scanned, SOPInstanceUID: uidOf(path) }),
      },
      unknownObjects: async (hashes: readonly string[]) => [...hashes],
      copies: {
        use: (work: (worker: unknown) => Promise<unknown>) =>
          work({
            call: async (_name: string, input: { fileSha256: string[] }) => removed.push(input.fileSha256),
          }),
      },
    },
    store: {
      write: {
        async call(
          _name: string,
          { batches, gates }: { batches: readonly AddBatch[]; gates: readonly CommitGate[] },
        ) {
          await options.commit?.(batches);
          // The store's thread waits for them; what is late or shut ends its transaction.
          if (gates.some(isClosed)) {
            said.push('late');
            return null;
          }
          if (!gates.every(isOpen)) throw new Error('shut');
          commits.push(batches.map(({ sourceLabel, items }) => `${sourceLabel} ${items.length}`));
          said.push('commit');
          passGates(gates);
          return batches.map(({ sourceLabel, items }) => items.map(() => added(sourceLabel)));
        },
      },
    },
  };
  const intake = new ObjectIntake(uses as never);
  const origin = (label: string): IntakeOrigin => ({
    sourceKind: 'received',
    sourceLabel: label,
    receiptId: null,
    kept: () => said.push(`kept ${label}`),
    refused: ({ code }) => said.push(`refused ${label} ${code}`),
  });
  const origins = new Map([1, 2].map((id) => [id, origin(`AE${id}`)]));
  const ended = Promise.withResolvers<void>();
  const replies = {
    intakeVerdict: ({ id, problem: found }: { id: number; problem: Problem | null }) =>
      said.push(`verdict ${id} ${found?.code ?? 'ok'}`),
    intakeRefused: ({ id, problem: found }: { id: number; problem: Problem }) =>
      said.push(`answer ${id} ${found.code}`),
  };
  const take = intake.connect(replies, ended.promise);
  const other = intake.connect(replies, new Promise(() => undefined));
  return {
    said,
    commits,
    removed,
    intake,
    end: ended.resolve,
    /** Of another worker. */
    other: (one: IntakeNote) => other(one, (id) => origins.get(id) ?? null),
    note: (one: IntakeNote) => take(one, (id) => origins.get(id) ?? null),
  };
}

const received = (id: number, origin = 1, uid = `uid${id}`): IntakeNote => ({
  kind: 'received',
  id,
  path: `uid${id}`,
  sizeBytes: 1000,
  sopClassUid: 'class',
  sopInstanceUid: uid,
  origin,
});
const opened = (): CommitGate => {
  const gate = newGate();
  openGate(gate);
  return gate;
};
const placed = (id: number, isNew = true, gate = opened()): IntakeNote => ({
  kind: 'placed',
  gate,
  id,
  fileSha256: `hash${id}`,
  datasetSha256: `set${id}`,
  sizeBytes: 1000,
  isNew,
});
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('intake', () => {
  it('answers after the commit', async () => {
    const { said, note, intake } = setUp({});
    note(received(1));
    await turns();
    const gate = opened();
    note(placed(1, true, gate));
    await intake.settle();
    expect(said).toEqual(['verdict 1 ok', 'commit', 'kept AE1']);
    expect(await whenPassed(gate)).toBe(true);
  });

  it('hands the oldest over before its name is durable, and lets what is durable go first', async () => {
    const step = Promise.withResolvers<void>();
    const { commits, note, intake } = setUp({ commit: () => step.promise });
    for (const id of [1, 2, 3]) note(received(id, id === 3 ? 2 : 1));
    await turns();
    const [first, second] = [newGate(), newGate()];
    note(placed(1, true, first));
    note(placed(2, true, second));
    note(placed(3));
    openGate(first);
    setImmediate(() => openGate(second));
    setTimeout(step.resolve, 1);
    await intake.settle();
    expect(commits).toEqual([['AE1 1'], ['AE1 1', 'AE2 1']]);
    expect(await Promise.all([whenPassed(first), whenPassed(second)])).toEqual([true, true]);
  });

  it('waits for no name of a worker that has ended', async () => {
    const step = Promise.withResolvers<void>();
    const { commits, said, note, intake, end } = setUp({ commit: () => step.promise });
    for (const id of [1, 2]) note(received(id));
    await turns();
    const [under, behind] = [newGate(), newGate()];
    note(placed(1, true, under));
    note(placed(2, true, behind));
    end();
    await turns();
    openGate(under);
    openGate(behind);
    step.resolve();
    await intake.settle();
    expect(commits).toEqual([]);
    expect(said.filter((word) => word.startsWith('refused'))).toEqual([
      'refused AE1 IO_ERROR',
      'refused AE1 IO_ERROR',
    ]);
  });

  it('holds the store once for a worker that is late; others go on, and its objects follow when they are durable', async () => {
    const { said, commits, note, other, intake } = setUp({});
    for (const id of [1, 2, 3]) note(received(id));
    for (const id of [8, 9]) other(received(id, 2));
    await turns();
    const [first, second, third] = [newGate(), newGate(), newGate()];
    note(placed(1, true, first));
    note(placed(2, true, second));
    await intake.settle();
    note(placed(3, true, third));
    other(placed(8));
    await intake.settle();
    expect(said.filter((word) => word === 'late')).toEqual(['late']);
    expect(commits).toEqual([['AE2 1']]);
    for (const gate of [first, second, third]) openGate(gate);
    expect(await Promise.all([first, second, third].map(whenPassed))).toEqual([true, true, true]);
    expect(
      commits
        .slice(1)
        .flat()
        .map((word) => word.slice(0, 3)),
    ).toContain('AE1');
    // In time again, it is waited for again.
    note(received(4));
    await turns();
    const fourth = newGate();
    note(placed(4, true, fourth));
    await intake.settle();
    expect(said.filter((word) => word === 'late')).toHaveLength(2);
    openGate(fourth);
    expect(await whenPassed(fourth)).toBe(true);
    expect(said.filter((word) => word === 'kept AE1')).toHaveLength(4);
  });

  it.each(['its disk fails', 'it ends'])('refuses what is late when %s', async (why) => {
    const { said, commits, note, end, intake } = setUp({});
    note(received(1));
    await turns();
    const gate = newGate();
    note(placed(1, true, gate));
    await intake.settle();
    if (why === 'it ends') end();
    else shutGate(gate);
    await turns();
    await intake.settle();
    expect(commits).toEqual([]);
    expect(said).toContain('refused AE1 IO_ERROR');
    openGate(gate);
    expect(isOpen(gate)).toBe(false);
  });

  it('puts what comes during a commit into one transaction, whoever sent it', async () => {
    const gate = Promise.withResolvers<void>();
    const { commits, note, intake } = setUp({ commit: () => gate.promise });
    for (const id of [1, 2, 3, 4]) note(received(id, id % 2 === 0 ? 2 : 1));
    await turns();
    for (const id of [1, 2, 3, 4]) note(placed(id));
    gate.resolve();
    await intake.settle();
    expect(commits).toEqual([['AE1 1'], ['AE2 2', 'AE1 1']]);
  });

  it('costs only the object that cannot be written', async () => {
    const gate = Promise.withResolvers<void>();
    const { said, note, intake } = setUp({
      async commit(batches) {
        await gate.promise;
        const isBad = batches.some(({ items }) => items.some(({ fileSha256 }) => fileSha256 === 'hash3'));
        if (isBad) throw new Error('SQLITE_CONSTRAINT');
      },
    });
    for (const id of [1, 2, 3]) note(received(id));
    await turns();
    const gates = [opened(), opened(), opened()];
    for (const id of [1, 2, 3]) note(placed(id, true, gates[id - 1]));
    gate.resolve();
    await intake.settle();
    expect(await Promise.all(gates.map(whenPassed))).toEqual([true, true, false]);
    expect(said.filter((word) => word.startsWith('answer'))).toEqual(['answer 3 IO_ERROR']);
    expect(said).toContain('refused AE1 IO_ERROR');
  });

  it('says that the disk is full when the index cannot grow (F5)', async () => {
    const full = setUp({ commit: () => Promise.reject(new Error('SQLITE_FULL: database or disk is full')) });
    full.note(received(1));
    await turns();
    full.note(placed(1));
    await full.intake.settle();
    expect(full.said).toEqual(['verdict 1 ok', 'refused AE1 DISK_FULL', 'answer 1 DISK_FULL']);
  });

  it.each<[string, Parameters<typeof setUp>[0], IntakeNote, Problem['code']]>([
    ['another instance than announced', {}, received(1, 1, 'other'), 'REFUSED_OTHER_OBJECT'],
    ['what cannot be read', { scan: () => fail(problem('UID_MISSING')) }, received(1), 'UID_MISSING'],
    ['an object without room', { freeBytes: 10 }, received(1), 'DISK_FULL'],
    ['an object of nobody', {}, received(1, 99), 'CANCELLED'],
    [
      'anything when the scanner breaks',
      {
        scan: () => {
          throw new Error('broken');
        },
      },
      received(1),
      'INTERNAL',
    ],
  ])('refuses %s before it gets its name', async (_name, options, note, code) => {
    const { said, commits, ...rest } = setUp(options);
    rest.note(note);
    await turns();
    expect(said).toEqual([`verdict 1 ${code}`]);
    rest.note({ kind: 'lost', id: 1, origin: 1, problem: problem(code) });
    expect(commits).toEqual([]);
  });

  it('removes the object of a duplicate that nothing names', async () => {
    const { removed, note, intake } = setUp({ outcome: 'duplicate' });
    note(received(1));
    note(received(2));
    await turns();
    note(placed(1, true));
    await intake.settle();
    note(placed(2, false));
    await intake.settle();
    expect(removed).toEqual([['hash1']]);
  });
});
