import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from './decode.ts';
import { toModality } from './modality.ts';
import { nativeShorts, noDataInt16 } from './native-shorts.ts';
import type { PixelFormat } from './types.ts';

const little = '1.2.840.10008.1.2.1';
const formatOf = (bitsStored: number, highBit: number, signed: boolean): PixelFormat => ({
  rows: 3,
  columns: 5,
  frames: 1,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored,
  highBit,
  pixelRepresentation: signed ? 1 : 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  element: 'PixelData',
});

/** The long road: decode, mask, transform, padding. */
function expected(
  bytes: Uint8Array,
  format: PixelFormat,
  intercept: number,
  padding?: { low: number; high: number },
) {
  const decoded = decodeFrame({}, little, bytes, format);
  if (!decoded.ok) throw new Error('not decoded');
  const values = new Int16Array(15);
  toModality(decoded.value.masked, { slope: 1, intercept }, values);
  decoded.value.masked.forEach((stored, n) => {
    if (padding && stored >= padding.low && stored <= padding.high) values[n] = noDataInt16;
  });
  return values;
}

test('one pass gives what the four give, for every depth, sign, shift and place in the buffer', () => {
  const cases = fc.record({
    words: fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 15, maxLength: 15 }),
    bitsStored: fc.integer({ min: 1, max: 16 }),
    above: fc.nat(15),
    signed: fc.boolean(),
    intercept: fc.integer({ min: -40000, max: 40000 }),
    padding: fc.option(fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.nat(500)), { nil: undefined }),
    odd: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ words, bitsStored, above, signed, intercept, padding: pair, odd }) => {
      const format = formatOf(bitsStored, Math.min(15, bitsStored - 1 + above), signed);
      const padding = pair && { low: pair[0], high: pair[0] + pair[1] };
      const cells = new Uint8Array(Uint16Array.from(words).buffer);
      const bytes = odd ? new Uint8Array([0, ...cells]).subarray(1) : cells;
      const out = new Int16Array(15);
      const request = { transferSyntaxUID: little, format, transform: { slope: 1, intercept } };
      const range = nativeShorts({ ...request, ...(padding && { padding }) }, bytes, out);
      expect(out).toEqual(expected(cells, format, intercept, padding));
      const data = [...out].filter((value) => value !== noDataInt16);
      if (data.length === 0) expect(range!.min).toBeGreaterThan(range!.max);
      else expect(range).toEqual({ min: Math.min(...data), max: Math.max(...data) });
    }),
    { numRuns: 500 },
  );
});

test('what is not plain takes the long road', () => {
  const format = formatOf(12, 11, false);
  const bytes = new Uint8Array(30);
  const out = new Int16Array(15);
  const transform = { slope: 1, intercept: -1024 };
  const plain = { transferSyntaxUID: little, format, transform };
  expect(nativeShorts(plain, bytes, out)).not.toBeNull();
  const others = [
    { ...plain, transferSyntaxUID: '1.2.840.10008.1.2.2' },
    { ...plain, transferSyntaxUID: '1.2.840.10008.1.2.4.70' },
    { ...plain, transform: { slope: 2, intercept: 0 } },
    { ...plain, transform: { slope: 1, intercept: 0.5 } },
    { ...plain, format: { ...format, bitsAllocated: 8, bitsStored: 8, highBit: 7 } },
    { ...plain, format: { ...format, samplesPerPixel: 3 } },
  ];
  for (const other of others) expect(nativeShorts(other, bytes, out)).toBeNull();
  expect(nativeShorts(plain, bytes.subarray(2), out)).toBeNull();
});
