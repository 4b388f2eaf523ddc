/** A small baseline JPEG writer (ITU-T T.81, JFIF 1.02): RGBA in, YCbCr 4:2:0 out, standard tables. */
import {
  brightnessAc,
  brightnessDc,
  brightnessSteps,
  colourAc,
  colourDc,
  colourSteps,
  type HuffmanSpec,
} from './encode-tables.ts';
import { naturalFromZigzag } from './idct.ts';

/** Codes by symbol: bits and how many. */
interface Codes {
  readonly bits: Uint16Array;
  readonly widths: Uint8Array;
}

function codesOf({ counts, symbols }: HuffmanSpec): Codes {
  const codes = { bits: new Uint16Array(256), widths: new Uint8Array(256) };
  let code = 0;
  let at = 0;
  for (const [n, count] of counts.entries()) {
    for (let i = 0; i < count; i += 1) {
      codes.bits[symbols[at]!] = code;
      codes.widths[symbols[at]!] = n + 1;
      code += 1;
      at += 1;
    }
    code <<= 1;
  }
  return codes;
}

const brightness = { dc: codesOf(brightnessDc), ac: codesOf(brightnessAc) };
const colour = { dc: codesOf(colourDc), ac: codesOf(colourAc) };

/** Steps for a quality of 1 to 100, as the Independent JPEG Group scales them. */
function scaledSteps(steps: readonly number[], quality: number): Uint8Array {
  const percent = quality < 50 ? 5000 / quality : 200 - quality * 2;
  return Uint8Array.from(steps, (step) =>
    Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255),
  );
}

/** Rows of the 8-point DCT: cosines[u · 8 + x]. */
const cosines = Float64Array.from({ length: 64 }, (_, n) => {
  const [u, x] = [n >> 3, n & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const half = new Float64Array(64);

/** Forward DCT of `block` (row-major, level-shifted) in place. */
function transform(block: Float64Array): void {
  for (let y = 0; y < 8; y += 1)
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += block[y * 8 + x]! * cosines[u * 8 + x]!;
      half[y * 8 + u] = sum;
    }
  for (let u = 0; u < 8; u += 1)
    for (let w = 0; w < 8; w += 1) {
      let sum = 0;
      for (let y = 0; y < 8; y += 1) sum += half[y * 8 + u]! * cosines[w * 8 + y]!;
      block[w * 8 + u] = sum;
    }
}

class Sink {
  bytes: Uint8Array;
  length = 0;
  #bits = 0;
  #count = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length] = value;
    this.length += 1;
  }

  segment(marker: number, content: readonly number[] | Uint8Array): void {
    const size = content.length + 2;
    for (const value of [0xff, marker, size >> 8, size & 255, ...content]) this.byte(value);
  }

  /** Highest bit first; a byte 255 is followed by 0 (T.81 B.1.1.5). */
  put(bits: number, width: number): void {
    this.#bits = (this.#bits << width) | bits;
    this.#count += width;
    while (this.#count >= 8) {
      this.#count -= 8;
      const value = (this.#bits >> this.#count) & 255;
      this.byte(value);
      if (value === 255) this.byte(0);
    }
    this.#bits &= (1 << this.#count) - 1;
  }

  flush(): void {
    if (this.#count > 0) this.put((1 << (8 - this.#count)) - 1, 8 - this.#count);
  }
}

const widthOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

function putValue(sink: Sink, value: number, width: number): void {
  if (width > 0) sink.put(value < 0 ? value + (1 << width) - 1 : value, width);
}

/** Codes one block; answers its DC for the next of its component. */
function putBlock(
  sink: Sink,
  block: Float64Array,
  steps: Uint8Array,
  { dc, ac }: { readonly dc: Codes; readonly ac: Codes },
  last: number,
): number {
  transform(block);
  const level = (n: number): number =>
    Math.round(block[naturalFromZigzag[n]!]! / steps[naturalFromZigzag[n]!]!);
  const first = level(0);
  const width = widthOf(first - last);
  sink.put(dc.bits[width]!, dc.widths[width]!);
  putValue(sink, first - last, width);
  let zeros = 0;
  for (let n = 1; n < 64; n += 1) {
    const value = level(n);
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) sink.put(ac.bits[0xf0]!, ac.widths[0xf0]!);
    const symbol = (zeros << 4) | widthOf(value);
    sink.put(ac.bits[symbol]!, ac.widths[symbol]!);
    putValue(sink, value, widthOf(value));
    zeros = 0;
  }
  if (zeros > 0) sink.put(ac.bits[0]!, ac.widths[0]!);
  return first;
}

/** Y, Cb and Cr of the picture (JFIF), level-shifted; Cb and Cr are means of four pixels. Edges are repeated. */
class Planes {
  readonly y = new Float64Array(256);
  readonly cb = new Float64Array(64);
  readonly cr = new Float64Array(64);
  readonly #rgba: ArrayLike<number>;
  readonly #width: number;
  readonly #height: number;

  constructor(rgba: ArrayLike<number>, width: number, height: number) {
    this.#rgba = rgba;
    this.#width = width;
    this.#height = height;
  }

  /** Fills the planes with the 16 × 16 pixels from (left, top). */
  load(left: number, top: number): void {
    this.cb.fill(0);
    this.cr.fill(0);
    for (let j = 0; j < 16; j += 1) {
      const row = Math.min(top + j, this.#height - 1) * this.#width;
      for (let i = 0; i < 16; i += 1) {
        const at = (row + Math.min(left + i, this.#width - 1)) * 4;
        const [r, g, b] = [this.#rgba[at]!, this.#rgba[at + 1]!, this.#rgba[at + 2]!];
        this.y[j * 16 + i] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
        const small = (j >> 1) * 8 + (i >> 1);
        this.cb[small]! += (-0.168736 * r - 0.331264 * g + 0.5 * b) / 4;
        this.cr[small]! += (0.5 * r - 0.418688 * g - 0.081312 * b) / 4;
      }
    }
  }

  /** Block 0…3 of Y: left to right, then down. */
  quarter(n: number, out: Float64Array): Float64Array {
    const at = (n >> 1) * 128 + (n & 1) * 8;
    for (let j = 0; j < 8; j += 1) out.set(this.y.subarray(at + j * 16, at + j * 16 + 8), j * 8);
    return out;
  }
}

function putHead(sink: Sink, width: number, height: number, steps: readonly [Uint8Array, Uint8Array]): void {
  sink.byte(0xff);
  sink.byte(0xd8);
  sink.segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);
  for (const [n, table] of steps.entries())
    sink.segment(0xdb, [n, ...Array.from(naturalFromZigzag, (at) => table[at]!)]);
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  sink.segment(0xc0, [8, ...size, 3, ...[1, 0x22, 0], ...[2, 0x11, 1], ...[3, 0x11, 1]]);
  const tables = [
    [0x00, brightnessDc],
    [0x10, brightnessAc],
    [0x01, colourDc],
    [0x11, colourAc],
  ] as const;
  for (const [id, { counts, symbols }] of tables) sink.segment(0xc4, [id, ...counts, ...symbols]);
  sink.segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
}

/** `rgba` is width × height × 4 bytes, alpha is not looked at; sides up to 65,535; quality 1 to 100. */
export function encodeJpeg(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  quality = 92,
): Uint8Array<ArrayBuffer> {
  const sink = new Sink(Math.max(1024, (width * height) >> 1));
  const steps = [scaledSteps(brightnessSteps, quality), scaledSteps(colourSteps, quality)] as const;
  putHead(sink, width, height, steps);
  const planes = new Planes(rgba, width, height);
  const block = new Float64Array(64);
  let [y, cb, cr] = [0, 0, 0];
  for (let top = 0; top < height; top += 16)
    for (let left = 0; left < width; left += 16) {
      planes.load(left, top);
      for (let n = 0; n < 4; n += 1) y = putBlock(sink, planes.quarter(n, block), steps[0], brightness, y);
      cb = putBlock(sink, planes.cb, steps[1], colour, cb);
      cr = putBlock(sink, planes.cr, steps[1], colour, cr);
    }
  sink.flush();
  sink.byte(0xff);
  sink.byte(0xd9);
  return new Uint8Array(sink.bytes.buffer.slice(0, sink.length) as ArrayBuffer);
}
