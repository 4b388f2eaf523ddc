import type { ReadingSession } from '../session/reading-session.ts';
import { cursorAt } from './line-cursor.ts';
import { vesselDo } from './line-maker.ts';
import { activeLine, type CprPicture, cprPictures, panoramicView, slabsOf } from './vessel-state.ts';

/** The cursor to a place of the active line; the crosshair goes with it. */
export function setCursor(session: ReadingSession, atMm: number): void {
  const next = cursorAt(session.state, atMm);
  if (next) session.set(next);
}

/** Along the line by millimetres: towards its end when positive. */
export const stepCursor = (session: ReadingSession, byMm: number): void =>
  setCursor(session, session.state.vessel.view.cursorMm + byMm);

export const turnBy = (session: ReadingSession, degrees: number): void =>
  vesselDo(session, {
    kind: 'view',
    part: { turnDeg: session.state.vessel.view.turnDeg + degrees },
  });

export const setPicture = (session: ReadingSession, picture: CprPicture): void =>
  vesselDo(session, { kind: 'view', part: { picture } });

export function nextPicture(session: ReadingSession): void {
  const now = cprPictures.indexOf(session.state.vessel.view.picture);
  setPicture(session, cprPictures[(now + 1) % cprPictures.length]!);
}

export function nextCprSlab(session: ReadingSession, by: 1 | -1): void {
  const { vessel } = session.state;
  const { slabMm } = vessel.view;
  const slabs = slabsOf(activeLine(vessel));
  const next = by > 0 ? slabs.find((mm) => mm > slabMm) : slabs.findLast((mm) => mm < slabMm);
  if (next !== undefined) vesselDo(session, { kind: 'view', part: { slabMm: next } });
}

/** As a dental arch is looked at: straightened, upright, through the whole row of teeth. */
export const showPanoramic = (session: ReadingSession): void =>
  vesselDo(session, { kind: 'view', part: panoramicView });
