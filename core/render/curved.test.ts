import { describe, expect, it } from 'vitest';
import { bench } from '../../native/harness.ts';
import { applyPoint, matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane, planeNormal } from '../geometry/planes.ts';
import { patientPoint, patientVector, type Vec3, type VolumeGeometry } from '../geometry/types.ts';
import { windowLevel } from '../scene/presets.ts';
import type { CurvedScene, Projection, SliceScene } from '../scene/types.ts';
import { coarsenedCurved, curvedRequest, renderCurved } from './curved.ts';
import { c, infoOf, obliquePatientFromIndex, s } from './info-fixture.ts';
import { renderSlice } from './slice.ts';
import type { Rescale, VolumeInfo } from './types.ts';

const size: Vec3 = [40, 30, 12];
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: obliquePatientFromIndex,
};

function setUp(
  voxel: (i: number, j: number, k: number) => number,
  rescale: Rescale = { slope: 1, intercept: 0 },
) {
  const b = bench(size, 'int16', voxel, { maxOutputPixels: 64 * 64 });
  const info = infoOf(b, geometry, { rescale, max: 1 });
  return { b, info };
}

const flat: SliceScene = {
  kind: 'slice',
  plane: orthonormalPlane(patientPoint(-117, 44, 424), patientVector(1, 0.2, 0.3), patientVector(0, 1, -0.5)),
  spacingMm: 0.25,
  width: 41,
  height: 31,
  slabMm: 0,
  projection: 'none',
  interpolation: 'linear',
  window: windowLevel(400, 40),
  background: [9, 8, 7],
};

/** The rows of a flat plane as those of a curved one. */
function unrolled(scene: SliceScene, change: Partial<CurvedScene> = {}): CurvedScene {
  const { plane, height, spacingMm } = scene;
  const normal = planeNormal(plane);
  const rows = {
    centres: new Float64Array(3 * height),
    across: new Float64Array(3 * height),
    through: new Float64Array(3 * height),
  };
  for (let row = 0; row < height; row += 1)
    for (let axis = 0; axis < 3; axis += 1) {
      const away = (row - (height - 1) / 2) * spacingMm;
      rows.centres[3 * row + axis] = plane.origin[axis]! + away * plane.down[axis]!;
      rows.across[3 * row + axis] = plane.right[axis]!;
      rows.through[3 * row + axis] = normal[axis]!;
    }
  const { plane: _, kind, ...rest } = scene;
  return { ...rest, kind: 'curved', rows, ...change };
}

const wavy = (i: number, j: number, k: number): number =>
  Math.round(400 * Math.sin(i / 5) + 300 * Math.cos(j / 4 + k) + 40 * k);

describe('a curved plane that is flat', () => {
  it('is the same picture as the plane, in values and levels, thin and thick', () => {
    for (const projection of ['none', 'mip', 'minip', 'mean'] as const satisfies readonly Projection[])
      for (const interpolation of ['nearest', 'linear', 'cubic'] as const)
        for (const rescale of [
          { slope: 1, intercept: 0 },
          { slope: -0.5, intercept: 7 },
        ]) {
          const { b, info } = setUp(wavy, rescale);
          const scene = { ...flat, projection, interpolation, slabMm: projection === 'none' ? 0 : 3 };
          renderSlice(b.kernels, info, scene)(0, 31);
          const values = b.values.slice(0, 41 * 31);
          const rgba = b.rgba.slice(0, 4 * 41 * 31);
          b.values.fill(-1);
          renderCurved(b.kernels, info, unrolled(scene))(0, 31);
          expect(values.some((x) => Number.isFinite(x))).toBe(true);
          // Sums of coordinates are rounded in another order: a few millionths of a voxel.
          for (const [p, value] of values.entries()) {
            if (Number.isNaN(value)) expect(b.values[p]).toBeNaN();
            else
              expect(Math.abs(b.values[p]! - value)).toBeLessThan(interpolation === 'nearest' ? 1e-9 : 0.1);
          }
          const off = rgba.filter((level, p) => Math.abs(level - b.rgba[p]!) > 1);
          expect(off.length).toBe(0);
        }
  });
});

describe('rows of a curved plane', () => {
  it('lie where they say in patient millimetres', () => {
    const { b, info } = setUp((i, j, k) => 3 * i - 5 * j + 40 * k);
    const rows = {
      centres: new Float64Array(60),
      across: new Float64Array(60),
      through: new Float64Array(60),
    };
    const middle = applyPoint(geometry.patientFromIndex, [19.5, 14.5, 5.5]);
    for (let row = 0; row < 20; row += 1) {
      const a = row * 0.3;
      rows.centres.set([middle[0] + Math.cos(a), middle[1] + Math.sin(a), middle[2] + row / 2 - 5], 3 * row);
      rows.across.set([Math.cos(a), Math.sin(a), 0], 3 * row);
      rows.through.set([0, 0, 1], 3 * row);
    }
    const scene = unrolled(flat, { rows, width: 9, height: 20 });
    renderCurved(b.kernels, info, scene)(0, 20);
    const toIndex = (p: Vec3): Vec3 => {
      const [x, y, z] = [p[0] + 120, p[1] - 33, p[2] - 410];
      return [(x * c + y * s) / 0.4, (-x * s + y * c) / 0.8, z / 2.5];
    };
    for (let row = 0; row < 20; row += 1)
      for (let column = 0; column < 9; column += 1) {
        const away = (column - 4) * scene.spacingMm;
        const at = [0, 1, 2].map((n) => rows.centres[3 * row + n]! + away * rows.across[3 * row + n]!);
        const [i, j, k] = toIndex(at as unknown as Vec3);
        expect(Math.abs(b.values[row * 9 + column]! - (3 * i - 5 * j + 40 * k))).toBeLessThan(0.01);
      }
  });
  it('are sampled at both ends of the slab and at most 1 / 1.8 of a voxel apart, each by its own direction', () => {
    const { info } = setUp(() => 0);
    const scene = unrolled(flat, { slabMm: 10, projection: 'mip', height: 2 });
    scene.rows.through.set([0, 0, 1, c, s, 0]);
    const { rows, slabMm } = curvedRequest(info, scene);
    expect(slabMm).toBe(10);
    // Four voxels thick, it has samples to spare: an eighth of a voxel apart as far as 32 reach.
    expect(rows[9]).toBe(32);
    expect(rows[19]).toBe(Math.ceil((10 / 0.4) * 1.8) + 1);
  });
  it('that are not finite are the background', () => {
    const { b, info } = setUp(() => 100);
    const scene = unrolled(flat);
    scene.rows.across[3 * 4] = Number.NaN;
    scene.rows.centres[3 * 9 + 1] = Number.POSITIVE_INFINITY;
    renderCurved(b.kernels, info, scene)(0, 31);
    for (const row of [4, 9]) {
      expect(b.values[row * 41 + 20]).toBeNaN();
      expect([...b.rgba.subarray(4 * (row * 41 + 20), 4 * (row * 41 + 20) + 4)]).toEqual([9, 8, 7, 255]);
    }
    expect(b.values[15 * 41 + 20]).toBe(100);
  });
});

describe('a slab of curved rows', () => {
  /** A plate one voxel thick across k; each row stands a little further from it. */
  function widths(spacing: number, slabMm: number, projection: Projection): number {
    const layers = 2 * Math.ceil(30 / spacing) + 1;
    const b = bench([3, 3, layers], 'int16', (_i, _j, k) => (k === (layers - 1) / 2 ? 10_000 : 0), {
      maxOutputPixels: 4096,
    });
    const info: VolumeInfo = {
      ...setUp(() => 0).info,
      geometry: {
        size: [3, 3, layers],
        patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, spacing], [0, 0, 0]),
      },
      layout: b.layout,
    };
    const height = 2001;
    const step = 0.02;
    const rows = {
      centres: new Float64Array(3 * height),
      across: new Float64Array(3 * height),
      through: new Float64Array(3 * height),
    };
    for (let row = 0; row < height; row += 1) {
      rows.centres.set([1, 1, ((layers - 1) / 2) * spacing + (row - 1000) * step], 3 * row);
      // Not along the voxels' rows: the way of any row.
      rows.across.set([Math.SQRT1_2, Math.SQRT1_2, 0], 3 * row);
      rows.through.set([0, 0, 1], 3 * row);
    }
    const scene = unrolled(flat, { rows, width: 1, height, slabMm, projection });
    renderCurved(b.kernels, info, scene)(0, height);
    const values = b.values.subarray(0, height);
    const half = values.reduce((most, value) => Math.max(most, value), 0) / 2;
    return values.filter((value) => value >= half).length * step;
  }
  it('is as thick as it says: the mean T, the maximum T and a voxel', () => {
    for (const spacing of [0.2, 0.5, 1.3])
      for (const slabMm of [5, 10, 20]) {
        expect(Math.abs(widths(spacing, slabMm, 'mean') - slabMm)).toBeLessThan(0.1);
        expect(Math.abs(widths(spacing, slabMm, 'mip') - slabMm - spacing)).toBeLessThan(0.1);
      }
  });
});

describe('a coarser curved picture', () => {
  it('covers the same field of view and keeps directions unit and gaps gaps', () => {
    const scene = unrolled({ ...flat, width: 40, height: 30 });
    scene.rows.centres[3 * 20] = Number.NaN;
    const coarse = coarsenedCurved(scene, 2);
    expect([coarse.width, coarse.height, coarse.spacingMm]).toEqual([20, 15, 0.5]);
    const first = [0, 1, 2].map((n) => (scene.rows.centres[n]! + scene.rows.centres[3 + n]!) / 2);
    for (const n of [0, 1, 2]) expect(coarse.rows.centres[n]).toBeCloseTo(first[n]!, 9);
    expect(Math.hypot(...coarse.rows.across.subarray(0, 3))).toBeCloseTo(1, 12);
    expect(coarse.rows.centres[3 * 10]).toBeNaN();
    expect(coarse.rows.centres[3 * 9]).not.toBeNaN();
    // Where a line turns back on itself two rows have opposite directions.
    for (const n of [0, 1, 2]) scene.rows.across[3 + n] = -scene.rows.across[n]!;
    expect(coarsenedCurved(scene, 2).rows.across.every(Number.isFinite)).toBe(true);
    expect(coarsenedCurved(scene, 1)).toBe(scene);
    expect(coarsenedCurved({ ...scene, width: 1, height: 1 }, 4).rows.centres).toHaveLength(3);
  });
});
