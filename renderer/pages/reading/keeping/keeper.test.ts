import { describe, expect, test } from 'vitest';
import { ok } from '../../../../core/base/result.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import type { CallOptions, Client } from '../../../app/transport/client.ts';
import { bytesOf, lastingMostBytes } from '../../../app/transport/lasting.ts';
import { startState } from '../session/reading-state.ts';
import { snapshotOf } from '../session/snapshot.ts';
import { Keeper } from './keeper.ts';
import type { KeptState } from './kept-state.ts';

const now = snapshotOf(startState('t'));
const marked = (n: number) => ({
  ...now,
  items: Array.from({ length: 40 }, (_, m) => ({ id: `m${n}-${m}` }) as unknown as Measurement),
});

describe('the page goes', () => {
  const started = () => {
    const sent: { readonly state: string; readonly isLast: boolean }[] = [];
    const client = {
      call: async (name: string, input: { readonly state: string }, options?: CallOptions) => {
        if (name === 'reading.load') return ok({ state: null });
        sent.push({ state: input.state, isLast: options?.isLast === true });
        return new Promise(() => undefined);
      },
    } as unknown as Client;
    const steps = Array.from({ length: 100 }, (_, n) => marked(n));
    let state: KeptState = { now, past: steps, future: [], active: 0, accepted: [] };
    const keeper = new Keeper({ client, studyKey: 's', state: () => state, onProblem: () => undefined });
    const change = (part: Partial<KeptState>): void => {
      state = { ...state, ...part };
      keeper.changed();
    };
    return { sent, keeper, change };
  };

  test('the last state is sent beside a save under way, with as many steps as outlive the page', async () => {
    const { sent, keeper, change } = started();
    await keeper.load();
    change({ active: 1 });
    void keeper.flush();
    await expect.poll(() => sent.length).toBe(1);
    change({ active: 2 });
    keeper.leave();
    await expect.poll(() => sent.length).toBe(2);
    expect(sent.map(({ isLast }) => isLast)).toEqual([false, true]);
    const [first, last] = sent.map(({ state }) => JSON.parse(state));
    expect([first.active, last.active]).toEqual([1, 2]);
    expect(last.past.length).toBeLessThan(first.past.length);
    const lastItem = (text: { readonly past: number[][]; readonly pools: { readonly items: unknown[] } }) =>
      text.pools.items[text.past.at(-1)!.at(-1)!];
    const itemsOf = (kept: typeof last) => ({
      past: kept.past.map((step: { readonly items: number[] }) => step.items),
      pools: kept.pools,
    });
    expect(lastItem(itemsOf(last))).toEqual({ id: 'm99-39' });
    const [whole, short] = sent.map(({ state }) => bytesOf(JSON.stringify(state)));
    expect(whole).toBeGreaterThan(lastingMostBytes);
    expect(short).toBeLessThan(lastingMostBytes);
  });

  test('nothing is sent where nothing changed, or where what was kept could not be read', async () => {
    const { sent, keeper, change } = started();
    change({ active: 1 });
    keeper.leave();
    await keeper.load();
    keeper.leave();
    await Promise.resolve();
    expect(sent).toEqual([]);
  });
});
