import type { Term } from '../../core/terms/term.ts';
import { type TermKey, terms } from '../../core/terms/terms.ts';
import { chordOfEvent, isActivation, isTyping, normaliseChord } from './chord.ts';

/** One thing a person can do, from the palette, a key, a menu or a button. */
export interface Command {
  /** Dotted and stable, e.g. `reading.invert`. */
  readonly id: string;
  /** Its name in both languages. */
  readonly term: TermKey | Term;
  /** Chords by physical key: `KeyR`, `Shift+Digit1`, `Ctrl+KeyK` (Ctrl is also ⌘), `Delete`. */
  readonly keys?: readonly string[];
  /** Heading in the palette and on the key sheet. */
  readonly group?: TermKey | Term;
  run(): void;
  /** False hides it from the palette and lets its keys pass. */
  enabled?(): boolean;
  /** True: only a key or a menu, not listed in the palette. */
  readonly unlisted?: boolean;
  /** True: it only says why a key does nothing. It runs where no other command of the key is on, and is on no list. */
  readonly isRefusal?: boolean;
}

const commands = new Map<string, Command>();
const listeners = new Set<() => void>();
let snapshot: readonly Command[] = [];

function changed(): void {
  snapshot = [...commands.values()];
  for (const listener of listeners) listener();
}

/** Adds commands; a page adds its own while it is shown. Answers the function that takes them away again. */
export function registerCommands(added: readonly Command[]): () => void {
  for (const command of added) {
    // Removing first puts it last: where two commands share a chord, the newest that is enabled runs.
    commands.delete(command.id);
    commands.set(command.id, command);
  }
  changed();
  return () => {
    for (const command of added) if (commands.get(command.id) === command) commands.delete(command.id);
    changed();
  };
}

export const registerCommand = (command: Command): (() => void) => registerCommands([command]);

/** All commands, in order of registration: for `useSyncExternalStore`. */
export const allCommands = (): readonly Command[] => snapshot;
export function watchCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const isEnabled = (command: Command): boolean => command.enabled?.() ?? true;

/** Runs a command by id; false when there is none or it is off. */
export function runCommand(id: string): boolean {
  const command = commands.get(id);
  if (!command || !isEnabled(command)) return false;
  command.run();
  return true;
}

/** The command a chord starts now: the newest enabled one, refusals only where there is no other. */
export function commandForChord(chord: string): Command | undefined {
  const on = snapshot.filter(
    (command) => command.keys?.some((key) => normaliseChord(key) === chord) && isEnabled(command),
  );
  return on.findLast(({ isRefusal }) => !isRefusal) ?? on.at(-1);
}

export const commandTerm = (command: Pick<Command, 'term'>): Term =>
  typeof command.term === 'string' ? terms[command.term] : command.term;

const steppingKeys = /^(Arrow(Up|Down|Left|Right)|Home|End|PageUp|PageDown)$/;
/** Controls that these keys step through, once a key has brought the focus there; after a mouse the keys are the page's. */
const steppers = ['input[type=range]', 'input[type=radio]', 'select']
  .map((control) => `${control}:focus-visible`)
  .join(', ');

/**
 * Listens for keys on the window. Off while typing (chords with Ctrl or Alt pass), inside dialogs and menus, and
 * where the focused control itself answers Enter or Space.
 */
export function listenForKeys(target: Window): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOfEvent(event);
    const focused = event.target instanceof HTMLElement ? event.target : null;
    if (focused?.closest('dialog,[role=menu]')) return;
    if (isTyping(focused) && !/^(Ctrl|Alt|(Shift\+)?F\d)/.test(chord)) return;
    if (isActivation(chord) && focused?.closest('button,a,summary,[role=option]')) return;
    if (steppingKeys.test(chord) && focused?.matches(steppers)) return;
    const command = commandForChord(chord);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  target.addEventListener('keydown', onKey);
  return () => target.removeEventListener('keydown', onKey);
}
