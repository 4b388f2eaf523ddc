import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { halfHeightMm, standAt, zoom } from '../../../../core/scene/camera.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import { fittedTo, isFitted } from './fitted-camera.ts';

/** 500 mm wide, 300 deep, 400 high. */
const geometry: VolumeGeometry = {
  size: [500, 300, 400],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]),
};
const view = startMprView('1', 0, geometry, { base: null, part: {} } as never, 'CT');

describe('the camera that no hand has moved', () => {
  it.each([
    { width: 1300, height: 1000, halfMm: 200 },
    { width: 2000, height: 1000, halfMm: 200 },
    { width: 1000, height: 1000, halfMm: 250 },
    { width: 500, height: 1000, halfMm: 500 },
  ])('sees a chest of 500 × 400 mm whole in $width × $height', ({ width, height, halfMm }) => {
    expect(halfHeightMm(fittedTo(view, width, height).camera)).toBeCloseTo(halfMm * 1.02, 0);
  });
  it('follows the viewport there and back, and is the same view where nothing changes', () => {
    const narrow = fittedTo(view, 500, 1000);
    expect(fittedTo(narrow, 500, 1000)).toBe(narrow);
    expect(halfHeightMm(fittedTo(narrow, 1400, 1000).camera)).toBe(halfHeightMm(view.camera));
  });
  it('stays where a hand has put it, and where there is no room yet', () => {
    const turned = { ...view, camera: standAt(view.camera, 'L') };
    expect(fittedTo(turned, 500, 1000)).toBe(turned);
    expect(isFitted(zoom(view.camera, 2))).toBe(false);
    expect(fittedTo(view, 0, 0)).toBe(view);
  });
});
