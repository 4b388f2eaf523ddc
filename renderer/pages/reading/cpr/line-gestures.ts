import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { Drag, Held } from '../../../viewport/gestures.ts';
import { askBeforeMeasuring } from '../ask-verdict.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { shownLine } from './line-cursor.ts';
import type { LinePicture } from './line-drawing.ts';
import { lineMaker, setWork } from './line-maker.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import type { VesselLine } from './vessel-state.ts';

const pointPx = 9;
const linePx = 6;

/** A picture that the centreline tool works on. */
export interface ToolPicture extends LinePicture {
  /** The patient under a place; null where there is none to be clicked. */
  patientAt(x: number, y: number): PatientPoint | null;
}

/** The control point under a place, if it lies on the picture. */
export function pointUnder(line: VesselLine, picture: LinePicture, x: number, y: number): number | null {
  let best: { readonly index: number; readonly px: number } | null = null;
  for (const [index, { pointMm }] of line.line.controls.entries()) {
    if (Math.abs(picture.depthOf(pointMm)) > picture.nearMm) continue;
    const spot = picture.spotOf(pointMm);
    const px = Math.hypot(spot.x - x, spot.y - y);
    if (px <= pointPx && px < (best?.px ?? Number.POSITIVE_INFINITY)) best = { index, px };
  }
  return best?.index ?? null;
}

/** The place of the line under the pointer, if it lies on the picture. */
export function lineUnder(line: VesselLine, picture: LinePicture, x: number, y: number): PatientPoint | null {
  if (!isDrawable(line.line)) return null;
  const { points, count } = sampledOf(line.line);
  let best: { readonly at: PatientPoint; readonly px: number } | null = null;
  for (let n = 0; n < count; n += 1) {
    const p = [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!] as unknown as PatientPoint;
    if (Math.abs(picture.depthOf(p)) > picture.nearMm) continue;
    const spot = picture.spotOf(p);
    const px = Math.hypot(spot.x - x, spot.y - y);
    if (px <= linePx && px < (best?.px ?? Number.POSITIVE_INFINITY)) best = { at: p, px };
  }
  return best?.at ?? null;
}

/** The centreline tool goes down: on a point takes it, on the line makes one there, elsewhere a click sets the next. */
export function lineDrag(
  session: ReadingSession,
  picture: ToolPicture,
  [x, y]: readonly [number, number],
  { ctrl: isFree }: Held,
): Drag {
  const line = shownLine(session.state);
  const maker = lineMaker(session);
  const index = line && pointUnder(line, picture, x, y);
  if (line && index !== null) return pointDrag(session, picture, index);
  const on = line && lineUnder(line, picture, x, y);
  if (on) return insertDrag(session, picture, on);
  return {
    move: () => undefined,
    end(moved, cancelled) {
      const at = picture.patientAt(x, y);
      if (moved || cancelled || !at) return;
      // Where millimetres are doubtful, once for each series.
      askBeforeMeasuring(session, () => maker.click(at, { isFree }));
    },
  };
}

/** A click selects the point, a drag moves it within the picture's plane. */
function pointDrag(session: ReadingSession, picture: ToolPicture, index: number): Drag {
  const maker = lineMaker(session);
  let isFree = false;
  let isMoved = false;
  setWork(session, { selected: index });
  return {
    move(_dx, _dy, x, y, held) {
      const at = picture.patientAt(x, y);
      isFree = held.ctrl;
      if (!at) return;
      isMoved = true;
      maker.drag(index, at);
    },
    end(moved, cancelled) {
      if (cancelled || !moved || !isMoved) maker.letGo();
      else void maker.drop(index, { isFree });
    },
  };
}

/** A new point on the line, under the hand at once. */
function insertDrag(session: ReadingSession, picture: ToolPicture, on: PatientPoint): Drag {
  const maker = lineMaker(session);
  const index = maker.takeOn(on);
  if (index < 0) return { move: () => undefined };
  return pointDrag(session, picture, index);
}
