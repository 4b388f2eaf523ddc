import type { Command } from '../../../app/commands.ts';
import { commandsIn } from '../session/commands-in.ts';
import { ribsCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { boneMaker, shownBones } from './bone-maker.ts';

/** Commands of the rib layout. */
export function ribsCommands(session: ReadingSession): readonly Command[] {
  const isRibs = (): boolean => session.state.mode === 'ribs';
  const hasBones = (): boolean => isRibs() && shownBones(session.state) !== null;
  const isOnSheet = (): boolean => hasBones() && ribsCells[session.state.active] === 'ribs';
  const command = commandsIn('reading.groupRibs');
  return [
    command(
      'ribs',
      'reading.ribs',
      ['Shift+KeyH'],
      () => true,
      () => session.setMode(isRibs() ? 'stack' : 'ribs'),
    ),
    command('ribsFind', 'reading.ribsFind', [], isRibs, () => void boneMaker(session).find()),
    command('ribThinner', 'reading.ribThinner', ['BracketLeft'], isOnSheet, () =>
      boneMaker(session).slabBy(-1),
    ),
    command('ribThicker', 'reading.ribThicker', ['BracketRight'], isOnSheet, () =>
      boneMaker(session).slabBy(1),
    ),
    command('ribAdd', 'reading.ribAdd', [], hasBones, () => boneMaker(session).startAdding()),
    command(
      'ribsStop',
      'reading.cancel',
      ['Escape'],
      () => {
        if (!isRibs()) return false;
        const { busy, adding } = boneMaker(session).work.getState();
        return busy !== null || adding !== null;
      },
      () => boneMaker(session).stop(),
    ),
  ];
}
