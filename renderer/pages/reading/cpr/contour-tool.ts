import { contourPoints } from '../../../../core/analysis/lumen/edit-contour.ts';
import type { LumenContour } from '../../../../core/analysis/types.ts';
import { between, dot } from '../../../../core/geometry/matrices.ts';
import { type PatientPoint, patientPoint } from '../../../../core/geometry/types.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';
import { type PlacedPlane, spotOf } from '../mpr/mpr-picture.ts';
import { isSameSection, type VesselLine } from './vessel-state.ts';
import type { MeasuredLine } from './vessel-work.ts';

/** The contour of the section nearest to `sMm`: as a hand left it, else as it was found; null where there is none. */
export function contourAt(
  line: VesselLine,
  measured: MeasuredLine | undefined,
  sMm: number,
): LumenContour | null {
  const nearest = (list: readonly LumenContour[]): LumenContour | undefined =>
    list.reduce<LumenContour | undefined>(
      (best, contour) => (best && Math.abs(best.sMm - sMm) <= Math.abs(contour.sMm - sMm) ? best : contour),
      undefined,
    );
  const found = measured?.of === line.line.pieces ? nearest(measured.contours) : undefined;
  const sectionMm = found?.sMm ?? sMm;
  const edited = line.edited.find((contour) => isSameSection(contour.sMm, sectionMm));
  const contour = edited ?? found;
  return contour?.radiiMm.some((radius) => radius > 0) ? contour : null;
}

export const contourPath = (contour: LumenContour, placed: PlacedPlane): string =>
  `M${contourPoints(contour)
    .map((p) => spotOf(placed, p))
    .map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('L')}Z`;

/** Both ends of the widths at an angle through the contour, where a calliper would touch. */
export function calliper(
  contour: LumenContour,
  angleRad: number,
  placed: PlacedPlane,
): readonly [Spot, Spot] {
  const points = contourPoints(contour);
  const { right, down, centreMm } = contour;
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  const along = (p: PatientPoint): number => {
    const off = between(centreMm, p);
    return c * dot(off, right) + s * dot(off, down);
  };
  let [lo, hi] = [points[0]!, points[0]!];
  for (const p of points) {
    if (along(p) < along(lo)) lo = p;
    if (along(p) > along(hi)) hi = p;
  }
  // Drawn through the middle of the two touching points, along the calliper's direction.
  const middle = (axis: 0 | 1 | 2): number => (lo[axis] + hi[axis]) / 2;
  const half = (along(hi) - along(lo)) / 2;
  const mid = patientPoint(middle(0), middle(1), middle(2));
  const end = (sign: 1 | -1): PatientPoint => {
    const at = (axis: 0 | 1 | 2): number => mid[axis] + sign * half * (c * right[axis] + s * down[axis]);
    return patientPoint(at(0), at(1), at(2));
  };
  return [spotOf(placed, end(-1)), spotOf(placed, end(1))];
}
