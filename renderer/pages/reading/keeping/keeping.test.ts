import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import { colourMaps } from '../../../../core/scene/fusion.ts';
import { flippedHorizontally, panned, rotated } from '../../../viewport/view-transform.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import { bookmarksArbitrary } from '../bookmarks/test-bookmarks.ts';
import { noVessels } from '../cpr/vessel-state.ts';
import { masksArbitrary } from '../masks/test-masks.ts';
import { applyMpr, type MprView, placeCross, setFree, startMprView } from '../mpr/mpr-view.ts';
import { startRibsLook } from '../ribs/ribs-look.ts';
import { foundBones, namedBones } from '../ribs/test-study-bones.ts';
import { History, undoSteps } from '../session/history.ts';
import { layouts } from '../session/layouts.ts';
import {
  changeCell,
  emptyCell,
  type ReadingState,
  startState,
  withLayout,
} from '../session/reading-state.ts';
import { type Snapshot, snapshotOf, withSnapshot } from '../session/snapshot.ts';
import { type KeptState, readKept, withFewerSteps, writeKept } from './kept-state.ts';

const window = (center: number): WindowState => ({
  voi: { kind: 'window', center, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
});
const length = (id: string): Measurement => ({
  id,
  kind: 'length',
  seriesKey: 'a',
  seriesNumber: 2,
  imageNumber: 7,
  anchor: {
    kind: 'image',
    sopInstanceUID: '1.2',
    frame: 0,
    points: [
      { column: 1.25, row: 2 },
      { column: 30, row: 40.5 },
    ],
  },
  value: {
    calibration: { source: 'PixelSpacing', rowMm: 0.7, columnMm: 0.7 },
    length: 12.3,
    valueUnit: 'HU',
  },
  verdict: 'exact',
});
const geometry: VolumeGeometry = {
  size: [10, 10, 10],
  patientFromIndex: [
    1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1,
  ] as unknown as VolumeGeometry['patientFromIndex'],
};
const series = [{ seriesKey: 'a' }, { seriesKey: 'b' }] as unknown as ReadingState['series'];
const opened: ReadingState = { ...startState('t'), series, cells: [{ ...emptyCell, seriesKey: 'a', k: 5 }] };

/** A session's state with its history, without a page. */
function reading(nowMs: () => number = () => 0) {
  const history = new History(nowMs);
  let state = opened;
  const put = (snapshot: Snapshot | null): void => {
    if (snapshot) state = { ...state, ...withSnapshot(state, snapshot) };
  };
  return {
    history,
    get state() {
      return state;
    },
    change(part: Partial<ReadingState>) {
      const before = state;
      state = { ...state, ...part };
      history.note(snapshotOf(before), snapshotOf(state));
    },
    undo: () => put(history.undo(snapshotOf(state))),
    redo: () => put(history.redo(snapshotOf(state))),
  };
}
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('undo', () => {
  test('takes back window, turn, marks and layout one by one, and redo brings them again', async () => {
    const r = reading();
    const { view } = opened.cells[0]!;
    r.change({ cells: changeCell(r.state, 0, { window: window(40) }) });
    await task();
    r.change({ cells: changeCell(r.state, 0, { view: { ...view, turn: rotated(view.turn) } }) });
    await task();
    r.change({ annotations: { items: [length('m')], selectedId: 'm' } });
    await task();
    r.change(withLayout(r.state, layouts[3]!));
    await task();
    const last = snapshotOf(r.state);
    const seen: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { cells, layout, annotations } = r.state;
      const { window: w, view: v } = cells[0]!;
      seen.push(`${layout.id} ${annotations.items.length} ${v.turn.join()} ${w ? 'set' : 'first'}`);
      r.undo();
    }
    expect(seen).toEqual([
      '2×2 1 0,-1,1,0 set',
      '1×1 1 0,-1,1,0 set',
      '1×1 0 0,-1,1,0 set',
      '1×1 0 1,0,0,1 set',
      '1×1 0 1,0,0,1 first',
    ]);
    expect(snapshotOf(r.state)).toEqual(snapshotOf(opened));
    for (let n = 0; n < 5; n += 1) r.redo();
    expect(snapshotOf(r.state)).toEqual(last);
  });

  test('leaves the image on screen and the crosshair where they are; scrolling is no step', async () => {
    const r = reading();
    r.change({ cells: changeCell(r.state, 0, { window: window(1) }) });
    await task();
    r.change({ cells: changeCell(r.state, 0, { k: 9 }) });
    expect(r.history.past.length).toBe(1);
    r.undo();
    expect(r.state.cells[0]).toMatchObject({ k: 9, window: null });
    const mpr = startMprView('a', 0, geometry, window(0), 'CT');
    r.change({ mpr, mode: 'mpr' });
    await task();
    r.change({ mpr: applyMpr(mpr, { kind: 'slab', plane: 'axial', slabMm: 10 }) });
    await task();
    r.change({ mpr: applyMpr(r.state.mpr!, { kind: 'step', plane: 'axial', count: 2 }) });
    const { centre } = r.state.mpr!.state;
    r.undo();
    expect(r.state.mpr!.state).toMatchObject({ centre, planes: { axial: { slabMm: 0 } } });
  });

  test('of the planes: crosshair put by hand, angles, slabs, interpolation; not the phase on screen', async () => {
    let nowMs = 0;
    const r = reading(() => nowMs);
    const mpr = startMprView('a', 0, geometry, window(0), 'CT');
    r.change({ mpr, mode: 'mpr' });
    const steps: ((view: MprView) => MprView)[] = [
      (v) => placeCross(v, patientPoint(3, 4, 5)),
      (v) => applyMpr(v, { kind: 'rotate', plane: 'axial', angleRad: 0.2 }),
      (v) => ({ ...v, interpolation: 'cubic' }),
      (v) => setFree(v, true, 'axial'),
      (v) => applyMpr(v, { kind: 'slab', plane: 'coronal', slabMm: 7.5 }),
      (v) => placeCross(v, patientPoint(6, 2, 1)),
    ];
    const seen: MprView[] = [mpr];
    for (const step of steps) {
      nowMs += 2000;
      await task();
      r.change({ mpr: step(r.state.mpr!) });
      seen.push(r.state.mpr!);
      // Another phase of the same grid comes and goes: the planes stand still, and nothing is there to undo.
      r.change({ mpr: { ...r.state.mpr!, group: 3, geometry: { ...geometry } } });
    }
    expect(r.history.past.length).toBe(1 + steps.length);
    for (const before of seen.slice(0, -1).reverse()) {
      r.undo();
      expect(r.state.mpr).toMatchObject({
        group: 3,
        state: before.state,
        interpolation: before.interpolation,
        isFree: before.isFree,
      });
    }
    for (const after of seen.slice(1)) {
      r.redo();
      expect(r.state.mpr!.state).toEqual(after.state);
    }
  });

  test('one drag, one command, one run of the wheel: one step each', async () => {
    let nowMs = 0;
    const r = reading(() => nowMs);
    const pan = (): void => {
      const { view } = r.state.cells[0]!;
      r.change({ cells: changeCell(r.state, 0, { view: panned(view, 3, 0) }) });
    };
    r.history.hold(true);
    for (let n = 0; n < 40; n += 1) {
      pan();
      nowMs += 100;
      await task();
    }
    r.history.hold(false);
    expect(r.history.past.length).toBe(1);
    for (let n = 0; n < 5; n += 1) {
      pan();
      nowMs += 100;
      await task();
    }
    expect(r.history.past.length).toBe(2);
    nowMs += 2000;
    pan();
    await task();
    expect(r.history.past.length).toBe(3);
    r.change(withLayout(r.state, layouts[1]!));
    r.change({ cells: changeCell(r.state, 1, { seriesKey: 'b' }) });
    await task();
    expect(r.history.past.length).toBe(4);
    for (const turn of [rotated, rotated, flippedHorizontally]) {
      const { view } = r.state.cells[0]!;
      r.change({ cells: changeCell(r.state, 0, { view: { ...view, turn: turn(view.turn) } }) });
      await task();
    }
    expect(r.history.past.length).toBe(7);
  });

  test('a drag that is called off leaves no step', () => {
    const r = reading();
    const { annotations } = r.state;
    r.history.hold(true);
    r.change({ annotations: { items: [length('m')], selectedId: 'm' } });
    r.change({ annotations });
    r.history.hold(false);
    expect(r.history.past.length).toBe(0);
  });

  test('the presses of a double click are one step, and none where the second takes back the first', () => {
    const r = reading();
    const mpr = startMprView('a', 0, geometry, window(40), 'CT');
    r.change({ mode: 'mpr', mpr });
    const press = (again: boolean, next: MprView): void => {
      r.history.hold(true, again);
      r.change({ mpr: next });
      r.history.hold(false);
    };
    const steps = r.history.past.length;
    const there = placeCross(mpr, patientPoint(3, 4, 5));
    press(false, there);
    press(true, placeCross(there, patientPoint(3, 4, 5)));
    expect(r.history.past.length).toBe(steps + 1);
    press(true, mpr);
    expect(r.history.past.length).toBe(steps);
    // Nothing was moved by the first press: the step before it stays.
    press(false, there);
    press(false, there);
    press(true, there);
    expect(r.history.past.length).toBe(steps + 1);
  });

  test('keeps at least 100 steps, and the newest', async () => {
    expect(undoSteps).toBeGreaterThanOrEqual(100);
    const r = reading();
    for (let n = 0; n < undoSteps + 20; n += 1) {
      r.change({ cells: changeCell(r.state, 0, { window: window(n) }) });
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(r.history.past.length).toBe(undoSteps);
    for (let n = 0; n < undoSteps; n += 1) r.undo();
    expect(r.state.cells[0]?.window).toEqual(window(19));
  });
});

describe('the kept state', () => {
  const cell = fc.record({
    seriesKey: fc.constantFrom('a', 'b', null),
    group: fc.nat(3),
    k: fc.nat(500),
    view: fc.record({
      scale: fc.option(fc.double({ min: 0.01, max: 50, noNaN: true }), { nil: null }),
      panX: fc.integer(),
      panY: fc.integer(),
      turn: fc.constantFrom(rotated([1, 0, 0, 1]), flippedHorizontally([1, 0, 0, 1])),
    }),
    window: fc.option(fc.integer().map(window), { nil: null }),
    cine: fc.constant(null),
  });
  const snapshot: fc.Arbitrary<Snapshot> = fc.record({
    items: fc.array(fc.uuid().map(length), { maxLength: 4 }),
    layout: fc.constant(layouts[1]!),
    mode: fc.constantFrom('mpr', '3d', 'cpr', 'ribs'),
    vessel: fc.constant(noVessels),
    masks: masksArbitrary,
    bones: fc.constantFrom(null, foundBones, namedBones),
    ribsLook: fc.constantFrom(startRibsLook, { ...startRibsLook, turnDeg: 12, window: window(7) }),
    bookmarks: bookmarksArbitrary(startMprView('a', 0, geometry, window(30), 'CT')),
    recalls: fc.nat(5),
    active: fc.nat(3),
    isMaximised: fc.boolean(),
    cells: fc.tuple(cell, cell),
    mpr: fc
      .record({
        isFree: fc.boolean(),
        isSlabApart: fc.boolean(),
        interpolation: fc.constantFrom('nearest' as const, 'linear' as const, 'cubic' as const),
        placed: fc.nat(),
        fusion: fc.option(
          fc.record({
            seriesKey: fc.constant('b'),
            group: fc.nat(3),
            map: fc.constantFrom(...colourMaps),
            opacity: fc.constantFrom(0, 0.6, 1),
            low: fc.constantFrom(null, -3.5),
            high: fc.constantFrom(null, 7),
          }),
        ),
      })
      .map((part) => ({ ...startMprView('a', 0, geometry, window(30), 'CT'), ...part })),
  });
  const kept: fc.Arbitrary<KeptState> = fc.record({
    now: snapshot,
    past: fc.array(snapshot, { maxLength: 5 }),
    future: fc.array(snapshot, { maxLength: 3 }),
    active: fc.nat(3),
    accepted: fc.array(fc.constantFrom('a', 'b')),
    panels: fc.record({
      panel: fc.constantFrom('tags' as const, 'volume' as const, null),
      panelBefore: fc.constantFrom('segment' as const, null),
    }),
  });

  test('comes back as it was', () => {
    fc.assert(
      fc.property(kept, (state) => {
        // JSON knows no −0.
        const plain = (x: unknown): unknown => JSON.parse(JSON.stringify(x));
        expect(plain(readKept(writeKept(state)))).toEqual(plain(state));
      }),
      { numRuns: 60 },
    );
  });

  test('a deviation that does not exist comes back so', () => {
    const statistics = { n: 1, mean: 3, sd: Number.NaN, min: 3, max: 3 };
    const item = { ...length('m'), value: { ...length('m').value, statistics } };
    const state = { ...emptyKept, now: { ...emptyKept.now, items: [item] } };
    expect(readKept(writeKept(state))?.now.items).toEqual([item]);
  });

  const emptyKept: KeptState = { now: snapshotOf(opened), past: [], future: [], active: 0, accepted: [] };

  test('a damaged measurement costs itself and the steps, not the others', () => {
    const now = { ...emptyKept.now, items: [length('m'), length('n')] };
    const text = writeKept({ ...emptyKept, now, past: [emptyKept.now] });
    const read = readKept(text.replace('"row":2', '"row":"2"'));
    expect(read).toMatchObject({ past: [], now: { items: [{ id: 'n' }] } });
  });

  test('what is no state at all is none', () => {
    const text = writeKept(emptyKept);
    for (const bad of ['', '{', '[]', 'null', '3', '{"version":2}', text.replace('"1×1"', '"9×9"')]) {
      expect(readKept(bad), bad).toBeNull();
    }
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(readKept(json)).toBeNull();
      }),
    );
  });

  test('with fewer steps the latest and the next stay, and what is now', () => {
    const steps = [1, 2, 3].map((active) => ({ ...emptyKept.now, active }));
    const fewer = withFewerSteps({ ...emptyKept, past: steps, future: steps })!;
    expect(fewer.past.map(({ active }) => active)).toEqual([3]);
    expect(fewer.future.map(({ active }) => active)).toEqual([1]);
    expect(fewer.now).toBe(emptyKept.now);
    expect(withFewerSteps(emptyKept)).toBeNull();
  });

  test('stays below what the host takes: the oldest steps go', () => {
    const marks = Array.from({ length: 400 }, (_, n) => length(`m${n}`));
    const past = Array.from({ length: 200 }, (_, n) => ({
      ...emptyKept.now,
      items: marks.map((m) => ({ ...m, imageNumber: n })),
    }));
    const text = writeKept({ ...emptyKept, now: { ...emptyKept.now, items: marks }, past });
    expect(text.length).toBeLessThan(2 ** 20);
    const read = readKept(text);
    expect(read?.now.items.length).toBe(400);
    expect(read?.past.at(-1)?.items[0]?.imageNumber ?? 199).toBe(199);
  });
});
