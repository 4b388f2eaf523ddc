import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench, type VoxelFunction } from '../../native/harness.ts';
import { applyPoint, invert } from '../geometry/matrices.ts';
import { orthonormalPlane, patientFromView } from '../geometry/planes.ts';
import { patientPoint, patientVector, type Vec3, type VolumeGeometry, viewPoint } from '../geometry/types.ts';
import { windowLevel } from '../scene/presets.ts';
import type { SliceScene } from '../scene/types.ts';
import { c, infoOf, obliquePatientFromIndex, s } from './info-fixture.ts';
import { coarsenedSlice, renderSlice } from './slice.ts';
import type { Rescale } from './types.ts';

const size: Vec3 = [40, 30, 12];
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: obliquePatientFromIndex,
};
const inverse = invert(geometry.patientFromIndex)!;

function setUp(voxel: VoxelFunction, rescale: Rescale = { slope: 1, intercept: 0 }) {
  const b = bench(size, 'int16', voxel, { maxOutputPixels: 128 * 128 });
  const info = infoOf(b, geometry, { rescale, max: 1 });
  return { b, info };
}

const scene = (change: Partial<SliceScene>): SliceScene => ({
  kind: 'slice',
  plane: orthonormalPlane(patientPoint(-117, 44, 424), patientVector(1, 0.2, 0.3), patientVector(0, 1, -0.5)),
  spacingMm: 0.25,
  width: 40,
  height: 30,
  slabMm: 0,
  projection: 'none',
  interpolation: 'linear',
  window: windowLevel(400, 40),
  background: [9, 8, 7],
  ...change,
});

const applyPointTo = (index: Vec3) => patientPoint(...applyPoint(geometry.patientFromIndex, index));

/** The patient point under a pixel's centre. */
const pointAt = (sc: SliceScene, column: number, row: number) =>
  patientFromView(
    sc.plane,
    viewPoint((column - (sc.width - 1) / 2) * sc.spacingMm, (row - (sc.height - 1) / 2) * sc.spacingMm),
  );

describe('slices', () => {
  it('reproduce a field that is linear in patient millimetres on any plane, within 0.5', () => {
    // 30 x − 20 y + 50 z + 7 in mm; every voxel holds it rounded.
    const field = (p: Vec3): number => 30 * (p[0] + 120) - 20 * (p[1] - 33) + 50 * (p[2] - 410) + 7;
    const { b, info } = setUp((i, j, k) =>
      Math.round(field(applyPoint(geometry.patientFromIndex, [i, j, k]))),
    );
    const part = fc.integer({ min: -10, max: 10 }).map((n) => n / 10);
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (r, d) => {
        const cross = Math.hypot(
          r[1] * d[2] - r[2] * d[1],
          r[2] * d[0] - r[0] * d[2],
          r[0] * d[1] - r[1] * d[0],
        );
        fc.pre(cross > 0.3);
        const plane = orthonormalPlane(patientPoint(-117, 44, 424), patientVector(...r), patientVector(...d));
        const sc = scene({ plane });
        renderSlice(b.kernels, info, sc)(0, sc.height);
        for (let row = 0; row < sc.height; row += 3)
          for (let column = 0; column < sc.width; column += 3) {
            const p = pointAt(sc, column, row);
            const at = applyPoint(inverse, p);
            // One voxel of margin: the field is not linear where coordinates are clamped.
            if (at.some((x, axis) => x < 0.001 || x > size[axis]! - 1.001)) continue;
            expect(Math.abs(b.values[row * sc.width + column]! - field(p))).toBeLessThanOrEqual(0.55);
          }
      }),
      { numRuns: 40, seed: 4 },
    );
  });
  it('show a single bright voxel where it lies in the patient, at three zooms, to 0.01 voxel', () => {
    const voxel: Vec3 = [17, 11, 5];
    const { b, info } = setUp((i, j, k) => (i === voxel[0] && j === voxel[1] && k === voxel[2] ? 1000 : 0));
    const centre = applyPoint(geometry.patientFromIndex, voxel);
    for (const spacingMm of [0.02, 0.05, 0.1]) {
      const right = patientVector(c, s, 0);
      const down = patientVector(-s, c, 0);
      const plane = orthonormalPlane(
        patientPoint(centre[0] + 0.13, centre[1] - 0.21, centre[2]),
        right,
        down,
      );
      const sc = scene({ plane, spacingMm, width: 127, height: 127 });
      renderSlice(b.kernels, info, sc)(0, sc.height);
      let [sum, x, y] = [0, 0, 0];
      for (let row = 0; row < 127; row += 1)
        for (let column = 0; column < 127; column += 1) {
          const weight = b.values[row * 127 + column]! || 0;
          sum += weight;
          x += weight * column;
          y += weight * row;
        }
      const p = pointAt(sc, x / sum, y / sum);
      expect(Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2])).toBeLessThan(0.004);
    }
  });
  it('give background where there is no volume, and NaN values', () => {
    const { b, info } = setUp(() => 40);
    const sc = scene({ spacingMm: 3 });
    renderSlice(b.kernels, info, sc)(0, sc.height);
    expect(b.values[0]).toBeNaN();
    expect([...b.rgba.subarray(0, 4)]).toEqual([9, 8, 7, 255]);
    const middle = (15 * sc.width + 20) * 4;
    expect([...b.rgba.subarray(middle, middle + 4)]).toEqual([128, 128, 128, 255]);
  });
  it.each(['nearest', 'linear', 'cubic'] as const)(
    'of a volume that is being filled never show what is not there (%s)',
    (interpolation) => {
      const filled = [3, 6] as const;
      const { b, info } = setUp((_i, _j, k) => (k >= filled[0] && k <= filled[1] ? 500 : 0));
      const axis = patientVector(0, 0, 1);
      const planes = [
        scene({}).plane,
        orthonormalPlane(patientPoint(-117, 44, 424), patientVector(c, s, 0), axis),
        ...[3, 6].map((k) =>
          orthonormalPlane(applyPointTo([17, 11, k]), patientVector(c, s, 0), patientVector(-s, c, 0)),
        ),
      ];
      for (const plane of planes) {
        for (const slab of [
          {},
          { slabMm: 6, projection: 'minip' as const },
          { slabMm: 6, projection: 'mean' as const },
        ]) {
          const sc = scene({ plane, interpolation, spacingMm: 0.4, width: 60, height: 60, ...slab });
          renderSlice(b.kernels, info, sc, filled)(0, sc.height);
          const shown = [...b.values.subarray(0, 3600)].filter((value) => !Number.isNaN(value));
          expect(shown.every((value) => Math.abs(value - 500) < 0.1)).toBe(true);
          if (interpolation !== 'cubic' || 'slabMm' in slab) expect(shown.length).toBeGreaterThan(20);
        }
      }
      // Where the volume itself ends nothing is cut off.
      renderSlice(b.kernels, info, scene({ plane: planes[1]! }), [0, size[2] - 1])(0, 30);
      const cut = [...b.values.subarray(0, 1200)];
      renderSlice(b.kernels, info, scene({ plane: planes[1]! }))(0, 30);
      expect(cut).toEqual([...b.values.subarray(0, 1200)]);
    },
  );
  it('take the largest modality value for MIP even when the slope is negative', () => {
    const { b, info } = setUp((i) => i, { slope: -1, intercept: 100 });
    const along = orthonormalPlane(
      patientPoint(-117, 44, 424),
      patientVector(-s, c, 0),
      patientVector(0, 0, 1),
    );
    const most = (projection: 'mip' | 'minip'): number => {
      renderSlice(b.kernels, info, scene({ plane: along, slabMm: 4, projection, width: 1, height: 1 }))(0, 1);
      return b.values[0]!;
    };
    expect(most('mip') - most('minip')).toBeCloseTo(10, 1);
  });
  it('keep the field of view when coarser', () => {
    const sc = scene({ width: 101, height: 77 });
    const coarse = coarsenedSlice(sc, 2.5);
    expect(coarse.width * coarse.spacingMm).toBeCloseTo(101 * 0.25, 9);
    expect(coarse.width).toBe(40);
    expect(coarsenedSlice(sc, 1)).toBe(sc);
    expect(coarsenedSlice(scene({ width: 1, height: 1 }), 9)).toMatchObject({ width: 1, height: 1 });
  });
});
