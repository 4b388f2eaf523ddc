import { describe, expect, it } from 'vitest';
import { bench } from '../../native/harness.ts';
import { applyPoint, matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane } from '../geometry/planes.ts';
import {
  type PatientVector,
  patientPoint,
  patientVector,
  type Vec3,
  type VolumeGeometry,
} from '../geometry/types.ts';
import { windowLevel } from '../scene/presets.ts';
import type { Projection, SliceScene } from '../scene/types.ts';
import { infoOf } from './info-fixture.ts';
import { renderSlice } from './slice.ts';

/** The value of a slab `offsetMm` along its normal from the point where the plate is. */
type Response = (offsetMm: number, slabMm: number, projection: Projection) => number;

function responder(
  size: Vec3,
  geometry: VolumeGeometry,
  voxel: (i: number, j: number, k: number) => number,
  centre: Vec3,
  normal: PatientVector,
): Response {
  const b = bench(size, 'int16', voxel, { maxOutputPixels: 64 });
  const info = infoOf(b, geometry, { max: 10_000 });
  const helper: Vec3 = Math.abs(normal[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  // right × down is the normal.
  const right = patientVector(
    helper[1] * normal[2] - helper[2] * normal[1],
    helper[2] * normal[0] - helper[0] * normal[2],
    helper[0] * normal[1] - helper[1] * normal[0],
  );
  const down = patientVector(
    normal[1] * right[2] - normal[2] * right[1],
    normal[2] * right[0] - normal[0] * right[2],
    normal[0] * right[1] - normal[1] * right[0],
  );
  return (offsetMm, slabMm, projection) => {
    const origin = centre.map((x, a) => x + normal[a]! * offsetMm) as unknown as Vec3;
    const scene: SliceScene = {
      kind: 'slice',
      plane: orthonormalPlane(patientPoint(...origin), right, down),
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
}

/**
 * A plate one voxel thick across k in slices `spacing` mm apart, seen along a normal that is tilted
 * from k towards i. The stack holds slabs of up to `reachMm` on either side of the plate.
 */
function plate(spacing: number, tiltRad: number, reachMm: number): Response {
  const half = Math.ceil((reachMm * Math.cos(tiltRad)) / spacing) + 3;
  const wide = 2 * (Math.ceil((reachMm * Math.sin(tiltRad)) / 0.8) + 3);
  const size: Vec3 = [wide + 1, 3, 2 * half + 1];
  const geometry: VolumeGeometry = {
    size,
    patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.4, 0], [0, 0, spacing], [-20, 31, 300]),
  };
  return responder(
    size,
    geometry,
    (_i, _j, k) => (k === half ? 10_000 : 0),
    applyPoint(geometry.patientFromIndex, [wide / 2, 1, half]),
    patientVector(Math.sin(tiltRad), 0, Math.cos(tiltRad)),
  );
}

/** Full width at half of the largest response, from its outermost crossings. */
function fwhm(respond: (offsetMm: number) => number, slabMm: number, spacing: number): number {
  const plateau = Math.min(slabMm / 2, spacing);
  let largest = respond(0);
  for (let n = -50; n <= 50; n += 1) largest = Math.max(largest, respond((n / 50) * plateau));
  const crossing = (sign: number): number => {
    let outside = slabMm / 2 + 1.2 * spacing + 0.1;
    const step = spacing / 20;
    while (respond(sign * (outside - step)) < largest / 2) outside -= step;
    let inside = outside - step;
    for (let n = 0; n < 12; n += 1) {
      const middle = (inside + outside) / 2;
      if (respond(sign * middle) < largest / 2) outside = middle;
      else inside = middle;
    }
    return inside;
  };
  return crossing(1) + crossing(-1);
}

/**
 * What the mean of a slab thinner than two voxels shows along other directions than an axis: its plate is a triangle of
 * two voxels, s wide at half its height, and the slab of T averages it. From the integral of the triangle.
 */
function obliqueWidth(slabMm: number, s: number): number {
  if (slabMm >= 2 * s) return slabMm;
  const area = (u: number): number => {
    const v = Math.min(Math.max(u, -s), s);
    return v < 0 ? (v + s) ** 2 / (2 * s) : s - (s - v) ** 2 / (2 * s);
  };
  const response = (x: number): number => area(x + slabMm / 2) - area(x - slabMm / 2);
  let [lo, hi] = [0, 3 * s];
  for (let n = 0; n < 60; n += 1) {
    const middle = (lo + hi) / 2;
    if (response(middle) < response(0) / 2) hi = middle;
    else lo = middle;
  }
  return 2 * lo;
}

/** Between two voxels values are interpolated, so that the plate itself is s wide. */
const meanWidth = (slabMm: number, s: number): number => Math.max(slabMm, s);

const spacings = [0.3, 0.7, 1, 2.5, 5];
const slabs = (s: number): readonly number[] => [
  0.2 * s,
  0.7 * s,
  1.1 * s,
  1.25 * s,
  1.7 * s,
  2 * s,
  5,
  12.5,
  20,
  77,
  200,
];

describe('the full width at half maximum of a thin plate', () => {
  it.each(spacings)('is T for the mean and T + s for MIP along the axis, voxels of %d mm', (s) => {
    const respond = plate(s, 0, 202 + s);
    for (const slabMm of slabs(s)) {
      const wide = fwhm((x) => respond(x, slabMm, 'mean'), slabMm, s);
      expect(Math.abs(wide - meanWidth(slabMm, s))).toBeLessThan(0.01);
      const most = fwhm((x) => respond(x, slabMm, 'mip'), slabMm, s);
      expect(Math.abs(most - (slabMm + s))).toBeLessThan(0.01);
    }
  });
  it.each([0.1, 0.35, 0.6])(
    'holds along a normal tilted by %d rad, where a voxel is s / cos long',
    (tilt) => {
      for (const s of spacings) {
        const respond = plate(s, tilt, 202 + s);
        const along = s / Math.cos(tilt);
        for (const slabMm of slabs(s)) {
          const wide = fwhm((x) => respond(x, slabMm, 'mean'), slabMm, along);
          expect(Math.abs(wide - obliqueWidth(slabMm, along))).toBeLessThan(0.1);
          const most = fwhm((x) => respond(x, slabMm, 'mip'), slabMm, along);
          expect(Math.abs(most - (slabMm + along))).toBeLessThan(0.05);
        }
      }
    },
  );
  it('holds for a plate that lies obliquely in the grid, whichever way it faces', () => {
    const size: Vec3 = [150, 75, 60];
    const geometry: VolumeGeometry = {
      size,
      patientFromIndex: matrixFromColumns([0.4, 0, 0], [0, 0.8, 0], [0, 0, 1], [-20, 31, 300]),
    };
    const centre = applyPoint(geometry.patientFromIndex, [74.3, 37.1, 29.6]);
    // Flat to 3 mm from its middle, zero from 5 mm on: 8 mm at half its height, far from its bends.
    const plateMm = 8;
    for (const [x, y, z] of [
      [1, 1, 1],
      [0.2, -0.9, 0.5],
      [0.9, 0.1, -0.3],
    ] as const) {
      const length = Math.hypot(x, y, z);
      const normal = patientVector(x / length, y / length, z / length);
      const respond = responder(
        size,
        geometry,
        (...at) => {
          const p = applyPoint(geometry.patientFromIndex, at);
          const distance = Math.abs(p.reduce((sum, c, a) => sum + (c - centre[a]!) * normal[a]!, 0));
          return Math.round(10_000 * Math.min(Math.max((5 - distance) / 2, 0), 1));
        },
        centre,
        normal,
      );
      for (const slabMm of [0.3, 3, 6]) {
        const most = fwhm((at) => respond(at, slabMm, 'mip'), slabMm, plateMm);
        expect(Math.abs(most - (slabMm + plateMm))).toBeLessThan(0.1);
      }
      for (const slabMm of [10, 13]) {
        const wide = fwhm((at) => respond(at, slabMm, 'mean'), slabMm, plateMm);
        expect(Math.abs(wide - slabMm)).toBeLessThan(0.1);
      }
    }
  });
});

describe('the peak of a thin plate', () => {
  // A plate falls evenly to nothing within a voxel: samples d voxels apart lose at most d / 2 of it. Around the
  // highest they lie a fifth as far.
  it.each([
    { voxels: 1.3, apart: 1 / 40 },
    { voxels: 3.8, apart: 1 / 40 },
    { voxels: 7, apart: 7 / 155 },
    { voxels: 20, apart: 1 / 9 },
  ])('stays in a MIP of $voxels voxels wherever the slab lies along an oblique normal', (slab) => {
    for (const tilt of [0.02, 0.1, 0.35]) {
      for (const s of [0.7, 1, 2.5]) {
        const respond = plate(s, tilt, 50);
        const slabMm = (slab.voxels * s) / Math.cos(tilt);
        for (let x = -0.4 * slabMm; x <= 0.4 * slabMm; x += 0.1)
          expect(respond(x, slabMm, 'mip')).toBeGreaterThan(10_000 * (1 - slab.apart / 2) - 1);
      }
    }
  });
});

describe('the peak of a thin wire', () => {
  // Across a wire both coordinates fall: at d voxels from it along a diagonal (1 − d)² is left.
  it.each([1, 4, 7, 20])('stays in a MIP of %d voxels wherever the slab lies along a diagonal', (voxels) => {
    const size: Vec3 = [41, 3, 41];
    const geometry: VolumeGeometry = {
      size,
      patientFromIndex: matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]),
    };
    const wire = (i: number, _j: number, k: number): number => (i === 20 && k === 20 ? 10_000 : 0);
    const diagonal = patientVector(Math.SQRT1_2, 0, Math.SQRT1_2);
    const respond = responder(size, geometry, wire, [20, 1, 20], diagonal);
    const slabMm = voxels * Math.SQRT2;
    for (let x = -0.4 * slabMm; x <= 0.4 * slabMm; x += 0.03)
      expect(respond(x, slabMm, 'mip')).toBeGreaterThan(8900);
  });
});
