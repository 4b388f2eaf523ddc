import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AddedInstance } from '../store/add-instances.ts';
import { Arrivals, Sender } from './arrivals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What is written when studies stop arriving, and who may have left them incomplete. */
function watched() {
  const settled: { keys: readonly string[]; cut: readonly string[] }[] = [];
  const marked: unknown[] = [];
  const call = async (operation: string, input: never): Promise<void> => {
    if (operation === 'settleStudies') settled.push(input);
    if (operation === 'setMark') marked.push(input);
  };
  const services = { store: { write: { call } }, events: { emit: () => undefined }, now: () => Date.now() };
  const arrivals = new Arrivals(services as never, () => undefined);
  const sender = (): Sender => {
    const one: Sender = new Sender(
      'CT1',
      Date.now(),
      (_, added) => arrivals.came(one, added),
      () => undefined,
    );
    return one;
  };
  return { arrivals, sender, settled, marked };
}

const object = (studyKey: string, outcome = 'stored'): AddedInstance =>
  ({ studyKey, studyUid: studyKey, outcome, flags: [] }) as unknown as AddedInstance;

it('marks the study that its sender left midway, and no other of its', async () => {
  const { arrivals, sender, settled } = watched();
  const ct = sender();
  ct.kept(object('a'), 1);
  ct.kept(object('b'), 1);
  await arrivals.ended(ct, [ct.lastStudyKey]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(settled).toEqual([{ keys: ['a', 'b'], cut: ['b'] }]);
});

it.each(['stored', 'duplicate'])('marks none of which the rest came after all (%s)', async (outcome) => {
  const { arrivals, sender, settled } = watched();
  const first = sender();
  first.kept(object('a'), 1);
  await arrivals.ended(first, ['a']);
  await vi.advanceTimersByTimeAsync(500);
  const second = sender();
  second.kept(object('a', outcome), 1);
  await arrivals.ended(second);
  await vi.advanceTimersByTimeAsync(5000);
  expect(settled).toEqual([{ keys: ['a'], cut: [] }]);
});

it('is not mended by what another sender, who called before, still brings', async () => {
  const { arrivals, sender, settled } = watched();
  const [one, other] = [sender(), sender()];
  one.kept(object('a'), 1);
  await vi.advanceTimersByTimeAsync(500);
  await arrivals.ended(one, ['a']);
  other.kept(object('a'), 1);
  await arrivals.ended(other);
  await vi.advanceTimersByTimeAsync(5000);
  expect(settled).toEqual([{ keys: ['a'], cut: ['a'] }]);
});

it('marks a study that had stopped arriving before its sender was given up', async () => {
  const { arrivals, sender, settled, marked } = watched();
  const ct = sender();
  ct.kept(object('a'), 1);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(settled).toEqual([{ keys: ['a'], cut: [] }]);
  await arrivals.ended(ct, [ct.lastStudyKey]);
  expect(marked).toEqual([{ mark: 'cut_off', keys: ['a'], value: true }]);
});
