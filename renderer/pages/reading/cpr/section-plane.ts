import { longitudinalPlane } from '../../../../core/analysis/cpr/planes.ts';
import { acrossAngleRad, sectionPlane } from '../../../../core/analysis/cpr/section-plane.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import { moved } from '../../../../core/geometry/matrices.ts';
import type { Plane } from '../../../../core/geometry/types.ts';
import type { SliceScene, WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { PlacedPlane } from '../mpr/mpr-picture.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { CprPlace, CprView } from './vessel-state.ts';

export { acrossAngleRad, sectionPlane };

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

/** The plane across the line at its cursor, or along it. */
export function planeAtCursor(
  line: SampledLine,
  cursorMm: number,
  { isAlong, turnDeg }: Pick<CprView, 'isAlong' | 'turnDeg'>,
): Plane | undefined {
  return isAlong ? alongPlane(line, cursorMm, acrossAngleRad(line, turnDeg)) : sectionPlane(line, cursorMm);
}

/** What is drawn of a section in its viewport. */
export const sectionScene = (
  { plane, mmPerPx, size }: PlacedPlane,
  { interpolation }: Pick<MprView, 'interpolation'>,
  window: WindowSetting,
): SliceScene => ({
  kind: 'slice',
  plane,
  spacingMm: mmPerPx / size.ratio,
  width: size.width,
  height: size.height,
  slabMm: 0,
  projection: 'none',
  interpolation,
  window,
  background: [0, 0, 0],
});
