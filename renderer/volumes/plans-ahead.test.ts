import { describe, expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Client } from '../app/transport/client.ts';
import { type AheadWatcher, PlansAhead } from './plans-ahead.ts';

const row = (seriesKey: string, frames: number, category = 'image') => ({ seriesKey, frames, category });
const planOf = (seriesKey: string, planId = `plan of ${seriesKey}`) => ({ seriesKey, planId });

/** Answers as a host does; calls are listed, and wait for `go` where `holds` names them. */
function madeUpHost(series: readonly object[], opened: unknown = ok({ plan: null })) {
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const call = async (name: string, input: Record<string, string>) => {
    calls.push([name, input['studyKey'] ?? input['seriesKey'], input['purpose'] ?? ''].join(' ').trim());
    if (input['studyKey'] === 'slow') await new Promise<void>((resolve) => held.push(resolve));
    if (name === 'studies.show') return ok({ series });
    return name === 'series.open' ? opened : ok(planOf(input['seriesKey']!));
  };
  return {
    client: { call } as unknown as Pick<Client, 'call'>,
    calls,
    go: () => {
      for (const one of held.splice(0)) one();
    },
  };
}

describe('plans asked for ahead', () => {
  it('are those of the first series that is no localiser and of the largest, without a trace', async () => {
    const host = madeUpHost([
      row('scout', 2),
      row('a', 40),
      row('b', 400),
      row('c', 90),
      row('sr', 500, 'report'),
    ]);
    const plans = new PlansAhead(host.client);
    const told: string[] = [];
    const watcher: AheadWatcher = {
      onPlan: ({ seriesKey }) => void told.push(seriesKey),
      onStudy: (studyKey) => void told.push(`all of ${studyKey}`),
    };
    plans.watch(watcher);
    await plans.prepare('s');
    expect(host.calls).toEqual(['studies.show s', 'series.plan a ahead', 'series.plan b ahead']);
    expect(told).toEqual(['all of null', 'a', 'b', 'all of s']);
    expect(plans.planned('b')).toEqual(planOf('b'));
    told.length = 0;
    plans.watch(watcher);
    expect(told).toEqual(['a', 'b', 'all of s']);
    await plans.prepare(null);
    expect(told.at(-1)).toBe('all of null');
  });

  it('are never of what is too long to ask for without being sure', async () => {
    const host = madeUpHost([row('a', 100_000)]);
    await new PlansAhead(host.client).prepare('s');
    expect(host.calls).toEqual(['studies.show s']);
  });

  it('are given to who opens the series once the host says that they are still right', async () => {
    const host = madeUpHost([row('a', 40)]);
    const plans = new PlansAhead(host.client);
    await plans.prepare('s');
    host.calls.length = 0;
    expect(await plans.open('a')).toEqual(ok(planOf('a')));
    expect(host.calls).toEqual(['series.open a']);
    // Taken: who opens it again asks anew.
    expect(await plans.open('a')).toEqual(ok(planOf('a')));
    expect(host.calls).toEqual(['series.open a', 'series.plan a']);
  });

  it('give way to what the host has now, and to its refusal', async () => {
    const now = planOf('a', 'newer');
    const changed = new PlansAhead(madeUpHost([row('a', 40)], ok({ plan: now })).client);
    await changed.prepare('s');
    expect(await changed.open('a')).toEqual(ok(now));
    const gone = new PlansAhead(madeUpHost([row('a', 40)], fail(problem('NOT_FOUND'))).client);
    await gone.prepare('s');
    expect(await gone.open('a')).toEqual(fail(problem('NOT_FOUND')));
  });

  it('end when the selection has moved on: one study at a time, and only the last of many', async () => {
    const host = madeUpHost([row('a', 40)]);
    const plans = new PlansAhead(host.client);
    const all = [plans.prepare('slow'), plans.prepare('x'), plans.prepare('y'), plans.prepare('z')];
    host.go();
    await Promise.all(all);
    expect(host.calls).toEqual(['studies.show slow', 'studies.show z', 'series.plan a ahead']);
    await plans.prepare(null);
    await plans.prepare('z');
    expect(host.calls).toHaveLength(3);
    await plans.renew();
    expect(host.calls.slice(3)).toEqual(['studies.show z', 'series.plan a ahead']);
    await plans.prepare(null);
    await plans.renew();
    expect(host.calls).toHaveLength(5);
  });
});
