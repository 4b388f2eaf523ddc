import { longitudinalPlane } from '../../../../core/analysis/cpr/planes.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { moved } from '../../../../core/geometry/matrices.ts';
import type { Plane } from '../../../../core/geometry/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { PlacedPlane } from '../mpr/mpr-picture.ts';
import type { CprPlace } from './vessel-state.ts';

export { acrossAngleRad, sectionPlane } from '../../../../core/analysis/cpr/section-plane.ts';

/**
 * The plane along the line at `sMm`: the line runs down the screen through its middle, as in a straightened picture
 * turned by `angleRad`.
 */
export function alongPlane(line: SampledLine, sMm: number, angleRad: number): Plane | undefined {
  return line.count > 1 ? longitudinalPlane(line, sMm, angleRad) : undefined;
}

/** A plane in its viewport: `fitMm` across the shorter side, or as zoomed and moved. */
export function placeSection(plane: Plane, place: CprPlace, fitMm: number, size: CanvasSize): PlacedPlane {
  const mmPerPx = place.mmPerPx ?? fitMm / Math.max(1, Math.min(size.cssWidth, size.cssHeight));
  const origin = moved(moved(plane.origin, plane.right, -place.panXMm), plane.down, -place.panYMm);
  return { plane: { ...plane, origin }, mmPerPx, size };
}
