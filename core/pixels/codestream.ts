import { findLineCount } from './jpeg/header.ts';

/** What the head of a compressed frame says about itself, whatever the transfer syntax claims. */
export interface CodestreamFacts {
  readonly family: 'jpeg' | 'jpegLs' | 'jpeg2000' | 'htj2k';
  /** Where the code stream begins within the bytes (behind JP2 boxes, for instance). */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsPerSample: number;
  readonly signed: boolean;
  readonly reversible: boolean;
  /** JPEG 2000 multiple component transform: decoders give RGB. */
  readonly componentTransform: boolean;
  /** False when the stream ends before its own markers say. */
  readonly complete: boolean;
}

const u16 = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65536 + u16(b, at + 2);

/** Reads the head of a code stream; null when it is none of the known kinds or its head is impossible. */
export function sniffCodestream(bytes: Uint8Array): CodestreamFacts | null {
  if (u16(bytes, 0) === 0xffd8) return sniffJpeg(bytes);
  const start = jpeg2000Start(bytes);
  return start < 0 ? null : sniffJpeg2000(bytes, start);
}

/** The first SOC followed by SIZ: at once, or inside a JP2 file (ISO 15444-1 Annex I), which DICOM forbids but meets. */
function jpeg2000Start(bytes: Uint8Array): number {
  if (u32(bytes, 0) === 0xff4fff51) return 0;
  if (u32(bytes, 4) !== 0x6a502020) return -1;
  const end = Math.min(bytes.length, 65536);
  for (let at = 8; at + 4 <= end; at++) if (u32(bytes, at) === 0xff4fff51) return at;
  return -1;
}

function sniffJpeg(bytes: Uint8Array): CodestreamFacts | null {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = (marker >= 0xc0 && marker <= 0xc3) || marker === 0xf7;
    if (isFrame) {
      const samples = bytes[at + 9] ?? 0;
      return {
        family: marker === 0xf7 ? 'jpegLs' : 'jpeg',
        offset: 0,
        rows: u16(bytes, at + 5) || findLineCount(bytes, at),
        columns: u16(bytes, at + 7),
        samples,
        bitsPerSample: bytes[at + 4]!,
        signed: false,
        reversible: marker === 0xf7 ? nearOf(bytes, at) === 0 : marker === 0xc3,
        componentTransform: false,
        complete: true,
      };
    }
    at += 2 + u16(bytes, at + 2);
  }
  return null;
}

/** NEAR of the first scan of a JPEG-LS stream (ISO 14495-1 C.2.3). */
function nearOf(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 4 < bytes.length && bytes[at] === 0xff; at += 2 + u16(bytes, at + 2)) {
    if (bytes[at + 1] === 0xda) return bytes[at + 5 + 2 * bytes[at + 4]!] ?? 0;
  }
  return 0;
}

/** Ssiz of the first component, from SOC; each component has three bytes (ISO 15444-1 A.5.1). */
const firstDepth = 42;

/** Main header of ISO 15444-1 Annex A: SIZ, CAP (part 15 = HTJ2K), COD. Refuses what only an attack declares. */
function sniffJpeg2000(bytes: Uint8Array, start: number): CodestreamFacts | null {
  const siz = start + 2;
  const [x1, y1, x0, y0] = [
    u32(bytes, siz + 6),
    u32(bytes, siz + 10),
    u32(bytes, siz + 14),
    u32(bytes, siz + 18),
  ];
  const [tileWidth, tileHeight] = [u32(bytes, siz + 22), u32(bytes, siz + 26)];
  const samples = u16(bytes, siz + 38);
  const depth = bytes[siz + 40] ?? 0;
  if (x1 <= x0 || y1 <= y0 || tileWidth === 0 || tileHeight === 0 || samples < 1 || samples > 4) return null;
  if (Math.ceil(x1 / tileWidth) * Math.ceil(y1 / tileHeight) > 65535) return null;
  for (let c = 0; c < samples; c++) {
    // The codec lays components out as one picture; subsampled ones would come out as noise.
    if (bytes[siz + 41 + 3 * c] !== 1 || bytes[siz + 42 + 3 * c] !== 1) return null;
  }
  // Part 2 extensions (multi-component transforms over many frames) are beyond the codec, which would not say so.
  if ((u16(bytes, siz + 4) & 0x8000) !== 0) return null;
  let highThroughput = (u16(bytes, siz + 4) & 0x4000) !== 0;
  let coding = -1;
  let at = siz;
  for (
    ;
    at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0x90;
    at += 2 + u16(bytes, at + 2)
  ) {
    if (bytes[at + 1] === 0x50) highThroughput ||= (u32(bytes, at + 4) & 0x20000) !== 0;
    if (bytes[at + 1] === 0x52) coding = at;
  }
  if (coding < 0 || bytes[coding + 9]! > 32) return null;
  return {
    family: highThroughput ? 'htj2k' : 'jpeg2000',
    offset: start,
    rows: y1 - y0,
    columns: x1 - x0,
    samples,
    bitsPerSample: (depth & 0x7f) + 1,
    signed: depth >= 128,
    reversible: bytes[coding + 13] === 1,
    componentTransform: bytes[coding + 8] === 1,
    complete: tilePartsComplete(bytes, at),
  };
}

/** A tile-part that says it is longer than this is not filled up. */
const longestFill = 2 ** 26;
const strayBytes = 16;

/**
 * A JPEG 2000 stream, from its SOC, that ends as its tile-parts say and with EOC: the codec decodes no stream that was cut.
 * What is missing of the last tile-part becomes zeros, which stand for packets without data (ISO 15444-1 B.9).
 */
export function completedJpeg2000(stream: Uint8Array): Uint8Array {
  let at = 2;
  while (at + 4 <= stream.length && stream[at] === 0xff && stream[at + 1] !== 0x90)
    at += 2 + u16(stream, at + 2);
  while (u16(stream, at) === 0xff90 && at + 12 <= stream.length) {
    const length = u32(stream, at + 6);
    if (length === 0) {
      at = stream.length;
      break;
    }
    at += length;
  }
  const isEnded = u16(stream, stream.length - 2) === 0xffd9;
  const isWhole = u16(stream, at) === 0xffd9 || (isEnded && at === stream.length);
  // More than a few stray bytes behind the tile-parts: their lengths are wrong, and the codec knows better.
  if (isWhole || at < stream.length - strayBytes || at > stream.length + longestFill) return stream;
  const whole = new Uint8Array(at + 2);
  whole.set(stream.subarray(0, isEnded ? stream.length - 2 : Math.min(at, stream.length)));
  whole.set([0xff, 0xd9], at);
  return whole;
}

/** A copy of a JPEG 2000 stream, from its SOC, whose SIZ says that all components are unsigned. */
export function withoutSign(stream: Uint8Array, samples: number): Uint8Array {
  const copy = stream.slice();
  for (let c = 0; c < samples; c++) copy[firstDepth + 3 * c]! &= 0x7f;
  return copy;
}

/** Whether every tile-part lies inside the bytes and the end marker or the end of the bytes follows (A.4.2). */
function tilePartsComplete(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (u16(bytes, at) === 0xff90) {
    const length = u32(bytes, at + 6);
    // Length 0: the last tile-part runs to the end marker.
    if (length === 0) return endsWithMarker(bytes);
    if (at + length > bytes.length) return false;
    at += length;
  }
  return at > from && (u16(bytes, at) === 0xffd9 || at >= bytes.length - 1);
}

/** Whether FF D9 stands anywhere behind the head: no scan of JPEG-LS can hold it (ISO 14495-1 A.1), so the stream ends there. */
export function hasEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 2; at--)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** Whether the last bytes, pad bytes aside, are FF D9: EOC of JPEG 2000. */
function endsWithMarker(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 2 && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end -= 1;
  return u16(bytes, end - 2) === 0xffd9;
}
