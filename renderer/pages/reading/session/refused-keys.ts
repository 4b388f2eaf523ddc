import { problem } from '../../../../core/base/problem.ts';
import type { ProblemCode } from '../../../../core/base/problem-table.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { normaliseChord } from '../../../app/chord.ts';
import type { Command } from '../../../app/commands.ts';
import { dismissMessage, showRefusal } from '../../../app/messages.ts';
import { isAmongControls } from '../../../app/regions.ts';
import { isColour } from '../stack/stack-picture.ts';
import { windowTarget } from '../volume/preset-menu.ts';
import { volumeCells } from './layouts.ts';
import { whileRefused } from './passing-refusal.ts';
import type { ReadingSession } from './reading-session.ts';

/** Keys that other parts of a page answer, or that do nothing without needing words. */
const others = /^(Ctrl|Alt|Escape|Enter|Delete|Backspace|(Shift\+)?Tab|Space|ContextMenu|(Shift\+)?F\d)/;

const phaseCommands = ['playPhases', 'nextPhase', 'previousPhase'];
const steps = ['previousImage', 'nextImage', 'back10', 'forward10'];
const slower = ['slower', 'faster'];
const bookmarks = ['bookmarkNext', 'bookmarkPrevious'];
const windows = ['invert', 'fullRange', 'asSent'];

/** What a command that is off would need in a stack; null where another one of its key says it better. */
function neededInStack({ id, group }: Command, session: ReadingSession): ProblemCode | null {
  const name = id.replace('reading.', '');
  if (bookmarks.includes(name)) return 'KEY_OF_BOOKMARKS';
  if (slower.includes(name)) return 'KEY_OF_CINE';
  if (name === 'cine') return 'KEY_OF_SEVERAL';
  if (phaseCommands.includes(name)) return null;
  if (isOfWindow(name)) return neededByWindow(session);
  const isOfVolumes = [
    readingTerms['reading.groupMpr'],
    readingTerms['reading.group3d'],
    readingTerms['reading.groupMask'],
    readingTerms['reading.groupTools'],
  ].some((term) => term === group);
  return isOfVolumes ? 'KEY_OF_PLANES' : neededAlong(group);
}

/** The same in planes and 3D. */
function neededInVolume({ id, group }: Command, session: ReadingSession): ProblemCode | null {
  const name = id.replace('reading.', '');
  if (bookmarks.includes(name)) return 'KEY_OF_BOOKMARKS';
  if (slower.includes(name) || steps.includes(name)) return neededByPlane(session);
  if (phaseCommands.includes(name)) return 'KEY_OF_PHASES';
  if (isOfWindow(name)) return neededByWindow(session);
  if (name === 'fitPlanes') return null;
  if (group === readingTerms['reading.group3d']) return 'KEY_OF_3D';
  if (group === readingTerms['reading.groupMask']) return neededByMasks(session);
  const isOfImages = [readingTerms['reading.groupPicture'], readingTerms['reading.groupLayout']];
  return isOfImages.some((term) => term === group) ? 'KEY_OF_IMAGES' : neededAlong(group);
}

const isOfWindow = (name: string): boolean => windows.includes(name) || name.startsWith('preset');
function neededByWindow(session: ReadingSession): ProblemCode | null {
  const target = windowTarget(session);
  if (!target) return null;
  return isColour(target.stack, target.k) ? 'KEY_OF_WINDOW' : 'KEY_OF_NO_PRESET';
}

const neededAlong = (group: Command['group']): ProblemCode | null =>
  group === readingTerms['reading.groupVessel'] || group === readingTerms['reading.groupFly']
    ? 'KEY_OF_VESSELS'
    : group === readingTerms['reading.groupRibs']
      ? 'KEY_OF_RIBS'
      : null;

/** Steps and slabs are off in 3D; slabs in planes, too, where the slices are too few. */
function neededByPlane({ state }: ReadingSession): ProblemCode | null {
  const name = volumeCells[state.active];
  if (name === 'volume') return 'KEY_OF_PLANE';
  return name ? 'VOLUME_THIN' : null;
}

/** Brush sizes are off without a brush in the hand: there the slab's keys speak. */
function neededByMasks(session: ReadingSession): ProblemCode | null {
  const stack = session.mprStack();
  if (stack?.isColour) return 'VOLUME_COLOUR';
  return stack?.isWhole === false ? 'KEY_WHILE_LOADING' : null;
}

/** What is said first where a key has several meanings. */
const order: readonly ProblemCode[] = [
  'VOLUME_COLOUR',
  'KEY_WHILE_LOADING',
  'KEY_OF_BOOKMARKS',
  'KEY_OF_CINE',
  'KEY_OF_SEVERAL',
  'KEY_OF_PLANE',
  'VOLUME_THIN',
  'KEY_OF_PHASES',
  'KEY_OF_3D',
  'KEY_OF_WINDOW',
  'KEY_OF_NO_PRESET',
  'KEY_OF_PLANES',
  'KEY_OF_IMAGES',
  'KEY_OF_VESSELS',
  'KEY_OF_RIBS',
];

/** Why none of the commands of a key is on; null where nothing needs to be said. */
export function whyOff(session: ReadingSession, ofKey: readonly Command[]): ProblemCode | null {
  const { mode } = session.state;
  const codes = ofKey.map((command) =>
    mode === 'stack' ? neededInStack(command, session) : neededInVolume(command, session),
  );
  return order.find((code) => codes.includes(code)) ?? null;
}

/** The message of the last key that did nothing. */
let told = 0;

/** Commands that say why a key of these commands does nothing now. */
export function refusedKeys(session: ReadingSession, commands: readonly Command[]): readonly Command[] {
  const ofKey = new Map<string, Command[]>();
  for (const command of commands)
    for (const key of command.keys ?? []) {
      const chord = normaliseChord(key);
      if (!others.test(chord)) ofKey.set(chord, [...(ofKey.get(chord) ?? []), command]);
    }
  return [...ofKey].map(
    ([chord, held]): Command => ({
      id: `reading.refused.${chord}`,
      term: held[0]!.term,
      keys: [chord],
      isRefusal: true,
      enabled: () => !isAmongControls() && whyOff(session, held) !== null,
      run: () => {
        const code = whyOff(session, held);
        if (!code) return;
        // Of keys that are tried one after another only the last is of interest.
        dismissMessage(told);
        told = showRefusal(problem(code));
        const isOff = (): boolean => !held.some((command) => command.enabled?.() ?? true);
        whileRefused(session, told, () => isOff() && whyOff(session, held) === code);
      },
    }),
  );
}
