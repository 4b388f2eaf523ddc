import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import type { Command } from '../../../app/commands.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { keepView, recallBeside, toggleBookmarkList } from './bookmark-actions.ts';

/** Commands of bookmarks, in every layout. */
export function bookmarkCommands(session: ReadingSession): readonly Command[] {
  const hasAny = (): boolean => session.state.bookmarks.length > 0;
  const command = (
    id: string,
    term: ReadingTerm,
    keys: readonly string[],
    run: () => void,
    enabled?: () => boolean,
  ): Command => ({
    id: `reading.${id}`,
    term: readingTerms[term],
    group: readingTerms['reading.bookmarks'],
    keys,
    run,
    ...(enabled && { enabled }),
  });
  return [
    command(
      'bookmarkKeep',
      'reading.bookmarkKeep',
      ['KeyK'],
      () => keepView(session),
      () => session.state.study !== null && session.state.cells.some(({ seriesKey }) => seriesKey !== null),
    ),
    command('bookmarkList', 'reading.bookmarkList', ['Ctrl+KeyB'], () => toggleBookmarkList(session)),
    command(
      'bookmarkClose',
      'reading.bookmarkClose',
      ['Escape'],
      () => session.set({ bookmarkList: null }),
      () => session.state.bookmarkList !== null,
    ),
    command('bookmarkNext', 'reading.bookmarkNext', ['PageDown'], () => recallBeside(session, 1), hasAny),
    command(
      'bookmarkPrevious',
      'reading.bookmarkPrevious',
      ['PageUp'],
      () => recallBeside(session, -1),
      hasAny,
    ),
  ];
}
