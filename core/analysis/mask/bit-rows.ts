import type { Vec3 } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';

/**
 * A mask as the algorithms work on it: one bit a voxel, each row of i begins at a word of its own, 32 voxels a
 * word. Bits after the end of a row are zero. Changed in place.
 */
export interface BitRows {
  readonly size: Vec3;
  /** Words a row. */
  readonly words: number;
  /** Row j of slice k begins at `words · (j + ny · k)`. */
  readonly data: Uint32Array;
}

export function emptyRows(size: Vec3): BitRows {
  const words = Math.ceil(size[0] / 32);
  return { size, words, data: new Uint32Array(words * size[1] * size[2]) };
}

export const copyRows = (rows: BitRows): BitRows => ({ ...rows, data: rows.data.slice() });

/** Which bits of a row's last word are voxels. */
export const lastWord = (size: Vec3): number => {
  const rest = size[0] & 31;
  return rest === 0 ? 0xffffffff : 2 ** rest - 1;
};

/** Also the machine's byte order, which typed arrays share, is little endian on everything that runs this. */
export function rowsOfMask({ size, bits }: VoxelMask): BitRows {
  const rows = emptyRows(size);
  const { words, data } = rows;
  if (size[0] % 32 === 0) {
    new Uint8Array(data.buffer).set(bits);
    return rows;
  }
  const last = lastWord(size);
  for (let row = 0, at = 0; row < size[1] * size[2]; row++) {
    for (let w = 0; w < words; w++, at++) {
      const first = row * size[0] + w * 32;
      const byte = first >> 3;
      const shift = first & 7;
      const low = bits[byte]! | (bits[byte + 1]! << 8) | (bits[byte + 2]! << 16) | (bits[byte + 3]! << 24);
      data[at] = shift === 0 ? low : (low >>> shift) | (bits[byte + 4]! << (32 - shift));
    }
    data[at - 1]! &= last;
  }
  return rows;
}

export function maskOfRows({ size, words, data }: BitRows): VoxelMask {
  const bits = new Uint8Array(Math.ceil((size[0] * size[1] * size[2]) / 8));
  if (size[0] % 32 === 0) {
    bits.set(new Uint8Array(data.buffer, data.byteOffset, bits.length));
    return { size, bits };
  }
  for (let row = 0, at = 0; row < size[1] * size[2]; row++) {
    for (let w = 0; w < words; w++, at++) {
      const word = data[at]!;
      if (word === 0) continue;
      const first = row * size[0] + w * 32;
      const byte = first >> 3;
      const shift = first & 7;
      // Writes beyond the last byte have no effect; those bits are zero.
      bits[byte]! |= word << shift;
      bits[byte + 1]! |= (word << shift) >>> 8;
      bits[byte + 2]! |= (word << shift) >>> 16;
      bits[byte + 3]! |= (word << shift) >>> 24;
      if (shift !== 0) bits[byte + 4]! |= word >>> (32 - shift);
    }
  }
  return { size, bits };
}

/** a ∧ b, in a. */
export function andRows(a: BitRows, b: BitRows): BitRows {
  for (let n = 0; n < a.data.length; n++) a.data[n]! &= b.data[n]!;
  return a;
}
/** a ∨ b, in a. */
export function orRows(a: BitRows, b: BitRows): BitRows {
  for (let n = 0; n < a.data.length; n++) a.data[n]! |= b.data[n]!;
  return a;
}
/** a ∧ ¬b, in a. */
export function withoutRows(a: BitRows, b: BitRows): BitRows {
  for (let n = 0; n < a.data.length; n++) a.data[n]! &= ~b.data[n]!;
  return a;
}
/** ¬a, in a. */
export function notRows(a: BitRows): BitRows {
  const last = lastWord(a.size);
  const { words, data } = a;
  for (let n = 0; n < data.length; n++) data[n] = ~data[n]!;
  for (let n = words - 1; n < data.length; n += words) data[n]! &= last;
  return a;
}

/** Ones of a 32-bit word. */
export function onesOf(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function countRows({ data }: BitRows): number {
  let count = 0;
  for (let n = 0; n < data.length; n++) if (data[n] !== 0) count += onesOf(data[n]!);
  return count;
}

export function isEmptyRows({ data }: BitRows): boolean {
  for (let n = 0; n < data.length; n++) if (data[n] !== 0) return false;
  return true;
}

export const hasBit = ({ words, data, size }: BitRows, i: number, j: number, k: number): boolean =>
  ((data[words * (j + size[1] * k) + (i >> 5)]! >>> (i & 31)) & 1) === 1;

export function setBit({ words, data, size }: BitRows, i: number, j: number, k: number): void {
  data[words * (j + size[1] * k) + (i >> 5)]! |= 1 << (i & 31);
}

/** Sets voxels `from` to `end` (exclusive) of the row that begins at word `at`. */
export function setRun(data: Uint32Array, at: number, from: number, end: number): void {
  if (end <= from) return;
  const first = at + (from >> 5);
  const last = at + ((end - 1) >> 5);
  const head = -1 << (from & 31);
  const tail = -1 >>> (31 - ((end - 1) & 31));
  if (first === last) {
    data[first]! |= head & tail;
    return;
  }
  data[first]! |= head;
  if (last - first > 1) data.fill(0xffffffff, first + 1, last);
  data[last]! |= tail;
}
