import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { samplePoints } from '../../../../core/analysis/curve/sample-line.ts';
import type { ScalarField } from '../../../../core/analysis/types.ts';
import { between, dot, length, matrixFromColumns, normalise } from '../../../../core/geometry/matrices.ts';
import { patientPoint } from '../../../../core/geometry/types.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { type ReadingState, startState } from '../session/reading-state.ts';
import { cameraOf } from './fly-camera.ts';
import { flyLumen } from './fly-lumen.ts';
import { FlyPlayer } from './fly-player.ts';

vi.mock('../../../app/messages.ts', () => ({ showProblem: () => undefined, showMessage: () => undefined }));

const size = 24;
const geometry = {
  size: [size, size, 60],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [-12, -12, 0]),
} as const;

/** A tube of radius 5 along z. */
function tube(insideHu: number, outsideHu: number): ScalarField {
  const voxels = Int16Array.from({ length: size * size * 60 }, (_, n) => {
    const [i, j] = [n % size, Math.floor(n / size) % size];
    return Math.hypot(i - 12, j - 12) <= 5 ? insideHu : outsideHu;
  });
  return { geometry, voxels, rescale: { slope: 1, intercept: 0 } };
}
const pointsMm = [patientPoint(0, 0, 2), patientPoint(0, 0, 30), patientPoint(0, 0, 57)];
const line = samplePoints(pointsMm, 0.5);

describe('the wall of a lumen', () => {
  test('lies at −500 HU round gas and at half of the height round contrast medium', () => {
    expect(flyLumen(tube(-1000, 40), line, 'airway', null)).toEqual({
      kind: 'dark',
      threshold: -500,
      isFaint: false,
    });
    // A line that nobody has named an airway: the colon, or a trachea drawn by hand.
    expect(flyLumen(tube(-1000, 40), line, 'vessel', null).kind).toBe('dark');
    expect(flyLumen(tube(350, 40), line, 'vessel', null)).toEqual({
      kind: 'bright',
      threshold: 200,
      isFaint: false,
    });
    // No HU: what surrounds it says how bright it is.
    expect(flyLumen(tube(900, 300), line, 'vessel', 300)).toEqual({
      kind: 'bright',
      threshold: 600,
      isFaint: false,
    });
  });

  test('is doubtful without contrast medium, and beside the lumen', () => {
    expect(flyLumen(tube(45, 40), line, 'vessel', null).isFaint).toBe(true);
    expect(flyLumen(tube(40, 40), line, 'airway', null).isFaint).toBe(true);
    const beside = samplePoints([patientPoint(500, 0, 0), patientPoint(500, 0, 9)], 0.5);
    expect(flyLumen(tube(350, 40), beside, 'vessel', null).isFaint).toBe(true);
  });
});

describe('looking around', () => {
  const ahead = { isBack: false, yawRad: 0, pitchRad: 0 };
  const direction = (part: object) => {
    const camera = cameraOf(line, 20, { ...ahead, ...part })!;
    expect(length(between(camera.position, patientPoint(0, 0, 22)))).toBeLessThan(1e-6);
    return normalise(between(camera.position, camera.focalPoint));
  };
  test('turns by the angle asked for, in place', () => {
    const straight = direction({});
    expect(straight[2]).toBeCloseTo(1, 9);
    for (const part of [{ yawRad: 0.5 }, { pitchRad: 0.5 }, { yawRad: -0.5 }, { pitchRad: -0.5 }])
      expect(dot(straight, direction(part))).toBeCloseTo(Math.cos(0.5), 9);
    expect(dot(direction({ yawRad: 0.5 }), direction({ yawRad: -0.5 }))).toBeCloseTo(Math.cos(1), 9);
    expect(direction({ isBack: true })[2]).toBeCloseTo(-1, 9);
  });

  test('goes to the right and down by positive angles', () => {
    const camera = cameraOf(line, 20, ahead)!;
    const straight = normalise(between(camera.position, camera.focalPoint));
    const up = camera.viewUp;
    const right = [
      straight[1] * up[2] - straight[2] * up[1],
      straight[2] * up[0] - straight[0] * up[2],
      straight[0] * up[1] - straight[1] * up[0],
    ];
    const yawed = direction({ yawRad: 0.3 });
    expect(yawed[0] * right[0]! + yawed[1] * right[1]! + yawed[2] * right[2]!).toBeCloseTo(Math.sin(0.3), 6);
    expect(dot(direction({ pitchRad: 0.3 }), up)).toBeCloseTo(-Math.sin(0.3), 6);
  });
});

describe('a flight', () => {
  const frames: ((nowMs: number) => void)[] = [];
  let nowMs = 0;
  beforeEach(() => {
    frames.length = 0;
    nowMs = 1000;
    vi.stubGlobal('requestAnimationFrame', (step: (ms: number) => void) => frames.push(step));
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  /** So many frames, each so long. */
  const pass = (count: number, ms: number): void => {
    for (let n = 0; n < count; n += 1) {
      nowMs += ms;
      for (const step of frames.splice(0)) step(nowMs);
    }
  };

  function flying() {
    const window = {
      voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
      isInverted: false,
      presetId: null,
    } as const;
    const start = startState('study');
    const fake = {
      state: {
        ...start,
        mode: 'cpr',
        mpr: startMprView('s', 0, geometry, window, 'CT'),
        vessel: {
          lines: [
            {
              line: {
                ...{ id: 'l', kind: 'vessel', nameId: null, customName: '', seriesKey: 's', groupId: 'g' },
                ...{ frameOfReferenceUID: '1', verdict: 'exact' },
                controls: [pointsMm[0], pointsMm[2]].map((pointMm) => ({
                  pointMm: pointMm!,
                  snapped: false,
                })),
                pieces: [{ pointsMm, state: 'drawn' }],
              },
              ...{ sectionMm: 20, edited: [], lesion: null, rule: 'mean' },
            },
          ],
          activeId: 'l',
          view: { ...start.vessel.view, picture: 'fly' },
        },
      } as ReadingState,
      set(part: Partial<ReadingState>) {
        this.state = { ...this.state, ...part };
      },
    };
    const player = new FlyPlayer(fake as unknown as ReadingSession);
    const cursor = (): number => fake.state.vessel.view.cursorMm;
    const z = (): number => fake.state.mpr!.state.centre[2];
    return { fake, player, cursor, z };
  }

  test('goes on by its speed; cursor and crosshair follow, and are there when it stops', () => {
    const { player, cursor, z } = flying();
    player.play();
    pass(60, 20);
    // 1.2 s at 20 mm/s.
    expect(player.work.getState().atMm).toBeCloseTo(24, 6);
    expect(cursor()).toBeGreaterThan(18);
    expect(cursor()).toBeLessThanOrEqual(24);
    player.toggle();
    expect(cursor()).toBeCloseTo(24, 3);
    expect(z()).toBeCloseTo(26, 3);
    pass(5, 20);
    expect(cursor()).toBeCloseTo(24, 3);
  });

  test('stops at the end, and begins anew from there; back it flies backwards', () => {
    const { player, cursor } = flying();
    player.goTo(50);
    player.play();
    pass(60, 20);
    expect(player.work.getState().isPlaying).toBe(false);
    expect(cursor()).toBeCloseTo(55, 3);
    player.play();
    pass(10, 20);
    player.pause();
    expect(cursor()).toBeCloseTo(4, 3);
    player.turnRound();
    player.play();
    pass(6, 20);
    player.pause();
    expect(cursor()).toBeCloseTo(1.6, 3);
  });

  test('makes no leap after a pause of the machine, and ends under a hand on the cursor', () => {
    const { fake, player, cursor } = flying();
    player.play();
    pass(1, 5000);
    expect(player.work.getState().atMm!).toBeLessThanOrEqual(3);
    const { vessel } = fake.state;
    fake.set({ vessel: { ...vessel, view: { ...vessel.view, cursorMm: 40 } } });
    pass(3, 20);
    expect(player.work.getState()).toMatchObject({ isPlaying: false, atMm: null });
    expect(cursor()).toBe(40);
  });

  test('knows its speeds and the limits of its neck', () => {
    const { player } = flying();
    for (let n = 0; n < 9; n += 1) player.faster(1);
    expect(player.work.getState().speedMmPerS).toBe(80);
    for (let n = 0; n < 9; n += 1) player.faster(-1);
    expect(player.work.getState().speedMmPerS).toBe(5);
    player.lookAround(9, 9);
    expect(player.work.getState().pitchRad).toBeLessThan(Math.PI / 2);
    player.lookAhead();
    expect(player.work.getState()).toMatchObject({ yawRad: 0, pitchRad: 0, isBack: false });
  });
});
