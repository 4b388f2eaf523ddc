/** A film of JPEG pictures in an AVI file (RIFF; Motion JPEG): played by every operating system without a codec. */

export interface AviRequest {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** One JPEG each, all of the same size. */
  readonly frames: readonly Uint8Array[];
}

/** Offsets are 31 bits in old readers. */
export const aviMostBytes = 2 ** 31 - 1;

const text = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0));

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setUint32(n * 4, value, true);
  return bytes;
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** A chunk's parts: name, size, content, and one byte more where the content is odd. */
function chunk(name: string, ...content: readonly Uint8Array[]): Uint8Array[] {
  const size = sizeOf(content);
  return [text(name), words(size), ...content, new Uint8Array(size % 2)];
}

const list = (name: string, ...content: readonly Uint8Array[]): Uint8Array[] =>
  chunk('LIST', text(name), ...content);

function header({ width, height, framesPerSecond, frames }: AviRequest): Uint8Array[] {
  const largest = Math.max(0, ...frames.map((frame) => frame.length));
  const count = frames.length;
  const perSecond = Math.ceil(largest * framesPerSecond);
  const microseconds = Math.round(1e6 / framesPerSecond);
  const hasIndex = 0x10;
  const main = words(microseconds, perSecond, 0, hasIndex, count, 0, 1, largest, width, height, 0, 0, 0, 0);
  const rate = Math.round(framesPerSecond * 1000);
  const side = words(0, width | (height << 16));
  const anyQuality = 0xffffffff;
  const stream = [words(0, 0, 0, 1000, rate, 0, count, largest, anyQuality, 0), side];
  const picture = [
    words(40, width, height, 1 | (24 << 16)),
    text('MJPG'),
    words(width * height * 3, 0, 0, 0, 0),
  ];
  const strl = list('strl', ...chunk('strh', text('vidsMJPG'), ...stream), ...chunk('strf', ...picture));
  return list('hdrl', ...chunk('avih', main), ...strl);
}

/** The whole file; null where it would be larger than readers can follow. */
export function encodeAvi(request: AviRequest): Uint8Array<ArrayBuffer> | null {
  const keyFrame = 0x10;
  const index: Uint8Array[] = [];
  const movie: Uint8Array[] = [];
  let at = 4;
  for (const frame of request.frames) {
    const parts = chunk('00dc', frame);
    index.push(text('00dc'), words(keyFrame, at, frame.length));
    movie.push(...parts);
    at += sizeOf(parts);
  }
  const body = [...header(request), ...list('movi', ...movie), ...chunk('idx1', ...index)];
  const parts = chunk('RIFF', text('AVI '), ...body);
  const size = sizeOf(parts);
  if (size > aviMostBytes) return null;
  const bytes = new Uint8Array(size);
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return bytes;
}
