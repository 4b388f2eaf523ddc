import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inverseDct, naturalFromZigzag } from './idct.ts';

/** The definition (T.81 A.3.3) in doubles. */
function byDefinition(coefficients: readonly number[], bits: number): number[] {
  const out: number[] = [];
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) {
        for (let u = 0; u < 8; u++) {
          const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
          const wave =
            Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
          sum += scale * coefficients[8 * v + u]! * wave;
        }
      }
      out.push(Math.min(2 ** bits - 1, Math.max(0, sum / 4 + 2 ** (bits - 1))));
    }
  }
  return out;
}

/** Coefficients as no picture has them, which are 1.02 from the definition at 12 bits before it is rounded. */
const largest = [
  1, -1410, -8, -402, 273, 2045, 230, -1362, -424, -1745, 4, -1728, -7, 2047, -842, -38, -21, 1916, 2042,
  -1487, -259, -1945, 1175, -9, 374, 1206, 1636, 610, -2, 0, 1815, 1258, 11, -1028, 2047, -387, -969, -2048,
  846, 2046, -2042, 1942, 1211, 1735, 0, 1959, 1636, 522, 477, 2037, 1593, 2037, 715, 1724, 1753, -496, 163,
  1821, -889, -1498, -2040, 1, -671, -2043,
];

test.each([8, 12])('the integer transform stays within one step of the definition at %i bits', (bits) => {
  const reach = 2 ** (bits - 1);
  const block = fc.array(fc.integer({ min: -reach, max: reach }), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(block, (coefficients) => {
      const out = bits === 8 ? new Uint8Array(64) : new Uint16Array(64);
      inverseDct(Int32Array.from(coefficients), out, 0, 8, bits);
      const wanted = byDefinition(coefficients, bits);
      // Peak error as IEEE 1180-1990 has it: of integers, the definition's rounded too.
      for (let n = 0; n < 64; n++) expect(Math.abs(out[n]! - Math.round(wanted[n]!))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200, examples: [[largest.map((value) => Math.max(-reach, Math.min(reach, value)))]] },
  );
});

test('the zigzag order is a permutation that walks the anti-diagonals', () => {
  expect([...naturalFromZigzag].sort((a, b) => a - b)).toEqual([...Array(64).keys()]);
  const diagonal = [...naturalFromZigzag].map((n) => (n >> 3) + (n & 7));
  expect(diagonal).toEqual([...diagonal].sort((a, b) => a - b));
});
