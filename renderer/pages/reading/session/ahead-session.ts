import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import type { CallInput, CallName } from '../../../../core/contract/index.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';
import type { Client } from '../../../app/transport/client.ts';
import type { FrameBatch, FrameLoader } from '../../../volumes/frame-loader.ts';
import type { PlansAhead } from '../../../volumes/plans-ahead.ts';
import { ReadingSession, type SessionServices } from './reading-session.ts';

/** A study's reading made before anybody opens it: as it would begin, with the frames that it would show first. */
export interface AheadSession {
  readonly session: ReadingSession;
  /**
   * Somebody opens it. Asks the host all of it again; false where anything is another by now, or it does not answer in time: the
   * session is over then, and nothing of it was saved.
   */
  open(withinMs: number): Promise<boolean>;
  /** Nobody waits for anything else: all frames of what it shows come, too. */
  load(): void;
  /** Its first picture is on screen, after `open`: everything else may take the processor now. */
  release(): void;
  drop(): void;
}

export interface AheadServices extends Omit<SessionServices, 'plans'> {
  readonly plans: Pick<PlansAhead, 'planned' | 'open'>;
}

/** A larger frame comes no sooner than all the others (`load`), or once it is opened. */
const firstFrameMostBytes = 4 * 2 ** 20;

/** What a reading that nobody changed asks for; one that needs more begins when it is opened. */
const asks: ReadonlySet<CallName> = new Set<CallName>(['studies.show', 'reading.load']);

interface Asked {
  readonly name: CallName;
  readonly input: unknown;
  readonly answer: string;
}

/** An answer to compare: a study that is being opened is read by that. */
const written = (answer: unknown): string =>
  JSON.stringify(answer, (key, value) => (key === 'unread' ? undefined : value));

/** What is on screen first, and not much. */
const isFirst = ({ plan, frames, urgent }: FrameBatch): boolean =>
  urgent &&
  frames.reduce((sum, { index }) => sum + (plan.frames[index]?.sizeBytes ?? 0), 0) <= firstFrameMostBytes;

/** Frames of a batch that did not come; nobody is told of them. */
async function notCome(loader: FrameLoader, batch: FrameBatch): Promise<FrameBatch['frames']> {
  const lost = new Set<number>();
  await loader.load({
    ...batch,
    onFrame: (index, result) => (result.ok ? batch.onFrame(index, result) : void lost.add(index)),
  });
  return batch.frames.filter(({ index }) => lost.has(index));
}

/** Null where the study cannot be made ready without more than its rows, its kept state and plans that are here. */
export async function makeAhead(studyKey: string, services: AheadServices): Promise<AheadSession | null> {
  const { client, frames, plans, onProblem, ...rest } = services;
  const asked: Asked[] = [];
  const planned = new Map<string, SeriesPlan>();
  let isFit = true;
  let isOpened = false;
  const { promise: opened, resolve: settle } = Promise.withResolvers<boolean>();
  const { promise: loading, resolve: load } = Promise.withResolvers<void>();

  const call: Client['call'] = async (name, input, options) => {
    if (isOpened) return (await opened) ? client.call(name, input, options) : fail(problem('NOT_FOUND'));
    if (!asks.has(name)) isFit = false;
    if (!isFit) return fail(problem('CANCELLED'));
    const answer = await client.call(name, input, options);
    asked.push({ name, input, answer: written(answer) });
    return answer;
  };
  const held: FrameLoader = {
    async load(batch) {
      if (!isFirst(batch)) await Promise.race([loading, opened]);
      if (batch.signal.aborted) return;
      const left = !isOpened ? await notCome(frames, batch) : batch.frames;
      // What did not come may be there by the time it is wanted.
      if (left.length > 0 && (await opened)) await frames.load({ ...batch, frames: left });
    },
  };
  const session = new ReadingSession(studyKey, {
    ...rest,
    client: { call, fetchBytes: client.fetchBytes },
    frames: held,
    plans: {
      open: async (seriesKey) => {
        if (isOpened) return (await opened) ? plans.open(seriesKey) : fail(problem('CANCELLED'));
        const plan = plans.planned(seriesKey);
        if (!plan) isFit = false;
        if (!plan) return fail(problem('CANCELLED'));
        planned.set(seriesKey, plan);
        return ok(plan);
      },
    },
    onProblem: (found, isRefusal) => {
      if (isOpened) onProblem(found, isRefusal);
      else isFit = false;
    },
  });
  const end = (): void => {
    isOpened = true;
    session.close();
    settle(false);
  };
  await session.prepare();
  if (!isFit || session.state.problem) {
    end();
    return null;
  }
  return {
    session,
    load,
    drop: end,
    async open(withinMs) {
      isOpened = true;
      const isSame = async ({ name, input, answer }: Asked): Promise<boolean> =>
        written(await client.call(name, input as CallInput<typeof name>)) === answer;
      const isPlanned = async ([seriesKey, plan]: readonly [string, SeriesPlan]): Promise<boolean> => {
        const now = await plans.open(seriesKey);
        return now.ok && now.value === plan;
      };
      const all = Promise.all([...asked.map(isSame), ...[...planned].map(isPlanned)]);
      const late = new Promise<[false]>((resolve) => setTimeout(resolve, withinMs, [false]));
      const right: readonly boolean[] = await Promise.race([all, late]);
      if (!isFit || right.includes(false)) {
        end();
        return false;
      }
      for (const stack of new Set([...session.state.cells.map(session.stackOf), session.mprStack()]))
        stack?.arrivals.restart();
      session.take();
      return true;
    },
    release: () => settle(true),
  };
}
