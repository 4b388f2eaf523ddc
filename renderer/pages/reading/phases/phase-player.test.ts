import { afterEach, expect, test, vi } from 'vitest';
import { problem } from '../../../../core/base/problem.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { loadPhases, playPhases, stopPhases } from './phase-player.ts';

afterEach(() => vi.unstubAllGlobals());

/** A 4D set of three phases that arrive once planes ask for them. */
function setOf(scalarType: 'int16' | 'rgb8', refusal: ReturnType<typeof problem> | null = null) {
  const isColour = scalarType === 'rgb8';
  const groups = [0, 1, 2].map((index) => ({
    id: `g${index}`,
    scalarType,
    regular: { size: [4, 4, 4] },
    dimension: { set: 0, index },
  }));
  const plan = { seriesKey: 'a', groups };
  const stacks = groups.map((group, n) => {
    let isWanted = false;
    const want = (): null => {
      isWanted = true;
      return null;
    };
    return {
      plan,
      group,
      groupIndex: n,
      count: 4,
      isColour,
      get isWhole() {
        return isWanted;
      },
      volume: () => (isColour ? null : want()),
      planesVolume: want,
      volumeRefusal: () => (isColour ? problem('VOLUME_COLOUR') : null),
      modeRefusal: (mode: string) => (mode === 'mpr' ? refusal : problem('VOLUME_COLOUR')),
      onClose: () => undefined,
      loader: { focus: () => undefined, subscribe: () => () => undefined },
    } as unknown as OpenStack;
  });
  const state: Record<string, unknown> = { mode: 'mpr', mpr: { seriesKey: 'a', group: 1 }, phases: null };
  return {
    state,
    mprStack: () => stacks[1],
    phaseStack: (group: number) => stacks[group],
    set: (part: object) => void Object.assign(state, part),
  } as unknown as ReadingSession;
}

test.each(['int16', 'rgb8'] as const)('all phases of a set are loaded: %s', async (scalarType) => {
  const session = setOf(scalarType);
  await loadPhases(session);
  expect(session.state.phases).toEqual({ seriesKey: 'a', ready: [0, 1, 2], fitting: 3 });
});

test('phases that planes cannot show are left out', async () => {
  const session = setOf('rgb8', problem('COLOUR_TOO_LARGE'));
  await loadPhases(session);
  expect(session.state.phases).toBeNull();
});

test.each([
  { everyMs: 16, shown: null },
  { everyMs: 125, shown: 8 },
])(
  'says what is shown where planes take $everyMs ms and 15 phases a second are asked for',
  async ({ everyMs, shown }) => {
    const session = setOf('int16');
    await loadPhases(session);
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
    const showPhase = (group: number) => session.set({ mpr: { ...session.state.mpr!, group } });
    playPhases(Object.assign(session, { showPhase }) as ReadingSession);
    const startMs = performance.now();
    for (let ms = 0; ms < 2500; ms += everyMs) frames.shift()?.(startMs + ms);
    expect(session.state.cineShown).toBe(shown);
    stopPhases(session);
    frames.shift()?.(startMs + 2500);
    expect(session.state.cineShown).toBeNull();
  },
);
