import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import type { Command } from '../../../app/commands.ts';
import { setPicture } from '../cpr/cpr-actions.ts';
import { shownLine } from '../cpr/line-cursor.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { flyStepMm } from './fly-bar.tsx';
import { flyPlayer } from './fly-player.ts';

/** Commands of the flight; its arrows come before those that turn the other pictures along the line. */
export function flyCommands(session: ReadingSession): readonly Command[] {
  const hasLine = (): boolean => session.state.mode !== 'stack' && shownLine(session.state) !== null;
  const isFlying = (): boolean =>
    session.state.mode === 'cpr' && session.state.vessel.view.picture === 'fly' && hasLine();
  const command = (
    id: string,
    term: ReadingTerm,
    keys: readonly string[],
    run: () => void,
    enabled: () => boolean = isFlying,
  ): Command => ({
    id: `reading.${id}`,
    term: readingTerms[term],
    group: readingTerms['reading.groupFly'],
    keys,
    enabled,
    run,
  });
  const player = () => flyPlayer(session);
  const go = (): void => {
    session.setMode('cpr');
    if (session.state.mode === 'cpr') setPicture(session, 'fly');
  };
  return [
    command('fly', 'reading.fly', ['Shift+KeyJ'], go, hasLine),
    command('flyPlay', 'reading.flyPlay', ['KeyC'], () => player().toggle()),
    command('flyBack', 'reading.flyBack', ['ArrowLeft'], () => player().step(-flyStepMm)),
    command('flyOn', 'reading.flyOn', ['ArrowRight'], () => player().step(flyStepMm)),
    command('flyBack5', 'reading.flyBack5', ['Shift+ArrowLeft'], () => player().step(-5 * flyStepMm)),
    command('flyOn5', 'reading.flyOn5', ['Shift+ArrowRight'], () => player().step(5 * flyStepMm)),
    command('flySlower', 'reading.flySlower', ['BracketLeft'], () => player().faster(-1)),
    command('flyFaster', 'reading.flyFaster', ['BracketRight'], () => player().faster(1)),
    command('flyRound', 'reading.flyLookBack', ['KeyR'], () => player().turnRound()),
  ];
}
