import type { WindowSetting } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import { sheetPicture } from '../cpr/curved-sheet.ts';
import { placeSection, planeAtCursor, sectionScene } from '../cpr/section-plane.ts';
import { straightPicture } from '../cpr/straight-picture.ts';
import { lineOnScreen, type ShownLine } from '../cpr/use-line.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { rendererNow } from '../volume/cpu-road.ts';
import type { PlanePicture } from './draw-plane.ts';

export type AlongCell = 'curved' | 'straight' | 'section';

type Shape = Pick<PlanePicture, 'scene' | 'isTransposed'>;

/** What a viewport along a line shows, in the pixels of `size`; null where it shows something else. */
export function alongShape(
  of: AlongCell,
  { view, line, sampled, cpr, cursorMm }: ShownLine,
  size: CanvasSize,
  window: WindowSetting,
): Shape | null {
  const { places, picture } = cpr;
  if (of === 'straight') return straightPicture(sampled, cpr, places.straight, size, window);
  if (of === 'section') {
    const plane = planeAtCursor(sampled, cursorMm, cpr);
    if (!plane) return null;
    const placed = placeSection(plane, places.section, line.sectionMm, size);
    return { scene: sectionScene(placed, view, window), isTransposed: false };
  }
  if (picture !== 'stretched' && picture !== 'projected') return null;
  const focusMm = picture === 'projected' ? cursorMm : 0;
  return sheetPicture(sampled, picture, cpr, places.curved, size, window, {
    sectionMm: line.sectionMm,
    focusMm,
  });
}

/** Its picture with its masks; null while there is none. */
export function alongPicture(
  session: ReadingSession,
  of: AlongCell,
  size: CanvasSize,
): Omit<PlanePicture, 'times'> | null {
  const shown = lineOnScreen(session);
  const renderer = shown && rendererNow(shown.stack);
  if (!shown || !renderer) return null;
  const { stack, view } = shown;
  const shape = alongShape(of, shown, size, windowSetting(view.window, session.isFileInverted(stack, 0)));
  if (!shape) return null;
  const { shown: masks } = session.state.maskWork;
  const isOwn = masks?.seriesKey === stack.plan.seriesKey && masks.groupId === stack.group.id;
  const scene = isOwn ? { ...shape.scene, layers: masks.planeLayers } : shape.scene;
  return { renderer, scene, isTransposed: shape.isTransposed, fused: null };
}
