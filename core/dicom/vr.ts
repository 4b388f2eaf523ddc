/** Value representations (PS3.5 6.2) as 16-bit numbers: first letter × 256 + second. */
export const vrCode = (letters: string): number => (letters.charCodeAt(0) << 8) | letters.charCodeAt(1);

/** The two letters of a code; '??' when they are not letters. */
export const vrName = (code: number): string =>
  isVrLetters(code >> 8, code & 0xff) ? String.fromCharCode(code >> 8, code & 0xff) : '??';

const isVrLetters = (a: number, b: number): boolean => a >= 65 && a <= 90 && b >= 65 && b <= 90;

const shortForm = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ');
const longForm = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ');

const forms = new Uint8Array(32 * 32);
for (const name of shortForm) forms[(name.charCodeAt(0) - 65) * 32 + name.charCodeAt(1) - 65] = 1;
for (const name of longForm) forms[(name.charCodeAt(0) - 65) * 32 + name.charCodeAt(1) - 65] = 2;

/** 1: 16-bit length; 2: two reserved bytes, then a 32-bit length; 0: not a value representation (PS3.5 7.1.2). */
export const vrForm = (first: number, second: number): number =>
  isVrLetters(first, second) ? forms[(first - 65) * 32 + second - 65]! : 0;

export const VR = {
  AE: 0x4145,
  AS: 0x4153,
  AT: 0x4154,
  CS: 0x4353,
  DA: 0x4441,
  DS: 0x4453,
  DT: 0x4454,
  FD: 0x4644,
  FL: 0x464c,
  IS: 0x4953,
  LO: 0x4c4f,
  LT: 0x4c54,
  OB: 0x4f42,
  OD: 0x4f44,
  OF: 0x4f46,
  OL: 0x4f4c,
  OV: 0x4f56,
  OW: 0x4f57,
  PN: 0x504e,
  SH: 0x5348,
  SL: 0x534c,
  SQ: 0x5351,
  SS: 0x5353,
  ST: 0x5354,
  SV: 0x5356,
  TM: 0x544d,
  UC: 0x5543,
  UI: 0x5549,
  UL: 0x554c,
  UN: 0x554e,
  UR: 0x5552,
  US: 0x5553,
  UT: 0x5554,
  UV: 0x5556,
} as const;
