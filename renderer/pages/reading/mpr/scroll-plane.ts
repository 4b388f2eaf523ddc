import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { stepsOn } from './mpr-slices.ts';
import { applyMpr } from './mpr-view.ts';

/** So many images on, as in the stack of the planes' series. */
export function scrollPlane(session: ReadingSession, plane: PlaneName, count: number): void {
  const { mpr } = session.state;
  const stack = session.mprStack();
  if (!mpr || !stack) return;
  session.set({ mpr: applyMpr(mpr, { kind: 'step', plane, count: stepsOn(mpr, plane, count, stack) }) });
}
