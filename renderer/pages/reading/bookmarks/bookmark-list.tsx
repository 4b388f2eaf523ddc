import { BookmarkPlus, ChevronDown, ChevronUp, ImageOff, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { formatListTime, momentOf } from '../../../../core/terms/format-date.ts';
import type { Language } from '../../../../core/terms/term.ts';
import { chordLabel } from '../../../app/chord.ts';
import { runCommand } from '../../../app/commands.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button, Icon, IconButton } from '../../../ui/controls.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { type Bookmark, nameMost, noteMost } from './bookmark.ts';
import { bookmarkDo, deleteBookmark, recallView, replaceView } from './bookmark-actions.ts';
import { bookmarkName, madeName } from './bookmark-name.ts';

interface ListProps {
  readonly session: ReadingSession;
  /** The buttons it belongs to: it hangs below them. */
  readonly anchor: RefObject<HTMLElement | null>;
}

/** All bookmarks of the study, over the pictures; a click outside closes it. */
export function BookmarkList({ session, anchor }: ListProps) {
  const words = useWords();
  const bookmarks = useReading(session, (s) => s.bookmarks);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ readonly top: number; readonly right: number } | null>(null);
  useLayoutEffect(() => {
    const rect = anchor.current?.getBoundingClientRect();
    if (rect) setPlace({ top: rect.bottom + 4, right: Math.max(4, innerWidth - rect.right) });
  }, [anchor]);
  useEffect(() => {
    const close = (): void => session.set({ bookmarkList: null });
    const outside = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node)) return;
      const isOwn = box.current?.contains(target) || anchor.current?.contains(target);
      // A message's action may be about a bookmark.
      const isMessage = target instanceof Element && target.closest('.messages') !== null;
      if (!isOwn && !isMessage) close();
    };
    window.addEventListener('pointerdown', outside, true);
    return () => window.removeEventListener('pointerdown', outside, true);
  }, [session, anchor]);
  useEffect(() => {
    if (place) box.current?.focus({ preventScroll: true });
  }, [place]);
  return createPortal(
    <div
      ref={box}
      className="bookmarks"
      role="dialog"
      aria-label={words('reading.bookmarks')}
      tabIndex={-1}
      style={place ?? { visibility: 'hidden' }}
    >
      <header>
        <h2>{words('reading.bookmarks')}</h2>
        <Button
          size="small"
          tone="primary"
          icon={BookmarkPlus}
          data-keys={chordLabel('KeyK')}
          onClick={() => void runCommand('reading.bookmarkKeep')}
        >
          {words('reading.bookmarkKeep')}
        </Button>
      </header>
      {bookmarks.length === 0 ? (
        <p className="hint">{words('reading.bookmarkNone')}</p>
      ) : (
        <ul>
          {bookmarks.map((bookmark, n) => (
            <Row
              key={bookmark.id}
              session={session}
              bookmark={bookmark}
              isFirst={n === 0}
              isLast={n === bookmarks.length - 1}
            />
          ))}
        </ul>
      )}
    </div>,
    document.body,
  );
}

interface RowProps {
  readonly session: ReadingSession;
  readonly bookmark: Bookmark;
}

function Row({
  session,
  bookmark,
  ...ends
}: RowProps & { readonly isFirst: boolean; readonly isLast: boolean }) {
  const isEditing = useReading(session, (s) => s.bookmarkList?.editingId === bookmark.id);
  const isNow = useReading(session, (s) => s.bookmarkId === bookmark.id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isNow) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isNow]);
  return (
    <li ref={row} className={isNow ? 'on' : ''} data-bookmark={bookmark.id} aria-current={isNow}>
      {isEditing ? (
        <WordsForm session={session} bookmark={bookmark} />
      ) : (
        <>
          <Shown session={session} bookmark={bookmark} />
          <RowActions session={session} bookmark={bookmark} {...ends} />
        </>
      )}
    </li>
  );
}

function Thumb({ url }: { readonly url: string }) {
  return (
    <span className="bookmark-pic">{url ? <img src={url} alt="" /> : <Icon of={ImageOff} size={16} />}</span>
  );
}

/** `Today 09:12`, as in the list of studies. */
function timeText(language: Language, atMs: number): string {
  const { year, month, day, hour, minute } = momentOf(new Date(atMs));
  const two = (n: number): string => String(n).padStart(2, '0');
  const now = momentOf(new Date());
  return formatListTime(language, `${year}${two(month)}${two(day)}`, `${two(hour)}${two(minute)}`, now);
}

/** A click brings the view back. */
function Shown({ session, bookmark }: RowProps) {
  const words = useWords();
  const language = useLanguage();
  const series = useReading(session, (s) => s.series);
  const vessel = useReading(session, (s) => s.vessel);
  const { note, atMs, thumb } = bookmark;
  return (
    <button
      type="button"
      className="bookmark-show"
      data-tip={words('reading.bookmarkShow')}
      onClick={() => void recallView(session, bookmark)}
    >
      <Thumb url={thumb} />
      <span className="bookmark-words">
        <b>{bookmarkName(bookmark, { series, vessel }, language)}</b>
        {note && <span className="bookmark-note">{note}</span>}
        <time>{timeText(language, atMs)}</time>
      </span>
    </button>
  );
}

function RowActions({
  session,
  bookmark,
  isFirst,
  isLast,
}: RowProps & { readonly isFirst: boolean; readonly isLast: boolean }) {
  const words = useWords();
  const move = (by: 1 | -1) => (): void => bookmarkDo(session, { kind: 'move', id: bookmark.id, by });
  return (
    <span className="bookmark-acts">
      <IconButton
        icon={Pencil}
        iconSize={16}
        name={words('reading.bookmarkEdit')}
        onClick={() => session.set({ bookmarkList: { editingId: bookmark.id } })}
      />
      <IconButton
        icon={RefreshCw}
        iconSize={16}
        name={words('reading.bookmarkReplace')}
        onClick={() => replaceView(session, bookmark)}
      />
      <IconButton
        icon={ChevronUp}
        iconSize={16}
        name={words('reading.bookmarkUp')}
        disabled={isFirst}
        onClick={move(-1)}
      />
      <IconButton
        icon={ChevronDown}
        iconSize={16}
        name={words('reading.bookmarkDown')}
        disabled={isLast}
        onClick={move(1)}
      />
      <IconButton
        icon={Trash2}
        iconSize={16}
        name={words('reading.bookmarkDelete')}
        onClick={() => deleteBookmark(session, bookmark)}
      />
    </span>
  );
}

/** Name and note; without a name the bookmark is called by what it shows. */
function WordsForm({ session, bookmark }: RowProps) {
  const words = useWords();
  const language = useLanguage();
  const [name, setName] = useState(bookmark.name);
  const [note, setNote] = useState(bookmark.note);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const close = (): void => session.set({ bookmarkList: { editingId: null } });
  const done = (): void => {
    bookmarkDo(session, { kind: 'words', id: bookmark.id, name, note });
    close();
  };
  return (
    <form
      className="bookmark-form"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          close();
        } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) done();
      }}
    >
      <Thumb url={bookmark.thumb} />
      <div>
        <label className="field">
          <input
            ref={input}
            value={name}
            maxLength={nameMost}
            placeholder={madeName(bookmark.scene, session.state, language)}
            aria-label={words('reading.bookmarkName')}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <textarea
          value={note}
          rows={3}
          maxLength={noteMost}
          placeholder={words('reading.bookmarkNote')}
          aria-label={words('reading.bookmarkNote')}
          onChange={({ target }) => setNote(target.value)}
        />
        <footer>
          <Button size="small" onClick={close}>
            {words('reading.cancel')}
          </Button>
          <Button size="small" tone="primary" type="submit">
            {words('reading.bookmarkDone')}
          </Button>
        </footer>
      </div>
    </form>
  );
}
