import { type Problem, problem } from '../../../../core/base/problem.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { leastSlices } from '../../../../core/volume/least-slices.ts';
import type { Mode } from './layouts.ts';

/** Why the 3D layout is off where there are too few slices to look at from outside; null elsewhere. */
export const thinRefusal = (mode: Mode, geometry: VolumeGeometry | null | undefined): Problem | null =>
  mode === '3d' && geometry && geometry.size[2] < leastSlices ? problem('VOLUME_THIN') : null;
