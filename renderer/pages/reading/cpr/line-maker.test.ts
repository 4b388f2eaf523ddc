import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isSoundLine } from '../../../../core/analysis/curve/edit.ts';
import type { LinePiece, PieceState, StationMeasure } from '../../../../core/analysis/types.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { type PatientPoint, patientPoint } from '../../../../core/geometry/types.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import { History } from '../session/history.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { type ReadingState, startState } from '../session/reading-state.ts';
import { snapshotOf, withSnapshot } from '../session/snapshot.ts';
import { withLineCursor } from './line-cursor.ts';
import { LineMaker } from './line-maker.ts';

const asked: { name: string; input: unknown }[] = [];
let answer: (name: string, input: never) => unknown = () => null;

vi.mock('./line-client.ts', () => ({
  analysisOf: () => ({
    run: (name: string, input: never) => {
      asked.push({ name, input });
      return Promise.resolve(answer(name, input));
    },
  }),
}));
/** What stands in the strip, by its number there. */
const strip = new Map<number, string>();
vi.mock('../../../app/messages.ts', () => ({
  showProblem: ({ code }: { readonly code: string }) => strip.set(strip.size + 1, code).size,
  dismissMessage: (id: number) => strip.delete(id),
}));

const geometry = {
  size: [200, 200, 200],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [-100, -100, -100]),
} as const;
const window: WindowState = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
};
const stack = {
  plan: { seriesKey: 's', common: { FrameOfReferenceUID: '1.2.3' } },
  group: { id: 'g', verdict: { kind: 'exact' } },
} as unknown as OpenStack;

/** A session without a host: its state, changed as the real one does. */
class FakeSession {
  state: ReadingState = {
    ...startState('study'),
    mode: 'mpr',
    mpr: startMprView('s', 0, geometry, window, 'CT'),
  };
  readonly history = new History(() => 0);
  set(part: Partial<ReadingState>): void {
    const before = this.state;
    this.state = { ...before, ...withLineCursor(before, part) };
    this.history.note(snapshotOf(before), snapshotOf(this.state));
  }
  step(direction: 'undo' | 'redo'): void {
    const to = this.history[direction](snapshotOf(this.state));
    if (to) this.state = { ...this.state, ...withSnapshot(this.state, to) };
  }
  undo(): void {
    this.step('undo');
  }
  mprStack(): OpenStack {
    return stack;
  }
}

interface Link {
  readonly from: PatientPoint;
  readonly to: PatientPoint;
}
const piece = ({ from, to }: Link, state: PieceState = 'found'): LinePiece => ({
  pointsMm: [from, patientPoint((from[0] + to[0]) / 2, from[1], from[2]), to],
  state,
});
/** Snaps 1 mm to the left, finds every path. */
const willing = (name: string, input: never): unknown => {
  if (name === 'snap') {
    const { pointMm } = input as { pointMm: PatientPoint };
    return ok({ pointMm: patientPoint(pointMm[0] + 1, pointMm[1], pointMm[2]), snapped: true });
  }
  const { links } = input as { links: readonly Link[] };
  return ok({ pieces: links.map((link) => piece(link)), problem: null });
};

const flush = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

function start(): {
  session: FakeSession;
  maker: LineMaker;
  click(x: number, y: number, z: number, isFree?: boolean): Promise<void>;
} {
  const session = new FakeSession();
  const maker = new LineMaker(session as unknown as ReadingSession);
  const click = async (x: number, y: number, z: number, isFree = false): Promise<void> => {
    maker.click(patientPoint(x, y, z), { isFree });
    await flush();
  };
  return { session, maker, click };
}

const lineOf = ({ state }: FakeSession) => state.vessel.lines[0]!.line;

beforeEach(() => {
  asked.length = 0;
  answer = willing;
  strip.clear();
});

describe('clicks with the centreline tool', () => {
  test('those of a double click set nothing, whether their paths are found by then or not', async () => {
    const { session, click, maker } = start();
    await click(0, 0, 0);
    await click(10, 0, 0);
    for (const isFound of [true, false]) {
      const { vessel, vesselWork } = session.state;
      const steps = session.history.past;
      // The press of the second click finds the first one's point, or makes a click of its own.
      for (let n = 0; n < 2; n++) {
        if (isFound) await click(30, 0, n);
        else maker.click(patientPoint(30, 0, n), { isFree: false });
      }
      maker.takeBackClicks({ lines: vessel.lines, work: vesselWork });
      await flush();
      expect(session.state.vessel.lines).toBe(vessel.lines);
      expect(session.state.vesselWork).toEqual(vesselWork);
      expect(session.history.past).toEqual(steps);
    }
    await click(20, 0, 0);
    expect(lineOf(session).controls).toHaveLength(3);
  });

  test('two make a line along the lumen, snapped, and planes stay at the last click', async () => {
    const { session, click } = start();
    await click(0, 0, 0);
    expect(lineOf(session)).toMatchObject({ seriesKey: 's', groupId: 'g', verdict: 'exact', pieces: [] });
    await click(40, 0, 0);
    const line = lineOf(session);
    expect(line.controls.map(({ pointMm }) => pointMm[0])).toEqual([1, 41]);
    expect(line.pieces.map(({ state }) => state)).toEqual(['found']);
    expect(session.state.vessel.view.cursorMm).toBeCloseTo(40, 3);
    expect(session.state.mpr!.state.centre[0]).toBeCloseTo(41, 3);
    // Each click is one step of undo.
    expect(session.history.past.length).toBe(2);
    expect(session.state.vesselWork).toMatchObject({ busy: null, pending: null, draft: null });
  });

  test('take back what was said of the click before', async () => {
    const { maker, click } = start();
    answer = () => fail(problem('PATH_POINT_IN_AIR', { n: 1 }));
    await click(0, 0, 0);
    await click(0, 0, 0);
    expect([...strip.values()]).toEqual(['PATH_POINT_IN_AIR']);
    answer = willing;
    await click(5, 0, 0);
    expect(strip.size).toBe(0);
    answer = () => fail(problem('PATH_NO_LUMEN', { n: 2 }));
    await click(9, 0, 0);
    expect(strip.size).toBe(1);
    maker.startNew();
    expect(strip.size).toBe(0);
  });

  test('are sought as what was named before the first of them, once', async () => {
    const { session, maker, click } = start();
    session.set({ vesselWork: { ...session.state.vesselWork, nextNameId: 'trachea' } });
    await click(0, 0, 0);
    expect(asked.map(({ input }) => input)).toEqual([expect.objectContaining({ kind: 'airway' })]);
    expect(lineOf(session)).toMatchObject({ kind: 'airway', nameId: 'trachea' });
    maker.end();
    maker.startNew();
    await click(0, 60, 0);
    expect(session.state.vessel.lines[1]!.line).toMatchObject({ kind: 'vessel', nameId: null });
  });

  test('beyond an end go on, beside the line lead it there, and Ctrl does not snap', async () => {
    const { session, click } = start();
    await click(0, 0, 0);
    await click(40, 0, 0);
    await click(70, 0, 0, true);
    expect(lineOf(session).controls.map(({ pointMm, snapped }) => [pointMm[0], snapped])).toEqual([
      [1, true],
      [41, true],
      [70, false],
    ]);
    await click(20, 5, 0);
    expect(lineOf(session).controls.map(({ pointMm }) => pointMm[0])).toEqual([1, 21, 41, 70]);
    expect(asked.at(-1)).toMatchObject({ name: 'paths', input: { links: [{ n: 1 }, { n: 2 }] } });
  });

  test('after the line is ended begin another, and a branch knows where it leaves', async () => {
    const { session, maker, click } = start();
    await click(0, 0, 0);
    await click(60, 0, 0);
    maker.end();
    await click(29, 2, 0);
    await click(29, 50, 0);
    expect(session.state.vessel.lines.length).toBe(2);
    const [trunk, branch] = session.state.vessel.lines;
    expect(branch!.line.parent?.lineId).toBe(trunk!.line.id);
    expect(branch!.line.parent?.atMm).toBeCloseTo(29, 0);
  });

  test('a branch of a wide vessel begins at its wall', async () => {
    const widths = [0, 22] as const;
    const parents: unknown[] = [];
    for (const equivalentDiameterMm of widths) {
      const { session, maker, click } = start();
      await click(0, 0, 0);
      await click(60, 0, 0);
      maker.end();
      const { id, pieces } = lineOf(session);
      const stations = [{ s: 30, equivalentDiameterMm }] as unknown as readonly StationMeasure[];
      const measured = { of: pieces, sectionMm: 80, group: 0, contours: [], stations, stenoses: [] };
      const { vesselWork } = session.state;
      session.set({
        vesselWork: { ...vesselWork, measured: { [id]: { ...measured, isUnopacified: false } } },
      });
      await click(29, 12, 0);
      await click(29, 50, 0);
      parents.push(session.state.vessel.lines[1]!.line.parent?.lineId === id);
    }
    expect(parents).toEqual([false, true]);
  });

  test('where no lumen is found nothing is lost, nothing is made up, and it says so', async () => {
    const { session, click } = start();
    await click(0, 0, 0);
    await click(40, 0, 0);
    const before = session.state.vessel;
    answer = (name, input) => (name === 'paths' ? fail(problem('PATH_GAP', { n: 3 })) : willing(name, input));
    await click(90, 0, 0);
    expect(session.state.vessel).toBe(before);
    expect(session.state.vesselWork.problem?.code).toBe('PATH_GAP');
    answer = (name, input) =>
      name === 'snap' ? fail(problem('PATH_POINT_IN_AIR', { n: 3 })) : willing(name, input);
    await click(90, 0, 0);
    expect(session.state.vessel).toBe(before);
    expect(session.state.vesselWork).toMatchObject({
      problem: { code: 'PATH_POINT_IN_AIR' },
      pending: null,
      busy: null,
    });
  });

  test('by hand make a spline, and ask nobody', async () => {
    const { session, click } = start();
    session.set({ vesselWork: { ...session.state.vesselWork, isByHand: true } });
    await click(0, 0, 0);
    await click(20, 10, 0);
    await click(60, 0, 0);
    expect(lineOf(session).pieces.map(({ state }) => state)).toEqual(['drawn', 'drawn']);
    expect(asked).toEqual([]);
  });
});

describe('a point under the hand', () => {
  test('bends the line until it is let go, then finds both pieces anew in one step', async () => {
    const { session, maker, click } = start();
    await click(0, 0, 0);
    await click(40, 0, 0);
    await click(80, 0, 0);
    const kept = session.state.vessel;
    const steps = session.history.past.length;
    for (let y = 1; y <= 6; y += 1) maker.drag(1, patientPoint(42, y, 0));
    expect(session.state.vessel).toBe(kept);
    const draft = session.state.vesselWork.draft!.line;
    expect(draft.controls[1]!.pointMm).toEqual(patientPoint(42, 6, 0));
    expect(draft.pieces[0]!.pointsMm[0]).toEqual(kept.lines[0]!.line.controls[0]!.pointMm);
    expect(draft.pieces[0]!.pointsMm.at(-1)).toEqual(patientPoint(42, 6, 0));
    await maker.drop(1, { isFree: false });
    expect(session.state.vesselWork.draft).toBeNull();
    expect(lineOf(session).controls[1]!.pointMm).toEqual(patientPoint(43, 6, 0));
    expect(lineOf(session).pieces.map(({ state }) => state)).toEqual(['found', 'found']);
    expect(session.history.past.length).toBe(steps + 1);
  });

  test('goes back where it was when no path is found', async () => {
    const { session, maker, click } = start();
    await click(0, 0, 0);
    await click(40, 0, 0);
    const kept = session.state.vessel;
    answer = (name, input) =>
      name === 'paths' ? fail(problem('PATH_NO_LUMEN', { n: 1 })) : willing(name, input);
    maker.drag(1, patientPoint(40, 30, 0));
    await maker.drop(1, { isFree: true });
    expect(session.state.vessel).toBe(kept);
    expect(session.state.vesselWork.draft).toBeNull();
  });

  test('can be taken on the line, and deleted: one piece is found between its neighbours', async () => {
    const { session, maker, click } = start();
    await click(0, 0, 0);
    await click(40, 0, 0);
    expect(maker.takeOn(patientPoint(15, 1, 0))).toBe(1);
    maker.drag(1, patientPoint(15, 3, 0));
    await maker.drop(1, { isFree: true });
    expect(lineOf(session).controls.length).toBe(3);
    await maker.deletePoint(1);
    expect(lineOf(session).controls.length).toBe(2);
    expect(lineOf(session).pieces.map(({ state }) => state)).toEqual(['found']);
  });
});

describe('whatever a hand does', () => {
  const op = fc.record({
    what: fc.constantFrom(
      'click',
      'drag',
      'drop',
      'take',
      'delete',
      'undo',
      'redo',
      'reverse',
      'end',
      'hand',
    ),
    x: fc.integer({ min: -90, max: 90 }),
    y: fc.integer({ min: -90, max: 90 }),
    index: fc.integer({ min: -1, max: 6 }),
    isFree: fc.boolean(),
    isRefused: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  });

  test('lines stay whole and finite, and all of it can be undone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 40 }), async (ops) => {
        const { session, maker, click } = start();
        for (const { what, x, y, index, isFree, isRefused } of ops) {
          answer = isRefused ? () => fail(problem('PATH_NO_LUMEN', { n: 1 })) : willing;
          const at = patientPoint(x, y, x / 2);
          if (what === 'click') await click(x, y, x / 2, isFree);
          if (what === 'drag') maker.drag(index, at);
          if (what === 'drop') await maker.drop(index, { isFree });
          if (what === 'take') maker.takeOn(at);
          if (what === 'delete') await maker.deletePoint(index);
          if (what === 'undo' || what === 'redo') session.step(what);
          if (what === 'reverse') maker.reverse();
          if (what === 'end') maker.end();
          if (what === 'hand') session.set({ vesselWork: { ...session.state.vesselWork, isByHand: isFree } });
          const { lines, view } = session.state.vessel;
          expect(lines.every(({ line }) => isSoundLine(line))).toBe(true);
          expect(Number.isFinite(view.cursorMm)).toBe(true);
          expect(session.state.mpr!.state.centre.every(Number.isFinite)).toBe(true);
        }
        while (session.history.past.length > 0) session.step('undo');
        expect(session.state.vessel.lines).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });
});
