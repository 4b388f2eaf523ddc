import type { ReadingTerm } from '../../../core/terms/reading.ts';
import type { GeometryVerdict } from '../../../core/volume/types.ts';
import type { ReadingSession } from './session/reading-session.ts';

/** What makes measuring in the planes shown doubtful: the verdict, or pixels that were averaged; undefined = nothing. */
function doubtOf(session: ReadingSession): GeometryVerdict['kind'] | 'reduced' | undefined {
  const stack = session.mprStack();
  const verdict = stack?.group.verdict.kind;
  if (stack === undefined || verdict === undefined) return undefined;
  if (verdict !== 'exact' && verdict !== 'resampled') return verdict;
  return stack.reduction > 1 ? 'reduced' : undefined;
}

/** What stands beside a size that was counted in the voxels of the planes shown; null = they can be trusted. */
export function doubtTerm(session: ReadingSession): ReadingTerm | null {
  const doubt = doubtOf(session);
  if (doubt === undefined) return null;
  return doubt === 'reduced' ? 'reading.countedReduced' : `reading.verdict.${doubt}`;
}

/** True where millimetres of the planes shown are doubtful and the reader has not accepted that for their series. */
export function mustAsk(session: ReadingSession): boolean {
  const { mode, mpr, accepted } = session.state;
  if (mode === 'stack' || !mpr) return false;
  return doubtOf(session) !== undefined && !accepted.includes(mpr.seriesKey);
}

/**
 * Where millimetres are doubtful, asks once for each series before measuring in its planes or in 3D; `proceed`
 * runs at once where there is nothing to ask. On an acquired frame the stack's geometry does not enter.
 */
export function askBeforeMeasuring(session: ReadingSession, proceed: () => void): void {
  const { mpr } = session.state;
  const verdict = doubtOf(session);
  if (!mpr || verdict === undefined || !mustAsk(session)) {
    proceed();
    return;
  }
  session.set({ asking: { seriesKey: mpr.seriesKey, verdict, proceed } });
}
