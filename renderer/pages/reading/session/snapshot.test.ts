import { expect, test } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import { moveFace, wholeClipBox } from '../../../../core/scene/clip-box.ts';
import { applyMpr, fitPlanes, type MprView, placeCross, startMprView } from '../mpr/mpr-view.ts';
import { startState } from './reading-state.ts';
import { changeBetween, snapshotOf } from './snapshot.ts';

const geometry: VolumeGeometry = {
  size: [40, 30, 20],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.9, 0], [0, 0, 2.5], [11, -27, 5]),
};
const window = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
} as const;
const start = startMprView('a', 0, geometry, { ...window, presetId: null }, 'CT');
const withClip = (view: MprView, mm: number): MprView => {
  const clip = view.look.clip ?? wholeClipBox(geometry);
  return { ...view, look: { ...view.look, clip: moveFace(geometry, clip, { axis: 0, end: 'hi' }, mm) } };
};
const slabbed = (view: MprView): MprView => applyMpr(view, { kind: 'slab', plane: 'axial', slabMm: 10 });

/** What is set, and the same again. */
const settings: readonly (readonly [string, (view: MprView) => MprView])[] = [
  ['window', (v) => ({ ...v, window: { ...window, presetId: 'ct-lung' } })],
  ['slab', slabbed],
  ['planes', (v) => ({ ...v, planes: { ...v.planes, axial: { ...v.planes.axial, panXMm: 4 } } })],
  ['planes', (v) => ({ ...fitPlanes(v), isFree: true })],
  ['look', (v) => withClip(v, 1e3)],
  ['crosshair', (v) => placeCross(v, patientPoint(20, -10, 30))],
];

test('what is set again changes nothing, so that undo never seems to do nothing', () => {
  const between = (a: MprView, b: MprView) => {
    const state = { ...startState('s'), mode: 'mpr' as const };
    return changeBetween(snapshotOf({ ...state, mpr: a }), snapshotOf({ ...state, mpr: b }))?.what ?? null;
  };
  for (const [what, set] of settings) {
    const once = set(start);
    expect([what, between(start, once)]).toEqual([what, what]);
    expect([what, between(once, set(once))]).toEqual([what, null]);
  }
});
