import { nearestPlace, pointAtMm } from '../../../../core/analysis/curve/line-places.ts';
import { applyMpr, type MprView } from '../mpr/mpr-view.ts';
import type { ReadingState } from '../session/reading-state.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import { activeLine, reduceVessel, type VesselLine, type VesselState } from './vessel-state.ts';

/** The line on screen: the one under the hand, else the active one; null unless it belongs to the planes shown. */
export function shownLine(state: Pick<ReadingState, 'vessel' | 'vesselWork' | 'mpr'>): VesselLine | null {
  const line = state.vesselWork.draft ?? activeLine(state.vessel);
  return line && line.line.seriesKey === state.mpr?.seriesKey ? line : null;
}

/** The cursor's place on a line, kept on it. */
export function cursorOn(line: VesselLine, vessel: VesselState): number {
  return Math.min(sampledOf(line.line).lengthMm, Math.max(0, vessel.view.cursorMm));
}

/** A cursor at `atMm` of the active line, and the crosshair there: one place in all pictures. */
export function cursorAt(
  state: Pick<ReadingState, 'vessel' | 'vesselWork' | 'mpr'>,
  atMm: number,
): { readonly vessel: VesselState; readonly mpr: MprView | null } | null {
  const line = shownLine(state);
  if (!line || !isDrawable(line.line)) return null;
  const sampled = sampledOf(line.line);
  const cursorMm = Math.min(sampled.lengthMm, Math.max(0, atMm));
  const centre = pointAtMm(sampled, cursorMm);
  const vessel = reduceVessel(state.vessel, { kind: 'view', part: { cursorMm } });
  const { mpr } = state;
  return { vessel, mpr: mpr && centre ? applyMpr(mpr, { kind: 'move', centre }) : mpr };
}

/**
 * A change of the state with the line's cursor beside it: where the crosshair moves near the line, the cursor goes to
 * the nearest place; farther off than half a section it stays.
 */
export function withLineCursor(state: ReadingState, part: Partial<ReadingState>): Partial<ReadingState> {
  const { mpr } = part;
  if (!mpr || part.vessel || !state.mpr || mpr.state.centre === state.mpr.state.centre) return part;
  const line = shownLine({ ...state, mpr });
  if (!line || !isDrawable(line.line)) return part;
  const place = nearestPlace(sampledOf(line.line), mpr.state.centre);
  if (!place || place.distanceMm > line.sectionMm / 2) return part;
  return { ...part, vessel: reduceVessel(state.vessel, { kind: 'view', part: { cursorMm: place.atMm } }) };
}
