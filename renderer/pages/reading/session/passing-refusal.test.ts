import { beforeEach, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { problem } from '../../../../core/base/problem.ts';
import { useApp } from '../../../app/app-store.ts';
import { showRefusal } from '../../../app/messages.ts';
import { whileLookedAt, whileRefused } from './passing-refusal.ts';
import { ReadingSession } from './reading-session.ts';
import { changeCell, type ReadingState, startState } from './reading-state.ts';

const start = changeCell(startState('s'), 0, { seriesKey: 'a' });
let arrive: () => void;
let listeners: number;

function lookedAt(): ReadingSession {
  const store = createStore<ReadingState>()(() => ({ ...startState('s'), cells: start }));
  listeners = 0;
  return Object.assign(Object.create(ReadingSession.prototype), {
    store,
    shownStack: () => ({
      arrivals: {
        subscribe(told: () => void) {
          arrive = told;
          listeners += 1;
          return () => {
            listeners -= 1;
          };
        },
      },
    }),
  });
}

const told = () => useApp.getState().messages.map(({ id }) => id);

beforeEach(() => {
  useApp.setState({ page: { kind: 'reading' }, activeStudyKey: 's', messages: [] });
});

it('a refused key is told until what it needs is there, by the reader or by images that arrive', () => {
  const session = lookedAt();
  let isRefused = true;
  const id = showRefusal(problem('KEY_WHILE_LOADING'));
  whileRefused(session, id, () => isRefused);
  session.set({ beyond: [] });
  arrive();
  expect(told()).toEqual([id]);
  isRefused = false;
  arrive();
  expect([told(), listeners]).toEqual([[], 0]);
  isRefused = true;
  const again = showRefusal(problem('KEY_OF_PLANES'));
  whileRefused(session, again, () => isRefused);
  isRefused = false;
  session.set({ mode: 'mpr' });
  expect([told(), listeners]).toEqual([[], 0]);
});

it('a refused view is told while its series is looked at', () => {
  const session = lookedAt();
  const id = showRefusal(problem('VOLUME_COLOUR'));
  whileLookedAt(session, id);
  session.set({ cells: changeCell(session.state, 0, { k: 3 }) });
  expect(told()).toEqual([id]);
  session.set({ cells: changeCell(session.state, 0, { seriesKey: 'b' }) });
  expect([told(), listeners]).toEqual([[], 0]);
});

it('nobody listens any more for a message that has left by itself', () => {
  const session = lookedAt();
  whileLookedAt(session, showRefusal(problem('VOLUME_COLOUR')));
  useApp.setState({ messages: [] });
  session.set({ beyond: [] });
  expect(listeners).toBe(0);
});
