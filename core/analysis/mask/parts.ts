import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { spacingMm } from '../../geometry/matrices.ts';
import type { IndexPoint, Vec3, VolumeGeometry } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { type BitRows, copyRows, isEmptyRows, maskOfRows, notRows, orRows, rowsOfMask } from './bit-rows.ts';
import { componentsOf, largestPart, partAt, partsAtFaces, rowsOfParts } from './components.ts';
import { maskProblem, voxelVolumeMm3 } from './mask.ts';
import { closeRows, dilateRows, erodeRows, openRows } from './morphology.ts';
import { type Progress, stoppable, type Work } from './work.ts';

const everyAxis = [true, true, true] as const;

/**
 * With all voids filled that do not reach the volume's faces across `outside` axes (all by default): a body with
 * lungs that are cut at the first slice keeps them where the faces across k are not outside.
 */
export function fillRows(mask: BitRows, outside: readonly [boolean, boolean, boolean] = everyAxis): BitRows {
  const voids = componentsOf(notRows(copyRows(mask)), 6);
  const open = partsAtFaces(voids, outside);
  return orRows(
    rowsOfParts(voids, (part) => open[part] === 0),
    mask,
  );
}

/** Without parts of fewer than `least` voxels. */
export function withoutSmallRows(mask: BitRows, least: number): BitRows {
  const parts = componentsOf(mask, 26);
  return rowsOfParts(parts, (part) => parts.sizes[part]! >= least);
}

/** Masks of masks: what they share. Problems: MASK_OTHER_VOLUME, MASK_EMPTY, CANCELLED. */
function changed(
  mask: VoxelMask,
  geometry: VolumeGeometry,
  progress: Progress | undefined,
  change: (rows: BitRows, work: Work) => BitRows,
): Result<VoxelMask> {
  const unlike = maskProblem(mask, geometry.size);
  if (unlike) return fail(unlike);
  return stoppable(progress, (work) => {
    const rows = change(rowsOfMask(mask), work);
    return isEmptyRows(rows) ? fail(problem('MASK_EMPTY')) : ok(maskOfRows(rows));
  });
}

export type Morphology = 'dilate' | 'erode' | 'open' | 'close';
const morphologies = { dilate: dilateRows, erode: erodeRows, open: openRows, close: closeRows } as const;
/** Larger balls are a mistake, and slow. */
export const radiusMostMm = 50;

/** Grows, shrinks or smooths by a ball of `radiusMm`. Problems as `changed`, INPUT_INVALID. */
export function reshapeMask(
  mask: VoxelMask,
  geometry: VolumeGeometry,
  how: Morphology,
  radiusMm: number,
  progress?: Progress,
): Result<VoxelMask> {
  if (!(radiusMm > 0 && radiusMm <= radiusMostMm))
    return fail(problem('INPUT_INVALID', { name: 'radiusMm', value: String(radiusMm) }));
  const spacing = spacingMm(geometry.patientFromIndex);
  return changed(mask, geometry, progress, (rows, work) => morphologies[how](rows, radiusMm, spacing, work));
}

/** With closed voids filled. */
export const fillHoles = (
  mask: VoxelMask,
  geometry: VolumeGeometry,
  progress?: Progress,
): Result<VoxelMask> => changed(mask, geometry, progress, (rows) => fillRows(rows));

export const keepLargest = (
  mask: VoxelMask,
  geometry: VolumeGeometry,
  progress?: Progress,
): Result<VoxelMask> =>
  changed(mask, geometry, progress, (rows) => {
    const parts = componentsOf(rows, 26);
    const largest = largestPart(parts);
    return rowsOfParts(parts, (part) => part === largest);
  });

/** Without parts smaller than `leastMl`. */
export const removeIslands = (
  mask: VoxelMask,
  geometry: VolumeGeometry,
  leastMl: number,
  progress?: Progress,
): Result<VoxelMask> =>
  changed(mask, geometry, progress, (rows) =>
    withoutSmallRows(rows, (leastMl * 1000) / voxelVolumeMm3(geometry)),
  );

/** The voxel of the mask nearest to a point that was clicked, within `reach` voxels; undefined where there is none. */
function nearestVoxel(rows: BitRows, point: Vec3, reach = 2): Vec3 | undefined {
  const middle = point.map(Math.round);
  let best: Vec3 | undefined;
  let least = Number.POSITIVE_INFINITY;
  const parts = (i: number, j: number, k: number): void => {
    const inside = i >= 0 && j >= 0 && k >= 0 && i < rows.size[0] && j < rows.size[1] && k < rows.size[2];
    if (!inside) return;
    const word = rows.data[rows.words * (j + rows.size[1] * k) + (i >> 5)]!;
    const far = (i - point[0]) ** 2 + (j - point[1]) ** 2 + (k - point[2]) ** 2;
    if ((word >>> (i & 31)) % 2 === 1 && far < least) {
      least = far;
      best = [i, j, k];
    }
  };
  for (let k = -reach; k <= reach; k++)
    for (let j = -reach; j <= reach; j++)
      for (let i = -reach; i <= reach; i++) parts(middle[0]! + i, middle[1]! + j, middle[2]! + k);
  return best;
}

/**
 * The connected part at a point (or within two voxels of it) alone, or all but it. Problems: MASK_OTHER_VOLUME,
 * MASK_EMPTY (no part there, or nothing left), CANCELLED.
 */
export function partAtPoint(
  mask: VoxelMask,
  geometry: VolumeGeometry,
  point: IndexPoint,
  how: 'keep' | 'drop',
  progress?: Progress,
): Result<VoxelMask> {
  return changed(mask, geometry, progress, (rows) => {
    const voxel = nearestVoxel(rows, point);
    const parts = componentsOf(rows, 26);
    const chosen = voxel ? partAt(parts, voxel[0], voxel[1], voxel[2]) : -1;
    if (chosen < 0) return rowsOfParts(parts, () => false);
    return rowsOfParts(parts, (part) => (part === chosen) === (how === 'keep'));
  });
}
