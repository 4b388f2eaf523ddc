import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem } from '../base/problem.ts';
import type { Scan } from '../dicom/types.ts';
import { maskCells } from './cells.ts';
import { sniffCodestream } from './codestream.ts';
import { decodeFrame } from './decode.ts';
import { formatOf, nativeFramePlace } from './format.ts';
import type { CodecOutput, PixelFormat } from './types.ts';

const little = '1.2.840.10008.1.2.1';
const big = '1.2.840.10008.1.2.2';
const rle = '1.2.840.10008.1.2.5';

const format = (more: Partial<PixelFormat>): PixelFormat => {
  const bitsAllocated = more.bitsAllocated ?? 8;
  return {
    rows: 2,
    columns: 2,
    frames: 1,
    samplesPerPixel: 1,
    bitsAllocated,
    bitsStored: more.bitsStored ?? bitsAllocated,
    highBit: (more.bitsStored ?? bitsAllocated) - 1,
    pixelRepresentation: 0,
    photometricInterpretation: 'MONOCHROME2',
    planarConfiguration: 0,
    element: 'PixelData',
    ...more,
  };
};
const cellsOf = (result: ReturnType<typeof decodeFrame>): number[] =>
  result.ok ? [...result.value.cells] : [];
const code = (result: { ok: boolean } & object): string =>
  'problem' in result ? (result.problem as { code: string }).code : '';

test('bytes of packed one-bit pixels as samples of a stream are no picture', () => {
  const stream = [
    0xff, 0xd8, 0xff, 0xf7, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0,
  ];
  const decoded = decodeFrame(
    {
      jpegLs: () => ({
        ok: true,
        value: { rows: 2, columns: 2, samples: 1, bitsPerSample: 8, signed: false, bytes: new Uint8Array(4) },
      }),
    },
    '1.2.840.10008.1.2.4.80',
    Uint8Array.from([...stream, 0xff, 0xd9]),
    format({ bitsAllocated: 1 }),
  );
  expect(code(decoded)).toBe('CODESTREAM_MISMATCH');
});

describe('native pixels', () => {
  test('both byte orders of 16, 32 and floating cells give the same numbers', () => {
    const cases: readonly [Partial<PixelFormat>, DataViewSetter, number[]][] = [
      [{ bitsAllocated: 16, pixelRepresentation: 1 }, 'setInt16', [-2, 1, 300, -32768]],
      [{ bitsAllocated: 32 }, 'setUint32', [0, 1, 70000, 4294967295]],
      [{ bitsAllocated: 32, element: 'FloatPixelData' }, 'setFloat32', [0.5, -1.25, 3, 1e10]],
      [{ bitsAllocated: 64, element: 'DoubleFloatPixelData' }, 'setFloat64', [0.1, -1e-300, 3, 7]],
    ];
    for (const [shape, setter, values] of cases) {
      for (const [uid, isLittle] of [
        [little, true],
        [big, false],
      ] as const) {
        const size = (shape.bitsAllocated ?? 8) / 8;
        const view = new DataView(new ArrayBuffer(4 * size));
        for (const [n, value] of values.entries()) view[setter](n * size, value, isLittle);
        const wanted = setter === 'setFloat32' ? values.map(Math.fround) : values;
        expect(cellsOf(decodeFrame({}, uid, new Uint8Array(view.buffer), format(shape)))).toEqual(wanted);
      }
    }
  });
  type DataViewSetter = 'setInt16' | 'setUint32' | 'setFloat32' | 'setFloat64';

  test('one-bit frames follow each other bit by bit (L26: 510 × 511 × 3)', () => {
    const shape = format({ rows: 510, columns: 511, frames: 3, bitsAllocated: 1 });
    const pixel = (n: number): number => ((n * 2654435761) >>> 13) & 1;
    const count = 510 * 511;
    const stream = new Uint8Array(Math.ceil((3 * count) / 8));
    for (let n = 0; n < 3 * count; n++) stream[n >> 3]! |= pixel(n) << (n & 7);
    for (let f = 0; f < 3; f++) {
      const { offset, length, bitOffset } = nativeFramePlace(shape, f);
      expect(bitOffset).toBe((f * count) % 8);
      const decoded = decodeFrame({}, little, stream.subarray(offset, offset + length), shape, f);
      expect(cellsOf(decoded)).toEqual(Array.from({ length: count }, (_, n) => pixel(f * count + n)));
    }
  });

  test('bytes in big-endian words are swapped back, also for frames that begin inside a word', () => {
    const shape = format({ rows: 3, columns: 1, frames: 2, bytesInWords: true });
    const element = Uint8Array.of(2, 1, 4, 3, 6, 5);
    for (let f = 0; f < 2; f++) {
      const { offset, length } = nativeFramePlace(shape, f);
      const decoded = decodeFrame({}, big, element.subarray(offset, offset + length), shape, f);
      expect(cellsOf(decoded)).toEqual(f === 0 ? [1, 2, 3] : [4, 5, 6]);
    }
  });

  test('bits in big-endian words are swapped back by their bytes (PS3.5 7.3)', () => {
    const shape = format({ rows: 3, columns: 7, frames: 2, bitsAllocated: 1, bytesInWords: true });
    const pixel = (n: number): number => ((n * 2654435761) >>> 13) & 1;
    const stream = new Uint8Array(6);
    for (let n = 0; n < 42; n++) stream[n >> 3]! |= pixel(n) << (n & 7);
    const swapped = stream.map((_, at) => stream[at ^ 1]!);
    for (let f = 0; f < 2; f++) {
      const { offset, length } = nativeFramePlace(shape, f);
      const decoded = decodeFrame({}, big, swapped.subarray(offset, offset + length), shape, f);
      expect(cellsOf(decoded)).toEqual(Array.from({ length: 21 }, (_, n) => pixel(f * 21 + n)));
    }
  });

  test('planes become pixels; 4:2:2 stays as stored and is spread for display', () => {
    const rgb = format({ samplesPerPixel: 3, planarConfiguration: 1, photometricInterpretation: 'RGB' });
    const planes = Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24);
    expect(cellsOf(decodeFrame({}, little, planes, rgb))).toEqual([
      1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24,
    ]);
    const ybr = format({ rows: 1, samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' });
    const decoded = decodeFrame({}, little, Uint8Array.of(10, 20, 30, 40), ybr);
    expect(cellsOf(decoded)).toEqual([10, 20, 30, 40]);
    expect(decoded.ok && [...decoded.value.masked]).toEqual([10, 30, 40, 20, 30, 40]);
    const retired = { ...ybr, photometricInterpretation: 'YBR_PARTIAL_422' };
    const partial = decodeFrame({}, little, Uint8Array.of(10, 20, 30, 40), retired);
    expect(partial.ok && [...partial.value.masked]).toEqual([10, 30, 40, 20, 30, 40]);
    expect(partial.ok && partial.value.problem).toBeUndefined();
    expect(code(decodeFrame({}, little, new Uint8Array(20), { ...ybr, columns: 3 }))).toBe(
      'PIXEL_ATTRIBUTES',
    );
  });

  test('missing bytes are reported; nothing is allocated for what cannot be there', () => {
    const cut = decodeFrame({}, little, Uint8Array.of(1, 2, 3), format({}));
    expect(cut.ok && cut.value.problem?.code).toBe('PIXEL_TRUNCATED');
    expect(cellsOf(cut)).toEqual([1, 2, 3, 0]);
    expect(code(decodeFrame({}, little, new Uint8Array(0), format({})))).toBe('PIXEL_TRUNCATED');
    const huge = format({ rows: 16384, columns: 16384, bitsAllocated: 16 });
    expect(code(decodeFrame({}, little, new Uint8Array(2048), huge))).toBe('PIXEL_TRUNCATED');
  });
});

describe('masking (L19)', () => {
  test('takes BitsStored below HighBit and extends the sign; clean cells are not copied', () => {
    const signed = format({ bitsAllocated: 16, bitsStored: 12, pixelRepresentation: 1 });
    const dirty = Int16Array.of(0x0fff, 0x0800, 0x07ff, -1);
    expect([...maskCells(dirty, signed)]).toEqual([-1, -2048, 2047, -1]);
    expect([...maskCells(Uint16Array.of(0xf123), format({ bitsAllocated: 16, bitsStored: 12 }))]).toEqual([
      0x123,
    ]);
    const upper = format({ bitsAllocated: 16, bitsStored: 12, highBit: 15 });
    expect([...maskCells(Uint16Array.of(0xabc7), upper)]).toEqual([0xabc]);
    const clean = Int16Array.of(-2048, 2047);
    expect(maskCells(clean, signed)).toBe(clean);
    const full = Uint32Array.of(4294967295, 5);
    expect(maskCells(full, format({ bitsAllocated: 32 }))).toBe(full);
  });
});

/** PackBits as PS3.5 G.3.1 describes it, independent of the decoder. */
function packBits(bytes: readonly number[]): number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run += 1;
    if (run > 1) {
      out.push(257 - run, bytes[at]!);
      at += run;
      continue;
    }
    const from = at;
    while (at < bytes.length && at - from < 128 && bytes[at] !== bytes[at + 1]) at += 1;
    if (at === from) at += 1;
    out.push(at - from - 1, ...bytes.slice(from, at));
  }
  return out.length % 2 ? [...out, 0x80] : out;
}

function rleFrame(segments: readonly (readonly number[])[]): Uint8Array {
  const packed = segments.map(packBits);
  const bytes = new Uint8Array(64 + packed.reduce((sum, s) => sum + s.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, segments.length, true);
  let at = 64;
  packed.forEach((segment, n) => {
    view.setUint32(4 + 4 * n, at, true);
    bytes.set(segment, at);
    at += segment.length;
  });
  return bytes;
}

describe('RLE', () => {
  test('any picture of 1 or 3 samples and 8, 16 or 32 bits comes back', () => {
    const shape = fc.record({
      samples: fc.constantFrom(1, 3),
      size: fc.constantFrom(1, 2, 4),
      values: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 400 }),
    });
    fc.assert(
      fc.property(shape, ({ samples, size, values }) => {
        const columns = Math.floor(values.length / (samples * size));
        if (columns === 0) return;
        const bytes = Uint8Array.from(values.slice(0, columns * samples * size), (v) => v * 85);
        const segments: number[][] = [];
        for (let s = 0; s < samples; s++) {
          for (let b = size - 1; b >= 0; b--) {
            segments.push(Array.from({ length: columns }, (_, n) => bytes[(n * samples + s) * size + b]!));
          }
        }
        const decoded = decodeFrame(
          {},
          rle,
          rleFrame(segments),
          format({ rows: 1, columns, samplesPerPixel: samples, bitsAllocated: size * 8 }),
        );
        expect(decoded.ok && [...new Uint8Array(decoded.value.cells.buffer)]).toEqual([...bytes]);
        expect(decoded.ok && decoded.value.problem).toBe(undefined);
      }),
    );
  });

  test('wrong segment counts, offsets past the end and cuts are told apart', () => {
    const shape = format({ rows: 1, columns: 8 });
    const whole = rleFrame([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(code(decodeFrame({}, rle, whole, format({ bitsAllocated: 16 })))).toBe('FRAME_UNDECODABLE');
    const past = whole.slice();
    past[4] = 255;
    expect(code(decodeFrame({}, rle, past, shape))).toBe('FRAME_UNDECODABLE');
    const cut = decodeFrame({}, rle, whole.subarray(0, 68), shape);
    expect(cut.ok && cut.value.problem?.code).toBe('FRAME_PARTIAL');
    expect(cellsOf(cut)).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeFrame({}, rle, bytes, shape)),
    );
  });
});

/** Head of a JPEG 2000 stream: SOC SIZ COD SOT … as far as the sniffer reads. */
function jpeg2000Head(
  more: { columns?: number; tile?: number; reversible?: boolean; cut?: number } = {},
): Uint8Array {
  const { columns = 4, tile = 4, reversible = true, cut = 0 } = more;
  const u32 = (v: number): number[] => [v >>> 24, (v >> 16) & 255, (v >> 8) & 255, v & 255];
  const siz = [
    0xff,
    0x51,
    0,
    41,
    0,
    0,
    ...u32(columns),
    ...u32(3),
    ...u32(0),
    ...u32(0),
    ...u32(tile),
    ...u32(tile),
  ];
  siz.push(...u32(0), ...u32(0), 0, 1, 0x8b, 1, 1);
  const cod = [0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, reversible ? 1 : 0];
  const sot = [0xff, 0x90, 0, 10, 0, 0, ...u32(20), 0, 1, 0xff, 0x93, 1, 2, 3, 4, 5, 6];
  return Uint8Array.from([0xff, 0x4f, ...siz, ...cod, ...sot, 0xff, 0xd9]).subarray(0, cut || undefined);
}

describe('code streams', () => {
  const shape = format({ rows: 3, columns: 4, bitsAllocated: 16, bitsStored: 12, pixelRepresentation: 1 });
  const j2k = '1.2.840.10008.1.2.4.90';
  const output: CodecOutput = {
    rows: 3,
    columns: 4,
    samples: 1,
    bitsPerSample: 12,
    signed: true,
    bytes: new Uint8Array(new Int16Array(12).fill(-7).buffer),
  };
  const codec = (made: CodecOutput) => ({ jpeg2000: () => ({ ok: true, value: made }) as const });

  test('the head of JPEG 2000 is read, also inside a JP2 file', () => {
    const facts = sniffCodestream(jpeg2000Head());
    expect(facts).toMatchObject({ family: 'jpeg2000', rows: 3, columns: 4, bitsPerSample: 12, signed: true });
    expect(facts).toMatchObject({ reversible: true, complete: true, componentTransform: false });
    expect(sniffCodestream(jpeg2000Head({ reversible: false }))?.reversible).toBe(false);
    const jp2 = [
      0,
      0,
      0,
      12,
      0x6a,
      0x50,
      0x20,
      0x20,
      13,
      10,
      0x87,
      10,
      ...Array(20).fill(0),
      ...jpeg2000Head(),
    ];
    expect(sniffCodestream(Uint8Array.from(jp2))).toMatchObject({ offset: 32, rows: 3 });
  });

  test('a whole picture, a cut stream, an impossible size and a failing codec', () => {
    const whole = decodeFrame(codec(output), j2k, jpeg2000Head(), shape);
    expect(cellsOf(whole)).toEqual(Array(12).fill(-7));
    const cut = decodeFrame(codec(output), j2k, jpeg2000Head().subarray(0, -9), shape);
    expect(cut.ok && cut.value.problem?.code).toBe('FRAME_PARTIAL');
    expect(code(decodeFrame(codec(output), j2k, jpeg2000Head({ columns: 5 }), shape))).toBe(
      'CODESTREAM_MISMATCH',
    );
    expect(
      code(decodeFrame(codec(output), j2k, jpeg2000Head({ columns: 0x7fffffff, tile: 0x7fffffff }), shape)),
    ).toBe('FRAME_TOO_LARGE');
    const many = jpeg2000Head({ columns: 0x7fffffff, tile: 1 });
    expect(code(decodeFrame(codec(output), j2k, many, shape))).toBe('FRAME_UNDECODABLE');
    const short = { ...output, bytes: new Uint8Array(0) };
    expect(code(decodeFrame(codec(short), j2k, jpeg2000Head(), shape))).toBe('FRAME_UNDECODABLE');
    const throwing = {
      jpeg2000: () => {
        throw 5247;
      },
    };
    expect(code(decodeFrame(throwing, j2k, jpeg2000Head(), shape))).toBe('FRAME_UNDECODABLE');
    expect(code(decodeFrame({}, j2k, jpeg2000Head(), shape))).toBe('FRAME_UNDECODABLE');
    expect(code(decodeFrame({}, j2k, Uint8Array.of(1, 2, 3), shape))).toBe('FRAME_UNDECODABLE');
  });

  test('a stream of another family, or a lossy one under a lossless syntax, is shown and said', () => {
    const other = decodeFrame(codec(output), '1.2.840.10008.1.2.4.70', jpeg2000Head(), shape);
    expect(other.ok && other.value.problem?.code).toBe('PIXEL_ENCODING_MISMATCH');
    const lossy = decodeFrame(codec(output), j2k, jpeg2000Head({ reversible: false }), shape);
    expect(lossy.ok && lossy.value).toMatchObject({
      lossy: true,
      problem: { code: 'PIXEL_ENCODING_MISMATCH' },
    });
  });

  test('no head makes the sniffer throw', () => {
    const edits = fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(edits, fc.nat(110), (list, length) => {
        const bytes = jpeg2000Head().slice(0, length);
        for (const [at, value] of list) if (at < bytes.length) bytes[at] = value;
        sniffCodestream(bytes);
      }),
    );
  });

  test('video is kept, unknown syntaxes are said', () => {
    expect(code(decodeFrame({}, '1.2.840.10008.1.2.4.102', new Uint8Array(9), shape))).toBe('VIDEO_KEPT');
    expect(code(decodeFrame({}, '1.2.840.10008.1.2.4.107', new Uint8Array(9), shape))).toBe('VIDEO_KEPT');
    expect(code(decodeFrame({}, '1.2.3', new Uint8Array(9), shape))).toBe('TS_UNSUPPORTED');
  });
});

describe('format', () => {
  const native = { kind: 'native', element: 'PixelData', range: { offset: 0, length: 8 } };
  const scan = (attributes: object, pixel: object = native) => ({ attributes, pixel }) as unknown as Scan;
  const basic = { Rows: 2, Columns: 2, BitsAllocated: 16 };

  test('limits and impossible attributes are coded problems', () => {
    expect(code(formatOf(scan({ ...basic, Rows: 0 })))).toBe('PIXEL_ATTRIBUTES');
    expect(code(formatOf(scan({ ...basic, BitsAllocated: 24 })))).toBe('PIXEL_FORMAT_UNSUPPORTED');
    expect(code(formatOf(scan({ ...basic, SamplesPerPixel: 4 })))).toBe('PIXEL_FORMAT_UNSUPPORTED');
    expect(code(formatOf(scan({ ...basic, Rows: 65535, Columns: 65535 })))).toBe('FRAME_TOO_LARGE');
    expect(code(formatOf(scan({ ...basic, NumberOfFrames: 2 ** 31 - 1 })))).toBe('TOO_MANY_FRAMES');
    const none = { ...scan(basic, { kind: 'none' }), flags: [] };
    expect(code(formatOf(none))).toBe('NOT_IMAGE');
    expect(code(formatOf({ ...none, flags: [problem('UID_INVALID')] }))).toBe('NOT_IMAGE');
    // Nobody knows whether a header that broke off had a picture.
    expect(code(formatOf({ ...none, flags: [problem('LENGTH_BEYOND_EOF')] }))).toBe('LENGTH_BEYOND_EOF');
  });

  test('missing and contradictory secondary values take the only safe reading', () => {
    const plain = formatOf(scan({ ...basic, BitsStored: 17, HighBit: 3, NumberOfFrames: 0 }));
    expect(plain.ok && plain.value).toMatchObject({
      bitsStored: 16,
      highBit: 15,
      frames: 1,
      samplesPerPixel: 1,
    });
    const spread = {
      ...basic,
      BitsAllocated: 8,
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'YBR_FULL_422',
    };
    for (const [length, name] of [
      [8, 'YBR_FULL_422'],
      [12, 'YBR_FULL'],
      [14, 'YBR_FULL_422'],
    ] as const) {
      const range = { offset: 0, length };
      const found = formatOf(scan(spread, { kind: 'native', element: 'PixelData', range }));
      expect(found.ok && found.value.photometricInterpretation).toBe(name);
    }
    const frames = formatOf(scan(basic, { kind: 'encapsulated', frames: [[], [], []] }));
    expect(frames.ok && frames.value.frames).toBe(3);
  });
});
