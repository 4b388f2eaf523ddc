import { describe, expect, test } from 'vitest';
import { ByteWindow, bytesSource } from './byte-source.ts';
import { Flags } from './flags.ts';
import { frameTable } from './frame-table.ts';
import type { ByteRange } from './types.ts';

const u32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

interface Shape {
  readonly frames: number;
  readonly offsets?: readonly number[];
  readonly kind?: 'jpeg' | 'rle' | 'raw';
}

/** Fragments behind their item headers, after the offset table's item; gives how many fragments each frame has. */
function split(parts: readonly (readonly number[])[], { frames, offsets = [], kind = 'jpeg' }: Shape) {
  const table = offsets.flatMap(u32);
  const bytes = [...table];
  const fragments: ByteRange[] = [];
  for (const part of parts) {
    bytes.push(0xfe, 0xff, 0, 0xe0, ...u32(part.length));
    fragments.push({ offset: bytes.length, length: part.length });
    bytes.push(...part);
  }
  const flags = new Flags();
  const found = frameTable(
    { fragments, basicTable: { offset: 0, length: table.length } },
    {
      window: new ByteWindow(bytesSource(Uint8Array.from(bytes))),
      flags,
      frames,
      endMarker: kind === 'jpeg' ? [0xff, 0xd9] : undefined,
      isRle: kind === 'rle',
    },
  );
  return { sizes: found.map((frame) => frame.length), flags: flags.list().map(({ code }) => code) };
}

const first = [0xff, 0xd8, 1, 2, 3, 4, 5, 6];
const last = [1, 2, 3, 4, 5, 6, 0xff, 0xd9];
const whole = [0xff, 0xd8, 1, 2, 3, 4, 0xff, 0xd9];
const rleHead = [...u32(2), ...u32(64), ...u32(70), ...new Array<number>(52).fill(0), 1, 2, 3, 4];

describe('frames of fragments', () => {
  test('a table is believed before a count that only empty fragments make right', () => {
    // Four frames, an empty fragment behind the first, five frames by the header.
    expect(split([whole, [], whole, whole, whole], { frames: 5, offsets: [0, 24, 40, 56] })).toEqual({
      sizes: [2, 1, 1, 1],
      flags: ['FRAME_COUNT_MISMATCH'],
    });
  });

  test('several whole streams are several frames, whatever the header says', () => {
    for (const frames of [1, 2]) {
      expect(split([first, last, first, last, whole], { frames })).toEqual({
        sizes: [2, 2, 1],
        flags: expect.arrayContaining(['FRAME_COUNT_MISMATCH']),
      });
    }
    expect(split([first, last], { frames: 1 })).toEqual({ sizes: [2], flags: [] });
    // An end marker in the middle of one stream is none: what follows does not begin a stream.
    expect(split([whole, last, last], { frames: 1 })).toEqual({ sizes: [3], flags: [] });
  });

  test('a table that is too short gives way to streams that are as many as the header says', () => {
    const parts = [first, last, first, last, first, last];
    expect(split(parts, { frames: 3, offsets: [0, 32] })).toEqual({
      sizes: [2, 2, 2],
      flags: ['BOT_INVALID', 'FRAME_BOUNDARY_GUESSED'],
    });
    expect(split(parts, { frames: 5, offsets: [0, 32] })).toEqual({
      sizes: [2, 4],
      flags: ['FRAME_COUNT_MISMATCH'],
    });
  });

  test('a frame without bytes, or with bytes of no stream, keeps its number', () => {
    for (const odd of [[], last, [7, 7, 7, 7]]) {
      expect(split([whole, odd, whole], { frames: 3 })).toEqual({ sizes: [1, 1, 1], flags: [] });
    }
    for (const odd of [[], new Array<number>(68).fill(7)]) {
      const parts = [rleHead, odd, rleHead];
      expect(split(parts, { frames: 3, kind: 'rle' })).toEqual({ sizes: [1, 1, 1], flags: [] });
    }
  });

  test('RLE frames begin with their header', () => {
    const rest = new Array<number>(68).fill(7);
    expect(split([rleHead, rest, rleHead, rleHead, rest], { frames: 3, kind: 'rle' })).toEqual({
      sizes: [2, 1, 2],
      flags: ['FRAME_BOUNDARY_GUESSED'],
    });
    expect(split([rleHead, rleHead], { frames: 1, kind: 'rle' })).toEqual({
      sizes: [1, 1],
      flags: ['FRAME_COUNT_MISMATCH'],
    });
    expect(split([rleHead, rest], { frames: 1, kind: 'rle' })).toEqual({ sizes: [2], flags: [] });
    expect(split([rleHead, rleHead], { frames: 1, kind: 'raw' })).toEqual({ sizes: [2], flags: [] });
  });
});
