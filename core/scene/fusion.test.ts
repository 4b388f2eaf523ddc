import { describe, expect, test } from 'vitest';
import { blendOver, colourMaps, fuseValues, fusionTable, mapColour } from './fusion.ts';

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

  test('over a projection it is as opaque as its value is high', () => {
    const table = fusionTable({ map: 'hot', opacity: 0.8 }, 'volume');
    for (const n of [0, 51, 102, 255])
      expect(Math.abs(channels(table[n]!)[3]! - (204 * n) / 255)).toBeLessThanOrEqual(0.5);
  });

  test('colours lie over a picture by their share, and it stays where they are clear', () => {
    // Three pixels with every alpha over three greys.
    const alphas = [0, 1, 64, 128, 200, 255];
    const greys = [0, 77, 255];
    const places = alphas.flatMap((alpha) => greys.map((grey) => ({ alpha, grey })));
    const rgba = Uint8ClampedArray.from(places.flatMap(({ grey }) => [grey, grey, grey, 255]));
    const colours = Uint32Array.from(places, ({ alpha }) => ((alpha << 24) | 0x1040c8) >>> 0);
    blendOver(rgba, colours);
    for (const [n, { alpha, grey }] of places.entries()) {
      const share = alpha / 255;
      for (const [c, colour] of [0xc8, 0x40, 0x10].entries())
        expect(Math.abs(rgba[4 * n + c]! - (grey * (1 - share) + colour * share))).toBeLessThanOrEqual(0.5);
      expect(rgba[4 * n + 3]).toBe(255);
    }
  });

  test('values take the colour of their place in the range; none where there is no data', () => {
    const table = fusionTable({ map: 'hot', opacity: 1 });
    const out = new Uint32Array(6);
    fuseValues(Float32Array.from([Number.NaN, -5, 2, 6, 10, 99]), 2, 10, table, out);
    expect([...out]).toEqual([0, table[0], table[0], table[128], table[255], table[255]]);
  });
});
