import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { sliceAt, stepsOn } from './mpr-slices.ts';
import { applyMpr, type MprView, startMprView } from './mpr-view.ts';

const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = (geometry: VolumeGeometry): MprView => startMprView('s', 0, geometry, window, 'CT');
/** 0.8 × 0.9 × 2.5 mm from foot to head. */
const axial: VolumeGeometry = {
  size: [100, 120, 40],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.9, 0], [0, 0, 2.5], [-31, 17, -480]),
};
/** Sagittal slices from left to right, against the plane's own normal. */
const sagittal: VolumeGeometry = {
  size: [120, 100, 30],
  patientFromIndex: matrixFromColumns([0, 0.9, 0], [0, 0, -0.8], [-3, 0, 0], [60, -40, 200]),
};
const stack = (displayReversed: boolean) => ({ group: { displayReversed } }) as unknown as OpenStack;
const scrolled = (view: MprView, plane: PlaneName, count: number, reversed: boolean): MprView =>
  applyMpr(view, { kind: 'step', plane, count: stepsOn(view, plane, count, stack(reversed)) });

describe('planes that show acquired slices are scrolled as their stack', () => {
  it.each([
    ['axial', axial],
    ['sagittal', sagittal],
  ] as const)('%s: on by as many images, whichever way they are numbered', (plane, geometry) => {
    for (const [reversed, by] of [
      [false, 1],
      [true, -1],
    ] as const)
      for (const count of [1, 5, -2]) {
        const view = start(geometry);
        expect(sliceAt(scrolled(view, plane, count, reversed))! - sliceAt(view)!).toBeCloseTo(by * count, 9);
      }
  });

  it('leaves other planes their own way', () => {
    const view = start(axial);
    for (const plane of ['coronal', 'sagittal'] as const)
      expect(stepsOn(view, plane, 3, stack(true))).toBe(3);
  });
});
