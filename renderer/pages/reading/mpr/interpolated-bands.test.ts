import { describe, expect, test } from 'vitest';
import { matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { isMadeUp, madeUpCount } from '../../../../core/volume/missing.ts';
import { type InterpolatedBand, interpolatedBands } from './interpolated-bands.ts';
import { placePlane } from './mpr-picture.ts';
import { applyMpr, changePlane, placeCross, startMprView } from './mpr-view.ts';

const size = { cssWidth: 400, cssHeight: 600, width: 400, height: 600, ratio: 1 };
/** Slices 3 mm apart at z = 0 … 177 mm. */
const geometry: VolumeGeometry = {
  size: [100, 100, 60],
  patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 3], [0, 0, 0]),
};
const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = ['axial', 'coronal', 'sagittal'].reduce(
  (view, name) => changePlane(view, name as 'axial', { mmPerPx: 0.5 }),
  startMprView('s', 0, geometry, window, 'CT'),
);
/** Two images are missing: k 20 and 21 (z 60 and 63 mm), between those at 57 and 66 mm. */
const missing = [{ after: 20, gapMm: 9, fromK: 20, toK: 21 }];

const heights = (bands: readonly InterpolatedBand[]) => {
  const ys = bands.flatMap(({ corners }) => corners.map(([, y]) => y));
  return [Math.min(...ys), Math.max(...ys)];
};

describe('where slices are made up', () => {
  test('a coronal plane has a band as high as the gap, at its place', () => {
    const view = placeCross(start, patientPoint(50, 50, 60));
    const placed = placePlane(view, 'coronal', size);
    const bands = interpolatedBands(geometry, missing, placed, 0);
    expect(bands).toHaveLength(1);
    // From half a slice before z 60 mm to half a slice after 63 mm: 6 mm of 0.5 mm each px.
    const middleY = 300 - (61.5 - placed.plane.origin[2]) / 0.5;
    const [top, bottom] = heights(bands);
    expect(top).toBeCloseTo(middleY - 6, 4);
    expect(bottom).toBeCloseTo(middleY + 6, 4);
    expect(bands[0]!.corners.map(([x]) => x).sort((a, b) => a - b)).toEqual([0, 0, 400, 400]);
  });

  test('a plane along the slices is wholly made up or not at all; a slab reaches into the gap', () => {
    const at = (z: number, slabMm = 0) =>
      interpolatedBands(
        geometry,
        missing,
        placePlane(placeCross(start, patientPoint(50, 50, z)), 'axial', size),
        slabMm,
      );
    expect(at(57)).toEqual([]);
    expect(heights(at(60))).toEqual([0, 600]);
    expect(heights(at(64.4))).toEqual([0, 600]);
    expect(at(64.6)).toEqual([]);
    expect(at(57, 2.8)).toEqual([]);
    expect(heights(at(57, 3.2))).toEqual([0, 600]);
  });

  test('a turned plane has a slanted band, wider by the cosine', () => {
    const turned = applyMpr(start, { kind: 'rotate', plane: 'sagittal', angleRad: Math.PI / 3 });
    const view = placeCross(turned, patientPoint(50, 50, 61.5));
    const name = 'axial';
    const bands = interpolatedBands(geometry, missing, placePlane(view, name, size), 0);
    const [top, bottom] = heights(bands);
    // 6 mm along z, on a plane whose lines rise by sin 60° of their length.
    expect(bottom! - top!).toBeCloseTo(6 / Math.sin(Math.PI / 3) / 0.5, 4);
  });

  test('says which slices are made up, and how many', () => {
    expect([19, 20, 21, 22].map((k) => isMadeUp(missing, k))).toEqual([false, true, true, false]);
    expect(isMadeUp(undefined, 20)).toBe(false);
    expect(madeUpCount([...missing, { after: 30, gapMm: 6, fromK: 33, toK: 33 }])).toBe(3);
    expect(madeUpCount(undefined)).toBe(0);
    expect(interpolatedBands(geometry, undefined, placePlane(start, 'coronal', size), 0)).toEqual([]);
  });
});
