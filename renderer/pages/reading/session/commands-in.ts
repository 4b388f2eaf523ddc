import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import type { Command } from '../../../app/commands.ts';

/** Makes commands that stand under one heading in the list of keys: `commandsIn('reading.groupMask')('brush', …)`. */
export const commandsIn =
  (group: ReadingTerm) =>
  (
    id: string,
    term: ReadingTerm,
    keys: readonly string[],
    enabled: () => boolean,
    run: () => void,
  ): Command => ({
    id: `reading.${id}`,
    term: readingTerms[term],
    group: readingTerms[group],
    keys,
    enabled,
    run,
  });
