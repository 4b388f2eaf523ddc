import { matrixFromColumns } from '../geometry/matrices.ts';
import type { Mat4, VolumeGeometry } from '../geometry/types.ts';
import type { VolumeInfo } from './types.ts';

/** Cosine and sine of the angle by which rows are turned. */
export const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];

/** Oblique by 30°, spacing 0.4 × 0.8 × 2.5 mm, origin not 0. */
export const obliquePatientFromIndex: Mat4 = matrixFromColumns(
  [0.4 * c, 0.4 * s, 0],
  [-0.8 * s, 0.8 * c, 0],
  [0, 0, 2.5],
  [-120, 33, 410],
);

/** What renderers know of a volume of int16 in a kernel memory. */
export const infoOf = (
  { layout }: Pick<VolumeInfo, 'layout'>,
  geometry: VolumeGeometry,
  more: Partial<VolumeInfo> = {},
): VolumeInfo => ({
  geometry,
  scalarType: 'int16',
  layout,
  rescale: { slope: 1, intercept: 0 },
  min: 0,
  max: 1000,
  percentiles: new Float32Array(1001),
  ...more,
});
