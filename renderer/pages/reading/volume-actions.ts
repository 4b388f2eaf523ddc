import type { ReadingSession } from './reading-session.ts';

export function setPreset3d(session: ReadingSession, presetId: string): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, presetId, shift: 0 } });
}

/** Moves the transfer function along the values. */
export function setShift(session: ReadingSession, shift: number): void {
  const { mpr } = session.state;
  if (mpr) session.set({ mpr: { ...mpr, shift: Math.round(shift) } });
}
