import { type Problem, problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';
import type { ByteWindow } from './byte-source.ts';
import { isSequenceTag } from './dictionary.ts';
import { type Flags, tagText } from './flags.ts';
import { walkFragments } from './fragments.ts';
import { isForeign, isPlausible, readHeader } from './header.ts';
import { limits } from './limits.ts';
import { VR, vrForm } from './vr.ts';
import { type Encoding, type Level, Token } from './walker-token.ts';

export { type Encoding, Token } from './walker-token.ts';

const again = -1;
const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;
const pixelDataTag = 0x7fe00010;
const firstPixelTag = 0x7fe00008;
/** Longest value that a cut file explains better than a lying length. */
const cutValueBytes = 65_536;

/**
 * Reads a data set element by element, without recursion and without touching values (PS3.5 7).
 *
 * `next` moves to the next token and leaves it in `tag`, `vr`, `length` and `offset`. Sequences are entered;
 * a value is skipped by the following `next` unless the caller reads it through the window. Faults that can be
 * walked over become flags; one that makes the rest unreadable sets `fatal` and ends the walk.
 */
export class Walker {
  tag = 0;
  /** Value representation as a number (`VR`); 0 when the encoding does not tell it. */
  vr = 0;
  length = 0;
  /** File offset of the value. */
  offset = 0;
  /** Where the next token starts. */
  position: number;
  /** Number of sequences around the current token. */
  depth = 0;
  fatal: Problem | undefined;
  /** A tag has come that was not above the one before it. */
  isDisordered = false;
  readonly flags: Flags;
  /** Of the current stretch: UN of undefined length is little endian in any data set. */
  bigEndian: boolean;
  readonly #window: ByteWindow;
  readonly #levels: Level[];
  #level: Level;
  #elements = 0;
  #headerBytes = 0;
  #pixelSeen = false;

  constructor(window: ByteWindow, start: number, encoding: Encoding, flags: Flags) {
    this.#window = window;
    this.position = start;
    this.flags = flags;
    this.bigEndian = encoding.bigEndian;
    this.#level = {
      isSequence: false,
      tag: 0,
      end: window.size,
      limit: window.size,
      implicit: !encoding.explicit,
      bigEndian: encoding.bigEndian,
      lastTag: 0x0003ffff,
      items: 0,
    };
    this.#levels = [this.#level];
  }

  /** Moves on; Token.End at the end of the data set or after a fatal fault. */
  next(): number {
    if (this.fatal !== undefined) return Token.End;
    for (;;) {
      const token = this.#level.isSequence ? this.#inSequence() : this.#inDataset();
      if (token >= 0) return token;
    }
  }

  #inDataset(): number {
    const level = this.#level;
    const at = this.position;
    if (at + 8 > level.limit) return at >= level.limit ? this.#atLimit(level) : this.#shortRest(level);
    let index = at - this.#window.start;
    if (index < 0 || index + 12 > this.#window.bytes.length) {
      index = this.#window.ensure(at, Math.min(12, this.#window.size - at));
      if (index < 0) return this.#fail('TRUNCATED_HEADER');
    }
    const bytes = this.#window.bytes;
    const tag = this.#readTag(bytes, index);
    if (tag >= itemTag && tag <= sequenceEndTag) return this.#delimiter(tag, index, level);
    this.tag = tag;
    const form = level.implicit ? 0 : vrForm(bytes[index + 4]!, bytes[index + 5]!);
    if (form === 1) {
      this.vr = (bytes[index + 4]! << 8) | bytes[index + 5]!;
      this.length = this.bigEndian
        ? (bytes[index + 6]! << 8) | bytes[index + 7]!
        : bytes[index + 6]! | (bytes[index + 7]! << 8);
      this.offset = at + 8;
    } else if (form === 2 && at + 12 <= level.limit) {
      this.vr = (bytes[index + 4]! << 8) | bytes[index + 5]!;
      this.length = this.#readUint32(bytes, index + 8);
      this.offset = at + 12;
    } else if (level.implicit) {
      this.vr = isSequenceTag(tag) ? VR.SQ : 0;
      this.length = this.#readUint32(bytes, index + 4);
      this.offset = at + 8;
    } else if (!this.#oddHeader(at, level)) return Token.End;
    if (tag <= level.lastTag && !this.#orderFault(tag, level)) return Token.End;
    level.lastTag = tag;
    if (++this.#elements > limits.elements)
      return this.#fail('TOO_MANY_ELEMENTS', { limit: limits.elements });
    return this.#element(level);
  }

  /** The header of `tag` is read; decides what kind of token it is. */
  #element(level: Level): number {
    const { tag, length } = this;
    const isBehind = this.#pixelSeen && this.#levels.length === 1 && length === undefinedLength;
    if (isBehind && !this.#hasItem()) return this.#trailing();
    if (this.vr === VR.SQ) return this.#openSequence(level, level.implicit);
    if (length === undefinedLength) return this.#undefinedValue(level);
    const end = this.offset + length;
    const isPixel = tag >= firstPixelTag && tag <= pixelDataTag && this.#levels.length === 1;
    if (isPixel) this.#pixelSeen = true;
    if (end > level.limit) return this.#overrun(level, end, isPixel);
    if ((length & 1) !== 0) this.flags.add('LENGTH_ODD', { tag: tagText(tag) });
    if (!isPixel) {
      if (length > limits.valueBytes) return this.#fail('VALUE_TOO_LONG', { tag: tagText(tag) });
      this.#headerBytes += length + 8;
      if (this.#headerBytes > limits.headerBytes) return this.#fail('HEADER_TOO_LARGE');
    }
    this.position = end;
    return Token.Element;
  }

  /** Whether an item or the end of a sequence stands at the value. */
  #hasItem(): boolean {
    const index = this.#window.ensure(this.offset, 8);
    const tag = index < 0 ? 0 : this.#readTag(this.#window.bytes, index);
    return tag === itemTag || tag === sequenceEndTag;
  }

  #undefinedValue(level: Level): number {
    const { tag, vr } = this;
    if (tag === pixelDataTag && (vr === VR.OB || vr === VR.OW || vr === VR.UN || vr === 0)) {
      if (this.#levels.length === 1) {
        this.#pixelSeen = true;
        return Token.Fragments;
      }
      const walk = walkFragments(this.#window, this.offset, this.flags, () => {});
      if (walk.tooMany) return this.#fail('TOO_MANY_FRAGMENTS', { limit: limits.fragments });
      this.length = 0;
      this.position = walk.end;
      return Token.Element;
    }
    if (vr !== VR.UN && vr !== 0) return this.#fail('LENGTH_UNDEFINED', { tag: tagText(tag) });
    // UN of undefined length holds implicit VR items (PS3.5 6.2.2 note 4); some writers keep explicit VR.
    const index = level.implicit ? -1 : this.#window.ensure(this.offset, 16);
    const explicit =
      index >= 0 && vrForm(this.#window.bytes[index + 12]!, this.#window.bytes[index + 13]!) > 0;
    const token = this.#openSequence(level, !explicit);
    // Those items are little endian even in a big endian data set; some writers keep that, too.
    const isLittle =
      index >= 0 && this.#window.bytes[index] === 0xfe && this.#window.bytes[index + 1] === 0xff;
    if (token === Token.Sequence && isLittle) this.#level.bigEndian = this.bigEndian = false;
    return token;
  }

  #openSequence(level: Level, implicit: boolean): number {
    const { tag, length } = this;
    const end = length === undefinedLength ? Number.POSITIVE_INFINITY : this.offset + length;
    if (end > level.limit && end !== Number.POSITIVE_INFINITY) return this.#overrun(level, end, false);
    this.vr = VR.SQ;
    if (this.depth + 1 > limits.nesting) return this.#fail('NESTING_TOO_DEEP', { limit: limits.nesting });
    this.#push(true, tag, end, implicit);
    this.position = this.offset;
    return Token.Sequence;
  }

  #inSequence(): number {
    const level = this.#level;
    const at = this.position;
    if (at + 8 > level.limit) return at >= level.limit ? this.#atLimit(level) : this.#shortRest(level);
    const index = this.#window.ensure(at, 8);
    if (index < 0) return this.#fail('TRUNCATED_HEADER');
    const tag = this.#readTag(this.#window.bytes, index);
    const length = this.#readUint32(this.#window.bytes, index + 4);
    if (tag === itemTag) return this.#openItem(level, at, length);
    if (tag === sequenceEndTag || tag === itemEndTag) {
      this.position = at + 8;
      if (length !== 0) this.flags.add('DELIMITER_LENGTH');
      if (tag === sequenceEndTag && level.end === Number.POSITIVE_INFINITY)
        return this.#pop(Token.SequenceEnd);
      this.flags.add('DELIMITER_STRAY');
      return again;
    }
    if (level.end === Number.POSITIVE_INFINITY) {
      return this.#fail('SEQUENCE_UNTERMINATED', { tag: tagText(level.tag) });
    }
    if (isPlausible(this.#window, at, this.#parent().limit, level.tag, this.bigEndian)) {
      this.flags.add('SEQUENCE_LENGTH', { tag: tagText(level.tag) });
      return this.#pop(Token.SequenceEnd);
    }
    return this.#resync();
  }

  #openItem(level: Level, at: number, length: number): number {
    if (++level.items > limits.itemsInSequence)
      return this.#fail('TOO_MANY_ITEMS', { tag: tagText(level.tag) });
    const end = length === undefinedLength ? Number.POSITIVE_INFINITY : at + 8 + length;
    if (end > level.limit && end !== Number.POSITIVE_INFINITY) {
      const outer = this.#parent().limit;
      if (end > this.#window.size && outer === this.#window.size) return this.#pastEnd(end);
      if (end > outer || !isPlausible(this.#window, end, outer, level.tag, this.bigEndian))
        return this.#resync();
      // The items are whole and what follows fits: it is the sequence's length that is too small.
      this.flags.add('SEQUENCE_LENGTH', { tag: tagText(level.tag) });
      level.end = end;
      level.limit = outer;
    }
    this.#push(false, level.tag, end, level.implicit);
    this.length = length;
    this.offset = at + 8;
    this.position = at + 8;
    return Token.Item;
  }

  #delimiter(tag: number, index: number, level: Level): number {
    const length = this.#readUint32(this.#window.bytes, index + 4);
    const isOpenItem = this.#levels.length > 1 && level.end === Number.POSITIVE_INFINITY;
    if (isOpenItem && tag !== itemEndTag) {
      // A missing item delimiter: the sequence goes on or ends here.
      this.flags.add('DELIMITER_STRAY');
      return this.#pop(Token.ItemEnd);
    }
    this.position += 8;
    if (tag !== itemTag && length !== 0) this.flags.add('DELIMITER_LENGTH');
    if (isOpenItem) return this.#pop(Token.ItemEnd);
    this.flags.add('DELIMITER_STRAY');
    return again;
  }

  /** Fewer than eight bytes are left in a container. */
  #shortRest(level: Level): number {
    if (this.#levels.length > 1) {
      this.flags.add('SEQUENCE_LENGTH', { tag: tagText(level.tag) });
      this.position = level.limit;
      return again;
    }
    const rest = this.#window.copy(this.position, this.#window.size - this.position);
    if (!this.#pixelSeen && !rest?.every((byte) => byte === 0)) return this.#fail('TRUNCATED_HEADER');
    return this.#trailing();
  }

  #trailing(): number {
    this.flags.add('TRAILING_BYTES', { bytes: this.#window.size - this.position });
    return Token.End;
  }

  #atLimit(level: Level): number {
    if (this.#levels.length === 1) return Token.End;
    if (level.end > this.position) {
      if (this.position >= this.#window.size)
        return this.#fail('SEQUENCE_UNTERMINATED', { tag: tagText(level.tag) });
      this.flags.add('SEQUENCE_LENGTH', { tag: tagText(level.tag) });
    }
    return this.#pop(level.isSequence ? Token.SequenceEnd : Token.ItemEnd);
  }

  /** A header without valid VR letters in an explicit VR stretch: the likeliest reading, or the end. */
  #oddHeader(at: number, level: Level): boolean {
    const header = readHeader(this.#window, at, level.limit, this.bigEndian);
    if (header !== undefined) {
      this.flags.add('VR_INVALID', { tag: tagText(this.tag) });
      this.vr = header.implicit && isSequenceTag(this.tag) ? VR.SQ : header.implicit ? 0 : VR.UN;
      this.length = header.length;
      this.offset = header.offset;
      return true;
    }
    if (this.#levels.length === 1 && (this.#pixelSeen || this.tag === 0 || isForeign(this.#window, at))) {
      this.#trailing();
    } else if (this.#levels.length > 1) this.#fail('SEQUENCE_OVERRUN', { tag: tagText(level.tag) });
    else this.#fail('LENGTH_BEYOND_EOF', { tag: tagText(this.tag) });
    return false;
  }

  /** A tag that is not above the one before it. False when it is no element at all. */
  #orderFault(tag: number, level: Level): boolean {
    const isRoot = this.#levels.length === 1;
    if (isRoot && tag < 0x00040000) {
      // Command group elements come first or not at all; zeros later on are padding.
      if (tag < 0x00010000 && (this.#elements > 0 || this.length > 0)) {
        this.#trailing();
        return false;
      }
      const isStray = tag < 0x00010000 || (tag >= 0x00020000 && tag < 0x00030000);
      this.flags.add(isStray ? 'META_IN_DATASET' : 'PRIVATE_INVALID', { tag: tagText(tag) });
      return true;
    }
    if (
      isRoot &&
      this.#pixelSeen &&
      !isPlausible(this.#window, this.position, level.limit, 0, this.bigEndian)
    ) {
      this.#trailing();
      return false;
    }
    if (isRoot) this.isDisordered = true;
    this.flags.add(tag === level.lastTag ? 'TAG_DUPLICATE' : 'TAG_ORDER', { tag: tagText(tag) });
    return true;
  }

  #overrun(level: Level, end: number, isPixel: boolean): number {
    if (isPixel) {
      this.flags.add('PIXEL_TRUNCATED');
      this.length = level.limit - this.offset;
      this.position = level.limit;
      return Token.Element;
    }
    if (level.limit < this.#window.size) return this.#resync();
    if (this.#pixelSeen) return this.#trailing();
    return this.#pastEnd(end);
  }

  #pastEnd(end: number): number {
    const tag = tagText(this.tag);
    if (end - this.offset <= cutValueBytes) return this.#fail('TRUNCATED_HEADER', { tag });
    return this.#fail(end >= 2 ** 32 - 2 ? 'LENGTH_OVERFLOW' : 'LENGTH_BEYOND_EOF', { tag });
  }

  /** Something does not fit its container: go on after the innermost container whose end makes sense. */
  #resync(): number {
    for (let top = this.#levels.length - 1; top > 0; top--) {
      const level = this.#levels[top]!;
      if (level.end > this.#window.size || level.end < this.position) continue;
      const outer = this.#levels[top - 1]!.limit;
      if (!isPlausible(this.#window, level.end, outer, level.tag, this.bigEndian)) continue;
      this.flags.add('SEQUENCE_LENGTH', { tag: tagText(level.tag) });
      for (const inner of this.#levels.slice(top)) {
        inner.end = level.end;
        inner.limit = level.end;
      }
      this.position = level.end;
      return again;
    }
    return this.#fail('SEQUENCE_OVERRUN', { tag: tagText(this.#level.tag) });
  }

  #push(isSequence: boolean, tag: number, end: number, implicit: boolean): void {
    const limit = Math.min(end, this.#level.limit);
    const { bigEndian } = this;
    this.#level = { isSequence, tag, end, limit, implicit, bigEndian, lastTag: 0, items: 0 };
    this.#levels.push(this.#level);
    if (isSequence) this.depth++;
  }

  #pop(token: number): number {
    this.#levels.pop();
    this.#level = this.#levels[this.#levels.length - 1]!;
    this.bigEndian = this.#level.bigEndian;
    if (token === Token.SequenceEnd) this.depth--;
    return token;
  }

  #parent(): Level {
    return this.#levels[this.#levels.length - 2]!;
  }

  #fail(code: ProblemCode, params?: Readonly<Record<string, string | number>>): number {
    this.fatal = problem(code, params);
    return Token.End;
  }

  #readTag(bytes: Uint8Array, index: number): number {
    return this.bigEndian
      ? ((bytes[index]! << 8) | bytes[index + 1]!) * 65536 + ((bytes[index + 2]! << 8) | bytes[index + 3]!)
      : (bytes[index]! | (bytes[index + 1]! << 8)) * 65536 + (bytes[index + 2]! | (bytes[index + 3]! << 8));
  }

  #readUint32(bytes: Uint8Array, index: number): number {
    return this.bigEndian
      ? ((bytes[index]! << 24) | (bytes[index + 1]! << 16) | (bytes[index + 2]! << 8) | bytes[index + 3]!) >>>
          0
      : ((bytes[index + 3]! << 24) | (bytes[index + 2]! << 16) | (bytes[index + 1]! << 8) | bytes[index]!) >>>
          0;
  }
}
