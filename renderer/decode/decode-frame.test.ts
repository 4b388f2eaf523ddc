import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ok } from '../../core/base/result.ts';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import type { CodecSet, PixelFormat } from '../../core/pixels/types.ts';
import { decodeOrder } from './decode-frame.ts';
import type { FrameOrder } from './messages.ts';

/** JPEG-LS as far as its head goes: SOI, SOF55 of 3 × 5 pixels of 16 bits, SOS, EOI. */
const head = Uint8Array.of(
  255,
  216,
  255,
  247,
  0,
  11,
  16,
  0,
  3,
  0,
  5,
  1,
  1,
  17,
  0,
  255,
  218,
  0,
  8,
  1,
  1,
  0,
  0,
  0,
  0,
);

test('what a codec gives becomes the same values in one pass as in four', () => {
  const cases = fc.record({
    words: fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 15, maxLength: 15 }),
    bitsStored: fc.integer({ min: 9, max: 16 }),
    signed: fc.boolean(),
    intercept: fc.integer({ min: -2000, max: 2000 }),
    padding: fc.option(fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.nat(500)), { nil: undefined }),
  });
  fc.assert(
    fc.property(cases, ({ words, bitsStored, signed, intercept, padding: pair }) => {
      const format = signedWords(3, 5, {
        bitsStored,
        highBit: bitsStored - 1,
        pixelRepresentation: signed ? 1 : 0,
      });
      const bytes = new Uint8Array(Uint16Array.from(words).buffer);
      const codecs: CodecSet = {
        jpegLs: () =>
          ok({ rows: 3, columns: 5, samples: 1, bitsPerSample: 16, signed, bytes: bytes.slice() }),
      };
      const decoded = (more: Partial<FrameOrder>) => {
        const buffer = new SharedArrayBuffer(30);
        const order: FrameOrder = {
          index: 0,
          transferSyntaxUID: '1.2.840.10008.1.2.4.80',
          format,
          frameIndex: 0,
          transform: { slope: 1, intercept },
          ...(pair && { padding: { low: pair[0], high: pair[0] + pair[1] } }),
          target: { buffer, byteOffset: 0, scalarType: 'int16' },
          ...more,
        };
        const message = decodeOrder(order, [head], codecs);
        return { message, values: [...new Int16Array(buffer)] };
      };
      const quick = decoded({});
      // Overlays in the cells' upper bits are looked for on the long road only.
      const long = decoded({ embedded: [] });
      expect(quick.values).toEqual(long.values);
      if (long.message.kind !== 'mono' || quick.message.kind !== 'mono') throw new Error('not decoded');
      const { min, max } = long.message.range;
      if (min <= max) expect(quick.message).toEqual(long.message);
      else expect(quick.message.range.min).toBeGreaterThan(quick.message.range.max);
    }),
  );
});

const plain = signedWords(2, 3);

test('pixels that a cut file does not reach are no data, not a made-up value', () => {
  const whole = new Uint8Array(Int16Array.of(-900, 40, 50, 60, 70, 80).buffer);
  for (const scalarType of ['int16', 'float32'] as const) {
    const buffer = new SharedArrayBuffer(24);
    const order: FrameOrder = {
      index: 0,
      transferSyntaxUID: '1.2.840.10008.1.2.1',
      format: plain,
      frameIndex: 0,
      transform: { slope: 1, intercept: -24 },
      target: { buffer, byteOffset: 0, scalarType },
    };
    const decoded = decodeOrder(order, [whole.subarray(0, 7)], {});
    const values = scalarType === 'int16' ? new Int16Array(buffer, 0, 6) : new Float32Array(buffer);
    const none = scalarType === 'int16' ? -32768 : Number.NaN;
    expect([...values]).toEqual([-924, 16, 26, none, none, none]);
    expect(decoded).toMatchObject({ problem: { code: 'PIXEL_TRUNCATED' }, range: { min: -924, max: 26 } });
  }
});

test('pixels that are no numbers are no data, and are told', () => {
  const bytes = new Uint8Array(Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5, 6).buffer);
  const format: PixelFormat = {
    ...plain,
    bitsAllocated: 32,
    bitsStored: 32,
    highBit: 31,
    pixelRepresentation: 0,
    element: 'FloatPixelData',
  };
  const buffer = new SharedArrayBuffer(24);
  const order: FrameOrder = {
    index: 0,
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    format,
    frameIndex: 0,
    transform: { slope: 1, intercept: 0 },
    target: { buffer, byteOffset: 0, scalarType: 'float32' },
  };
  expect(decodeOrder(order, [bytes], {})).toMatchObject({
    problem: { code: 'PIXEL_NOT_NUMBER', params: { count: 2 } },
    range: { min: 1, max: 6 },
  });
  expect([...new Float32Array(buffer)]).toEqual([1, Number.NaN, 3, Number.NaN, 5, 6]);
});
