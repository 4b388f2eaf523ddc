import type { Problem } from '../../core/base/problem.ts';
import type { GeometryVerdict } from '../../core/volume/types.ts';

/**
 * Reasons of a verdict that a script must hear of (exit 3): images are missing, or are not part of the volume, or one does
 * not make any, or voxels may lie elsewhere than the affine says. Of `approximate` volumes there is always one.
 */
export const lackingReasons = ({ reasons, missing }: GeometryVerdict): readonly Problem[] => {
  const codes = [
    'GEOMETRY_GAP',
    'GEOMETRY_LEFT_OUT',
    'GEOMETRY_DUPLICATES',
    'GEOMETRY_UNORDERED',
    'GEOMETRY_ONE_SLICE',
    'GEOMETRY_TURNS_VARY',
    'GEOMETRY_PIXELS_VARY',
    'GEOMETRY_FROM_THICKNESS',
  ];
  return reasons.filter(
    ({ code, params }) =>
      codes.includes(code) ||
      (missing !== undefined && code === 'GEOMETRY_UNEVEN') ||
      (code === 'GEOMETRY_SET_UNEVEN' && Number(params?.own) < Number(params?.others)),
  );
};
