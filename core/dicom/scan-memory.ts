import type { Value } from './attribute-reader.ts';
import { type CharacterSet, characterSetOf } from './charset.ts';

/** An attribute as the file before had it: encoded bytes, and what they decode to. */
interface Remembered {
  readonly vr: number;
  readonly bigEndian: boolean;
  readonly bytes: Uint8Array;
  /** Undefined for values that are none (blank). */
  readonly value: Value | undefined;
}

/** Texts above ASCII as the file before had them, decoded together. */
export interface RememberedTexts {
  readonly declared: string;
  readonly texts: readonly {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly value: Value | undefined;
  }[];
  readonly guess: 'UTF-8' | 'GB18030' | undefined;
}

/** Values that change from file to file are not worth remembering after so many misses in a row. */
const maxMisses = 8;
const maxBytes = 256;

export const sameBytes = (bytes: Uint8Array, at: number, known: Uint8Array): boolean => {
  for (let i = known.length - 1; i >= 0; i--) if (bytes[at + i] !== known[i]) return false;
  return true;
};

/**
 * What a scanner remembers from one file to the next. Neighbours in a series share most values, and comparing bytes
 * is cheaper than decoding them. Results are the same with and without it.
 */
export class ScanMemory {
  texts: RememberedTexts | undefined;
  readonly #values: (Remembered | undefined)[] = [];
  readonly #misses: number[] = [];
  #charsetKey: string | undefined;
  #charset: CharacterSet | undefined;

  /** The remembered value of attribute `index` when its bytes are the same; undefined otherwise. */
  recall(
    index: number,
    vr: number,
    bigEndian: boolean,
    length: number,
    bytes: Uint8Array,
    at: number,
  ): Remembered | undefined {
    const known = this.#values[index];
    if (known === undefined || known.bytes.length !== length || known.vr !== vr) return undefined;
    return known.bigEndian === bigEndian && sameBytes(bytes, at, known.bytes) ? known : undefined;
  }

  /** Whether attribute `index` still repeats often enough, for values of `length` bytes. */
  isWorthwhile(index: number, length: number): boolean {
    return length <= maxBytes && (this.#misses[index] ?? 0) < maxMisses;
  }

  remember(index: number, value: Remembered): void {
    this.#misses[index] = this.#values[index] === undefined ? 0 : (this.#misses[index] ?? 0) + 1;
    this.#values[index] = this.#misses[index]! < maxMisses ? value : undefined;
  }

  characterSet(declared: readonly string[] | undefined): CharacterSet {
    const key = declared?.join('\\') ?? '';
    if (this.#charset === undefined || this.#charsetKey !== key) {
      this.#charset = characterSetOf(declared);
      this.#charsetKey = key;
    }
    return this.#charset;
  }
}
