import type { ByteWindow } from './byte-source.ts';
import { JoinedBytes } from './joined-bytes.ts';
import type { ByteRange } from './types.ts';

/** More than this is not looked through for the ends of its streams: about half a second. */
const maxBytes = 512 * 1024 ** 2;
/** Streams have a byte FF every few hundred; only made-up ones have many more. */
const maxSearches = 4_000_000;
const maxPadding = 1024 ** 2;
const jp2Signature = 0x6a502020;
const codestreamBox = 0x6a703263;

/**
 * Code streams of the JPEG family that stand end to end in fragments, wherever these are cut: found by walking their
 * markers and lengths, so that bytes within a segment that look like an end are none. Zeros between them are padding.
 * The last stream may be cut off. Undefined when anything else is met, or there are fewer than two.
 */
export function splitStreams(
  fragments: readonly ByteRange[],
  window: ByteWindow,
): readonly (readonly ByteRange[])[] | undefined {
  const bytes = new JoinedBytes(window, fragments);
  if (bytes.size > maxBytes) return undefined;
  const streams: (readonly ByteRange[])[] = [];
  let padding = 0;
  for (let at = 0; ; ) {
    const end = endOfStream(bytes, at);
    if (end < 0 || bytes.searches > maxSearches) return undefined;
    streams.push(bytes.ranges(at, end));
    at = end;
    while (bytes.at(at) === 0 && bytes.u32(at) !== 12) {
      at += 1;
      if (++padding > maxPadding) return undefined;
    }
    if (at >= bytes.size) return streams.length > 1 ? streams : undefined;
  }
}

/** Place behind the stream that begins at `start`, the end of all bytes where it is cut off; -1 when there is none. */
export function endOfStream(bytes: JoinedBytes, start: number): number {
  if (bytes.u16(start) === 0xffd8) return endOfJpeg(bytes, start + 2);
  if (bytes.u32(start) === 0xff4fff51) return endOfJpeg2000(bytes, start + 2);
  return bytes.u32(start) === 12 && bytes.u32(start + 4) === jp2Signature ? endOfJp2(bytes, start) : -1;
}

/** Marker segments and scans of JPEG and JPEG-LS up to EOI (ITU-T T.81 B.1.1, ISO 14495-1 C.1). */
function endOfJpeg(bytes: JoinedBytes, from: number): number {
  let isLs = false;
  for (let at = from; at < bytes.size; ) {
    if (bytes.at(at) !== 0xff) return -1;
    const marker = bytes.at(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return at + 2;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    if (marker === 0xd8 || marker === 0) return -1;
    const length = bytes.u16(at + 2);
    if (length < 2 && at + 4 <= bytes.size) return -1;
    if (marker === 0xf7) isLs = true;
    at += 2 + Math.max(length, 2);
    if (marker === 0xda) at = endOfScan(bytes, at, isLs);
  }
  return bytes.size;
}

/** The next marker that is not part of the entropy-coded data: stuffed bytes and restarts are. */
function endOfScan(bytes: JoinedBytes, from: number, isLs: boolean): number {
  for (let at = bytes.indexOf(0xff, from); at < bytes.size; ) {
    if (bytes.searches > maxSearches) break;
    const next = bytes.at(at + 1);
    const isStuffed = isLs ? next < 0x80 : next === 0;
    if (next === 0xff) at += 1;
    else if (isStuffed || (next >= 0xd0 && next <= 0xd7)) at = bytes.indexOf(0xff, at + 2);
    else return at;
  }
  return bytes.size;
}

/** Main header and tile-parts up to EOC (ISO 15444-1 A.2); two bytes above FF8F stand in no packet (B.10.1). */
function endOfJpeg2000(bytes: JoinedBytes, from: number): number {
  let at = from;
  while (at < bytes.size && bytes.u16(at) !== 0xff90) {
    if (bytes.at(at) !== 0xff) return -1;
    const length = bytes.u16(at + 2);
    if (length < 2 && at + 4 <= bytes.size) return -1;
    at += 2 + Math.max(length, 2);
  }
  while (bytes.u16(at) === 0xff90) {
    const length = bytes.u32(at + 6);
    if (length === 0) at = endMarker(bytes, at + 12);
    else if (length < 14) return at + 12 < bytes.size ? -1 : bytes.size;
    else at += length;
  }
  if (at + 1 >= bytes.size) return bytes.size;
  if (bytes.u16(at) === 0xffd9) return at + 2;
  // Streams without an end marker are met.
  return bytes.u32(at) === 0xff4fff51 ? at : -1;
}

function endMarker(bytes: JoinedBytes, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at < bytes.size && bytes.at(at + 1) !== 0xd9 && bytes.searches <= maxSearches)
    at = bytes.indexOf(0xff, at + 1);
  return at;
}

/** A JP2 file (ISO 15444-1 I.4), which DICOM forbids but meets: boxes up to the one with the code stream. */
function endOfJp2(bytes: JoinedBytes, from: number): number {
  for (let at = from; at + 8 <= bytes.size; ) {
    const length = bytes.u32(at);
    if (bytes.u32(at + 4) === codestreamBox) {
      const start = at + (length === 1 ? 16 : 8);
      if (start + 4 > bytes.size) return bytes.size;
      return bytes.u32(start) === 0xff4fff51 ? endOfJpeg2000(bytes, start + 2) : -1;
    }
    if (length < 8) return -1;
    at += length;
  }
  return bytes.size;
}
