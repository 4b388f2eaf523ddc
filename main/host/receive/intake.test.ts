/** The order of answers, who shares a transaction, and what a failing one costs. The store and the scanner are made up. */
import { describe, expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { IntakeNote } from '../dimse/intake-protocol.ts';
import type { PackedScan } from '../parse/packed-scan.ts';
import type { AddBatch, AddedInstance } from '../store/add-instances.ts';
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
        async call(_name: string, { batches }: { batches: readonly AddBatch[] }) {
          await options.commit?.(batches);
          commits.push(batches.map(({ sourceLabel, items }) => `${sourceLabel} ${items.length}`));
          said.push('commit');
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
  const take = intake.connect({
    intakeVerdict: ({ id, problem: found }) => said.push(`verdict ${id} ${found?.code ?? 'ok'}`),
    intakeKept: ({ id, problem: found }) => said.push(`answer ${id} ${found?.code ?? 'ok'}`),
  });
  return {
    said,
    commits,
    removed,
    intake,
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
const placed = (id: number, isNew = true): IntakeNote => ({
  kind: 'placed',
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
    note(placed(1));
    await intake.settle();
    expect(said).toEqual(['verdict 1 ok', 'commit', 'answer 1 ok', 'kept AE1']);
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
    for (const id of [1, 2, 3]) note(placed(id));
    gate.resolve();
    await intake.settle();
    expect(said.filter((word) => word.startsWith('answer'))).toEqual([
      'answer 1 ok',
      'answer 2 ok',
      'answer 3 IO_ERROR',
    ]);
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
