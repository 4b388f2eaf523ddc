import type { ByteWindow } from './byte-source.ts';
import {
  type CharacterSet,
  characterSetOf,
  decodeText,
  gb18030Set,
  guessCharset,
  utf8Set,
} from './charset.ts';
import { checkedDateTime } from './dates.ts';
import type { Flags } from './flags.ts';
import { limits } from './limits.ts';
import { tellComma, tellUnreadable } from './number-faults.ts';
import { personName } from './person-name.ts';
import { type ScanMemory, sameBytes } from './scan-memory.ts';
import type { PersonName } from './types.ts';
import {
  latin1,
  numberSize,
  parseDecimal,
  readNumber,
  readNumbers,
  smallInteger,
  trimmedEnd,
  trimmedStart,
} from './values.ts';
import { VR } from './vr.ts';
import type { Wanted } from './wanted.ts';

/** A decoded attribute. */
export type Value = string | number | PersonName | readonly string[] | readonly number[];

/** Attributes being collected, by keyword. */
export type Collected = Record<string, Value | undefined>;

interface Pending {
  readonly target: Collected;
  readonly wanted: Wanted;
  readonly bytes: Uint8Array;
}

/** The element at hand: where its value is and how it is encoded. */
export interface ElementValue {
  readonly vr: number;
  readonly offset: number;
  readonly length: number;
  readonly bigEndian: boolean;
}

const bidiOverride = /[\u202a-\u202e\u2066-\u2069]/;
const identities = ['PatientID', 'StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'];
const textVrs: readonly number[] = [VR.LO, VR.SH, VR.ST, VR.LT, VR.UT, VR.UC, VR.CS, VR.AE, VR.PN];

/** Digits and dots, no component empty or with a leading zero (PS3.5 9.1). */
function isUid(bytes: Uint8Array, start: number, end: number): boolean {
  let previous = 0x2e;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit && (byte !== 0x2e || previous === 0x2e)) return false;
    if (byte === 0x30 && previous === 0x2e && i + 1 < end && bytes[i + 1] !== 0x2e) return false;
    previous = byte;
  }
  return previous !== 0x2e;
}

/**
 * Decodes wanted elements into plain objects. Texts with bytes above ASCII or escapes wait until the whole header is
 * read: only then is it known which character set they are really in.
 */
export class AttributeReader {
  /** Set when an identifying attribute occurs twice with different values. */
  ambiguous: string | undefined;
  /** PixelPaddingValue and the like, sign still unknown. */
  readonly unsignedKeywords: string[] = [];
  charset: CharacterSet = characterSetOf(undefined);
  charsetGuess: 'UTF-8' | 'GB18030' | undefined;
  readonly #window: ByteWindow;
  readonly #flags: Flags;
  readonly #pending: Pending[] = [];
  readonly #memory: ScanMemory | undefined;

  constructor(window: ByteWindow, flags: Flags, memory?: ScanMemory) {
    this.#window = window;
    this.#flags = flags;
    this.#memory = memory;
  }

  /** Reads one element's value into `target`. Nothing is set for empty or unreadable values. */
  read(target: Collected, wanted: Wanted, element: ElementValue): void {
    if (element.length === 0) return;
    const memory = this.#memory;
    if (
      memory === undefined ||
      wanted.kind === 'pixelValue' ||
      !memory.isWorthwhile(wanted.index, element.length)
    ) {
      this.#decode(target, wanted, element);
      return;
    }
    const { vr, length, bigEndian } = element;
    const at = this.#window.ensure(element.offset, length);
    if (at < 0) return;
    const known = memory.recall(wanted.index, vr, bigEndian, length, this.#window.bytes, at);
    if (known !== undefined) {
      if (known.value !== undefined) target[wanted.keyword] = known.value;
      return;
    }
    const { raised } = this.#flags;
    const waiting = this.#pending.length;
    this.#decode(target, wanted, element);
    if (raised !== this.#flags.raised || waiting !== this.#pending.length) return;
    const bytes = this.#window.bytes.slice(at, at + length);
    memory.remember(wanted.index, { vr, bigEndian, bytes, value: target[wanted.keyword] });
  }

  #decode(target: Collected, wanted: Wanted, element: ElementValue): void {
    const { vr } = element;
    if (vr !== wanted.vr && vr !== 0) this.#checkVr(wanted, vr);
    switch (wanted.kind) {
      case 'number':
        this.#number(target, wanted, element);
        break;
      case 'pixelValue':
        this.#pixelValue(target, wanted, element);
        break;
      case 'uid':
      case 'code':
      case 'date':
        this.#ascii(target, wanted, element);
        break;
      case 'text':
      case 'name':
        this.#text(target, wanted, element);
    }
  }

  /** A second value for an attribute that has one: the first is kept, and must be the same where it identifies. */
  duplicate(target: Collected, wanted: Wanted, element: ElementValue): void {
    this.#flags.add('TAG_DUPLICATE', { keyword: wanted.keyword });
    if (!identities.includes(wanted.keyword)) return;
    const index = this.#window.ensure(element.offset, Math.min(element.length, limits.textBytes));
    if (index < 0) return;
    const end = trimmedEnd(this.#window.bytes, index, index + Math.min(element.length, limits.textBytes));
    const second = latin1(this.#window.bytes, trimmedStart(this.#window.bytes, index, end), end);
    const waiting = this.#pending.find((p) => p.wanted === wanted && p.target === target);
    const first =
      waiting === undefined ? target[wanted.keyword] : latin1(waiting.bytes, 0, waiting.bytes.length);
    if (first !== second) this.ambiguous ??= wanted.keyword;
  }

  /** Decodes the texts that were waiting, once the declared character set is known. */
  finish(declared: readonly string[] | undefined): void {
    this.charset = this.#memory?.characterSet(declared) ?? characterSetOf(declared);
    if (!this.charset.known) this.#flags.add('CHARSET_INVALID', { charset: (declared ?? []).join('\\') });
    if (this.#pending.length === 0 || this.#recallTexts(declared)) return;
    const { raised } = this.#flags;
    const guess = guessCharset(
      this.#pending.map((pending) => pending.bytes),
      this.charset,
    );
    this.#takeGuess(guess);
    const isUndeclared = guess === undefined && (declared ?? []).every((term) => term.trim() === '');
    for (const { target, wanted, bytes } of this.#pending) {
      const { text, valid } = decodeText(bytes, this.charset, wanted.kind === 'name');
      if (!valid || (isUndeclared && !bytes.includes(0x1b))) {
        this.#flags.add('CHARSET_INVALID', { keyword: wanted.keyword });
      }
      if (bidiOverride.test(text)) this.#flags.add('VALUE_INVALID', { keyword: wanted.keyword });
      this.#setText(target, wanted, text);
      if (target[wanted.keyword] === '') delete target[wanted.keyword];
    }
    const isClean = this.#flags.raised === raised + (guess === undefined ? 0 : 1);
    if (isClean && this.charset.known) this.#rememberTexts(declared);
  }

  #takeGuess(guess: 'UTF-8' | 'GB18030' | undefined): void {
    this.charsetGuess = guess;
    if (guess === undefined) return;
    this.#flags.add('CHARSET_GUESSED', { charset: guess });
    this.charset = guess === 'UTF-8' ? utf8Set : gb18030Set;
  }

  #rememberTexts(declared: readonly string[] | undefined): void {
    if (this.#memory === undefined || this.#pending.length > 64) return;
    const texts = this.#pending.map(({ target, wanted, bytes }) => ({
      index: wanted.index,
      bytes,
      value: target[wanted.keyword],
    }));
    this.#memory.texts = { declared: (declared ?? []).join('\\'), texts, guess: this.charsetGuess };
  }

  /** The texts of the file before, when this one has the very same. */
  #recallTexts(declared: readonly string[] | undefined): boolean {
    const known = this.#memory?.texts;
    if (known === undefined || known.texts.length !== this.#pending.length) return false;
    if (known.declared !== (declared ?? []).join('\\')) return false;
    const isSame = this.#pending.every(({ wanted, bytes }, i) => {
      const text = known.texts[i]!;
      return (
        text.index === wanted.index && text.bytes.length === bytes.length && sameBytes(bytes, 0, text.bytes)
      );
    });
    if (!isSame) return false;
    this.#takeGuess(known.guess);
    this.#pending.forEach(({ target, wanted }, i) => {
      const { value } = known.texts[i]!;
      if (value === undefined) delete target[wanted.keyword];
      else target[wanted.keyword] = value;
    });
    return true;
  }

  #checkVr(wanted: Wanted, vr: number): void {
    if (vr === VR.UN || (wanted.kind === 'pixelValue' && vr === VR.SS)) return;
    const isText = textVrs.includes(vr);
    if ((wanted.kind === 'text' || wanted.kind === 'code') && isText) return;
    if (wanted.vr === VR.US && (vr === VR.SS || vr === VR.UL)) return;
    this.#flags.add('VR_MISMATCH', { keyword: wanted.keyword });
  }

  #number(target: Collected, wanted: Wanted, element: ElementValue): void {
    const { length, bigEndian } = element;
    const vr = element.vr === 0 || element.vr === VR.UN ? wanted.vr : element.vr;
    const isShort = length <= limits.textBytes || (wanted.many && numberSize(vr) > 0);
    const index = isShort ? this.#window.ensure(element.offset, length) : -1;
    if (index < 0) {
      tellUnreadable(target, wanted.keyword, this.#flags);
      return;
    }
    const { bytes } = this.#window;
    if (vr === VR.US && length === 2 && !wanted.many) {
      target[wanted.keyword] = readNumber(bytes, index, vr, bigEndian);
      return;
    }
    if (!wanted.many && numberSize(vr) === 0) {
      const end = trimmedEnd(bytes, index, index + length);
      const start = trimmedStart(bytes, index, end);
      if (start === end) return;
      const value = smallInteger(bytes, start, end) ?? parseDecimal(latin1(bytes, start, end));
      if (value !== undefined && end - start <= 16) {
        target[wanted.keyword] = value;
        return;
      }
    }
    const { values, valid, comma } = readNumbers(bytes, index, length, vr, bigEndian);
    // Values with an unreadable part would shift the rest: they are not given at all.
    const isWhole = valid || values.length === this.#countValues(bytes, index, length, vr);
    if (!isWhole || (values.length === 0 && !valid)) {
      tellUnreadable(target, wanted.keyword, this.#flags);
      return;
    }
    if (!valid) this.#flags.add('VALUE_INVALID', { keyword: wanted.keyword });
    if (comma) tellComma(wanted.keyword, this.#flags);
    if (wanted.many) {
      if (values.length > 0) target[wanted.keyword] = values;
      return;
    }
    const isPixelSize = wanted.keyword === 'Rows' || wanted.keyword === 'Columns';
    if (values.length > 1 && isPixelSize) this.#flags.add('PIXEL_ATTRIBUTES', { keyword: wanted.keyword });
    if (values[0] !== undefined) target[wanted.keyword] = values[0];
  }

  #countValues(bytes: Uint8Array, index: number, length: number, vr: number): number {
    if (numberSize(vr) > 0) return Math.floor(length / numberSize(vr));
    // Backslashes that fill a value up at its end separate nothing.
    let end = trimmedEnd(bytes, index, index + length);
    while (end > index && bytes[end - 1] === 0x5c) end = trimmedEnd(bytes, index, end - 1);
    let count = 1;
    for (let at = index; at < end; at++) if (bytes[at] === 0x5c) count++;
    return count;
  }

  #pixelValue(target: Collected, wanted: Wanted, element: ElementValue): void {
    const vr = element.vr === VR.SS ? VR.SS : VR.US;
    if (numberSize(element.vr) === 0 && element.vr !== 0 && element.vr !== VR.UN) {
      this.#number(target, wanted, element);
      return;
    }
    const index = element.length >= 2 ? this.#window.ensure(element.offset, 2) : -1;
    if (index < 0) return;
    target[wanted.keyword] = readNumber(this.#window.bytes, index, vr, element.bigEndian);
    if (vr === VR.US) this.unsignedKeywords.push(wanted.keyword);
  }

  #ascii(target: Collected, wanted: Wanted, element: ElementValue): void {
    const length = Math.min(element.length, limits.textBytes);
    const index = this.#window.ensure(element.offset, length);
    if (index < 0) return;
    const { bytes } = this.#window;
    const end = trimmedEnd(bytes, index, index + length);
    const start = trimmedStart(bytes, index, end);
    if (start === end && !wanted.many) return;
    const text = latin1(bytes, start, end);
    if (wanted.kind === 'uid') {
      if (end - start > 64 || !isUid(bytes, start, end))
        this.#flags.add('UID_INVALID', { keyword: wanted.keyword });
      target[wanted.keyword] = text.slice(0, limits.indexTextCharacters);
    } else if (wanted.kind === 'date') {
      const { value, valid } = checkedDateTime(text, wanted.vr);
      if (!valid) this.#flags.add('VALUE_INVALID', { keyword: wanted.keyword });
      if (value !== undefined) target[wanted.keyword] = value;
    } else this.#setText(target, wanted, text);
  }

  #text(target: Collected, wanted: Wanted, element: ElementValue): void {
    const length = Math.min(element.length, limits.textBytes);
    const index = this.#window.ensure(element.offset, length);
    if (index < 0) return;
    const { bytes } = this.#window;
    const end = trimmedEnd(bytes, index, index + length);
    let isPlain = true;
    let hasControl = false;
    for (let i = index; i < end; i++) {
      const byte = bytes[i]!;
      if (byte < 0x20) {
        if (byte === 0x1b) isPlain = false;
        else if (byte < 0x09 || byte > 0x0d) hasControl = true;
      } else if (byte >= 0x7f) {
        if (byte === 0x7f) hasControl = true;
        else isPlain = false;
      }
    }
    if (hasControl || element.length > limits.textBytes) {
      this.#flags.add('VALUE_INVALID', { keyword: wanted.keyword });
    }
    if (isPlain) this.#setText(target, wanted, latin1(bytes, index, end));
    else {
      // Holds the place until the character set is known.
      target[wanted.keyword] = '';
      this.#pending.push({ target, wanted, bytes: bytes.slice(index, end) });
    }
  }

  #setText(target: Collected, wanted: Wanted, text: string): void {
    if (wanted.kind === 'name') {
      const name = personName(text);
      if (name !== undefined) target[wanted.keyword] = name;
      return;
    }
    if (wanted.many) {
      if (text.trim() !== '') target[wanted.keyword] = text.split('\\').map((part) => part.trim());
      return;
    }
    const cut = text.length > limits.indexTextCharacters ? text.slice(0, limits.indexTextCharacters) : text;
    const value = wanted.isLong ? cut : cut.trim();
    if (value !== '') target[wanted.keyword] = value;
  }
}
