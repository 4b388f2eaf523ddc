/**
 * Packed bits, lowest first, with no gap between frames (PS3.5 8.1.1, lesson L26).
 */

/** Copies `count` bits into bits of `to` that are zero. */
export function copyBits(
  from: Uint8Array,
  fromBit: number,
  to: Uint8Array,
  toBit: number,
  count: number,
): void {
  if (fromBit % 8 === 0 && toBit % 8 === 0 && count % 8 === 0) {
    to.set(from.subarray(fromBit / 8, (fromBit + count) / 8), toBit / 8);
    return;
  }
  let at = 0;
  // Up to the next byte of the target, then a byte at a time.
  for (; at < count && (toBit + at) % 8 !== 0; at++) copyBit(from, fromBit + at, to, toBit + at);
  const shift = (fromBit + at) % 8;
  for (; at + 8 <= count; at += 8) {
    const byte = Math.floor((fromBit + at) / 8);
    to[(toBit + at) / 8] =
      shift === 0 ? from[byte]! : (from[byte]! >> shift) | (from[byte + 1]! << (8 - shift));
  }
  for (; at < count; at++) copyBit(from, fromBit + at, to, toBit + at);
}

function copyBit(from: Uint8Array, fromBit: number, to: Uint8Array, toBit: number): void {
  if (bitAt(from, fromBit)) to[Math.floor(toBit / 8)]! |= 1 << (toBit % 8);
}

export const bitAt = (bits: Uint8Array, n: number): boolean =>
  ((bits[Math.floor(n / 8)]! >> (n % 8)) & 1) === 1;

/** Whether any of `count` bits is set. */
export function hasBits(bits: Uint8Array, from: number, count: number): boolean {
  let n = from;
  const end = from + count;
  for (; n < end && n % 8 !== 0; n++) if (bitAt(bits, n)) return true;
  for (; n + 8 <= end; n += 8) if (bits[n / 8] !== 0) return true;
  for (; n < end; n++) if (bitAt(bits, n)) return true;
  return false;
}
