import { describe, expect, it } from 'vitest';
import type { Mat4, Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';
import { roughCanal } from './canal.ts';
import { findBones } from './find-bones.ts';
import { paintSolids, type Solid } from './test-bones.ts';

/** A canal leaning backwards, in a ring of bone that is open at every disc, with a bright vessel in front. */
const middle = (z: number): readonly [number, number] => [2 + 0.05 * z, 30 + 0.25 * z];
const ring: Solid = {
  valueHu: 420,
  distance: (x, y, z) => {
    const [cx, cy] = middle(z);
    const shell = Math.abs(Math.hypot(x - cx, y - cy) - 12) - 3;
    const disc = 4 - Math.abs((((z % 22) + 22) % 22) - 11);
    return Math.max(shell, disc);
  },
};
const vessel: Solid = { valueHu: 380, distance: (x, y) => Math.hypot(x + 20, y + 25) - 12 };
const origin: Vec3 = [-60, -60, -70];
const field = paintSolids(origin, [60, 66, 56], [2, 2, 2.5], [ring, vessel], 15);

const codeOf = (of: ScalarField, progress?: (done: number) => boolean): string => {
  const result = findBones(of, progress);
  return result.ok ? '' : result.problem.code;
};

describe('roughCanal', () => {
  it('follows the ring and not the vessel, whichever way the voxels lie', () => {
    const { size, patientFromIndex: m } = field.geometry;
    // The same voxels stored from the feet to the head or from the head down, columns as rows.
    const turned = [m[1], m[0], -m[2]!, m[3], m[5], m[4], -m[6]!, m[7], m[9], m[8], -m[10]!] as number[];
    const voxels = new Int16Array(field.voxels.length);
    const [nx, ny, nz] = size;
    for (let k = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++)
          voxels[j + ny * (i + nx * (nz - 1 - k))] = field.voxels[i + nx * (j + ny * k)]!;
    const lastZ = m[11]! + (nz - 1) * m[10]!;
    const other: ScalarField = {
      ...field,
      voxels,
      geometry: {
        size: [ny, nx, nz],
        patientFromIndex: [...turned, lastZ, 0, 0, 0, 1] as unknown as Mat4,
      },
    };
    for (const volume of [field, other]) {
      const points = roughCanal(volume, () => true);
      expect(points.length).toBeGreaterThan(35);
      for (const [x, y, z] of points) {
        const [cx, cy] = middle(z);
        expect(Math.hypot(x - cx, y - cy)).toBeLessThan(9);
      }
      expect(points[0]![2]).toBeGreaterThan(points[points.length - 1]![2]);
    }
  });
});

describe('findBones', () => {
  it('says that there is no spine rather than make one up', () => {
    expect(codeOf(paintSolids([0, 0, 0], [50, 50, 40], [3, 3, 3], [vessel]))).toBe('SPINE_NOT_FOUND');
    expect(codeOf(paintSolids([0, 0, 0], [2, 2, 2], [1, 1, 1], []))).toBe('SPINE_NOT_FOUND');
    const empty = { ...field, voxels: new Float32Array(field.voxels.length).fill(Number.NaN) };
    expect(codeOf(empty)).toBe('SPINE_NOT_FOUND');
  });
  it('refuses a geometry without volume', () => {
    const flat = { ...field.geometry, patientFromIndex: new Array(16).fill(0) as unknown as Mat4 };
    expect(codeOf({ ...field, geometry: flat })).toBe('PATH_GEOMETRY_UNSAFE');
  });
  it('refuses slices between which a disc can hide', () => {
    expect(codeOf(paintSolids(origin, [60, 66, 28], [2, 2, 5], [ring]))).toBe('BONES_TOO_COARSE');
  });
  it('stops when asked to, at any time', () => {
    for (const most of [0, 1, 2]) {
      let told = 0;
      expect(codeOf(field, () => told++ < most)).toBe('CANCELLED');
    }
  });
  it('finds a canal without vertebrae or ribs', () => {
    const found = findBones(field);
    expect(found.ok && found.value.ribs).toEqual([]);
    expect(found.ok && found.value.canalMm.length).toBeGreaterThan(80);
  });
});
