import type { Command } from '../../app/commands.ts';
import { readingCommands } from './reading-commands.ts';
import type { ReadingSession } from './session/reading-session.ts';

/** The reading page's commands for a list of keys. No study is open: they are shown, never run. */
export function readingKeys(): readonly Omit<Command, 'run' | 'enabled'>[] {
  const nobody: ReadingSession = Object.create(null);
  return readingCommands(nobody).map(({ run: _run, enabled: _enabled, ...named }) => named);
}
