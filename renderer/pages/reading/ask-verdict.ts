import type { ReadingSession } from './reading-session.ts';

/**
 * Where millimetres are doubtful, asks once for each series before measuring in its planes or in 3D; `proceed`
 * runs at once where there is nothing to ask. On an acquired frame the stack's geometry does not enter.
 */
export function askBeforeMeasuring(session: ReadingSession, proceed: () => void): void {
  const { mode, mpr, accepted } = session.state;
  const verdict = session.mprStack()?.group.verdict.kind;
  const isSafe =
    mode === 'stack' || !mpr || verdict === 'exact' || verdict === 'resampled' || verdict === undefined;
  if (isSafe || accepted.includes(mpr.seriesKey)) {
    proceed();
    return;
  }
  session.set({ asking: { seriesKey: mpr.seriesKey, verdict, proceed } });
}
