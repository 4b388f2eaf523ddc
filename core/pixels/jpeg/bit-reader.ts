/**
 * Bits of one JPEG entropy-coded segment, most significant first (ITU-T T.81 F.2.2.5): unstuffs FF 00 and
 * stops in front of any marker. Past the end it gives zeros and counts them, so that a cut stream ends in
 * a value instead of an exception.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  position: number;
  #bits = 0;
  #count = 0;
  #padding = 0;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** True once more bits were used than the segment holds. */
  get exhausted(): boolean {
    return this.#padding > 0 && this.#padding > this.#count;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 24) {
      let byte = 0;
      if (this.position < bytes.length) {
        byte = bytes[this.position]!;
        if (byte === 0xff) {
          if (bytes[this.position + 1] === 0) this.position += 2;
          else {
            byte = 0;
            this.#padding += 8;
          }
        } else this.position += 1;
      } else this.#padding += 8;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  /** The next `n` ≤ 16 bits as an unsigned number. */
  take(n: number): number {
    if (n === 0) return 0;
    if (this.#count < n) this.#fill();
    this.#count -= n;
    return (this.#bits >>> this.#count) & ((1 << n) - 1);
  }

  /** `n` bits as the signed difference they stand for (T.81 F.2.2.1, EXTEND). */
  takeSigned(n: number): number {
    const value = this.take(n);
    return value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
  }

  /** The next Huffman symbol, or −1 when no code of the table begins like this. */
  symbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const entry = table.quick[(this.#bits >>> (this.#count - quickBits)) & quickMask]!;
    if (entry !== 0) {
      this.#count -= entry >> 8;
      return entry & 0xff;
    }
    return this.#longSymbol(table);
  }

  #longSymbol(table: HuffmanTable): number {
    for (let length = quickBits + 1; length <= 16; length++) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= table.lastCode[length]!) {
        this.#count -= length;
        return table.symbols[table.firstIndex[length]! + code - table.firstCode[length]!] ?? -1;
      }
    }
    return -1;
  }

  /** Drops the bits left of the segment and steps over a restart marker if one stands here. */
  restart(): boolean {
    const bytes = this.#bytes;
    this.#bits = 0;
    this.#count = 0;
    this.#padding = 0;
    while (this.position + 1 < bytes.length) {
      if (
        bytes[this.position] === 0xff &&
        bytes[this.position + 1] !== 0 &&
        bytes[this.position + 1] !== 0xff
      ) {
        const marker = bytes[this.position + 1]!;
        if (marker < 0xd0 || marker > 0xd7) return false;
        this.position += 2;
        return true;
      }
      this.position += 1;
    }
    return false;
  }
}

const quickBits = 9;
const quickMask = (1 << quickBits) - 1;

/** A Huffman table made ready for decoding (T.81 Annex C, F.2.2.3). */
export interface HuffmanTable {
  /** By the next nine bits: code length × 256 + symbol; 0 = longer code. */
  readonly quick: Uint16Array;
  readonly firstCode: Int32Array;
  /** −1 where there is no code of that length. */
  readonly lastCode: Int32Array;
  readonly firstIndex: Int32Array;
  readonly symbols: Uint8Array;
}

/** Builds a table from the 16 counts and the symbols of a DHT segment; null when the code is overfull. */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const quick = new Uint16Array(1 << quickBits);
  const firstCode = new Int32Array(17);
  const lastCode = new Int32Array(17).fill(-1);
  const firstIndex = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) return null;
    firstCode[length] = code;
    firstIndex[length] = index;
    if (count > 0) lastCode[length] = code + count - 1;
    for (let n = 0; n < count; n++, code++, index++) {
      if (length > quickBits) continue;
      const from = code << (quickBits - length);
      quick.fill((length << 8) | symbols[index]!, from, from + (1 << (quickBits - length)));
    }
    code <<= 1;
  }
  return { quick, firstCode, lastCode, firstIndex, symbols };
}
