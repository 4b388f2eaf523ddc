/** Deflated bytes, read in order. */
export interface DeflatedInput {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** What to keep and when to give up. */
export interface InflateLimits {
  /** Output beyond this is counted, not kept. */
  readonly keptBytes: number;
  readonly maxBytes: number;
  /** From this much output on, `maxRatio` counts. */
  readonly freeBytes: number;
  /** Largest output : input. */
  readonly maxRatio: number;
}

export interface Inflated {
  readonly outcome: 'whole' | 'bomb' | 'damaged';
  /** The first `keptBytes` of the output; what was there before the damage. */
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  /** Input bytes used. */
  readonly consumedBytes: number;
}

/** A canonical Huffman code as counts a length and symbols in order (RFC 1951 3.2.2). */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
  /** First `fastBits` bits → length << 12 | symbol; 0 for longer codes. */
  readonly fast: Uint16Array;
}

const fastBits = 9;
const maxBits = 15;
const windowBytes = 32_768;
const pieceBytes = 256 * 1024;

function reversed(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) out = (out << 1) | ((code >> i) & 1);
  return out;
}

/** Undefined when the lengths describe no code: over-subscribed, or incomplete with more than one symbol. */
function huffman(lengths: Uint8Array): Huffman | undefined {
  const counts = new Uint16Array(maxBits + 1);
  for (const length of lengths) counts[length]!++;
  let left = 1;
  for (let length = 1; length <= maxBits; length++) {
    left = left * 2 - counts[length]!;
    if (left < 0) return undefined;
  }
  const used = lengths.length - counts[0]!;
  if (left > 0 && used > 1) return undefined;
  const offsets = new Uint16Array(maxBits + 2);
  const next = new Uint16Array(maxBits + 2);
  for (let length = 1; length <= maxBits; length++) {
    offsets[length + 1] = offsets[length]! + counts[length]!;
    next[length + 1] = (next[length]! + counts[length]!) << 1;
  }
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << fastBits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    symbols[offsets[length]!++] = symbol;
    const code = reversed(next[length]!++, length);
    if (length > fastBits) continue;
    for (let i = code; i < 1 << fastBits; i += 1 << length) fast[i] = (length << 12) | symbol;
  }
  counts[0] = 0;
  return { counts, symbols, fast };
}

const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12_289, 16_385, 24_577,
];
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function fixedCodes(): readonly [Huffman, Huffman] {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return [huffman(lengths)!, huffman(new Uint8Array(32).fill(5))!];
}

class Damaged extends Error {}
class Bomb extends Error {}

/** Inflates a raw deflate stream (RFC 1951) with a sliding window, keeping no more than asked for. */
class Inflater {
  readonly #source: DeflatedInput;
  /** The piece of the input at hand; its first byte is input byte `#start`. */
  #piece: Uint8Array = new Uint8Array(0);
  #start = 0;
  readonly #limits: InflateLimits;
  readonly #recent = new Uint8Array(windowBytes);
  #kept: Uint8Array;
  #total = 0;
  #at = 0;
  #bits = 0;
  #bitCount = 0;

  constructor(source: DeflatedInput, inflateLimits: InflateLimits) {
    this.#source = source;
    this.#limits = inflateLimits;
    this.#kept = new Uint8Array(Math.min(inflateLimits.keptBytes, Math.max(4096, source.size * 3)));
  }

  run(): Inflated {
    let outcome: Inflated['outcome'] = 'whole';
    try {
      while (!this.#block());
    } catch (fault) {
      if (fault instanceof Bomb) outcome = 'bomb';
      else if (fault instanceof Damaged) outcome = 'damaged';
      else throw fault;
    }
    const bytes = this.#kept.subarray(0, Math.min(this.#total, this.#limits.keptBytes));
    return { outcome, bytes, totalBytes: this.#total, consumedBytes: this.#at - (this.#bitCount >> 3) };
  }

  /** One block; true after the last. */
  #block(): boolean {
    const isLast = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 0) this.#stored();
    else if (type === 1) this.#compressed(...fixedCodes());
    else if (type === 2) this.#compressed(...this.#dynamicCodes());
    else throw new Damaged();
    return isLast;
  }

  #stored(): void {
    this.#drop(this.#bitCount & 7);
    const length = this.#take(8) | (this.#take(8) << 8);
    const check = this.#take(8) | (this.#take(8) << 8);
    if ((length ^ check) !== 0xffff) throw new Damaged();
    for (let i = 0; i < length; i++) this.#put(this.#take(8));
  }

  #dynamicCodes(): readonly [Huffman, Huffman] {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const codes = this.#take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codes; i++) codeLengths[codeLengthOrder[i]!] = this.#take(3);
    const code = huffman(codeLengths);
    if (code === undefined || literals > 286 || distances > 30) throw new Damaged();
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new Damaged();
      const value = symbol === 16 ? lengths[i - 1]! : 0;
      const count =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (i + count > lengths.length) throw new Damaged();
      lengths.fill(value, i, i + count);
      i += count;
    }
    const literal = huffman(lengths.subarray(0, literals));
    const distance = huffman(lengths.subarray(literals));
    if (literal === undefined || distance === undefined || lengths[256] === 0) throw new Damaged();
    return [literal, distance];
  }

  #compressed(literal: Huffman, distance: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(literal);
      if (symbol < 256) {
        this.#put(symbol);
        continue;
      }
      if (symbol === 256) return;
      const index = symbol - 257;
      if (index >= lengthBase.length) throw new Damaged();
      const length = lengthBase[index]! + this.#take(lengthExtra[index]!);
      const code = this.#symbol(distance);
      if (code >= 30) throw new Damaged();
      const back = distanceBase[code]! + this.#take(code < 2 ? 0 : (code >> 1) - 1);
      if (back > this.#total) throw new Damaged();
      for (let i = 0; i < length; i++) this.#put(this.#recent[(this.#total - back) & (windowBytes - 1)]!);
    }
  }

  #symbol(code: Huffman): number {
    this.#fill(maxBits);
    const quick = code.fast[this.#bits & ((1 << fastBits) - 1)]!;
    if (quick !== 0 && quick >> 12 <= this.#bitCount) {
      this.#drop(quick >> 12);
      return quick & 0xfff;
    }
    let value = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= maxBits; length++) {
      if (length > this.#bitCount) throw new Damaged();
      value |= (this.#bits >> (length - 1)) & 1;
      const count = code.counts[length]!;
      if (value - count < first) {
        this.#drop(length);
        return code.symbols[index + value - first]!;
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new Damaged();
  }

  /** Tops the bit buffer up; fewer bits are there only at the end of the input. */
  #fill(count: number): void {
    while (this.#bitCount < count) {
      if (this.#at - this.#start >= this.#piece.length && !this.#load()) return;
      this.#bits |= this.#piece[this.#at++ - this.#start]! << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #load(): boolean {
    if (this.#at >= this.#source.size) return false;
    this.#piece = this.#source.read(this.#at, Math.min(pieceBytes, this.#source.size - this.#at));
    this.#start = this.#at;
    return this.#piece.length > 0;
  }

  #drop(count: number): void {
    this.#bits >>>= count;
    this.#bitCount -= count;
  }

  #take(count: number): number {
    if (count === 0) return 0;
    this.#fill(count);
    if (this.#bitCount < count) throw new Damaged();
    const value = this.#bits & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  #put(byte: number): void {
    const total = this.#total;
    this.#recent[total & (windowBytes - 1)] = byte;
    if (total < this.#limits.keptBytes) {
      if (total === this.#kept.length) this.#grow();
      this.#kept[total] = byte;
    }
    this.#total = total + 1;
    if ((this.#total & 0xffff) === 0) this.#check();
  }

  #grow(): void {
    const larger = new Uint8Array(Math.min(this.#limits.keptBytes, this.#kept.length * 2));
    larger.set(this.#kept);
    this.#kept = larger;
  }

  #check(): void {
    const { maxBytes, freeBytes, maxRatio } = this.#limits;
    if (this.#total > maxBytes) throw new Bomb();
    if (this.#total > freeBytes && this.#total > this.#at * maxRatio) throw new Bomb();
  }
}

/**
 * Inflates a raw deflate stream (RFC 1951) within limits. The output is kept up to `keptBytes` and counted to its
 * end, so that size and soundness are known without holding all of it.
 */
export const inflateCapped = (input: DeflatedInput | Uint8Array, inflateLimits: InflateLimits): Inflated =>
  new Inflater(input instanceof Uint8Array ? wholeInput(input) : input, inflateLimits).run();

const wholeInput = (bytes: Uint8Array): DeflatedInput => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});
