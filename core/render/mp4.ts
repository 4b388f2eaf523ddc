/** A silent MP4 file (ISO/IEC 14496-12 and -15): H.264 pictures, the index in front so that it plays while it loads. */
import { type EncodedFilm, joinedBytes } from './film.ts';

const text = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0));

/** Big-endian words of 32 bits. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setUint32(n * 4, value);
  return bytes;
}

function shorts(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) view.setUint16(n * 2, value);
  return bytes;
}

function box(name: string, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 8);
  return joinedBytes([words(size), text(name), ...content]);
}

/** A box with version and flags. */
const full = (name: string, flags: number, ...content: readonly Uint8Array[]): Uint8Array =>
  box(name, words(flags), ...content);

const one = 0x00010000;
const unityMatrix = words(one, 0, 0, 0, one, 0, 0, 0, 0x40000000);
/** Dots per inch that every writer gives: 72. */
const resolution = 0x00480000;

function sampleTable({ width, height, frames }: EncodedFilm, avcConfig: Uint8Array, at: number): Uint8Array {
  const entry = [
    ...[words(0), shorts(0, 1), words(0, 0, 0, 0), shorts(width, height), words(resolution, resolution, 0)],
    ...[shorts(1), new Uint8Array(32), shorts(24, 0xffff), box('avcC', avcConfig)],
  ];
  const keys = frames.flatMap(({ isKey }, n) => (isKey ? [n + 1] : []));
  return box(
    'stbl',
    full('stsd', 0, words(1), box('avc1', ...entry)),
    full('stts', 0, words(1, frames.length, ticksPerFrame)),
    full('stss', 0, words(keys.length, ...keys)),
    full('stsc', 0, words(1, 1, frames.length, 1)),
    full('stsz', 0, words(0, frames.length, ...frames.map(({ bytes }) => bytes.length))),
    full('stco', 0, words(1, at)),
  );
}

const ticksPerFrame = 1000;

function movie(film: EncodedFilm, avcConfig: Uint8Array, at: number): Uint8Array {
  const { width, height, framesPerSecond, frames } = film;
  const perSecond = Math.round(framesPerSecond * ticksPerFrame);
  const duration = frames.length * ticksPerFrame;
  const enabledInMovie = 3;
  const undetermined = 0x55c4;
  const mvhd = full(
    'mvhd',
    0,
    words(0, 0, perSecond, duration, one),
    shorts(0x100, 0),
    words(0, 0),
    unityMatrix,
    words(0, 0, 0, 0, 0, 0, 2),
  );
  const size = words(width << 16, height << 16);
  const tkhd = full(
    'tkhd',
    enabledInMovie,
    words(0, 0, 1, 0, duration, 0, 0),
    shorts(0, 0, 0, 0),
    unityMatrix,
    size,
  );
  const mdhd = full('mdhd', 0, words(0, 0, perSecond, duration), shorts(undetermined, 0));
  const hdlr = full('hdlr', 0, words(0), text('vide'), words(0, 0, 0), text('Candela\0'));
  const dinf = box('dinf', full('dref', 0, words(1), full('url ', 1)));
  const minf = box('minf', full('vmhd', 1, shorts(0, 0, 0, 0)), dinf, sampleTable(film, avcConfig, at));
  return box('moov', mvhd, box('trak', tkhd, box('mdia', mdhd, hdlr, minf)));
}

/** `avcConfig` is the AVCDecoderConfigurationRecord; pictures have their NAL units with lengths before them. */
export function encodeMp4(film: EncodedFilm, avcConfig: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = box('ftyp', text('isom'), words(0x200), text('isomiso2avc1mp41'));
  const before = head.length + movie(film, avcConfig, 0).length + 8;
  return joinedBytes([
    head,
    movie(film, avcConfig, before),
    box('mdat', ...film.frames.map(({ bytes }) => bytes)),
  ]);
}
