import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok, type Result } from '../../../../core/base/result.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { applyMpr, startMprView } from '../mpr/mpr-view.ts';
import { changeCell, emptyCell, type ReadingState, startState } from '../session/reading-state.ts';
import { Autosave } from './autosave.ts';
import { isElsewhere } from './session-memory.ts';

const geometry = {
  size: [10, 10, 10],
  patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1],
} as unknown as VolumeGeometry;
const window = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
} as const;
const mpr = startMprView('a', 0, geometry, window, 'CT');
const state: ReadingState = {
  ...startState('t'),
  cells: [{ ...emptyCell, seriesKey: 'a', k: 5 }, emptyCell],
  mpr,
};
const withCell = (part: Parameters<typeof changeCell>[2]): ReadingState => ({
  ...state,
  cells: changeCell(state, 0, part),
});

describe('where a reader is', () => {
  it('is another place at another image, crosshair, phase or viewport', () => {
    const stepped = applyMpr(mpr, { kind: 'step', plane: 'coronal', count: 2 });
    for (const now of [
      withCell({ k: 6 }),
      { ...state, mpr: stepped },
      { ...state, mpr: { ...mpr, group: 1 } },
      { ...state, active: 1 },
      { ...state, isMaximised: true },
      { ...state, panel: 'tags' as const },
    ]) {
      expect(isElsewhere(now, state)).toBe(true);
    }
    expect(isElsewhere({ ...state, arrivals: 7, probe: null }, state)).toBe(false);
    expect(isElsewhere(withCell({ window }), state)).toBe(false);
  });

  it('is nowhere while images or phases play, and where they stop', () => {
    const playing = withCell({ cine: 15 });
    const next = { ...playing, cells: changeCell(playing, 0, { k: 6 }) };
    expect(isElsewhere(next, playing)).toBe(false);
    expect(isElsewhere({ ...next, cells: changeCell(next, 0, { cine: null }) }, next)).toBe(true);
    expect(
      isElsewhere({ ...state, phaseRate: 5, mpr: { ...mpr, group: 1 } }, { ...state, phaseRate: 5 }),
    ).toBe(false);
  });
});

describe('places are kept', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const started = () => {
    const saved: number[] = [];
    let place = 0;
    const save = async (now: number): Promise<Result<unknown>> => {
      saved.push(now);
      return ok({});
    };
    const autosave = new Autosave({ write: () => place, save, onProblem: () => undefined });
    const go = (to: number): void => {
      place = to;
      autosave.moved();
    };
    return { saved, autosave, go };
  };

  it('once a reader stays, not at each step of a wheel', async () => {
    const { saved, go } = started();
    for (let n = 1; n <= 100; n += 1) {
      go(n);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(saved).toEqual([100]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved).toEqual([100]);
  });

  it('at once when the study is left, and with a change that is more than a place', async () => {
    const { saved, autosave, go } = started();
    go(1);
    await autosave.flush();
    expect(saved).toEqual([1]);
    go(2);
    autosave.changed();
    // Scrolling on does not put off what counts.
    for (let n = 3; n <= 7; n += 1) {
      go(n);
      await vi.advanceTimersByTimeAsync(110);
    }
    expect(saved).toEqual([1, 7]);
  });
});
