import { describe, expect, test } from 'vitest';
import { colourMaps, fuseValues, fusionTable, mapColour } from './fusion.ts';

const channels = (word: number): number[] => [
  word & 255,
  (word >>> 8) & 255,
  (word >>> 16) & 255,
  word >>> 24,
];

describe('fusion', () => {
  test('colours run through their known stations', () => {
    expect(mapColour('hot', 0)).toEqual([0, 0, 0]);
    expect(mapColour('hot', 1 / 3)).toEqual([1, 0, 0]);
    expect(mapColour('hot', 1)).toEqual([1, 1, 1]);
    expect(mapColour('rainbow', 0)).toEqual([0, 0, 1]);
    expect(mapColour('rainbow', 0.25)).toEqual([0, 1, 1]);
    expect(mapColour('rainbow', 0.5)).toEqual([0, 1, 0]);
    expect(mapColour('rainbow', 0.75)).toEqual([1, 1, 0]);
    expect(mapColour('rainbow', 1)).toEqual([1, 0, 0]);
    expect(mapColour('greyInverse', 1)).toEqual([0, 0, 0]);
  });

  test('background stays clear, the rest is as opaque as asked', () => {
    for (const map of colourMaps) {
      const table = fusionTable({ map, opacity: 0.6 });
      expect(channels(table[0]!)[3]).toBe(0);
      for (const n of [64, 128, 255]) expect(channels(table[n]!)[3]).toBe(153);
      expect(channels(table[32]!)[3]).toBeCloseTo(153 * (32 / 255 / 0.25), -0.5);
    }
  });

  test('values take the colour of their place in the range; none where there is no data', () => {
    const table = fusionTable({ map: 'hot', opacity: 1 });
    const out = new Uint32Array(6);
    fuseValues(Float32Array.from([Number.NaN, -5, 2, 6, 10, 99]), 2, 10, table, out);
    expect([...out]).toEqual([0, table[0], table[0], table[128], table[255], table[255]]);
  });
});
