import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mat4, Vec3, VolumeGeometry } from '../geometry/types.ts';
import { niftiHeader, rasFromLps } from './nifti.ts';
import { cross } from './order.ts';

const short = Int16Array.of(0);

/** Method 2 as nifti_quatern_to_mat44 of nifti1_io.c has it: rotation, times pixdim, the third axis times qfac. */
function placeByQform(view: DataView, [i, j, k]: Vec3): number[] {
  let [b, c, d] = [256, 260, 264].map((at) => view.getFloat32(at, true)) as [number, number, number];
  let a = 1 - (b * b + c * c + d * d);
  if (a < 1e-7) {
    const length = Math.sqrt(b * b + c * c + d * d);
    [a, b, c, d] = [0, b / length, c / length, d / length];
  } else a = Math.sqrt(a);
  const [dx, dy, dz] = [80, 84, 88].map((at) => view.getFloat32(at, true)) as [number, number, number];
  const [x, y, z] = [i * dx, j * dy, k * dz * (view.getFloat32(76, true) < 0 ? -1 : 1)];
  const turned = [
    (a * a + b * b - c * c - d * d) * x + (2 * b * c - 2 * a * d) * y + (2 * b * d + 2 * a * c) * z,
    (2 * b * c + 2 * a * d) * x + (a * a + c * c - b * b - d * d) * y + (2 * c * d - 2 * a * b) * z,
    (2 * b * d - 2 * a * c) * x + (2 * c * d + 2 * a * b) * y + (a * a + d * d - c * c - b * b) * z,
  ];
  return turned.map((mm, axis) => mm + view.getFloat32(268 + 4 * axis, true));
}

const placeBy = (m: readonly number[], [i, j, k]: Vec3): number[] =>
  [0, 4, 8].map((r) => m[r]! * i + m[r + 1]! * j + m[r + 2]! * k + m[r + 3]!);
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((mm, axis) => mm - b[axis]!));

const size: Vec3 = [212, 181, 97];
const spacing: Vec3 = [0.7, 1.1, 2.3];

/** A grid whose axes are turned by z, x and z (degrees), sheared along the columns by so many mm a slice. */
function gridOf(turns: Vec3, mirrored = false, shearMm = 0): VolumeGeometry {
  const [one, two, three] = turns.map((degrees) => (degrees * Math.PI) / 180) as unknown as Vec3;
  const [c1, s1, c2, s2, c3, s3] = [one, two, three].flatMap((t) => [Math.cos(t), Math.sin(t)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const row: Vec3 = [c1 * c3 - s1 * c2 * s3, s1 * c3 + c1 * c2 * s3, s2 * s3];
  const column: Vec3 = [-c1 * s3 - s1 * c2 * c3, -s1 * s3 + c1 * c2 * c3, s2 * c3];
  const normal = cross(row, column).map((x) => (mirrored ? -x : x));
  const lines = [0, 1, 2].flatMap((axis) => [
    row[axis]! * spacing[0],
    column[axis]! * spacing[1],
    normal[axis]! * spacing[2] + column[axis]! * shearMm,
    [-83.25, 41.5, -612.125][axis]!,
  ]);
  return { size, patientFromIndex: [...lines, 0, 0, 0, 1] as unknown as Mat4 };
}

const corners: readonly Vec3[] = Array.from({ length: 8 }, (_, n) => [
  (n & 1) * (size[0] - 1),
  ((n >> 1) & 1) * (size[1] - 1),
  (n >> 2) * (size[2] - 1),
]);

const headerOf = (grid: VolumeGeometry): DataView => new DataView(niftiHeader(grid, short, 'test').buffer);

/** Farthest that a corner of the box lies from where the affine says, by the qform alone. */
function worstOf(grid: VolumeGeometry): number {
  const view = headerOf(grid);
  expect([view.getInt16(252, true), view.getInt16(254, true)]).toEqual([1, 1]);
  const affine = rasFromLps(grid.patientFromIndex);
  return Math.max(...corners.map((corner) => apart(placeByQform(view, corner), placeBy(affine, corner))));
}

/** First part of the quaternion of a grid's rotation: near 0 float32 cannot tell it well from the others. */
function firstPart({ patientFromIndex: m }: VolumeGeometry, mirrored: boolean): number {
  const trace = -m[0]! / spacing[0] - m[5]! / spacing[1] + (m[10]! / spacing[2]) * (mirrored ? -1 : 1);
  return Math.sqrt(Math.max(0, 1 + trace)) / 2;
}

describe('qform', () => {
  const angle = fc.double({ min: -180, max: 180, noNaN: true });

  it('says the same place as the sform, however the grid is turned or mirrored', () => {
    fc.assert(
      fc.property(fc.tuple(angle, angle, angle), fc.boolean(), (turns, mirrored) => {
        const grid = gridOf(turns, mirrored);
        fc.pre(firstPart(grid, mirrored) > 0.05);
        expect(worstOf(grid)).toBeLessThan(1e-3);
      }),
    );
  });

  it.each<readonly [Vec3]>([
    [[0, 0, 0]],
    [[0, 90, 0]],
    [[90, 90, 0]],
    [[0, 180, 0]],
    [[180, 0, 0]],
    [[90, 180, 90]],
  ])('says it for right angles too: %j', (turns) => {
    for (const mirrored of [false, true]) expect(worstOf(gridOf(turns, mirrored))).toBeLessThan(1e-4);
  });

  it.each([0.001, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.3])(
    'stays within a tenth of a pixel, or says nothing, %f° from a half turn',
    (degrees) => {
      const grid = gridOf([degrees, 0, 0]);
      if (headerOf(grid).getInt16(252, true) === 0) expect(Math.abs(degrees - 0.023)).toBeLessThan(0.013);
      else expect(worstOf(grid)).toBeLessThan(0.07);
    },
  );

  it('is left out where slices are sheared by more than a rotation can say', () => {
    const view = headerOf(gridOf([20, 30, 40], false, 0.004));
    expect([view.getInt16(252, true), view.getInt16(254, true)]).toEqual([0, 1]);
    expect(view.getFloat32(76, true)).toBe(1);
    expect(headerOf(gridOf([20, 30, 40], false, 0.0004)).getInt16(252, true)).toBe(1);
  });
});
