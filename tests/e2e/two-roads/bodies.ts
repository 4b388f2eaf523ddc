/** Volumes that both roads draw. */
import type { Mat4, Vec3 } from '../../../core/geometry/types.ts';
import { phantomSeries } from '../../../core/phantom/series.ts';
import type { TestVolume } from './roads.ts';

/** Row-major, columns along `row`, `column` and the slices' normal. */
const matrixOf = (row: Vec3, column: Vec3, normal: Vec3, spacing: Vec3, origin: Vec3): Mat4 =>
  [
    ...[0, 1, 2].flatMap((r) => [
      row[r]! * spacing[0],
      column[r]! * spacing[1],
      normal[r]! * spacing[2],
      origin[r]!,
    ]),
    ...[0, 0, 0, 1],
  ] as unknown as Mat4;

/** A body of 128 × 128 × 96 voxels whose axes are none of the patient's. */
export function obliqueBody(): TestVolume {
  const spacing: Vec3 = [3.4, 3.4, 5];
  const { geometry, instances } = phantomSeries({
    size: [128, 128],
    slices: 96,
    spacingMm: [spacing[0], spacing[1]],
    sliceGapsMm: spacing[2],
    orientation: 'oblique',
    signed: true,
    noiseHu: 12,
    subSlices: 1,
  });
  const voxels = new Int16Array(128 * 128 * 96);
  instances.forEach((instance, k) => {
    voxels.set(instance.frame(), k * 128 * 128);
  });
  const { row, column, normal, origins } = geometry;
  const patientFromIndex = matrixOf(row, column, normal, spacing, origins[0]!);
  return { geometry: { size: [128, 128, 96], patientFromIndex }, voxels };
}

/** Small volumes for closed forms: voxels of 1 × 1 × 2 mm, turned by 3-4-5 about z, away from the origin. */
export const small: Mat4 = matrixOf([0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0, 1], [1, 1, 2], [40, -30, 100]);
export const smallSize: Vec3 = [60, 60, 30];
export const centreIndex: Vec3 = [29.5, 29.5, 14.5];

/** Distance in mm from the middle of a small volume. */
export const offsetMm = (i: number, j: number, k: number): Vec3 => [
  i - centreIndex[0],
  j - centreIndex[1],
  (k - centreIndex[2]) * 2,
];
