import { contourPoints, dragContour, polarPlace } from '../../../../core/analysis/lumen/edit-contour.ts';
import type { LumenContour } from '../../../../core/analysis/types.ts';
import type { Drag } from '../../../viewport/gestures.ts';
import { type PlacedPlane, patientAt, spotOf } from '../mpr/mpr-picture.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { vesselDo } from './line-maker.ts';
import { activeLine } from './vessel-state.ts';

const takePx = 7;
/** A press on the contour takes it there; null where there is none under the pointer. */
export function contourDrag(
  session: ReadingSession,
  contour: LumenContour | null,
  placed: PlacedPlane,
  x: number,
  y: number,
): Drag | null {
  const line = activeLine(session.state.vessel);
  if (!contour || !line) return null;
  const isOn = contourPoints(contour).some((p) => {
    const spot = spotOf(placed, p);
    return Math.hypot(spot.x - x, spot.y - y) <= takePx;
  });
  if (!isOn) return null;
  const { angleRad } = polarPlace(contour, patientAt(placed, x, y));
  return {
    move(_dx, _dy, atX, atY) {
      const pulled = dragContour(contour, angleRad, patientAt(placed, atX, atY));
      vesselDo(session, { kind: 'contour', lineId: line.line.id, contour: pulled });
    },
  };
}
