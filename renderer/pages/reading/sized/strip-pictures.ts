import { stripScene } from '../../../../core/analysis/ribs/sheet.ts';
import type { CurvedRows, CurvedScene } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isDrawable, sampledOf } from '../cpr/sampled.ts';
import { sheetRows } from '../cpr/sheet-rows.ts';
import { straightPicture } from '../cpr/straight-picture.ts';
import { lineOnScreen } from '../cpr/use-line.ts';
import { shownBones } from '../ribs/bone-maker.ts';
import { placeSheet } from '../ribs/placed-sheet.ts';
import { placeSpine, spineScene } from '../ribs/placed-spine.ts';
import { stripLook } from '../ribs/ribs-look.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/** Viewports in which pictures of their own size lie, one or several: all lines of a series, the ribs, the spine. */
export type StripsCell = 'sheet' | 'ribs' | 'spine';

/** One of them as it lies on the screen. */
export interface StripPicture {
  readonly scene: CurvedScene;
  /** Rows of the scene are columns of the picture. */
  readonly isTransposed: boolean;
  /** Device pixels of the viewport: its top left corner. */
  readonly left: number;
  readonly top: number;
}

export interface StripPictures {
  readonly stack: OpenStack;
  readonly strips: readonly StripPicture[];
}

/** The same rows from the last to the first. */
function backwards(rows: CurvedRows, height: number): CurvedRows {
  const turned = (from: Float64Array): Float64Array => {
    const onto = new Float64Array(from.length);
    for (let row = 0; row < height; row += 1)
      onto.set(from.subarray(3 * (height - 1 - row), 3 * (height - row)), 3 * row);
    return onto;
  };
  return { centres: turned(rows.centres), across: turned(rows.across), through: turned(rows.through) };
}

function allLines(session: ReadingSession, size: CanvasSize): StripPictures | null {
  const shown = lineOnScreen(session);
  if (!shown) return null;
  const { stack, view, cpr } = shown;
  const window = windowSetting(view.window, session.isFileInverted(stack, 0));
  const { shown: masks } = session.state.maskWork;
  const isOwn = masks?.seriesKey === stack.plan.seriesKey && masks.groupId === stack.group.id;
  const lines = session.state.vessel.lines.filter(
    ({ line }) => line.seriesKey === view.seriesKey && isDrawable(line),
  );
  const strips = sheetRows(lines, size).map((row): StripPicture => {
    const { scene } = straightPicture(sampledOf(row.item.line), cpr, row.place, row.size, window);
    const top = Math.round(row.top * size.ratio);
    return {
      scene: isOwn ? { ...scene, layers: masks.planeLayers } : scene,
      ...{ isTransposed: true, left: 0, top },
    };
  });
  return { stack, strips };
}

function ribs(session: ReadingSession, size: CanvasSize): StripPictures | null {
  const stack = session.mprStack();
  const shown = shownBones(session.state);
  const placed = shown && placeSheet(shown.bones, size);
  if (!stack || !placed) return null;
  const look = stripLook(session.state.ribsLook);
  const corner = { left: Math.round(placed.left * size.ratio), top: Math.round(placed.top * size.ratio) };
  const strips = placed.sheet.strips.map((strip): StripPicture => {
    const scene = stripScene(strip, look);
    // Rows of right ribs run to the left.
    const rows = strip.side === 'left' ? scene.rows : backwards(scene.rows, scene.height);
    const { x, y } = strip.at;
    return { scene: { ...scene, rows }, isTransposed: true, left: corner.left + x, top: corner.top + y };
  });
  return { stack, strips };
}

function spine(session: ReadingSession, size: CanvasSize): StripPictures | null {
  const stack = session.mprStack();
  const shown = shownBones(session.state);
  const { turnDeg, window } = session.state.ribsLook;
  const placed = shown && placeSpine(shown.bones.spine, turnDeg, size);
  if (!stack || !placed) return null;
  const { left, top } = placed;
  return { stack, strips: [{ scene: spineScene(placed, window), isTransposed: false, left, top }] };
}

/** What such a viewport of `size` shows; null where it shows nothing. */
export function stripPictures(
  session: ReadingSession,
  of: StripsCell,
  size: CanvasSize,
): StripPictures | null {
  switch (of) {
    case 'sheet':
      return allLines(session, size);
    case 'ribs':
      return ribs(session, size);
    case 'spine':
      return spine(session, size);
  }
}
