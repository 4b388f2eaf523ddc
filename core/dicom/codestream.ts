import type { ByteWindow } from './byte-source.ts';
import { JoinedBytes } from './joined-bytes.ts';
import type { PixelCoding } from './tables/transfer-syntaxes.ts';
import type { ByteRange } from './types.ts';

/** What the first bytes of a code stream say. */
export interface Codestream {
  readonly coding: PixelCoding;
  readonly rows?: number;
  readonly columns?: number;
  readonly samples?: number;
  readonly precision?: number;
  /** The stream itself says that its samples are signed; only JPEG 2000 can. */
  readonly signed?: boolean;
}

/** How much of a stream is read at once, and how far into a JP2 file its code stream is looked for. */
const sniffBytes = 4096;
/** More fragments than these hold no frame header. */
const sniffFragments = 16;

/**
 * Recognises JPEG, JPEG-LS, JPEG 2000 and HTJ2K streams by content; undefined for anything else (RLE, raw).
 * A head may be longer than the first fragment, and JPEG application segments come before it.
 */
export function sniffCodestream(window: ByteWindow, fragments: readonly ByteRange[]): Codestream | undefined {
  const bytes = new JoinedBytes(window, fragments.slice(0, sniffFragments), sniffBytes);
  if (bytes.size < 16) return undefined;
  if (bytes.u16(0) === 0xffd8) return sniffJpeg(bytes);
  if (bytes.u32(0) === 0xff4fff51) return sniffJ2k(bytes, 0);
  if (bytes.u32(0) !== 12 || bytes.u32(4) !== 0x6a502020) return undefined;
  for (let at = bytes.indexOf(0xff, 12); at < Math.min(bytes.size, sniffBytes); )
    if (bytes.u32(at) === 0xff4fff51) return sniffJ2k(bytes, at);
    else at = bytes.indexOf(0xff, at + 1);
  return { coding: 'jpeg2000' };
}

/** SIZ marker segment (ISO 15444-1 A.5.1); a CAP segment after it means HTJ2K (ISO 15444-15). */
function sniffJ2k(bytes: JoinedBytes, at: number): Codestream {
  const siz = at + 2;
  if (siz + 42 > bytes.size) return { coding: 'jpeg2000' };
  const isHt = bytes.u16(siz + 2 + bytes.u16(siz + 2)) === 0xff50;
  return {
    coding: isHt ? 'htj2k' : 'jpeg2000',
    columns: bytes.u32(siz + 6) - bytes.u32(siz + 14),
    rows: bytes.u32(siz + 10) - bytes.u32(siz + 18),
    samples: bytes.u16(siz + 38),
    precision: (bytes.at(siz + 40) & 0x7f) + 1,
    signed: bytes.at(siz + 40) >= 0x80,
  };
}

/** Walks marker segments to the frame header (ISO 10918-1 B.2.2, ISO 14495-1). */
function sniffJpeg(bytes: JoinedBytes): Codestream | undefined {
  let at = 2;
  while (at + 9 < bytes.size) {
    if (bytes.at(at) !== 0xff) return undefined;
    const marker = bytes.at(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      const precision = bytes.at(at + 4);
      return {
        coding: codingOf(marker, precision),
        rows: bytes.u16(at + 5),
        columns: bytes.u16(at + 7),
        samples: bytes.at(at + 9),
        precision,
      };
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + bytes.u16(at + 2);
  }
  return undefined;
}

function codingOf(marker: number, precision: number): PixelCoding {
  if (marker === 0xf7) return 'jpegLs';
  if (marker === 0xc3 || marker === 0xc7 || marker === 0xcb || marker === 0xcf) return 'jpegLossless';
  return precision > 8 ? 'jpeg12' : 'jpeg8';
}
