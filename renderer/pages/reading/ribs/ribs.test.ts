import { beforeEach, describe, expect, test, vi } from 'vitest';
import { distanceMm } from '../../../../core/analysis/curve/polyline.ts';
import { madeBones } from '../../../../core/analysis/ribs/test-bones.ts';
import type { LinePiece } from '../../../../core/analysis/types.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok } from '../../../../core/base/result.ts';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint, patientVector } from '../../../../core/geometry/types.ts';
import type { MissedRib } from '../../../analysis/bone-operations.ts';
import type { MenuEntry, MenuItem } from '../../../ui/menu.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { packPiece, pieceOf } from '../cpr/kept-vessel.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import { History } from '../session/history.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { type ReadingState, startState } from '../session/reading-state.ts';
import { snapshotOf, withSnapshot } from '../session/snapshot.ts';
import { BoneMaker } from './bone-maker.ts';
import { ribEntries, vertebraEntries } from './bone-menu.ts';
import { bonesOf, packBones } from './kept-bones.ts';
import { cutColumns, placeSheet } from './placed-sheet.ts';
import { unnamedBones } from './study-bones.ts';
import { foundBones, namedBones } from './test-study-bones.ts';

let answer: (name: string, input: never, signal: AbortSignal) => unknown = () => null;
vi.mock('../cpr/line-client.ts', () => ({
  analysisOf: () => ({
    run: (name: string, input: never, { signal }: { readonly signal: AbortSignal }) =>
      Promise.resolve(answer(name, input, signal)),
  }),
}));
const told: string[] = [];
vi.mock('../../../app/messages.ts', () => ({
  showProblem: ({ code }: { readonly code: string }) => told.push(code),
  showMessage: () => undefined,
}));

const geometry = {
  size: [200, 200, 200],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [-100, -100, 0]),
} as const;
const window = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
} as const;

/** A session without a host. */
class FakeSession {
  state: ReadingState = {
    ...startState('study'),
    mode: 'ribs',
    mpr: startMprView('a', 0, geometry, window, 'CT'),
  };
  readonly history = new History(() => 0);
  set(part: Partial<ReadingState>): void {
    const before = this.state;
    this.state = { ...before, ...part };
    this.history.note(snapshotOf(before), snapshotOf(this.state));
  }
  undo(): void {
    const to = this.history.undo(snapshotOf(this.state));
    if (to) this.state = { ...this.state, ...withSnapshot(this.state, to) };
  }
  mprStack(): OpenStack {
    return { isWhole: true, groupIndex: 0, plan: { seriesKey: 'a' } } as unknown as OpenStack;
  }
}
const start = () => {
  const session = new FakeSession();
  return { session, maker: new BoneMaker(session as unknown as ReadingSession) };
};
const found = madeBones(8, [1, 2, 3, 4, 5]);
const marks = (maker: BoneMaker): string =>
  maker.shown!.bones.ribs.map(({ side, number }) => `${side[0]}${number ?? '?'}`).join(' ');
/** Changes of one task are one step of undo. */
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const items = (entries: readonly MenuEntry[]): readonly MenuItem[] =>
  entries.filter((entry): entry is MenuItem => entry !== 'line');
const choose = (entries: readonly MenuEntry[], id: string): void =>
  items(entries)
    .find((item) => item.id === id)!
    .run();

beforeEach(() => {
  told.length = 0;
  answer = (name) => (name === 'bones' ? ok(found) : fail(problem('PATH_GAP', { n: 1 })));
});

describe('bones of a study', () => {
  test('come back from storage exactly as they were, and again', () => {
    for (const bones of [foundBones, namedBones]) {
      const pieces: LinePiece[] = [];
      const packed = packBones(bones, (piece) => pieces.push(piece) - 1);
      const text = JSON.stringify({ packed, pieces: pieces.map(packPiece) });
      const read = JSON.parse(text) as { packed: unknown; pieces: unknown[] };
      const back = bonesOf(read.packed, read.pieces.map(pieceOf));
      expect(back).toEqual(bones);
      expect(
        packBones(
          back,
          (() => {
            let n = 0;
            return () => n++;
          })(),
        ),
      ).toEqual(packed);
    }
  });

  test('are refused where they are none', () => {
    expect(() => bonesOf({}, [])).toThrow();
    const packed = packBones(namedBones, () => 7);
    expect(() => bonesOf(JSON.parse(JSON.stringify(packed)), [])).toThrow('piece');
  });
});

describe('the reader and the bones', () => {
  test('finds, names from one rib, mends in two clicks, and takes back each step', async () => {
    const { session, maker } = start();
    await maker.find();
    expect(marks(maker)).toBe('l? l? l? l? l? r? r? r? r? r?');
    const rib = () => maker.shown!.bones.ribs[0]!;
    await task();
    choose(ribEntries(maker, rib(), 'en'), 'is3');
    expect(marks(maker)).toBe('l3 l4 l5 l6 l7 r3 r4 r5 r6 r7');
    expect(maker.shown!.bones.vertebrae.map(({ label }) => label).join(' ')).toBe('T2 T3 T4 T5 T6 T7 T8 T9');
    await task();
    choose(ribEntries(maker, maker.shown!.bones.ribs[2]!, 'en'), 'from6');
    expect(marks(maker)).toBe('l3 l4 l6 l7 l8 r3 r4 r5 r6 r7');
    await task();
    session.undo();
    expect(marks(maker)).toBe('l3 l4 l5 l6 l7 r3 r4 r5 r6 r7');
    await task();
    choose(ribEntries(maker, maker.shown!.bones.ribs[9]!, 'en'), 'drop');
    expect(marks(maker)).toBe('l3 l4 l5 l6 l7 r3 r4 r5 r6');
    await task();
    choose(vertebraEntries(maker, maker.shown!.bones.vertebrae[1]!, 'en'), 'allT4');
    expect(marks(maker)).toBe('l4 l5 l6 l7 l8 r4 r5 r6 r7');
    await task();
    for (let n = 0; n < 4; n += 1) session.undo();
    expect(maker.shown).toBeNull();
    expect(told).toEqual([]);
  });

  test('is offered names first, and a thirteenth rib only below the twelfth', async () => {
    const { maker } = start();
    await maker.find();
    const vertebra = () => maker.shown!.bones.vertebrae[3]!;
    expect(items(vertebraEntries(maker, vertebra(), 'en')).map(({ id }) => id)).toContain('isT8');
    choose(vertebraEntries(maker, vertebra(), 'en'), 'isL1');
    const ids = items(vertebraEntries(maker, vertebra(), 'en')).map(({ id }) => id);
    expect(ids).toContain('fromT13');
    expect(
      items(vertebraEntries(maker, maker.shown!.bones.vertebrae[2]!, 'en')).map(({ id }) => id),
    ).not.toContain('fromT13');
    choose(vertebraEntries(maker, vertebra(), 'en'), 'fromT13');
    expect(maker.shown!.bones.vertebrae[4]!.label).toBe('L1');
    // Each entry says what it does, in both languages.
    for (const language of ['zh-CN', 'en'] as const)
      for (const { label } of items(ribEntries(maker, maker.shown!.bones.ribs[0]!, language)))
        expect(label).not.toMatch(/\{|undefined/);
  });

  test('a vertebra that was passed over is put half-way to the next one, and those below count on', async () => {
    const { session, maker } = start();
    await maker.find();
    maker.name({ kind: 'vertebra', id: maker.shown!.bones.vertebrae[0]!.id, label: 'T4' });
    await task();
    const before = maker.shown!.bones.vertebrae;
    choose(vertebraEntries(maker, before[2]!, 'en'), 'below');
    const after = maker.shown!.bones.vertebrae;
    expect(after.map(({ label }) => label)).toEqual([
      'T4',
      'T5',
      'T6',
      'T7',
      'T8',
      'T9',
      'T10',
      'T11',
      'T12',
    ]);
    const [a, b] = [before[2]!.centreMm, before[3]!.centreMm];
    expect(distanceMm(after[3]!.centreMm, a)).toBeCloseTo(distanceMm(a, b) / 2, 2);
    await task();
    session.undo();
    expect(maker.shown!.bones.vertebrae).toBe(before);
    choose(vertebraEntries(maker, before[0]!, 'en'), 'above');
    expect(maker.shown!.bones.vertebrae.slice(0, 2).map(({ label }) => label)).toEqual(['T3', 'T4']);
    expect(maker.shown!.bones.vertebrae[0]!.centreMm[2]).toBeGreaterThan(before[0]!.centreMm[2]);
    await task();
    session.undo();
    choose(vertebraEntries(maker, before.at(-1)!, 'en'), 'below');
    expect(maker.shown!.bones.vertebrae.at(-1)!.centreMm[2]).toBeLessThan(before.at(-1)!.centreMm[2]);
  });

  test('left and right of all ribs change places by one entry, and back', async () => {
    const { maker } = start();
    await maker.find();
    const sides = (): string =>
      maker
        .shown!.bones.ribs.map(({ id, side }) => `${id}:${side}`)
        .sort()
        .join();
    const before = sides();
    choose(ribEntries(maker, maker.shown!.bones.ribs[0]!, 'en'), 'swap');
    expect(sides()).toBe(
      before.replace(/:(left|right)/g, (_, side) => (side === 'left' ? ':right' : ':left')),
    );
    choose(ribEntries(maker, maker.shown!.bones.ribs[0]!, 'en'), 'swap');
    expect(sides()).toBe(before);
  });

  test('adds a rib by two places; the second sends for it', async () => {
    const { session, maker } = start();
    await maker.find();
    const asked: MissedRib[] = [];
    answer = (_name, input) => {
      asked.push(input);
      return ok({ ...(input as MissedRib).bones, ribs: (input as MissedRib).bones.ribs.slice(1) });
    };
    await maker.click(patientPoint(9, 9, 9));
    expect(asked).toHaveLength(0);
    maker.startAdding();
    expect(session.state).toMatchObject({ tool: 'crosshair', hasCrosshair: false });
    await maker.click(patientPoint(1, 2, 3));
    expect(asked).toHaveLength(0);
    await maker.click(patientPoint(4, 5, 6));
    expect(asked[0]!.ends).toEqual([patientPoint(1, 2, 3), patientPoint(4, 5, 6)]);
    expect(maker.shown!.bones.ribs).toHaveLength(9);
    expect(maker.work.getState()).toMatchObject({ adding: null, busy: null });
    expect(session.state.hasCrosshair).toBe(true);
  });

  test('says why there are none, and stays silent when stopped', async () => {
    const { session, maker } = start();
    answer = () => fail(problem('SPINE_NOT_FOUND'));
    await maker.find();
    expect(told).toEqual(['SPINE_NOT_FOUND']);
    expect(maker.work.getState().problem?.code).toBe('SPINE_NOT_FOUND');
    expect(session.state.bones).toBeNull();
    answer = () => {
      maker.stop();
      return ok(found);
    };
    await maker.find();
    expect(session.state.bones).toBeNull();
    expect(maker.work.getState().busy).toBeNull();
    expect(told).toHaveLength(1);
  });

  test('shows bones only over their own series', () => {
    const { session, maker } = start();
    session.set({ bones: unnamedBones('b', 0, found) });
    expect(maker.shown).toBeNull();
  });
});

describe('the sheet in its viewport', () => {
  const bones = unnamedBones('a', 0, found).bones;
  const size = { cssWidth: 800, cssHeight: 420, width: 1600, height: 840, ratio: 2 };
  const placed = placeSheet(bones, size)!;

  test('fills it, inside', () => {
    expect(placed.left).toBeGreaterThanOrEqual(38);
    expect(placed.left + placed.width).toBeLessThanOrEqual(762);
    expect(placed.top).toBeGreaterThanOrEqual(12);
    expect(placed.top + placed.height).toBeLessThanOrEqual(382);
    expect(Math.max(placed.width / 720, placed.height / 366)).toBeGreaterThan(0.93);
    expect(placeSheet(bones, { ...size, cssWidth: 90 })).toBeNull();
    expect(placeSheet({ ...bones, ribs: [] }, size)).toBeNull();
  });

  test('leads from a place to the patient and back', () => {
    let tried = 0;
    for (let x = 60; x < 740; x += 53)
      for (let y = 30; y < 380; y += 17) {
        const at = placed.patientAt(x, y);
        if (!at) continue;
        tried += 1;
        const back = placed.spotOf(at.pointMm);
        if (back?.strip.ribId !== at.strip.ribId) continue;
        expect(Math.hypot(back.spot.x - x, back.spot.y - y)).toBeLessThan(1);
      }
    expect(tried).toBeGreaterThan(50);
  });

  test('marks where an axial plane cuts each rib', () => {
    const strip = placed.sheet.strips[2]!;
    const origin = patientPoint(0, 0, 130);
    const plane = { origin, right: patientVector(1, 0, 0), down: patientVector(0, 1, 0) };
    const cuts = cutColumns(strip, plane);
    expect(cuts).toHaveLength(1);
    const { x, y } = placed.spotAt(cuts[0]!, strip.at.y + (strip.picture.width - 1) / 2);
    expect(Math.abs(placed.patientAt(x, y)!.pointMm[2] - 130)).toBeLessThan(0.3);
    expect(cutColumns(strip, { ...plane, origin: patientPoint(0, 0, 900) })).toEqual([]);
    expect(distanceMm(placed.patientAt(x, y)!.pointMm, origin)).toBeGreaterThan(10);
  });
});
