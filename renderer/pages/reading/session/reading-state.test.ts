import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import type { Fusion } from '../../../../core/scene/fusion.ts';
import { type MprView, startMprView } from '../mpr/mpr-view.ts';
import { emptyCell, planesCell, planesCellIndex, type StackCell, startState } from './reading-state.ts';
import { changeBetween, snapshotOf } from './snapshot.ts';

const geometry = {
  size: [40, 50, 60],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.8, 0], [0, 0, 2], [-16, -20, -60]),
} as const;
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const mpr = startMprView('ct', 1, geometry, window, 'CT');
const cellOf = (seriesKey: string, group: number): StackCell => ({ ...emptyCell, seriesKey, group, k: 7 });

describe('the cell of the planes', () => {
  it('is the one that shows their series, of their phase where there is one', () => {
    const cells = [cellOf('pt', 0), cellOf('ct', 0), cellOf('ct', 1)];
    expect(planesCellIndex({ mpr, cells })).toBe(2);
    expect(planesCell({ mpr, cells })).toBe(cells[2]);
    expect(planesCell({ mpr, cells: cells.slice(0, 2) })).toBe(cells[1]);
    expect(planesCell({ mpr: null, cells })).toBe(cells[0]);
  });

  it('is made up for a series that changed places with PET and is in none', () => {
    const cells = [cellOf('pt', 0)];
    expect(planesCellIndex({ mpr, cells })).toBe(0);
    expect(planesCell({ mpr, cells })).toEqual({ ...emptyCell, seriesKey: 'ct', group: 1 });
  });
});

it('a second series that comes or goes is a step of undo by itself, its look a running one', () => {
  const fusion: Fusion = { seriesKey: 'pt', group: 0, map: 'hot', opacity: 0.6, low: null, high: null };
  const state = startState('s');
  const of = (view: MprView) => snapshotOf({ ...state, mode: 'mpr', mpr: view });
  const [none, one, fainter] = [
    of(mpr),
    of({ ...mpr, fusion }),
    of({ ...mpr, fusion: { ...fusion, opacity: 0.2 } }),
  ];
  expect(changeBetween(none, one)).toMatchObject({ isRunning: false });
  expect(changeBetween(one, fainter)).toMatchObject({ isRunning: true });
  expect(changeBetween(fainter, none)).toMatchObject({ isRunning: false });
});
