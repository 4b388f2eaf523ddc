import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LumenContour, PieceState } from '../../../../core/analysis/types.ts';
import { type PatientPoint, patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import { type KeptState, readKept, writeKept } from '../keeping/kept-state.ts';
import { startState } from '../session/reading-state.ts';
import { snapshotOf } from '../session/snapshot.ts';
import {
  changeOfVessel,
  noVessels,
  reduceVessel,
  roundLine,
  type VesselAction,
  type VesselLine,
  type VesselState,
  withVesselStep,
} from './vessel-state.ts';

const pointArb: fc.Arbitrary<PatientPoint> = fc
  .tuple(...[0, 1, 2].map(() => fc.double({ min: -900, max: 900, noNaN: true })))
  .map(([x, y, z]) => patientPoint(x!, y!, z!));

const lineArb: fc.Arbitrary<VesselLine> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    pieces: fc.array(
      fc.record({
        inner: fc.array(pointArb, { maxLength: 6 }),
        to: pointArb,
        state: fc.constantFrom<PieceState>('found', 'drawn', 'straight', 'weak', 'outOfRange'),
      }),
      { maxLength: 4 },
    ),
    start: pointArb,
    sectionMm: fc.constantFrom(25, 30, 80),
    rule: fc.constantFrom('mean' as const, 'NASCET' as const, 'ECST' as const),
  })
  .map(({ id, pieces, start, sectionMm, rule }) => {
    const controls = [start, ...pieces.map(({ to }) => to)].map((pointMm) => ({ pointMm, snapped: true }));
    const made = pieces.map(({ inner, to, state }, n) => ({
      pointsMm: [controls[n]!.pointMm, ...inner, to],
      state,
    }));
    return {
      line: {
        id,
        kind: 'vessel' as const,
        nameId: 'rca',
        customName: '',
        seriesKey: 's',
        groupId: 'g',
        frameOfReferenceUID: '1.2.3',
        verdict: 'exact' as const,
        controls,
        pieces: made,
      },
      sectionMm,
      edited: [],
      lesion: null,
      rule,
    };
  });

const contour = (sMm: number, radius: number): LumenContour => ({
  sMm,
  centreMm: patientPoint(1.23456, -2.5, 3),
  right: patientVector(1, 0, 0),
  down: patientVector(0, 1, 0),
  radiiMm: new Float64Array(64).fill(radius),
  edited: true,
});

const actionArb: fc.Arbitrary<VesselAction> = fc.oneof(
  lineArb.map((line) => ({ kind: 'put', line }) as const),
  fc.constantFrom('a', 'b', 'x').map((lineId) => ({ kind: 'remove', lineId }) as const),
  fc.constantFrom('a', 'c', null).map((lineId) => ({ kind: 'activate', lineId }) as const),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.double({ min: 0, max: 90, noNaN: true }))
    .map(([lineId, s]) => ({ kind: 'contour', lineId, contour: contour(s, 1 + s / 50) }) as const),
  fc.double({ min: -1e6, max: 1e6 }).map((cursorMm) => ({ kind: 'view', part: { cursorMm } }) as const),
  fc.integer({ min: -900, max: 900 }).map((turnDeg) => ({ kind: 'view', part: { turnDeg } }) as const),
  fc.constant({ kind: 'place', of: 'straight', part: { mmPerPx: 0.25, panXMm: 3 } } as const),
  fc.constant({ kind: 'fit' } as const),
);

const run = (actions: readonly VesselAction[]): VesselState =>
  actions.reduce((state, action) => reduceVessel(state, action), noVessels);

const keptOf = (now: VesselState, past: readonly VesselState[] = []): KeptState => {
  const snapshot = snapshotOf(startState('study'));
  return {
    now: { ...snapshot, vessel: now },
    past: past.map((vessel) => ({ ...snapshot, vessel })),
    future: [],
    active: 0,
    accepted: [],
  };
};

describe('the lines of a study', () => {
  test('whatever is done, every number is finite and to 0.001 mm, and the active line is there', () => {
    fc.assert(
      fc.property(fc.array(actionArb, { maxLength: 25 }), (actions) => {
        const state = run(actions);
        const isThere = state.lines.some(({ line }) => line.id === state.activeId);
        // Choosing a line that is not there is the caller's doing.
        if (!actions.some(({ kind }) => kind === 'activate')) {
          expect(isThere).toBe(state.lines.length > 0);
        }
        expect(Number.isFinite(state.view.cursorMm)).toBe(true);
        expect(Math.abs(state.view.turnDeg)).toBeLessThanOrEqual(180);
        const numbers = state.lines.flatMap(({ line }) =>
          line.pieces.flatMap(({ pointsMm }) => pointsMm.flatMap((p) => [...p])),
        );
        expect(numbers.every((mm) => Number.isFinite(mm) && Math.round(mm * 1000) / 1000 === mm)).toBe(true);
        for (const { line } of state.lines) {
          expect(line.pieces.length).toBe(Math.max(0, line.controls.length - 1));
          for (const [n, { pointsMm }] of line.pieces.entries()) {
            expect(pointsMm[0]).toEqual(line.controls[n]!.pointMm);
            expect(pointsMm.at(-1)).toEqual(line.controls[n + 1]!.pointMm);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('come back from storage exactly, with their steps', () => {
    fc.assert(
      fc.property(fc.array(actionArb, { minLength: 3, maxLength: 20 }), (actions) => {
        const past = [run(actions.slice(0, 2)), run(actions.slice(0, 3))];
        const now = reduceVessel(run(actions), { kind: 'activate', lineId: null });
        const back = readKept(writeKept(keptOf(now, past)))!;
        const plain = (state: VesselState) => ({ ...state, activeId: null });
        expect(plain(back.now.vessel)).toEqual(plain(now));
        expect(back.past.map(({ vessel }) => plain(vessel))).toEqual(past.map(plain));
      }),
      { numRuns: 80 },
    );
  });

  test('a line of 250 mm takes about 6 kB, and a dragged point adds only its own two pieces', () => {
    const points = Array.from({ length: 500 }, (_, n) =>
      patientPoint(n / 2, 20 * Math.sin(n / 60), 10 * Math.cos(n / 50)),
    );
    const at = (n: number) => points[n]!;
    const cuts = [0, 100, 200, 300, 400, 499];
    const line = roundLine({
      id: 'a',
      kind: 'vessel',
      nameId: null,
      customName: '',
      seriesKey: 's',
      groupId: 'g',
      frameOfReferenceUID: '',
      verdict: 'exact',
      controls: cuts.map((n) => ({ pointMm: at(n), snapped: true })),
      pieces: cuts.slice(1).map((to, k) => ({ pointsMm: points.slice(cuts[k]!, to + 1), state: 'found' })),
    });
    const item: VesselLine = { line, sectionMm: 40, edited: [], lesion: null, rule: 'mean' };
    const one = reduceVessel(noVessels, { kind: 'put', line: item });
    const moved = line.pieces.with(2, { ...line.pieces[2]!, state: 'weak' });
    const two = reduceVessel(one, { kind: 'put', line: { ...item, line: { ...line, pieces: moved } } });
    const [alone, both] = [writeKept(keptOf(one)), writeKept(keptOf(two, [one]))].map((text) => text.length);
    const empty = writeKept(keptOf(noVessels)).length;
    expect(alone! - empty).toBeLessThan(8000);
    expect(both! - alone!).toBeLessThan(0.35 * (alone! - empty));
  });

  test('a damaged line costs itself, not the others', () => {
    const [a, b] = fc.sample(lineArb, { numRuns: 2, seed: 3 });
    const put = (item: VesselLine, id: string): VesselAction => ({
      kind: 'put',
      line: { ...item, line: { ...item.line, id, customName: `name ${id}` } },
    });
    const state = run([put(a!, 'one'), put(b!, 'two')]);
    const text = writeKept(keptOf(state)).replace('"customName":"name one"', '"customName":7');
    expect(readKept(text)?.now.vessel.lines.map(({ line }) => line.id)).toEqual(['two']);
  });

  test('readings kept before there were lines have none', () => {
    const text = JSON.stringify(
      JSON.parse(writeKept(keptOf(noVessels)), (key, value: unknown) =>
        ['lines', 'line', 'cpr', 'pieces', 'cprs'].includes(key) ? undefined : value,
      ),
    );
    expect(readKept(text)?.now.vessel).toEqual(noVessels);
  });

  test('branches of a line that is deleted stay on their own', () => {
    const [a, b] = fc.sample(lineArb, { numRuns: 2, seed: 5 });
    const parent = { ...a!, line: { ...a!.line, id: 'trunk' } };
    const child = { ...b!, line: { ...b!.line, id: 'branch', parent: { lineId: 'trunk', atMm: 12.5 } } };
    const state = run([
      { kind: 'put', line: parent },
      { kind: 'put', line: child },
      { kind: 'remove', lineId: 'trunk' },
    ]);
    expect(state.lines.map(({ line }) => [line.id, line.parent])).toEqual([['branch', undefined]]);
    expect(state.activeId).toBe('branch');
  });
});

describe('undo of lines', () => {
  const [a] = fc.sample(lineArb, { numRuns: 1, seed: 9 });
  const one = reduceVessel(noVessels, { kind: 'put', line: a! });

  test('takes lines and views as steps, the cursor and the choice of line not', () => {
    expect(changeOfVessel(noVessels, one)).toEqual({ what: 'vessel lines', isRunning: false });
    const view = (part: Partial<VesselState['view']>): VesselState =>
      reduceVessel(one, { kind: 'view', part });
    expect(changeOfVessel(one, view({ cursorMm: 9 }))).toBeNull();
    expect(changeOfVessel(one, reduceVessel(one, { kind: 'activate', lineId: null }))).toBeNull();
    expect(changeOfVessel(one, view({ turnDeg: 15 }))).toEqual({ what: 'vessel turn', isRunning: true });
    expect(changeOfVessel(one, view({ picture: 'stretched' }))?.isRunning).toBe(false);
  });

  test('keeps the cursor where its line is still there', () => {
    const now = reduceVessel(one, { kind: 'view', part: { cursorMm: 33 } });
    expect(withVesselStep(one, now).view.cursorMm).toBe(33);
    expect(withVesselStep(noVessels, now)).toMatchObject({ activeId: null, view: { cursorMm: 0 } });
    // After a restart there are no lines yet: the kept cursor counts.
    expect(withVesselStep(now, noVessels).view.cursorMm).toBe(33);
  });
});
