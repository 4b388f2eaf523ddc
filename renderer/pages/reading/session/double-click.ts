import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { type BeforeClicks, lineMaker } from '../cpr/line-maker.ts';
import type { ReadingSession } from './reading-session.ts';

interface Places {
  readonly placed: number;
  readonly centre: PatientPoint;
  readonly activeId: string | null;
  readonly cursorMm: number;
  readonly clicks: BeforeClicks;
}

/** Where crosshair and cursor along the active line were, and what lines there were, before the last press. */
const beforePress = new WeakMap<ReadingSession, Places>();

function placesOf({ state: { mpr, vessel, vesselWork } }: ReadingSession): Places | undefined {
  const { activeId, view } = vessel;
  return mpr
    ? {
        placed: mpr.placed,
        centre: mpr.state.centre,
        activeId,
        cursorMm: view.cursorMm,
        clicks: { lines: vessel.lines, work: vesselWork },
      }
    : undefined;
}

/** A press on a picture of a volume: it becomes the active one, and what the hand does is one step of undo. */
export function press(session: ReadingSession, cell: number, again: boolean): void {
  session.hold(true, again);
  const now = placesOf(session);
  if (now && !again) beforePress.set(session, now);
  if (session.state.active !== cell) session.set({ active: cell });
}

/** A double click maximises and moves nothing: its clicks had put crosshair and cursor elsewhere, or set points of a line. */
export function maximise(session: ReadingSession): void {
  const before = beforePress.get(session);
  if (before && session.state.tool === 'centreline') lineMaker(session).takeBackClicks(before.clicks);
  const now = placesOf(session);
  const { mpr, vessel } = session.state;
  if (before && now && mpr) {
    const { centre, placed, activeId, cursorMm } = before;
    const isCrossMoved = centre !== now.centre || placed !== now.placed;
    const isCursorMoved = activeId !== now.activeId || cursorMm !== now.cursorMm;
    if (isCrossMoved || isCursorMoved) {
      session.hold(true, true);
      session.set({
        mpr: isCrossMoved ? { ...mpr, state: { ...mpr.state, centre }, placed } : mpr,
        vessel: isCursorMoved ? { ...vessel, activeId, view: { ...vessel.view, cursorMm } } : vessel,
      });
      session.hold(false);
    }
  }
  session.set({ isMaximised: !session.state.isMaximised });
}
