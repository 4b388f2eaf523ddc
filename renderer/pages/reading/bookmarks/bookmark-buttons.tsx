import { BookmarkPlus } from 'lucide-react';
import { useRef } from 'react';
import { runCommand } from '../../../app/commands.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ToolButton } from '../tool-button.tsx';
import { useReading, useWords } from '../use-words.ts';
import { BookmarkList } from './bookmark-list.tsx';
import './bookmarks.css';

/** In the bar: keep what is seen, and the list of what was kept. */
export function BookmarkButtons({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const count = useReading(session, (s) => s.bookmarks.length);
  const isOpen = useReading(session, (s) => s.bookmarkList !== null);
  const box = useRef<HTMLSpanElement>(null);
  return (
    <span ref={box} className="row bookmark-tools">
      <ToolButton
        icon={BookmarkPlus}
        name={words('reading.bookmarkKeep')}
        keys="KeyK"
        onClick={() => void runCommand('reading.bookmarkKeep')}
      />
      <ToolButton
        name={words('reading.bookmarkList')}
        keys="Ctrl+KeyB"
        isOn={isOpen}
        hasMenu
        onClick={() => void runCommand('reading.bookmarkList')}
      >
        <span data-bookmark-count>{count}</span>
      </ToolButton>
      {isOpen && <BookmarkList session={session} anchor={box} />}
    </span>
  );
}
