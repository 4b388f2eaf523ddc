import { describe, expect, test, vi } from 'vitest';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { signedWords } from '../../../../core/pixels/format-fixture.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import type { FrameBatch } from '../../../volumes/frame-loader.ts';
import { type AheadServices, makeAhead } from './ahead-session.ts';

vi.mock('../../../workers/resample.ts?worker&url', () => ({ default: 'resample.js' }));

const row = { seriesKey: 'a', category: 'image', modality: 'CT', frames: 3, description: '', number: 1 };
const study = (more: object = {}) => ({ studyKey: 's', unread: true, description: 'chest', ...more });

const plan = {
  planId: 'p',
  seriesKey: 'a',
  common: { Modality: 'CT' },
  instances: [
    {
      instanceKey: 'i',
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      format: signedWords(2, 2),
      attributes: {},
      flags: [],
    },
  ],
  frames: [0, 1, 2].map(() => ({ instance: 0, frame: 0, sizeBytes: 8, attributes: {} })),
  groups: [{ id: 'g', frames: [0, 1, 2], acquired: null, verdict: { kind: 'none' }, scalarType: 'int16' }],
  aside: [],
} as unknown as SeriesPlan;

type Answer = Result<unknown>;

/** A host with one study, whose answers can be changed; says what it was asked, and which frames. */
function madeUpHost(more: Record<string, Answer> = {}) {
  const answers: Record<string, Answer | Promise<Answer>> = {
    'studies.show': ok({ study: study(), series: [row], priors: [] }),
    'reading.load': ok({ state: null }),
    'reading.save': ok({}),
    ...more,
  };
  const calls: string[] = [];
  const loaded: number[] = [];
  const told: unknown[] = [];
  let planned = plan;
  let now: Result<SeriesPlan> = ok(plan);
  let frame: ReturnType<typeof fail> | null = null;
  const services = {
    client: {
      call: async (name: string) => {
        calls.push(name);
        return answers[name] ?? fail(problem('NOT_FOUND'));
      },
      fetchBytes: async () => new Response(null, { status: 404 }),
    },
    frames: {
      load: async ({ frames, onFrame }: FrameBatch) => {
        loaded.push(...frames.map(({ index }) => index));
        if (frame) for (const { index } of frames) onFrame(index, frame);
      },
    },
    plans: {
      planned: (key: string) => (key === 'a' ? planned : null),
      open: async () => {
        calls.push('series.open');
        return now;
      },
    },
    workerCount: 1,
    remembered: {},
    rememberedNow: () => ({}),
    onProblem: (found: unknown) => told.push(found),
  } as unknown as AheadServices;
  return {
    services,
    answers,
    calls,
    loaded,
    told,
    plan: (other: SeriesPlan) => {
      planned = other;
      now = ok(other);
    },
    fail: (isFailing: boolean) => {
      frame = isFailing ? fail(problem('PIXEL_TRUNCATED')) : null;
    },
    replan: (other: Result<SeriesPlan>) => {
      now = other;
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a reading that is made ahead', () => {
  test('is as it would begin, with the frame that is shown first, and asks for no other before its study is opened', async () => {
    const host = madeUpHost();
    const made = await makeAhead('s', host.services);
    const { session } = made!;
    expect(session.state.cells[0]).toMatchObject({ seriesKey: 'a', k: 1 });
    expect(session.stackOf(session.state.cells[0])?.count).toBe(3);
    await settled();
    expect(host.calls).toEqual(['studies.show', 'reading.load']);
    expect(host.loaded).toEqual([1]);
    // What its page does once it has painted that.
    session.stackOf(session.state.cells[0])?.loader.release();
    await settled();
    expect(host.loaded).toEqual([1]);

    expect(await made!.open(1000)).toBe(true);
    await settled();
    expect(host.loaded).toEqual([1]);
    made!.release();
    await settled();
    expect(host.calls).toEqual([
      'studies.show',
      'reading.load',
      'studies.show',
      'reading.load',
      'series.open',
    ]);
    expect(host.loaded).toEqual([1, 2, 0]);
  });

  test('has all of its frames before its study is opened where nobody waits for anything else, and asks for none twice', async () => {
    const host = madeUpHost();
    const made = (await makeAhead('s', host.services))!;
    await settled();
    made.load();
    made.session.stackOf(made.session.state.cells[0])?.loader.release();
    await settled();
    expect(host.loaded).toEqual([1, 2, 0]);
    expect(host.calls).toEqual(['studies.show', 'reading.load']);
    expect(await made.open(1000)).toBe(true);
    made.release();
    await settled();
    expect(host.loaded).toEqual([1, 2, 0]);
  });

  test('fetches nothing more where it is dropped or refused while frames come', async () => {
    for (const end of ['drop', 'refuse'] as const) {
      const host = madeUpHost();
      const made = (await makeAhead('s', host.services))!;
      made.load();
      if (end === 'drop') made.drop();
      else {
        host.replan(fail(problem('NOT_FOUND')));
        expect(await made.open(1000)).toBe(false);
      }
      await settled();
      expect(host.loaded).toEqual([1]);
    }
  });

  test('asks again for a frame that did not come ahead: it may be there when its study is opened', async () => {
    const host = madeUpHost();
    host.fail(true);
    const made = (await makeAhead('s', host.services))!;
    await settled();
    const stack = made.session.stackOf(made.session.state.cells[0])!;
    expect(stack.loader.store.state(1).kind).not.toBe('failed');
    host.fail(false);
    expect(await made.open(1000)).toBe(true);
    made!.release();
    await settled();
    expect(host.loaded.slice(0, 2)).toEqual([1, 1]);
  });

  test('is still right where its study has become a read one', async () => {
    const host = madeUpHost();
    const made = await makeAhead('s', host.services);
    host.answers['studies.show'] = ok({ study: study({ unread: false }), series: [row], priors: [] });
    expect(await made!.open(1000)).toBe(true);
  });

  test.each([
    [
      'its rows',
      (host: ReturnType<typeof madeUpHost>) => {
        host.answers['studies.show'] = ok({
          study: study({ description: 'neck' }),
          series: [row],
          priors: [],
        });
      },
    ],
    [
      'how it was read',
      (host) => {
        host.answers['reading.load'] = ok({ state: 'by another window' });
      },
    ],
    ['its plan', (host) => host.replan(ok({ ...plan, planId: 'q' }))],
    ['its files', (host) => host.replan(fail(problem('NOT_FOUND')))],
  ] satisfies [string, (host: ReturnType<typeof madeUpHost>) => void][])(
    'is over where %s changed meanwhile: no frame is shown, and nothing is saved',
    async (_, change) => {
      const host = madeUpHost();
      const made = await makeAhead('s', host.services);
      change(host);
      const opened = made!.open(1000);
      // What the page does while the host is asked.
      made!.session.goTo(0, 2);
      expect(await opened).toBe(false);
      await made!.session.flush();
      await settled();
      expect(host.loaded).toEqual([1]);
      expect(host.calls).not.toContain('reading.save');
      expect(host.told).toEqual([]);
    },
  );

  test('is none where it needs more than is here: a plan that was not asked for, a study that is gone', async () => {
    const noPlan = madeUpHost({
      'studies.show': ok({ study: study(), series: [{ ...row, seriesKey: 'b' }], priors: [] }),
    });
    const gone = madeUpHost({ 'studies.show': fail(problem('NOT_FOUND')) });
    const unread = madeUpHost({ 'reading.load': fail(problem('IO_ERROR')) });
    for (const host of [noPlan, gone, unread]) {
      expect(await makeAhead('s', host.services)).toBeNull();
      expect(host.told).toEqual([]);
    }
  });

  test('leaves nothing behind where it is dropped', async () => {
    const host = madeUpHost();
    const made = await makeAhead('s', host.services);
    made!.drop();
    // Its page may be drawn once more before it goes.
    expect(made!.session.stackOf(made!.session.state.cells[0])).toBeUndefined();
    await settled();
    expect(host.calls).toEqual(['studies.show', 'reading.load']);
    expect(host.loaded).toEqual([1]);
  });

  test('fetches no frame ahead that is large', async () => {
    const large = { ...plan, frames: plan.frames.map((frame) => ({ ...frame, sizeBytes: 5e6 })) };
    const host = madeUpHost();
    host.plan(large);
    const made = await makeAhead('s', host.services);
    await settled();
    expect(host.loaded).toEqual([]);
    await made!.open(1000);
    made!.release();
    await settled();
    expect(host.loaded[0]).toBe(1);
  });

  test('is given up where the host does not answer in time', async () => {
    const host = madeUpHost();
    const made = await makeAhead('s', host.services);
    host.answers['studies.show'] = new Promise<never>(() => undefined);
    expect(await made!.open(10)).toBe(false);
    await settled();
    expect(host.loaded).toEqual([1]);
  });
});
