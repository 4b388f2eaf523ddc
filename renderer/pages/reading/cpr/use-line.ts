import type { SampledLine } from '../../../../core/analysis/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { shownLine } from './line-cursor.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import type { CprView, VesselLine } from './vessel-state.ts';

/** What pictures along a line are made of. */
export interface ShownLine {
  readonly view: MprView;
  readonly stack: OpenStack;
  readonly line: VesselLine;
  readonly sampled: SampledLine;
  readonly cpr: CprView;
  /** On the line, whatever was kept. */
  readonly cursorMm: number;
}

/** The line on screen with its volume; null while there is none. */
export function useShownLine(session: ReadingSession): ShownLine | null {
  useReading(session, (s) => s.mpr);
  useReading(session, shownLine);
  useReading(session, (s) => s.vessel.view);
  return lineOnScreen(session);
}

/** The same at this moment. */
export function lineOnScreen(session: ReadingSession): ShownLine | null {
  const { mpr: view, vessel } = session.state;
  const line = shownLine(session.state);
  const cpr = vessel.view;
  const stack = session.mprStack();
  if (!view || !stack || !line || !isDrawable(line.line)) return null;
  const sampled = sampledOf(line.line);
  return { view, stack, line, sampled, cpr, cursorMm: Math.min(sampled.lengthMm, Math.max(0, cpr.cursorMm)) };
}
