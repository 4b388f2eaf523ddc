import { describe, expect, test } from 'vitest';
import { ByteWindow, bytesSource } from './byte-source.ts';
import { splitRle } from './split-rle.ts';
import { encodeRleFrame } from './write/rle.ts';

const [columns, rows] = [11, 7];
/** Frames of three kinds of content, so that they are coded in different lengths. */
const frames = [0, 1, 2].map((kind) =>
  encodeRleFrame(
    Uint16Array.from({ length: columns * rows }, (_, n) => (kind === 0 ? 5 : (n * 977 * kind) & 0xffff)),
    columns,
  ),
);

function found(bytes: readonly number[], size = bytes.length): number[] | undefined {
  const fragments = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => ({
    offset: n * size,
    length: Math.min(size, bytes.length - n * size),
  }));
  const window = new ByteWindow(bytesSource(Uint8Array.from(bytes)));
  const split = splitRle(fragments, window, columns * rows);
  return split?.map((parts) => parts.reduce((sum, { length }) => sum + length, 0));
}
/** A frame's own bytes end at most one pad byte before the next begins. */
const isNear = (lengths: readonly number[] | undefined, of: readonly Uint8Array[]): boolean =>
  lengths?.length === of.length &&
  lengths.every((length, n) => of[n]!.length - length <= 1 && length <= of[n]!.length);

describe('splitRle', () => {
  test.each([10_000, 1, 13, 64, 100])('frames end to end, cut every %i bytes', (size) => {
    expect(
      isNear(
        found(
          frames.flatMap((frame) => [...frame]),
          size,
        ),
        frames,
      ),
    ).toBe(true);
  });

  test('padding between frames, and a last one that is cut', () => {
    const [first, second] = frames as [Uint8Array, Uint8Array];
    expect(isNear(found([...first, 0, 0, 128, ...second, 0]), [first, second])).toBe(true);
    expect(found([...first, ...second.subarray(0, -9)])).toHaveLength(2);
  });

  test('one frame, and anything besides frames, is not split', () => {
    const [first] = frames as [Uint8Array];
    expect(found([...first])).toBeUndefined();
    expect(found([...first, ...first, 7, 7, 7, 7])).toBeUndefined();
    expect(found([9, ...first, ...first])).toBeUndefined();
  });
});
