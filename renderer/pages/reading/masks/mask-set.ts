import type { ReadingSession } from '../session/reading-session.ts';
import { type MaskAction, reduceMasks } from './mask-state.ts';
import type { MaskWork } from './mask-work.ts';

export const setMaskWork = (session: Pick<ReadingSession, 'state' | 'set'>, part: Partial<MaskWork>): void =>
  session.set({ maskWork: { ...session.state.maskWork, ...part } });

/** A change of the masks; one step of undo. */
export const maskDo = (session: ReadingSession, action: MaskAction): void =>
  session.set({ masks: reduceMasks(session.state.masks, action) });

/** What went wrong last is old once the reader does something else. */
export function forgetMaskProblem(session: Pick<ReadingSession, 'state' | 'set'>): void {
  if (session.state.maskWork.problem) setMaskWork(session, { problem: null });
}
