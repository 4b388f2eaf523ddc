import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJpeg } from './decode-jpeg.ts';

/** Writes bits most significant first with byte stuffing. */
class BitWriter {
  readonly bytes: number[] = [];
  #bits = 0;
  #count = 0;
  put(value: number, length: number): void {
    for (let n = length - 1; n >= 0; n--) {
      this.#bits = (this.#bits << 1) | ((value >> n) & 1);
      if (++this.#count === 8) this.flushByte();
    }
  }
  flushByte(): void {
    this.bytes.push(this.#bits & 255);
    if ((this.#bits & 255) === 255) this.bytes.push(0);
    this.#bits = 0;
    this.#count = 0;
  }
  align(): void {
    while (this.#count > 0) this.put(1, 1);
  }
}

const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];
/** Seventeen symbols 0 … 16, all with five-bit codes. */
const fiveBitTable = [0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...Array(17).keys()];

interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  readonly predictor: number;
  readonly restartRows: number;
  readonly samples: readonly number[];
}

/** A lossless JPEG encoder written from T.81 Annex H, independent of the decoder. */
function encode({ rows, columns, bits, predictor, restartRows, samples }: Picture): Uint8Array {
  const out = [0xff, 0xd8, ...segment(0xc4, fiveBitTable)];
  out.push(...segment(0xc3, [bits, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0]));
  if (restartRows > 0)
    out.push(...segment(0xdd, [(restartRows * columns) >> 8, (restartRows * columns) & 255]));
  out.push(...segment(0xda, [1, 1, 0, predictor, 0, 0]));
  let writer = new BitWriter();
  let intervals = 0;
  for (let row = 0; row < rows; row++) {
    const first = row === 0 || (restartRows > 0 && row % restartRows === 0);
    if (first && row > 0) {
      writer.align();
      out.push(...writer.bytes, 0xff, 0xd0 + (intervals++ % 8));
      writer = new BitWriter();
    }
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const [a, b, c] = [samples[at - 1]!, samples[at - columns]!, samples[at - columns - 1]!];
      const rules = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
      const predicted = first ? (column === 0 ? 1 << (bits - 1) : a) : column === 0 ? b : rules[predictor]!;
      let difference = (samples[at]! - predicted) & 0xffff;
      if (difference > 32768) difference -= 65536;
      const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      writer.put(size, 5);
      if (size > 0 && size < 16) writer.put(difference < 0 ? difference + (1 << size) - 1 : difference, size);
    }
  }
  writer.align();
  return Uint8Array.from([...out, ...writer.bytes, 0xff, 0xd9]);
}

const picture = fc
  .record({
    rows: fc.integer({ min: 1, max: 9 }),
    columns: fc.integer({ min: 1, max: 9 }),
    bits: fc.integer({ min: 2, max: 16 }),
    predictor: fc.integer({ min: 1, max: 7 }),
    restartRows: fc.integer({ min: 0, max: 3 }),
  })
  .chain((shape) =>
    fc.record({
      rows: fc.constant(shape.rows),
      columns: fc.constant(shape.columns),
      bits: fc.constant(shape.bits),
      predictor: fc.constant(shape.predictor),
      restartRows: fc.constant(shape.restartRows),
      samples: fc.array(fc.integer({ min: 0, max: 2 ** shape.bits - 1 }), {
        minLength: shape.rows * shape.columns,
        maxLength: shape.rows * shape.columns,
      }),
    }),
  );

const samplesOf = (bytes: Uint8Array, bits: number): number[] =>
  bits > 8 ? [...new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)] : [...bytes];

test('lossless pictures of every depth, predictor and restart interval come back exactly', () => {
  fc.assert(
    fc.property(picture, (made) => {
      const decoded = decodeJpeg(encode(made));
      expect(decoded.ok && decoded.value.partial).toBe(undefined);
      expect(decoded.ok && samplesOf(decoded.value.bytes, made.bits)).toEqual(made.samples);
    }),
    { numRuns: 400 },
  );
});

test('a stream cut inside the pixels gives a picture that says it is partial, or a problem', () => {
  const samples = Array.from({ length: 400 }, (_, n) => (n * 7919) % 4096);
  const whole = encode({ rows: 20, columns: 20, bits: 12, predictor: 1, restartRows: 0, samples });
  for (let length = whole.length - 12; length > 150; length -= 7) {
    const decoded = decodeJpeg(whole.subarray(0, length));
    expect(decoded.ok && decoded.value.partial).toBe(true);
  }
});

test('no bytes whatsoever make the decoder throw', () => {
  const whole = encode({
    rows: 4,
    columns: 4,
    bits: 8,
    predictor: 4,
    restartRows: 1,
    samples: Array(16).fill(9),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), (edits) => {
      const bytes = whole.slice();
      for (const [at, value] of edits) bytes[at] = value;
      decodeJpeg(bytes);
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeJpeg(bytes)));
});

test('a giant declared in a few bytes is refused before anything is allocated', () => {
  const header = segment(0xc0, [8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0]);
  const decoded = decodeJpeg(Uint8Array.from([0xff, 0xd8, ...header, 0xff, 0xd9]));
  expect(!decoded.ok && decoded.problem.code).toBe('FRAME_TOO_LARGE');
});
