import { describe, expect, it } from 'vitest';
import { bench } from '../../native/harness.ts';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane, planeNormal } from '../geometry/planes.ts';
import {
  type PatientVector,
  type Plane,
  patientPoint,
  patientVector,
  type VolumeGeometry,
} from '../geometry/types.ts';
import { windowLevel } from '../scene/presets.ts';
import type { Projection, SliceScene } from '../scene/types.ts';
import { infoOf } from './info-fixture.ts';
import { slabSamples } from './slab.ts';
import { renderSlice } from './slice.ts';

/** One bright plate, one voxel thick, across the middle of a stack of slices `spacing` mm apart. */
function plate(spacing: number, slices: number) {
  const size = [24, 24, slices] as const;
  const middle = (slices - 1) / 2;
  const b = bench(size, 'int16', (_i, _j, k) => (k === middle ? 1000 : 0), { maxOutputPixels: 64 });
  const geometry: VolumeGeometry = {
    size,
    patientFromIndex: matrixFromColumns([0.4, 0, 0], [0, 0.8, 0], [0, 0, spacing], [-20, 31, 300]),
  };
  const info = infoOf(b, geometry);
  const plateZ = 300 + middle * spacing;
  const at = (offsetMm: number, normal: PatientVector, slabMm: number, projection: Projection): number => {
    const across = patientVector(0, 1, 0);
    const right = patientVector(-normal[2], 0, normal[0]);
    const base = orthonormalPlane(patientPoint(-15, 40, plateZ), right, across);
    const n = planeNormal(base);
    const origin = patientPoint(-15 + n[0] * offsetMm, 40, plateZ + n[2] * offsetMm);
    const scene: SliceScene = {
      kind: 'slice',
      plane: { ...base, origin },
      spacingMm: 1,
      width: 1,
      height: 1,
      slabMm,
      projection,
      interpolation: 'linear',
      window: windowLevel(1000, 500),
      background: [0, 0, 0],
    };
    renderSlice(b.kernels, info, scene)(0, 1);
    return b.values[0]!;
  };
  return { at, geometry };
}

/** Full width at half maximum of the response to the plate. */
function fwhm(respond: (offsetMm: number) => number, slabMm: number, spacing: number): number {
  const reach = slabMm / 2 + 2 * spacing;
  const step = 0.01;
  const values: number[] = [];
  for (let x = -reach; x <= reach; x += step) values.push(respond(x));
  const half = Math.max(...values) / 2;
  const above = values.flatMap((v, n) => (v >= half ? [n] : []));
  return (above.at(-1)! - above[0]!) * step;
}

const z = patientVector(0, 0, 1);

describe('slab thickness is exact', () => {
  it.each([
    [0.5, 5],
    [1, 5],
    [1, 10],
    [2.5, 10],
  ])('voxels of %d mm, slab of %d mm along an axis', (spacing, slabMm) => {
    const { at } = plate(spacing, 41);
    expect(Math.abs(fwhm((x) => at(x, z, slabMm, 'mean'), slabMm, spacing) - slabMm)).toBeLessThan(0.1);
    const mip = fwhm((x) => at(x, z, slabMm, 'mip'), slabMm, spacing);
    expect(Math.abs(mip - (slabMm + spacing))).toBeLessThan(0.1);
  });
  it('holds obliquely: the plate is then seen at an angle', () => {
    const tilt = 0.15;
    const { at } = plate(1, 61);
    const normal = patientVector(Math.sin(tilt), 0, Math.cos(tilt));
    // Along the tilted normal both the plate's width and the slab measure 1 / cos of it.
    const mean = fwhm((x) => at(x, normal, 10, 'mean'), 10, 1);
    expect(Math.abs(mean - 10)).toBeLessThan(0.1);
  });
  it('sees plates at ±4.9 mm and none at ±5.2 mm with 0.2 mm voxels and 10 mm of slab', () => {
    const { at } = plate(0.2, 101);
    for (const sign of [1, -1]) {
      expect(at(4.9 * sign, z, 10, 'mip')).toBe(1000);
      expect(at(5.2 * sign, z, 10, 'mip')).toBeLessThan(1);
    }
  });
  it('keeps the peak of a plate wherever the slab lies along an axis', () => {
    const { at } = plate(2.5, 21);
    for (let x = -3; x <= 3; x += 0.1) expect(at(x, z, 10, 'mip')).toBeCloseTo(1000, 3);
  });
  it('uses the part inside at the edge of the volume', () => {
    const { at } = plate(1, 5);
    expect(at(-3, z, 6, 'mean')).toBeGreaterThan(100);
    expect(at(-4, z, 2, 'mean')).toBeNaN();
    expect(at(0, z, 200, 'mip')).toBeCloseTo(1000, 3);
  });
});

describe('where samples lie', () => {
  const { geometry } = plate(2.5, 21);
  const oblique: Plane = orthonormalPlane(
    patientPoint(-15, 40, 320),
    patientVector(1, 0.5, 0.3),
    patientVector(0, 1, 1),
  );
  it('is one in the plane itself without a slab', () => {
    expect(slabSamples(geometry, oblique, 0)).toEqual({ offsetsMm: [0], weights: [1] });
  });
  it('is at both ends, evenly, at most half the smallest projected voxel apart, weights by the trapezoid', () => {
    for (const slabMm of [0.3, 7, 20, 200]) {
      const { offsetsMm, weights } = slabSamples(geometry, oblique, slabMm);
      expect(offsetsMm[0]).toBeCloseTo(-slabMm / 2, 9);
      expect(offsetsMm.at(-1)).toBeCloseTo(slabMm / 2, 9);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(slabMm, 6);
      expect(weights[0]! / weights[1]!).toBeCloseTo(offsetsMm.length > 2 ? 0.5 : 1, 6);
    }
  });
  it('is at the voxel centres too along an index axis', () => {
    const axial = orthonormalPlane(
      patientPoint(-15, 40, 321),
      patientVector(1, 0, 0),
      patientVector(0, 1, 0),
    );
    expect(slabSamples(geometry, axial, 5).offsetsMm.map((x) => Math.round(x * 1e6) / 1e6)).toEqual([
      -2.5, -1, 1.5, 2.5,
    ]);
  });
});
