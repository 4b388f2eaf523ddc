import type { ReadingSession } from './reading-session.ts';

/** True where millimetres of the planes shown are doubtful and the reader has not accepted that for their series. */
export function mustAsk(session: ReadingSession): boolean {
  const { mode, mpr, accepted } = session.state;
  const verdict = session.mprStack()?.group.verdict.kind;
  if (mode === 'stack' || !mpr || verdict === undefined) return false;
  return verdict !== 'exact' && verdict !== 'resampled' && !accepted.includes(mpr.seriesKey);
}

/**
 * Where millimetres are doubtful, asks once for each series before measuring in its planes or in 3D; `proceed`
 * runs at once where there is nothing to ask. On an acquired frame the stack's geometry does not enter.
 */
export function askBeforeMeasuring(session: ReadingSession, proceed: () => void): void {
  const { mpr } = session.state;
  const verdict = session.mprStack()?.group.verdict.kind;
  if (!mpr || verdict === undefined || !mustAsk(session)) {
    proceed();
    return;
  }
  session.set({ asking: { seriesKey: mpr.seriesKey, verdict, proceed } });
}
