import { describe, expect, test } from 'vitest';
import { ByteWindow, bytesSource } from './byte-source.ts';
import { splitStreams } from './split-streams.ts';

const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const soi = [0xff, 0xd8];
const eoi = [0xff, 0xd9];
const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  ...u16(body.length + 2),
  ...body,
];
const sos = segment(0xda, [1, 1, 0, 0, 63, 0]);

/** A thumbnail with an end of its own within a segment, stuffed bytes, a restart, fill bytes before the end. */
const jpeg = [
  ...[...soi, ...segment(0xe1, [...soi, 5, ...eoi]), ...segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0])],
  ...[...sos, 1, 2, 0xff, 0, 0xd9, 0xff, 0xd0, 7, 0xff, 0xff, ...eoi],
];
/** In JPEG-LS a byte below 80 behind FF is data. */
const jpegLs = [...soi, ...segment(0xf7, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]), ...sos, 0xff, 0x7f, 3, ...eoi];
const tile = (length: number, body: readonly number[]): number[] => [
  ...[0xff, 0x90, 0, 10, 0, 0, ...u32(length), 0, 1],
  ...body,
];
const j2kHead = [0xff, 0x4f, ...segment(0x51, [0, 0, 0xff, 0xd9])];
/** Bytes within a tile-part of a known length, whatever they look like. */
const j2k = [...j2kHead, ...tile(12 + 4, [0xff, 0x93, ...eoi]), ...eoi];
const openJ2k = [...j2kHead, ...tile(0, [0xff, 0x93, 1, 2]), ...eoi];
const jp2 = [...u32(12), ...u32(0x6a502020), ...u32(0x0d0a870a), ...u32(0), ...u32(0x6a703263), ...j2k];

/** Lengths of the parts that each stream is found in, the streams being cut into fragments of `size` bytes. */
function found(bytes: readonly number[], size = bytes.length): number[][] | undefined {
  const fragments = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => ({
    offset: n * size,
    length: Math.min(size, bytes.length - n * size),
  }));
  const streams = splitStreams(fragments, new ByteWindow(bytesSource(Uint8Array.from(bytes))));
  return streams?.map((parts) => parts.map(({ length }) => length));
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('splitStreams', () => {
  test.each(Object.entries({ jpeg, jpegLs, j2k, openJ2k, jp2 }))('%s end to end', (_, stream) => {
    expect(found([...stream, ...stream, ...stream])).toEqual(new Array(3).fill([stream.length]));
    const padded = [...stream, 0, ...stream, 0];
    expect(found(padded)).toEqual([[stream.length], [stream.length]]);
  });

  test.each([1, 2, 3, 7, 50])('cut into fragments of %i bytes', (size) => {
    const streams = [jpeg, j2k, jp2, jpegLs, openJ2k];
    const parts = found(streams.flat(), size) ?? [];
    expect(parts.map(sum)).toEqual(streams.map((stream) => stream.length));
    expect(Math.max(...parts.flat())).toBeLessThanOrEqual(size);
  });

  test('the last stream may be cut off, wherever', () => {
    for (const stream of [jpeg, jpegLs, j2k, openJ2k, jp2])
      for (let left = 8; left < stream.length; left++)
        expect(found([...stream, ...stream.slice(0, left)])).toEqual([[stream.length], [left]]);
  });

  test('a stream without an end marker ends where the next one begins', () => {
    expect(found([...j2k.slice(0, -2), ...j2k])).toEqual([[j2k.length - 2], [j2k.length]]);
  });

  test('nothing is split that holds one stream, or anything besides streams', () => {
    expect(found(jpeg)).toBeUndefined();
    expect(found([...jpeg, 9, ...jpeg])).toBeUndefined();
    expect(found([1, 2, 3, 4, ...jpeg, ...jpeg])).toBeUndefined();
    expect(found([...soi, 0xff, 0xe0, 0, 0, ...jpeg])).toBeUndefined();
  });

  test('hostile bytes take no time', () => {
    const stuffed = new Uint8Array(32 * 1024 ** 2).map((_, n) => (n % 2 ? 0 : 0xff));
    stuffed.set([...soi, ...sos]);
    const whole = [{ offset: 0, length: stuffed.length }];
    expect(splitStreams(whole, new ByteWindow(bytesSource(stuffed)))).toBeUndefined();
  });
});
