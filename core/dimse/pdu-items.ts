/** Reading of items within a PDU: every length is held against what is left (reliability.md C7). */

export interface Item {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** Walks the items between two offsets. `lies`: an item claimed more than there is, or a header was cut off. */
export class ItemCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  lies = false;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Null at the end and when the next item lies. */
  next(): Item | null {
    const start = this.#at + 4;
    if (this.#at === this.#end) return null;
    if (start > this.#end) return this.#lie();
    const type = this.#bytes[this.#at]!;
    const end = start + readU16(this.#bytes, start - 2);
    if (end > this.#end) return this.#lie();
    this.#at = end;
    return { type, start, end };
  }

  #lie(): null {
    this.lies = true;
    return null;
  }
}

export const readU16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

export const readU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** A field with 2 bytes of length before it, within `end`; null when it does not fit. */
export function countedField(
  bytes: Uint8Array,
  at: number,
  end: number,
): { start: number; end: number } | null {
  if (at + 2 > end) return null;
  const fieldEnd = at + 2 + readU16(bytes, at);
  return fieldEnd > end ? null : { start: at + 2, end: fieldEnd };
}

const isPadding = (code: number | undefined): boolean => code === 0 || code === 0x20;

/** Text of one byte a character, without blanks and NULs around it. */
export function paddedText(bytes: Uint8Array, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isPadding(bytes[first])) first++;
  while (last > first && isPadding(bytes[last - 1])) last--;
  let text = '';
  for (let i = first; i < last; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** Longest UID (PS3.5 section 9.1). What is longer is no UID of ours and is not kept. */
const uidLength = 64;

/**
 * Reads UIDs of one PDU, each distinct text kept once: a request names the same few syntaxes again and again, and may
 * hold thousands of short ones to fill our memory (N8).
 */
export class UidReader {
  readonly #bytes: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Empty when it is too long or not of digits and dots, which no syntax that we know is. */
  read(start: number, end: number): string {
    // One NUL is the padding of files; senders that pad here too are common.
    if (end - start > uidLength + 1) return '';
    const text = paddedText(this.#bytes, start, end);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const uid = text.length <= uidLength && /^[0-9.]+$/.test(text) ? text : '';
    this.#known.set(text, uid);
    return uid;
  }
}
