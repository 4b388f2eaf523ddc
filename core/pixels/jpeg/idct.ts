/** Zigzag position → row-major position in the 8×8 block (T.81 figure A.6). */
export const naturalFromZigzag = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

const constBits = 13;
const f0298 = 2446;
const f0390 = 3196;
const f0541 = 4433;
const f0765 = 6270;
const f0899 = 7373;
const f1175 = 9633;
const f1501 = 12299;
const f1847 = 15137;
const f1961 = 16069;
const f2053 = 16819;
const f2562 = 20995;
const f3072 = 25172;

/**
 * Inverse DCT of one block in 13-bit integer arithmetic: Loeffler, Ligtenberg and Moschytz (1989) with twelve
 * multiplications, with the rounding of the "accurate integer" method that most decoders use, so that results
 * agree bit for bit with dcmtk and GDCM.
 *
 * @param coefficients 64 dequantised coefficients, row-major; used as scratch, destroyed.
 * @param out receives 8×8 samples at `at`, rows `stride` apart, clamped to 0 … 2^bits − 1.
 */
export function inverseDct(
  coefficients: Int32Array,
  out: Uint8Array | Uint16Array,
  at: number,
  stride: number,
  bits: number,
): void {
  // One guard bit less for 12-bit samples keeps the products within 32 bits.
  const pass1Bits = bits > 8 ? 1 : 2;
  for (let column = 0; column < 8; column++)
    transform(coefficients, column, 8, constBits - pass1Bits, pass1Bits);
  const shift = constBits + pass1Bits + 3;
  const centre = 1 << (bits - 1);
  const top = (1 << bits) - 1;
  for (let row = 0; row < 8; row++) {
    transform(coefficients, row * 8, 1, shift, 0);
    let to = at + row * stride;
    for (let n = row * 8; n < row * 8 + 8; n++) {
      const value = coefficients[n]! + centre;
      out[to++] = value < 0 ? 0 : value > top ? top : value;
    }
  }
}

/** One 8-point inverse DCT in place; results are rounded and shifted right by `shift`. */
function transform(d: Int32Array, base: number, step: number, shift: number, flatShift: number): void {
  const i1 = base + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const d0 = d[base]!;
  const d1 = d[i1]!;
  const d2 = d[i2]!;
  const d3 = d[i3]!;
  const d4 = d[i4]!;
  const d5 = d[i5]!;
  const d6 = d[i6]!;
  const d7 = d[i7]!;
  if (flatShift !== 0 && (d1 | d2 | d3 | d4 | d5 | d6 | d7) === 0) {
    const flat = d0 << flatShift;
    d[base] = flat;
    d[i1] = flat;
    d[i2] = flat;
    d[i3] = flat;
    d[i4] = flat;
    d[i5] = flat;
    d[i6] = flat;
    d[i7] = flat;
    return;
  }
  const even = Math.imul(d2 + d6, f0541);
  const t2 = even - Math.imul(d6, f1847);
  const t3 = even + Math.imul(d2, f0765);
  const s0 = (d0 + d4) << constBits;
  const s1 = (d0 - d4) << constBits;
  const e0 = s0 + t3;
  const e3 = s0 - t3;
  const e1 = s1 + t2;
  const e2 = s1 - t2;
  const z5 = Math.imul(d7 + d3 + d5 + d1, f1175);
  const z1 = -Math.imul(d7 + d1, f0899);
  const z2 = -Math.imul(d5 + d3, f2562);
  const z3 = z5 - Math.imul(d7 + d3, f1961);
  const z4 = z5 - Math.imul(d5 + d1, f0390);
  const o0 = Math.imul(d7, f0298) + z1 + z3;
  const o1 = Math.imul(d5, f2053) + z2 + z4;
  const o2 = Math.imul(d3, f3072) + z2 + z3;
  const o3 = Math.imul(d1, f1501) + z1 + z4;
  const round = 1 << (shift - 1);
  d[base] = (e0 + o3 + round) >> shift;
  d[i7] = (e0 - o3 + round) >> shift;
  d[i1] = (e1 + o2 + round) >> shift;
  d[i6] = (e1 - o2 + round) >> shift;
  d[i2] = (e2 + o1 + round) >> shift;
  d[i5] = (e2 - o1 + round) >> shift;
  d[i3] = (e3 + o0 + round) >> shift;
  d[i4] = (e3 - o0 + round) >> shift;
}
