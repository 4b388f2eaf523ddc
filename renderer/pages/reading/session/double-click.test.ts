import { expect, test } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { placeCross, startMprView } from '../mpr/mpr-view.ts';
import { maximise, press } from './double-click.ts';
import type { ReadingSession } from './reading-session.ts';
import { type ReadingState, startState } from './reading-state.ts';

const geometry = {
  size: [10, 10, 10] as const,
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };

/** A session's state, and what presses did to its history. */
function made() {
  const mpr = startMprView('s', 0, geometry, window, 'CT');
  const held: (readonly unknown[])[] = [];
  const session = {
    state: { ...startState('study'), mpr } as ReadingState,
    set(part: Partial<ReadingState>): void {
      session.state = { ...session.state, ...part };
    },
    hold: (...args: readonly unknown[]) => held.push(args),
  };
  return { session, reading: session as unknown as ReadingSession, held };
}

const cursorTo = ({ session }: ReturnType<typeof made>, cursorMm: number): void => {
  const { vessel, mpr } = session.state;
  session.set({
    mpr: mpr && placeCross(mpr, patientPoint(cursorMm, 2, 3)),
    vessel: { ...vessel, activeId: 'other', view: { ...vessel.view, cursorMm } },
  });
};

test('a double click puts crosshair, cursor and line back where its first press found them', () => {
  const one = made();
  const { session, reading, held } = one;
  const before = session.state;
  press(reading, 2, false);
  cursorTo(one, 7);
  press(reading, 2, true);
  cursorTo(one, 7);
  maximise(reading);
  expect(session.state.mpr).toEqual(before.mpr);
  expect(session.state.vessel).toEqual(before.vessel);
  expect([session.state.active, session.state.isMaximised]).toEqual([2, true]);
  expect(held).toEqual([[true, false], [true, true], [true, true], [false]]);
});

test('where nothing was moved it only maximises, and back', () => {
  const { session, reading } = made();
  const before = session.state;
  press(reading, 1, false);
  maximise(reading);
  maximise(reading);
  expect(session.state.mpr).toBe(before.mpr);
  expect(session.state.vessel).toBe(before.vessel);
  expect(session.state.isMaximised).toBe(before.isMaximised);
});

test('with the centreline tool it takes back what its clicks set, and with others no line', () => {
  for (const tool of ['window', 'centreline'] as const) {
    const { session, reading } = made();
    session.set({ tool });
    const { vessel } = session.state;
    Object.assign(session, { undo: () => session.set({ vessel }) });
    press(reading, 0, false);
    session.set({ vessel: { ...vessel, lines: [] } });
    maximise(reading);
    expect(session.state.vessel.lines === vessel.lines, tool).toBe(tool === 'centreline');
  }
});
