/** A silent WebM file (Matroska, RFC 9559): VP8 or VP9 pictures, with cues for seeking. */
import { type EncodedFilm, joinedBytes } from './film.ts';

const textEncoder = new TextEncoder();

/** Whole number in as few bytes as it takes. */
function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

/** Size in one byte where it fits (all ones would mean "unknown"), else in eight (01 and seven of value). */
function sizeBytes(size: number): Uint8Array {
  if (size < 0x7f) return Uint8Array.of(0x80 | size);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x01000000 + Math.floor(size / 2 ** 32));
  view.setUint32(4, size % 2 ** 32);
  return bytes;
}

function element(id: number, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return joinedBytes([unsigned(id), sizeBytes(size), ...content]);
}

const number = (id: number, value: number): Uint8Array => element(id, unsigned(value));
const text = (id: number, value: string): Uint8Array => element(id, textEncoder.encode(value));

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, bytes);
}

const head = (): Uint8Array =>
  element(
    0x1a45dfa3,
    number(0x4286, 1),
    number(0x42f7, 1),
    number(0x42f2, 4),
    number(0x42f3, 8),
    text(0x4282, 'webm'),
    number(0x4287, 2),
    number(0x4285, 2),
  );

function simpleBlock(bytes: Uint8Array, isKey: boolean, afterMs: number): Uint8Array {
  return element(0xa3, Uint8Array.of(0x81, afterMs >> 8, afterMs & 255, isKey ? 0x80 : 0), bytes);
}

export function encodeWebm(film: EncodedFilm, codec: 'V_VP8' | 'V_VP9'): Uint8Array<ArrayBuffer> {
  const { width, height, framesPerSecond, frames } = film;
  const atMs = (n: number): number => Math.round((n * 1000) / framesPerSecond);
  const info = element(
    0x1549a966,
    number(0x2ad7b1, 1_000_000),
    float(0x4489, (frames.length * 1000) / framesPerSecond),
    text(0x4d80, 'Candela'),
    text(0x5741, 'Candela'),
  );
  const video = element(0xe0, number(0xb0, width), number(0xba, height));
  const entry = [number(0xd7, 1), number(0x73c5, 1), number(0x9c, 0), text(0x86, codec), number(0x83, 1)];
  const frameNs = Math.round(1e9 / framesPerSecond);
  const tracks = element(0x1654ae6b, element(0xae, ...entry, number(0x23e383, frameNs), video));
  const parts = [info, tracks];
  const cues: Uint8Array[] = [];
  let position = info.length + tracks.length;
  for (let first = 0; first < frames.length; ) {
    let end = first + 1;
    while (end < frames.length && !frames[end]!.isKey && atMs(end) - atMs(first) < 30_000) end += 1;
    const blocks = frames
      .slice(first, end)
      .map(({ bytes, isKey }, n) => simpleBlock(bytes, isKey, atMs(first + n) - atMs(first)));
    const cluster = element(0x1f43b675, number(0xe7, atMs(first)), ...blocks);
    const place = element(0xb7, number(0xf7, 1), number(0xf1, position));
    if (frames[first]!.isKey) cues.push(element(0xbb, number(0xb3, atMs(first)), place));
    parts.push(cluster);
    position += cluster.length;
    first = end;
  }
  return joinedBytes([head(), element(0x18538067, ...parts, element(0x1c53bb6b, ...cues))]);
}
