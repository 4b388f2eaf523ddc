import type { ByteWindow } from './byte-source.ts';
import type { PixelCoding } from './tables/transfer-syntaxes.ts';
import type { ByteRange } from './types.ts';

/** What the first bytes of a code stream say. */
export interface Codestream {
  readonly coding: PixelCoding;
  readonly rows?: number;
  readonly columns?: number;
  readonly samples?: number;
  readonly precision?: number;
}

/** How far into a stream its frame header is looked for; JPEG application segments come before it. */
const sniffBytes = 4096;

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 65_536 + u16(bytes, at + 2);

/** Recognises JPEG, JPEG-LS, JPEG 2000 and HTJ2K streams by content; undefined for anything else (RLE, raw). */
export function sniffCodestream(window: ByteWindow, fragment: ByteRange): Codestream | undefined {
  const length = Math.min(sniffBytes, fragment.length);
  if (length < 16) return undefined;
  const index = window.ensure(fragment.offset, length, length);
  if (index < 0) return undefined;
  const bytes = window.bytes.subarray(index, index + length);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return sniffJpeg(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51)
    return sniffJ2k(bytes, 0);
  if (u32(bytes, 0) === 12 && u32(bytes, 4) === 0x6a502020) {
    for (let at = 12; at + 4 < bytes.length; at++) {
      if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) {
        return sniffJ2k(bytes, at);
      }
    }
    return { coding: 'jpeg2000' };
  }
  return undefined;
}

/** SIZ marker segment (ISO 15444-1 A.5.1); a CAP segment after it means HTJ2K (ISO 15444-15). */
function sniffJ2k(bytes: Uint8Array, at: number): Codestream {
  const siz = at + 2;
  if (siz + 42 > bytes.length) return { coding: 'jpeg2000' };
  const after = siz + 2 + u16(bytes, siz + 2);
  const isHt = after + 2 <= bytes.length && bytes[after] === 0xff && bytes[after + 1] === 0x50;
  return {
    coding: isHt ? 'htj2k' : 'jpeg2000',
    columns: u32(bytes, siz + 6) - u32(bytes, siz + 14),
    rows: u32(bytes, siz + 10) - u32(bytes, siz + 18),
    samples: u16(bytes, siz + 38),
    precision: (bytes[siz + 40]! & 0x7f) + 1,
  };
}

/** Walks marker segments to the frame header (ISO 10918-1 B.2.2, ISO 14495-1). */
function sniffJpeg(bytes: Uint8Array): Codestream | undefined {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      const precision = bytes[at + 4]!;
      return {
        coding: codingOf(marker, precision),
        rows: u16(bytes, at + 5),
        columns: u16(bytes, at + 7),
        samples: bytes[at + 9]!,
        precision,
      };
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + u16(bytes, at + 2);
  }
  return undefined;
}

function codingOf(marker: number, precision: number): PixelCoding {
  if (marker === 0xf7) return 'jpegLs';
  if (marker === 0xc3 || marker === 0xc7 || marker === 0xcb || marker === 0xcf) return 'jpegLossless';
  return precision > 8 ? 'jpeg12' : 'jpeg8';
}
