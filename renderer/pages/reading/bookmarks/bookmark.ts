import type { ViewScene } from './view-scene.ts';

/** A view that is kept with the study to come back to. */
export interface Bookmark {
  readonly id: string;
  /** Empty = made from what it shows, in the language of the page. */
  readonly name: string;
  readonly note: string;
  /** When it was kept, ms since 1970. */
  readonly atMs: number;
  /** A small JPEG as a data URL, without texts; empty = none. */
  readonly thumb: string;
  readonly scene: ViewScene;
}

/** They are kept in one text with the study: with their pictures about a third of what the host takes. */
export const bookmarksMost = 50;
export const nameMost = 80;
export const noteMost = 500;
/** Characters of a picture as a data URL: 9 kB. */
export const thumbMost = 12_000;

export type BookmarkAction =
  /** At the end, or where one lay that is put back. */
  | { readonly kind: 'add'; readonly bookmark: Bookmark; readonly at?: number }
  | { readonly kind: 'words'; readonly id: string; readonly name: string; readonly note: string }
  | { readonly kind: 'view'; readonly id: string; readonly view: Pick<Bookmark, 'scene' | 'thumb' | 'atMs'> }
  | { readonly kind: 'move'; readonly id: string; readonly by: 1 | -1 }
  | { readonly kind: 'remove'; readonly id: string };

const changed = (list: readonly Bookmark[], id: string, part: Partial<Bookmark>): readonly Bookmark[] =>
  list.map((one) => (one.id === id ? { ...one, ...part } : one));

/** Every change of the bookmarks; unknown ones, and more than `bookmarksMost`, change nothing. */
export function reduceBookmarks(list: readonly Bookmark[], action: BookmarkAction): readonly Bookmark[] {
  if (action.kind === 'add') {
    const { bookmark, at = list.length } = action;
    if (list.length >= bookmarksMost || list.some(({ id }) => id === bookmark.id)) return list;
    return [...list.slice(0, at), bookmark, ...list.slice(at)];
  }
  const from = list.findIndex(({ id }) => id === action.id);
  const one = list[from];
  if (!one) return list;
  switch (action.kind) {
    case 'words': {
      const name = action.name.trim().slice(0, nameMost);
      const note = action.note.trim().slice(0, noteMost);
      return name === one.name && note === one.note ? list : changed(list, one.id, { name, note });
    }
    case 'view':
      return changed(list, one.id, action.view);
    case 'move': {
      const to = from + action.by;
      if (to < 0 || to >= list.length) return list;
      const others = list.filter(({ id }) => id !== one.id);
      return [...others.slice(0, to), one, ...others.slice(to)];
    }
    case 'remove':
      return list.filter(({ id }) => id !== one.id);
  }
}

/** The one before or after; from none the first or the last. Round at the ends. */
export function bookmarkBeside(
  list: readonly Bookmark[],
  id: string | null,
  by: 1 | -1,
): Bookmark | undefined {
  const at = list.findIndex((one) => one.id === id);
  if (at < 0) return by > 0 ? list[0] : list.at(-1);
  return list[(at + by + list.length) % list.length];
}
