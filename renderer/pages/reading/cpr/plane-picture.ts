import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { depthMm, type PlacedPlane, patientAt, placePlane, spotOf } from '../mpr/mpr-picture.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ToolPicture } from './line-gestures.ts';

/** Off a thin plane by this much a line still counts as on it. */
const nearMm = 2.5;

/** A plane as the centreline tool and the lines over it take it. */
export const placedPicture = (placed: PlacedPlane, slabMm: number): ToolPicture => ({
  spotOf: (p) => spotOf(placed, p),
  depthOf: (p) => depthMm(placed.plane, p),
  nearMm: Math.max(nearMm, slabMm / 2),
  patientAt: (x, y) => patientAt(placed, x, y),
});

export const planePicture = (view: MprView, name: PlaneName, size: CanvasSize): ToolPicture =>
  placedPicture(placePlane(view, name, size), view.state.planes[name].slabMm);
