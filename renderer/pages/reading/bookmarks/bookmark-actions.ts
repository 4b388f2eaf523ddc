import { type ReadingTerm, readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say, type TermParams } from '../../../../core/terms/term.ts';
import { dismissMessage, showMessage } from '../../../app/messages.ts';
import { lineMaker } from '../cpr/line-maker.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import {
  type Bookmark,
  type BookmarkAction,
  bookmarkBeside,
  bookmarksMost,
  reduceBookmarks,
} from './bookmark.ts';
import { bookmarkName } from './bookmark-name.ts';
import { type Loss, recalled, seriesOfScene } from './recalled.ts';
import { stageThumb } from './stage-thumb.ts';
import { isSameScene, sceneOf, type ViewScene } from './view-scene.ts';

/** Put into words when it is shown: a message may outlive a change of language. */
type Worded = (language: Language) => string;
const words =
  (term: ReadingTerm, params?: TermParams): Worded =>
  (language) =>
    say(language, readingTerms[term], params);

/** The same with the bookmark's name, as it is now. */
function named(term: ReadingTerm, { state }: ReadingSession, bookmark: Bookmark): Worded {
  return (language) => say(language, readingTerms[term], { name: bookmarkName(bookmark, state, language) });
}

/** A change of the bookmarks: one step of undo. */
export function bookmarkDo(session: ReadingSession, action: BookmarkAction): void {
  const bookmarks = reduceBookmarks(session.state.bookmarks, action);
  if (bookmarks !== session.state.bookmarks) session.set({ bookmarks });
}

const sceneNow = (session: ReadingSession): ViewScene | null =>
  sceneOf(session.state, (cell) => session.windowOf(cell));

/** What is on screen, and how it looks in small. */
function present(session: ReadingSession): Pick<Bookmark, 'scene' | 'thumb' | 'atMs'> | null {
  const scene = sceneNow(session);
  return scene && { scene, thumb: stageThumb(document.querySelector('.stage .vps')), atMs: Date.now() };
}

/** The message of the view that was kept last. */
const told = new WeakMap<ReadingSession, number>();

/** Keeps what is on screen as a bookmark; its words can be changed at any time. */
export function keepView(session: ReadingSession): void {
  const view = present(session);
  if (!view) return;
  if (session.state.bookmarks.length >= bookmarksMost) {
    showMessage({
      tone: 'warn',
      text: words('reading.bookmarkFull', { n: bookmarksMost }),
      ofStudy: session.state.studyKey,
    });
    return;
  }
  const bookmark: Bookmark = { id: crypto.randomUUID(), name: '', note: '', ...view };
  bookmarkDo(session, { kind: 'add', bookmark });
  session.set({ bookmarkId: bookmark.id });
  if (session.state.bookmarkList) return;
  // Several views that are kept in a row are told by one message, the newest.
  const before = told.get(session);
  if (before !== undefined) dismissMessage(before);
  const message = showMessage({
    tone: 'ok',
    ofStudy: session.state.studyKey,
    text: named('reading.bookmarkKept', session, bookmark),
    action: {
      label: words('reading.bookmarkRename'),
      run: () => session.set({ bookmarkList: { editingId: bookmark.id } }),
    },
  });
  told.set(session, message);
}

/** The bookmark stays, with its words; it shows what is on screen now. */
export function replaceView(session: ReadingSession, bookmark: Bookmark): void {
  const view = present(session);
  if (!view) return;
  bookmarkDo(session, { kind: 'view', id: bookmark.id, view });
  session.set({ bookmarkId: bookmark.id });
  const text = named('reading.bookmarkReplaced', session, { ...bookmark, ...view });
  showMessage({ tone: 'ok', text, ofStudy: session.state.studyKey });
}

export function deleteBookmark(session: ReadingSession, bookmark: Bookmark): void {
  const at = session.state.bookmarks.findIndex(({ id }) => id === bookmark.id);
  const text = named('reading.bookmarkDeleted', session, bookmark);
  bookmarkDo(session, { kind: 'remove', id: bookmark.id });
  showMessage({
    tone: 'info',
    ofStudy: session.state.studyKey,
    text,
    action: {
      label: words('reading.bookmarkPutBack'),
      run: () => bookmarkDo(session, { kind: 'add', bookmark, at }),
    },
  });
}

function lossText(loss: Loss): Worded {
  switch (loss.kind) {
    case 'series':
      return words('reading.bookmarkSeriesGone', { n: loss.n });
    case 'volume':
      return words('reading.bookmarkVolumeGone');
    case 'line':
      return words('reading.bookmarkLineGone');
    case 'masks':
      return words('reading.bookmarkMasksGone', { n: loss.n });
  }
}

function tellLosses(session: ReadingSession, lost: readonly Loss[], hasRest: boolean): void {
  if (lost.length === 0) return;
  showMessage({
    tone: 'warn',
    ofStudy: session.state.studyKey,
    text: (language) => {
      const what = lost.map((loss) => lossText(loss)(language)).join(language === 'zh-CN' ? '；' : '; ');
      const text = words(hasRest ? 'reading.bookmarkRest' : 'reading.bookmarkNothing', { what })(language);
      return text.charAt(0).toUpperCase() + text.slice(1);
    },
  });
}

/** Of several that were asked for, the last is shown. */
const asked = new WeakMap<ReadingSession, number>();

/** Brings a kept view on screen: one step of undo, and nothing that was made is changed. */
export async function recallView(session: ReadingSession, { id, scene }: Bookmark): Promise<void> {
  const number = (asked.get(session) ?? 0) + 1;
  asked.set(session, number);
  session.set({ bookmarkId: id });
  const known = new Set(session.state.series.map(({ seriesKey }) => seriesKey));
  await Promise.all(
    seriesOfScene(scene)
      .filter((key) => known.has(key))
      .map((key) => session.open(key)),
  );
  if (asked.get(session) !== number) return;
  lineMaker(session).end();
  const { part, lost } = recalled(session.state, scene, (mpr) =>
    session.volumeGrid(mpr.seriesKey, mpr.group),
  );
  const now = sceneNow(session);
  const isShown = part !== null && lost.length === 0 && now !== null && isSameScene(now, scene);
  if (part && !isShown) session.recall(part);
  tellLosses(session, lost, part !== null);
}

/** The next (1) or the one before (−1), round at the ends. */
export function recallBeside(session: ReadingSession, by: 1 | -1): void {
  const { bookmarks, bookmarkId } = session.state;
  const bookmark = bookmarkBeside(bookmarks, bookmarkId, by);
  if (bookmark) void recallView(session, bookmark);
}

/** Opens the list, or closes it. */
export function toggleBookmarkList(session: ReadingSession): void {
  session.set({ bookmarkList: session.state.bookmarkList ? null : { editingId: null } });
}
