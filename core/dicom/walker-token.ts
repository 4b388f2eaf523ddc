/** How a stretch of a data set is encoded (PS3.5 7.1, 7.3). */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

/** What `Walker.next` has come upon. */
export const Token = {
  End: 0,
  Element: 1,
  Sequence: 2,
  Item: 3,
  ItemEnd: 4,
  SequenceEnd: 5,
  /** Pixel data of undefined length at `offset`, depth 0: the caller walks it and sets `position`. */
  Fragments: 6,
} as const;

/** One open container: the data set itself, a sequence or an item. */
export interface Level {
  readonly isSequence: boolean;
  readonly tag: number;
  /** Where a container of defined length ends; Infinity for undefined length. */
  end: number;
  /** The nearest end of this and all enclosing containers; the file's size at the root. */
  limit: number;
  /** What this container holds has no VR letters. */
  readonly implicit: boolean;
  bigEndian: boolean;
  lastTag: number;
  items: number;
}
