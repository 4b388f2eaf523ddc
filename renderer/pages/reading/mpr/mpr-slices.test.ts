import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFromColumns, moved, patientFromIndexPoint } from '../../../../core/geometry/matrices.ts';
import { indexPoint, patientPoint, type VolumeGeometry } from '../../../../core/geometry/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { reduceMpr } from '../../../../core/scene/mpr.ts';
import type { GeometryVerdict } from '../../../../core/volume/types.ts';
import type { FrameInfo } from '../../../volumes/frame-attributes.ts';
import { sliceOfImage } from '../../../volumes/image-number.ts';
import { imageAt, isBetweenImages, onImage, sliceAt, slicesShown } from './mpr-slices.ts';
import { applyMpr, closestMmPerPx, type MprView, placeCross, resetMpr, startMprView } from './mpr-view.ts';

const window = { voi: voiWindow(40, 400), isInverted: false, presetId: null };
const start = (geometry: VolumeGeometry): MprView => startMprView('s', 0, geometry, window, 'CT');

/** 0.8 × 0.9 × 2.5 mm from foot to head, an even number of slices, origin not 0. */
const axial: VolumeGeometry = {
  size: [100, 120, 40],
  patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.9, 0], [0, 0, 2.5], [-31, 17, -480]),
};
/** Sagittal slices from left to right. */
const sagittal: VolumeGeometry = {
  size: [120, 100, 30],
  patientFromIndex: matrixFromColumns([0, 0.9, 0], [0, 0, -0.8], [-3, 0, 0], [60, -40, 200]),
};
const c = Math.cos(0.2);
const s = Math.sin(0.2);
/** Axial slices that lean back by 0.2 rad. */
const leaning: VolumeGeometry = {
  size: [100, 120, 40],
  patientFromIndex: matrixFromColumns(
    [0.8, 0, 0],
    [0, 0.9 * c, 0.9 * s],
    [0, -2.5 * s, 2.5 * c],
    [-31, 17, -480],
  ),
};

/** Images of a volume as a stack has them, head first where `isReversed`. */
function stackOf({ size, patientFromIndex: m }: VolumeGeometry, isReversed: boolean) {
  const [columns, rows, count] = size;
  const column = (n: number): readonly [number, number, number] => [m[n]!, m[n + 4]!, m[n + 8]!];
  const unit = (v: readonly [number, number, number]) => v.map((x) => x / Math.hypot(...v));
  const info = (k: number): FrameInfo => {
    const position = patientFromIndexPoint(m, indexPoint(0, 0, isReversed ? count - 1 - k : k));
    return {
      attributes: {
        ImageOrientationPatient: [...unit(column(0)), ...unit(column(1))],
        ImagePositionPatient: [...position],
        PixelSpacing: [Math.hypot(...column(1)), Math.hypot(...column(0))],
      },
      instance: { format: { columns, rows } },
      frame: {},
    } as unknown as FrameInfo;
  };
  return { count, info };
}

describe('planes on acquired slices', () => {
  it('begin on a slice and come back to it, also where the middle lies between two', () => {
    for (const geometry of [axial, sagittal, leaning]) {
      const view = start(geometry);
      expect(sliceAt(view)).toBeCloseTo(Math.floor((geometry.size[2] - 1) / 2), 9);
      const away = placeCross(view, moved(view.state.centre, [3, 4.3, 7.7]));
      expect(sliceAt(resetMpr(away))).toBeCloseTo(sliceAt(view)!, 9);
    }
  });

  it('come back to the image that a stack opens with, whichever way images are numbered', () => {
    for (const displayReversed of [false, true]) {
      const numbered = { count: axial.size[2], group: { displayReversed } };
      const opening = sliceOfImage(numbered, Math.ceil(numbered.count / 2));
      expect(sliceAt(resetMpr(start(axial), displayReversed))).toBeCloseTo(opening, 9);
    }
  });

  it('go from slice to slice when scrolled, from wherever a hand has put them', () => {
    const between = placeCross(start(axial), patientPoint(0, 60, -480 + 2.5 * 10.4));
    const step = (view: MprView, count: number) =>
      sliceAt(applyMpr(view, { kind: 'step', plane: 'axial', count }));
    expect(sliceAt(between)).toBeCloseTo(10.4, 9);
    // Planes are numbered as one looks from the feet: a step goes towards the head or the feet, never sideways.
    const steps = [1, -1, 5, -5, 100, -100].map((count) => step(between, count)!);
    const up = steps[0]! > 10.4 ? 1 : -1;
    const want = up > 0 ? [11, 10, 15, 6, 39, 0] : [10, 11, 6, 15, 0, 39];
    for (const [n, slice] of steps.entries()) expect(slice).toBeCloseTo(want[n]!, 9);
    const there = applyMpr(between, { kind: 'step', plane: 'axial', count: 2 });
    expect(there.state.centre[0]).toBeCloseTo(0, 9);
    expect(there.state.centre[1]).toBeCloseTo(60, 9);
  });

  it('never goes back at the end of the stack', () => {
    const last = placeCross(start(axial), patientPoint(0, 60, -480 + 2.5 * 39.4));
    for (const count of [1, -1]) {
      const after = sliceAt(applyMpr(last, { kind: 'step', plane: 'axial', count }))!;
      expect([39.4, 39].some((slice) => Math.abs(slice - after) < 1e-9)).toBe(true);
    }
    expect(slicesShown(39.4)).toEqual([39, 40]);
  });

  it('leaves planes alone that show no slices', () => {
    const view = start(leaning);
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      const action = { kind: 'step', plane, count: 2 } as const;
      expect(applyMpr(view, action).state).toEqual(reduceMpr(view.state, action, leaning));
    }
    const own = applyMpr(view, { kind: 'axes', axes: 'acquisition' });
    const after = sliceAt(applyMpr(own, { kind: 'step', plane: 'axial', count: 2 }))!;
    expect(Math.abs(after - sliceAt(own)!)).toBeCloseTo(2, 9);
  });

  it('scrolls over whole slices through any series of steps', () => {
    const counts = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(counts, fc.constantFrom(axial, sagittal), (steps, geometry) => {
        const plane = geometry === axial ? 'axial' : 'sagittal';
        const end = steps.reduce((v, count) => applyMpr(v, { kind: 'step', plane, count }), start(geometry));
        const slice = sliceAt(end)!;
        expect(Math.abs(slice - Math.round(slice))).toBeLessThan(1e-6);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('says which slices a place between two is the mean of', () => {
    expect(slicesShown(12)).toEqual([12, 12]);
    expect(slicesShown(12.0004)).toEqual([12, 12]);
    expect(slicesShown(11.9996)).toEqual([12, 12]);
    expect(slicesShown(12.5)).toEqual([12, 13]);
    expect(slicesShown(12.04)).toEqual([12, 12]);
    expect(slicesShown(12.06)).toEqual([12, 13]);
    expect(slicesShown(11.9)).toEqual([11, 12]);
  });
});

describe('between a stack and its planes', () => {
  it('shows the slice that was looked at, and the image that the crosshair is on', () => {
    for (const geometry of [axial, sagittal, leaning]) {
      for (const isReversed of [false, true]) {
        const stack = stackOf(geometry, isReversed);
        for (const k of [0, 7, geometry.size[2] - 1]) {
          const view = start(geometry);
          const state = onImage(view, stack, k);
          const slice = isReversed ? geometry.size[2] - 1 - k : k;
          expect(sliceAt({ geometry, state })).toBeCloseTo(slice, 6);
          expect(imageAt(stack, state.centre)).toBe(k);
        }
      }
    }
  });

  it('keeps a crosshair that lies in that slice where it was put', () => {
    const placed = placeCross(start(axial), patientPoint(-10, 40, -480 + 2.5 * 7.3));
    const stack = stackOf(axial, false);
    expect(onImage(placed, stack, 7)).toBe(placed.state);
    const other = onImage(placed, stack, 12);
    expect(other.centre[0]).toBeCloseTo(-10, 9);
    expect(other.centre[1]).toBeCloseTo(40, 9);
  });

  it('stays where files do not say where their images lie', () => {
    const stack = { count: 3, info: () => undefined };
    const view = start(axial);
    expect(onImage(view, stack, 1)).toBe(view.state);
    expect(imageAt(stack, view.state.centre)).toBeNull();
  });
});

describe('slices of the grid that no image lies on', () => {
  const verdict = { missing: [{ after: 2, gapMm: 7.5, fromK: 2, toK: 3 }] } as unknown as GeometryVerdict;

  it('are those where images are missing, and those between unevenly spaced ones', () => {
    const gap = { verdict, resampleK: [0, 1, 1.33, 1.67, 2] };
    expect([0, 1, 2, 3, 4].map((k) => isBetweenImages(gap, k))).toEqual([false, false, true, true, false]);
    const uneven = { verdict: {} as GeometryVerdict, resampleK: [0, 0.98, 1.4, 2.04, 3] };
    expect([0, 1, 2, 3, 4].map((k) => isBetweenImages(uneven, k))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(isBetweenImages({ verdict: {} as GeometryVerdict }, 7)).toBe(false);
  });
});

it('planes of micro-CT come as near as others, counted in voxels', () => {
  const ofVoxels = (mm: number) => ({
    size: [9, 9, 9] as const,
    patientFromIndex: matrixFromColumns([mm, 0, 0], [0, mm, 0], [0, 0, 3 * mm], [0, 0, 0]),
  });
  expect([0.7, 0.5, 0.01].map((mm) => closestMmPerPx(ofVoxels(mm)))).toEqual([0.01, 0.01, 0.0002]);
});
