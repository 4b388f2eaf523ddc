import type { Command } from '../../../app/commands.ts';
import { commandsIn } from '../session/commands-in.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { isBrushTool } from './mask-gestures.ts';
import { maskMaker } from './mask-maker.ts';
import { setMaskWork } from './mask-set.ts';
import { brushRadiiMm } from './mask-work.ts';

/** Where thresholds begin in CT: contrast medium and bone. */
const startHu = 200;

/** The card for a range of values; once more closes it. */
export function openThreshold(session: ReadingSession): void {
  if (session.state.maskWork.threshold) {
    maskMaker(session).closeThreshold();
    return;
  }
  const stack = session.mprStack();
  if (!stack?.isWhole) return;
  const { min = 0, max = 0 } = stack.range.range() ?? {};
  const low = stack.unit === 'HU' ? Math.min(startHu, max) : (stack.range.percentile(90) ?? min);
  setMaskWork(session, { threshold: { low: Math.round(low), high: Math.ceil(max), found: null } });
}

/** The next size of the brush. */
function brushBy(session: ReadingSession, by: 1 | -1): void {
  const { brush } = session.state.maskWork;
  const at = brushRadiiMm.findIndex((mm) => mm >= brush.radiusMm);
  const next = brushRadiiMm[Math.min(brushRadiiMm.length - 1, Math.max(0, at + by))]!;
  setMaskWork(session, { brush: { ...brush, radiusMm: next } });
}

/** Commands of masks; the tools' own are those of all tools. */
export function maskCommands(session: ReadingSession): readonly Command[] {
  const isOpen = (): boolean => {
    const stack = session.state.mode === 'stack' ? undefined : session.mprStack();
    return stack?.isWhole === true && !stack.isColour;
  };
  const isBrush = (): boolean => isOpen() && isBrushTool(session.state.tool);
  const isRunning = (): boolean =>
    session.state.maskWork.busy !== null || session.state.maskWork.outline !== null;
  const command = commandsIn('reading.groupMask');
  const find = (what: 'table' | 'bones') => () => void maskMaker(session).find(what);
  return [
    command(
      'segment',
      'reading.segment',
      ['KeyY'],
      () => true,
      () => session.set({ panel: 'segment' }),
    ),
    command('removeTable', 'reading.maskTable', ['Shift+KeyT'], isOpen, find('table')),
    command('removeBones', 'reading.maskBones', ['Shift+KeyY'], isOpen, find('bones')),
    command('threshold', 'reading.threshold', [], isOpen, () => openThreshold(session)),
    command('brushSmaller', 'reading.brushSmaller', ['BracketLeft'], isBrush, () => brushBy(session, -1)),
    command('brushLarger', 'reading.brushLarger', ['BracketRight'], isBrush, () => brushBy(session, 1)),
    command('stopMask', 'reading.maskStop', ['Escape'], isRunning, () => {
      setMaskWork(session, { outline: null });
      maskMaker(session).cancel();
    }),
  ];
}
