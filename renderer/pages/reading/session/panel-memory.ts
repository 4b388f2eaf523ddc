import { toolOf } from '../../../tools/tool.ts';
import { withLineCursor } from '../cpr/line-cursor.ts';
import type { ReadingState } from './reading-state.ts';

/**
 * A change of the state with the side panel beside it: the vessel panel comes with the CPR layout and goes with it, back
 * to what was open before. A panel that the reader has chosen in between stays.
 */
function withPanel(state: ReadingState, part: Partial<ReadingState>): Partial<ReadingState> {
  const { mode = state.mode, panel = state.panel } = part;
  if (state.mode === 'cpr') {
    const { panelBefore } = state;
    if (mode === 'cpr' || panelBefore === null) return part;
    return { ...part, panelBefore: null, ...(panel === 'vessel' && { panel: panelBefore }) };
  }
  return mode === 'cpr' && state.panel !== 'vessel' ? { ...part, panelBefore: state.panel } : part;
}

/** Tools that work in volumes stay there: among stacks none of the tool bar would be on, and a hand would not know its own. */
function withTool(state: ReadingState, part: Partial<ReadingState>): Partial<ReadingState> {
  const { mode = state.mode, tool = state.tool } = part;
  return mode === 'stack' && toolOf(tool).ofVolumes ? { ...part, tool: 'window' } : part;
}

/** What goes with a change of the state: the line's cursor, the side panel, the tool in the hand. */
export const withCompany = (state: ReadingState, part: Partial<ReadingState>): Partial<ReadingState> =>
  withTool(state, withPanel(state, withLineCursor(state, part)));
