import { describe, expect, it } from 'vitest';
import type { SceneLayer } from '../scene/layers.ts';
import { labelPicture } from './label-picture.ts';

const lung: SceneLayer = { index: 2, role: 'shown', colour: [10, 200, 30], opacity: 0.4 };
const bone: SceneLayer = { index: 1, role: 'removed', colour: [255, 0, 0], opacity: 1 };

describe('labels over a picture', () => {
  // A block of 5 × 4 in 9 × 8, a column of bone beside it.
  const labels = Uint8Array.from({ length: 72 }, (_, n) => {
    const [x, y] = [n % 9, Math.floor(n / 9)];
    return x === 0 ? 1 : x >= 2 && x < 7 && y >= 3 && y < 7 ? 2 : 0;
  });
  const alphaOf = (rgba: Uint8ClampedArray, x: number, y: number): number => rgba[(y * 9 + x) * 4 + 3]!;

  it('fill what is shown, with a crisp outline inside it', () => {
    const rgba = labelPicture(labels, 9, 8, [lung, bone], { outlinePixels: 1, outlineOpacity: 1 });
    for (let y = 0; y < 8; y += 1)
      for (let x = 0; x < 9; x += 1) {
        const isIn = x >= 2 && x < 7 && y >= 3 && y < 7;
        const isEdge = isIn && (x === 2 || x === 6 || y === 3 || y === 6);
        expect(alphaOf(rgba, x, y)).toBe(isEdge ? 255 : isIn ? 102 : 0);
        if (isIn) expect([...rgba.subarray((y * 9 + x) * 4, (y * 9 + x) * 4 + 3)]).toEqual([10, 200, 30]);
      }
  });
  it('have outlines as wide as asked, or none, and none along the picture’s edge', () => {
    const none = labelPicture(labels, 9, 8, [lung], { outlinePixels: 0, outlineOpacity: 1 });
    expect(new Set(none.filter((_, n) => n % 4 === 3))).toEqual(new Set([0, 102]));
    const wide = labelPicture(labels, 9, 8, [lung], { outlinePixels: 2, outlineOpacity: 1 });
    expect(alphaOf(wide, 3, 4)).toBe(255);
    const full = labelPicture(new Uint8Array(72).fill(2), 9, 8, [lung]);
    expect(new Set(full.filter((_, n) => n % 4 === 3))).toEqual(new Set([102]));
  });
  it('leave removed and unnamed layers out', () => {
    expect(labelPicture(labels, 9, 8, [bone]).every((level) => level === 0)).toBe(true);
    expect(labelPicture(labels, 9, 8, []).every((level) => level === 0)).toBe(true);
  });
});
