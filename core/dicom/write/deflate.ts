/** Raw deflate (RFC 1951) with fixed Huffman codes and a one-entry hash of three bytes. */

class BitSink {
  private bytes: Uint8Array;
  private length = 0;
  private bits = 0;
  private count = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }
  /** Lowest bit first. */
  put(value: number, width: number): void {
    this.bits |= value << this.count;
    this.count += width;
    while (this.count >= 8) {
      this.bytes[this.length++] = this.bits & 255;
      this.bits >>>= 8;
      this.count -= 8;
    }
  }
  done(): Uint8Array {
    if (this.count > 0) this.bytes[this.length++] = this.bits & 255;
    return this.bytes.slice(0, this.length);
  }
}

function reversed(code: number, width: number): number {
  let out = 0;
  for (let n = 0; n < width; n++) out |= ((code >> n) & 1) << (width - 1 - n);
  return out;
}

/** Fixed literal and length codes (RFC 1951 3.2.6), bits already reversed. */
const literalCodes: readonly (readonly [code: number, width: number])[] = Array.from(
  { length: 288 },
  (_, n) => {
    if (n < 144) return [reversed(0x30 + n, 8), 8] as const;
    if (n < 256) return [reversed(0x190 + n - 144, 9), 9] as const;
    if (n < 280) return [reversed(n - 256, 7), 7] as const;
    return [reversed(0xc0 + n - 280, 8), 8] as const;
  },
);

/** First value and extra bits of each length (257…285) and distance code (0…29), RFC 1951 3.2.5. */
const lengthCodes = bases(3, 28, 4, 8);
const distanceCodes = bases(1, 30, 2, 4);

function bases(
  start: number,
  count: number,
  group: number,
  plain: number,
): readonly (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  let base = start;
  for (let n = 0; n < count; n++) {
    const extra = n < plain ? 0 : Math.floor(n / group) - 1;
    out.push([base, extra]);
    base += 1 << extra;
  }
  return out;
}

function codeFor(table: readonly (readonly [number, number])[], value: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table[middle]![0] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function putMatch(sink: BitSink, size: number, distance: number): void {
  if (size === 258) sink.put(...literalCodes[285]!);
  else {
    const n = codeFor(lengthCodes, size);
    const [base, extra] = lengthCodes[n]!;
    sink.put(...literalCodes[257 + n]!);
    sink.put(size - base, extra);
  }
  const n = codeFor(distanceCodes, distance);
  const [base, extra] = distanceCodes[n]!;
  sink.put(reversed(n, 5), 5);
  sink.put(distance - base, extra);
}

/** Compresses in one final block; inflates with any RFC 1951 reader. */
export function deflateRaw(bytes: Uint8Array): Uint8Array {
  const sink = new BitSink(Math.ceil(bytes.length * 1.13) + 16);
  const seen = new Int32Array(1 << 15).fill(-1);
  sink.put(3, 3);
  let at = 0;
  while (at < bytes.length) {
    let size = 0;
    let from = -1;
    if (at + 3 <= bytes.length) {
      const key = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) >>> 0;
      const slot = (Math.imul(key, 0x9e3779b1) >>> 17) & 32767;
      from = seen[slot]!;
      seen[slot] = at;
      if (from >= 0 && at - from <= 32768)
        while (size < 258 && at + size < bytes.length && bytes[from + size] === bytes[at + size]) size++;
    }
    if (size >= 3) {
      putMatch(sink, size, at - from);
      at += size;
    } else {
      sink.put(...literalCodes[bytes[at]!]!);
      at++;
    }
  }
  sink.put(...literalCodes[256]!);
  return sink.done();
}
