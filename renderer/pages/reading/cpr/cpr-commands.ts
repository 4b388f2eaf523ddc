import type { Command } from '../../../app/commands.ts';
import { commandsIn } from '../session/commands-in.ts';
import { type CprCell, cprCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { nextCprSlab, nextPicture, setCursor, stepCursor, turnBy } from './cpr-actions.ts';
import { shownLesion } from './lesions.ts';
import { shownLine } from './line-cursor.ts';
import { lineMaker, vesselDo } from './line-maker.ts';
import { sampledOf } from './sampled.ts';

/** Shows the line, or makes ready to draw one: the tool that turns and draws, and the vessel panel where a panel is open. */
export function showCpr(session: ReadingSession): void {
  session.setMode('cpr');
  if (session.state.mode !== 'cpr') return;
  // A line that was just drawn is looked at from its middle, not from its end.
  const line = shownLine(session.state);
  const { isDrawing } = session.state.vesselWork;
  if (line && isDrawing) setCursor(session, sampledOf(line.line).lengthMm / 2);
  session.set({
    ...(session.state.tool === 'window' && { tool: 'centreline' }),
    ...(session.state.panel !== null && { panel: 'vessel' }),
  });
}

/** Brings a line on screen, with its series where another is shown: at its lesion, else in its middle. */
export async function showLine(session: ReadingSession, lineId: string): Promise<void> {
  lineMaker(session).end();
  vesselDo(session, { kind: 'activate', lineId });
  const item = session.state.vessel.lines.find(({ line }) => line.id === lineId);
  if (!item) return;
  const { seriesKey } = item.line;
  const { mode, mpr, active, cells } = session.state;
  if (mode === 'stack' || mpr?.seriesKey !== seriesKey) {
    const isOpen = mode === 'stack' && cells[active]?.seriesKey === seriesKey;
    if (!isOpen) await session.show(mode === 'stack' ? active : 0, seriesKey);
    showCpr(session);
  }
  const lesion = shownLesion(item, session.state.vesselWork.measured[lineId]);
  setCursor(session, lesion?.stenosis.s ?? sampledOf(item.line).lengthMm / 2);
}

const ofLine: readonly CprCell[] = ['curved', 'straight', 'section'];

/** Commands of the CPR layout; they come before the page's own while a picture along the line is the active one. */
export function cprCommands(session: ReadingSession): readonly Command[] {
  const isCpr = (): boolean => session.state.mode === 'cpr';
  const hasLine = (): boolean => isCpr() && shownLine(session.state) !== null;
  const isAlong = (): boolean => hasLine() && ofLine.includes(cprCells[session.state.active] ?? 'axial');
  const isSelected = (): boolean =>
    session.state.tool === 'centreline' && session.state.vesselWork.selected !== null;
  const isBusy = (): boolean => {
    const { isDrawing, selected, draft, pending } = session.state.vesselWork;
    return (
      session.state.tool === 'centreline' &&
      (isDrawing || selected !== null || draft !== null || pending !== null)
    );
  };
  const command = commandsIn('reading.groupVessel');
  return [
    command(
      'cpr',
      'reading.cpr',
      ['Shift+KeyC'],
      () => true,
      () => {
        if (isCpr()) session.setMode('stack');
        else showCpr(session);
      },
    ),
    command('cprTurnLeft', 'reading.turnLeft', ['ArrowLeft'], hasLine, () => turnBy(session, -15)),
    command('cprTurnRight', 'reading.turnRight', ['ArrowRight'], hasLine, () => turnBy(session, 15)),
    command('cprTurnLeft1', 'reading.turnLeft1', ['Shift+ArrowLeft'], hasLine, () => turnBy(session, -1)),
    command('cprTurnRight1', 'reading.turnRight1', ['Shift+ArrowRight'], hasLine, () => turnBy(session, 1)),
    command('cprNext', 'reading.cprNext', ['Shift+KeyV'], isCpr, () => nextPicture(session)),
    command('cursorBack', 'reading.cursorBack', ['ArrowUp'], isAlong, () => stepCursor(session, -1)),
    command('cursorOn', 'reading.cursorOn', ['ArrowDown'], isAlong, () => stepCursor(session, 1)),
    command('cursorBack10', 'reading.cursorBack10', ['Shift+ArrowUp'], isAlong, () =>
      stepCursor(session, -10),
    ),
    command('cursorOn10', 'reading.cursorOn10', ['Shift+ArrowDown'], isAlong, () => stepCursor(session, 10)),
    command('cprThinner', 'reading.cprThinner', ['BracketLeft'], isAlong, () => nextCprSlab(session, -1)),
    command('cprThicker', 'reading.cprThicker', ['BracketRight'], isAlong, () => nextCprSlab(session, 1)),
    command('cprFit', 'reading.reset', ['Shift+KeyF'], isAlong, () => vesselDo(session, { kind: 'fit' })),
    command(
      'lineTool',
      'reading.lineStartTool',
      ['Shift+KeyL'],
      () => session.state.mode === 'stack',
      () => {
        session.setMode('mpr');
        if (session.state.mode === 'mpr') session.set({ tool: 'centreline' });
      },
    ),
    command(
      'lineNew',
      'reading.lineNew',
      [],
      () => session.state.mode !== 'stack',
      () => lineMaker(session).startNew(),
    ),
    command('pointDelete', 'reading.pointDelete', ['Delete', 'Backspace'], isSelected, () => {
      const { selected } = session.state.vesselWork;
      if (selected !== null) void lineMaker(session).deletePoint(selected);
    }),
    command('lineDone', 'reading.lineDone', ['Escape', 'Enter'], isBusy, () => lineMaker(session).end()),
  ];
}
