/** The order of answers, who shares a transaction, and what a failing one costs. The store and the scanner are made up. */
import { describe, expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { IntakeNote } from '../dimse/intake-protocol.ts';
import type { PackedScan } from '../parse/packed-scan.ts';
import type { AddBatch, AddedInstance } from '../store/add-instances.ts';
import {
  type CommitGate,
  giveHashes,
  hashesOf,
  isOpen,
  newGate,
  openGate,
  passGate,
  shutGate,
  whenPassed,
} from '../store/commit-gate.ts';
import type { GatedPart } from '../store/name-parts.ts';
import { type IntakeOrigin, ObjectIntake } from './intake.ts';

const uidOf = (path: string): string => path;

function setUp(options: {
  readonly scan?: (path: string) => Result<PackedScan>;
  readonly commit?: (parts: readonly GatedPart[]) => Promise<void>;
  /** Paths of parts whose object was there already. */
  readonly known?: readonly string[];
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
          { batches, parts }: { batches: readonly AddBatch[]; parts: readonly GatedPart[] },
        ) {
          await options.commit?.(parts);
          // The store's thread waits for them; what is shut ends its transaction.
          if (!parts.every(({ gate }) => isOpen(gate))) throw new Error('shut');
          commits.push(batches.map(({ sourceLabel, items }) => `${sourceLabel} ${items.length}`));
          said.push('commit');
          for (const { gate } of parts) passGate(gate);
          return {
            added: batches.map(({ sourceLabel, items }) => items.map(() => added(sourceLabel))),
            areNew: parts.map(({ path }) => !options.known?.includes(path)),
          };
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
    intakeRefused: ({ id, problem: found }: { id: number; problem: Problem }) =>
      said.push(`answer ${id} ${found.code}`),
  };
  const take = intake.connect(replies, ended.promise);
  return {
    said,
    commits,
    removed,
    intake,
    end: ended.resolve,
    note: (one: IntakeNote) => take(one, (id) => origins.get(id) ?? null),
  };
}

const opened = (id: number): CommitGate => {
  const gate = closed(id);
  openGate(gate);
  return gate;
};
const hashOf = (id: number): string => String(id).repeat(64);
/** Its hashes are known; its file is not on the disk. */
const closed = (id: number): CommitGate => {
  const gate = newGate();
  giveHashes(gate, { fileSha256: hashOf(id), datasetSha256: hashOf(9) });
  return gate;
};
const received = (
  id: number,
  { origin = 1, uid = `uid${id}`, gate = opened(id), isLarge = false } = {},
): IntakeNote => ({
  kind: 'received',
  id,
  path: `uid${id}`,
  sizeBytes: 1000,
  sopClassUid: 'class',
  sopInstanceUid: uid,
  origin,
  gate,
  isLarge,
});
const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('intake', () => {
  it('answers after the commit', async () => {
    const { said, note, intake } = setUp({});
    const gate = opened(1);
    note(received(1, { gate }));
    await turns();
    await intake.settle();
    expect(said).toEqual(['commit', 'kept AE1']);
    expect(await whenPassed(gate)).toBe(true);
  });

  it('hands the oldest over before it is durable, and lets what is durable go first', async () => {
    const step = Promise.withResolvers<void>();
    const { commits, note, intake } = setUp({ commit: () => step.promise });
    const [first, second] = [closed(1), closed(2)];
    note(received(1, { gate: first }));
    note(received(2, { gate: second }));
    note(received(3, { origin: 2 }));
    await turns();
    openGate(first);
    setImmediate(() => openGate(second));
    setTimeout(step.resolve, 1);
    await intake.settle();
    expect(commits).toEqual([['AE1 1'], ['AE1 1', 'AE2 1']]);
    expect(await Promise.all([whenPassed(first), whenPassed(second)])).toEqual([true, true]);
  });

  it('lets no transaction wait for a large object', async () => {
    const { commits, note, intake } = setUp({});
    const gate = closed(1);
    note(received(1, { gate, isLarge: true }));
    note(received(2, { origin: 2 }));
    await turns();
    await intake.settle();
    expect(commits).toEqual([['AE2 1']]);
    openGate(gate);
    note({ kind: 'synced', id: 1 });
    await intake.settle();
    expect(commits).toEqual([['AE2 1'], ['AE1 1']]);
  });

  it('waits for nothing of a worker that has ended', async () => {
    const step = Promise.withResolvers<void>();
    const { commits, said, note, intake, end } = setUp({ commit: () => step.promise });
    const gates = [closed(1), closed(2)];
    for (const id of [1, 2]) note(received(id, { gate: gates[id - 1]! }));
    await turns();
    // Its header is still being scanned.
    note(received(3, { gate: closed(3) }));
    end();
    await turns();
    for (const gate of gates) openGate(gate);
    step.resolve();
    await intake.settle();
    expect(commits).toEqual([]);
    expect(said.filter((word) => word.startsWith('refused'))).toEqual([
      'refused AE1 IO_ERROR',
      'refused AE1 IO_ERROR',
    ]);
  });

  it('tells why a file could not be synced, handed over or not, and counts it once', async () => {
    const step = Promise.withResolvers<void>();
    const { commits, said, note, intake } = setUp({ commit: () => step.promise });
    const gates = [closed(1), closed(2)];
    for (const id of [1, 2]) note(received(id, { gate: gates[id - 1]! }));
    await turns();
    for (const id of [1, 2]) {
      note({ kind: 'lost', id, origin: 1, problem: problem('DISK_FULL') });
      shutGate(gates[id - 1]!);
    }
    step.resolve();
    await intake.settle();
    expect(commits).toEqual([]);
    expect(said.filter((word) => word.startsWith('refused'))).toEqual([
      'refused AE1 DISK_FULL',
      'refused AE1 DISK_FULL',
    ]);
  });

  it('puts what comes during a commit into one transaction, whoever sent it', async () => {
    const gate = Promise.withResolvers<void>();
    const { commits, note, intake } = setUp({ commit: () => gate.promise });
    for (const id of [1, 2, 3, 4]) note(received(id, { origin: id % 2 === 0 ? 2 : 1 }));
    await turns();
    gate.resolve();
    await intake.settle();
    expect(commits).toEqual([['AE1 1'], ['AE2 2', 'AE1 1']]);
  });

  it('costs only the object that cannot be written', async () => {
    const gate = Promise.withResolvers<void>();
    const { said, note, intake } = setUp({
      async commit(parts) {
        await gate.promise;
        if (parts.some((part) => hashesOf(part.gate).fileSha256 === hashOf(3))) {
          throw new Error('SQLITE_CONSTRAINT');
        }
      },
    });
    const gates = [opened(1), opened(2), opened(3)];
    for (const id of [1, 2, 3]) note(received(id, { gate: gates[id - 1]! }));
    await turns();
    gate.resolve();
    await intake.settle();
    expect(await Promise.all(gates.map(whenPassed))).toEqual([true, true, false]);
    expect(said.filter((word) => word.startsWith('answer'))).toEqual(['answer 3 IO_ERROR']);
    expect(said).toContain('refused AE1 IO_ERROR');
  });

  const refusalBy = async (message: string): Promise<string[]> => {
    const { said, note, intake } = setUp({ commit: () => Promise.reject(new Error(message)) });
    note(received(1));
    await turns();
    await intake.settle();
    return said;
  };

  it('says that the disk is full when the index cannot grow (F5)', async () => {
    const said = await refusalBy('SQLITE_FULL: database or disk is full');
    expect(said).toEqual(['refused AE1 DISK_FULL', 'answer 1 DISK_FULL']);
  });

  it('says what the system has against the name of an object', async () => {
    const [full, readOnly] = [
      await refusalBy('naming failed: ENOSPC'),
      await refusalBy('naming failed: EROFS'),
    ];
    expect(full).toEqual(['refused AE1 DISK_FULL', 'answer 1 DISK_FULL']);
    expect(readOnly).toEqual(['refused AE1 READ_ONLY_STORE', 'answer 1 READ_ONLY_STORE']);
  });

  it.each<[string, Parameters<typeof setUp>[0], IntakeNote, Problem['code']]>([
    [
      'another instance than announced',
      {},
      received(1, { uid: 'other', gate: closed(1) }),
      'REFUSED_OTHER_OBJECT',
    ],
    ['what cannot be read', { scan: () => fail(problem('UID_MISSING')) }, received(1), 'UID_MISSING'],
    ['an object without room', { freeBytes: 10 }, received(1), 'DISK_FULL'],
    ['an object of nobody', {}, received(1, { origin: 99 }), 'CANCELLED'],
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
  ])('refuses %s before it gets its name', async (name, options, note, code) => {
    const { said, commits, intake, ...rest } = setUp(options);
    rest.note(note);
    await turns();
    await intake.settle();
    const counted = name === 'an object of nobody' ? [] : [`refused AE1 ${code}`];
    expect(said).toEqual([...counted, `answer 1 ${code}`]);
    // It is counted once, whatever the worker says of it later.
    rest.note({ kind: 'lost', id: 1, origin: 1, problem: problem(code) });
    expect(said).toHaveLength(counted.length + 1);
    expect(commits).toEqual([]);
  });

  it('removes the object of a duplicate that nothing names', async () => {
    const { removed, note, intake } = setUp({ outcome: 'duplicate', known: ['uid2'] });
    note(received(1));
    note(received(2));
    await turns();
    await intake.settle();
    expect(removed).toEqual([[hashOf(1)]]);
  });
});
