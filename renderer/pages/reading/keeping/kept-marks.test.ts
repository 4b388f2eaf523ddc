import { describe, expect, test } from 'vitest';
import { annotate } from '../../../../core/measure/annotations.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import { History } from '../session/history.ts';
import { startState } from '../session/reading-state.ts';
import { snapshotOf } from '../session/snapshot.ts';
import { NotKept } from './kept-checks.ts';
import { measurementOf } from './kept-parts.ts';

const inPatient = {
  frameOfReferenceUID: '1.2.3',
  plane: { origin: [-31.5, 47, 112.25], right: [1, 0, 0], down: [0, 0.8, -0.6] },
  points: [
    [-30, 47, 112],
    [-12.5, 50, 110],
  ],
};
const mark = (anchor: object, kind = 'length') => ({
  id: 'm',
  kind,
  seriesKey: 'a',
  seriesNumber: 2,
  imageNumber: 7,
  anchor,
  value: {
    calibration: { source: 'PixelSpacing', rowMm: 0.7, columnMm: 0.7 },
    length: 12.3,
    valueUnit: 'HU',
  },
  verdict: 'exact',
});
const image = {
  kind: 'image',
  sopInstanceUID: '1.2',
  frame: 0,
  points: [
    { column: 1.25, row: 2 },
    { column: 30, row: 40.5 },
  ],
};
const kept = (anchor: object) => measurementOf(JSON.parse(JSON.stringify(mark(anchor))));

describe('a mark that is kept', () => {
  test('comes back with its place in the patient', () => {
    const whole = { ...image, inPatient };
    expect(kept(whole)).toEqual(mark(whole));
    const plane = { kind: 'plane', ...inPatient, slabMm: 10, group: 3 };
    expect(kept(plane)).toEqual(mark(plane));
  });

  test('comes back as it was where it was kept without one', () => {
    expect(kept(image)).toEqual(mark(image));
    const plane = { kind: 'plane', ...inPatient, slabMm: 0 };
    expect(kept(plane).anchor).not.toHaveProperty('group');
  });

  test('does not come back with half a place', () => {
    const { points, ...rest } = inPatient;
    expect(() => kept({ ...image, inPatient: rest })).toThrow(NotKept);
    expect(() => kept({ ...image, inPatient: { ...inPatient, points: [points[0]] } })).toThrow(NotKept);
    expect(() => kept({ kind: 'plane', ...inPatient, slabMm: 0, group: -1 })).toThrow(NotKept);
  });
});

describe('undo of marks', () => {
  const item = kept(image) as Measurement;
  const states = () => {
    const history = new History(() => 0);
    let state = startState('t');
    const act = (action: Parameters<typeof annotate>[1]): void => {
      const next = { ...state, annotations: annotate(state.annotations, action) };
      history.note(snapshotOf(state), snapshotOf(next));
      state = next;
    };
    return { history, act };
  };

  test('knows nothing of a mark that was refused while it was drawn', () => {
    const { history, act } = states();
    history.hold(true);
    act({ kind: 'add', measurement: item });
    act({ kind: 'remove', id: 'm' });
    history.hold(false);
    expect(history.past).toEqual([]);
  });

  test('knows nothing of a mark that was moved to where it was refused', () => {
    const { history, act } = states();
    act({ kind: 'add', measurement: item });
    history.hold(true);
    act({ kind: 'edit', measurement: { ...item, imageNumber: 8 } });
    act({ kind: 'edit', measurement: item });
    history.hold(false);
    expect(history.past.length).toBe(1);
  });
});
