import { describe, expect, test } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import { moveFace, wholeClipBox } from '../../../../core/scene/clip-box.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { startState } from '../session/reading-state.ts';
import { setWindow } from '../volume/preset-menu.ts';
import {
  applyMpr,
  changePlane,
  fitPlanes,
  type MprView,
  placeCross,
  resetAxes,
  setFree,
  startMprView,
} from './mpr-view.ts';

const geometry: VolumeGeometry = {
  size: [40, 30, 20],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.9, 0.1], [0, -0.3, 2.5], [11, -27, 5]),
};
const windowOf = (center: number): WindowState => ({
  voi: { kind: 'window', center, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: 'ct-abdomen',
});
const start = startMprView('a', 0, geometry, windowOf(40), 'CT');

/** A command, and what of the view it changes the first time. */
const commands: readonly (readonly [string, keyof MprView, (view: MprView) => MprView])[] = [
  ['slab', 'state', (v) => applyMpr(v, { kind: 'slab', plane: 'axial', slabMm: 10 })],
  ['projection', 'state', (v) => applyMpr(v, { kind: 'projection', plane: 'axial', projection: 'mip' })],
  ['pan', 'planes', (v) => changePlane(v, 'coronal', { panXMm: 4 })],
  ['acquisition axes', 'state', (v) => resetAxes(v, 'acquisition')],
  ['free angles', 'isFree', (v) => setFree(v, true, 'axial')],
  ['crosshair', 'placed', (v) => placeCross(v, patientPoint(20, -10, 30))],
];

/** What can be undone compares by identity: a new object would be a step that takes nothing back. */
describe('what is set again is the same view', () => {
  test.each(commands)('%s', (_name, part, set) => {
    const once = set(start);
    expect(once[part]).not.toEqual(start[part]);
    expect(set(once)).toBe(once);
  });

  test('of planes that fit, thin slabs, axes that were not turned, faces at the border', () => {
    expect(fitPlanes(start)).toBe(start);
    const fitted = fitPlanes(changePlane(start, 'axial', { mmPerPx: 0.3 }));
    expect(fitted.planes).toEqual(start.planes);
    // Kept and read again they are other objects.
    const read = { ...start, planes: structuredClone(start.planes) };
    expect(fitPlanes(read)).toBe(read);
    expect(applyMpr(start, { kind: 'slab', plane: 'axial', slabMm: 0 })).toBe(start);
    expect(resetAxes(start, 'anatomical')).toBe(start);
    expect(resetAxes({ ...start, isFree: true }, 'anatomical')).toEqual(start);
    const clip = wholeClipBox(geometry);
    for (const end of ['lo', 'hi'] as const) {
      const outwards = end === 'lo' ? -9 : 9;
      expect(moveFace(geometry, clip, { axis: 1, end }, outwards)).toBe(clip);
      expect(moveFace(geometry, clip, { axis: 1, end }, -outwards)).not.toEqual(clip);
    }
  });

  test('of the window', () => {
    let state = { ...startState('s'), mode: 'mpr' as const, mpr: start };
    const session = {
      get state() {
        return state;
      },
      set: (part: Partial<typeof state>) => {
        state = { ...state, ...part };
      },
    } as unknown as ReadingSession;
    setWindow(session, windowOf(40));
    expect(state.mpr).toBe(start);
    setWindow(session, windowOf(50));
    expect(state.mpr.window).toEqual(windowOf(50));
  });
});
