import { expect, test } from 'vitest';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import { ReadingSession } from './reading-session.ts';
import { changeCell, startState } from './reading-state.ts';

/** What the page says, and offers, where a series has no volume and a key asks for planes. */
function asked(refusal: Problem | null, factor: number | null) {
  const state = startState('s');
  const told: { readonly code: string; readonly isRefusal: boolean | undefined }[] = [];
  const parts: object[] = [];
  const stack = { group: { regular: null }, modeRefusal: () => refusal, neededReduction: () => factor };
  const session: ReadingSession = Object.assign(Object.create(ReadingSession.prototype), {
    store: { getState: () => ({ ...state, cells: changeCell(state, 0, { seriesKey: 'a' }) }) },
    services: { onProblem: ({ code }: Problem, isRefusal?: boolean) => told.push({ code, isRefusal }) },
    volumeStackOf: () => stack,
    set: (part: object) => void parts.push(part),
  });
  session.setMode('mpr');
  return { told, parts };
}

test('a key for planes of what has no volume says why, and that nothing went wrong', () => {
  const colour = { code: 'VOLUME_COLOUR', isRefusal: true };
  expect(asked(problem('VOLUME_COLOUR'), null)).toEqual({ told: [colour], parts: [] });
  expect(asked(null, null).told).toEqual([{ code: 'VOLUME_NONE', isRefusal: true }]);
});

test('what is only too large is offered smaller', () => {
  const { told, parts } = asked(problem('VOLUME_TOO_LARGE', { megabytes: 5000 }), 2);
  expect(told).toEqual([]);
  expect(parts).toMatchObject([{ offering: { seriesKey: 'a', factor: 2, mode: 'mpr' } }]);
});
