import { describe, expect, it } from 'vitest';
import { maskSlice } from './mask-texture.ts';

describe('slices of masks for the graphics card', () => {
  const size = [5, 4, 3] as const;
  const labels = Uint8Array.from({ length: 60 }, (_, n) => n);
  const veil = Uint8Array.from({ length: 60 }, (_, n) => 255 - n);
  it('are pairs of label and veil', () => {
    const out = new Uint8Array(40);
    maskSlice({ labels, veil }, size, 1, 2, out);
    out.forEach((value, n) => {
      expect(value).toBe(n % 2 === 0 ? 40 + n / 2 : 255 - (40 + (n - 1) / 2));
    });
  });
  it('are reduced to the label in the middle and the mean veil of each block', () => {
    const out = new Uint8Array(3 * 2 * 2);
    maskSlice({ labels, veil }, size, 2, 1, out);
    // Block (2, 1, 1) holds voxels i 4, j 2 … 3, k 2: numbers 54 and 59.
    expect([out[10], out[11]]).toEqual([59, Math.round(255 - (54 + 59) / 2)]);
    // Block (0, 0, 1): i 0 … 1, j 0 … 1, k 2.
    expect([out[0], out[1]]).toEqual([46, Math.round(255 - (40 + 41 + 45 + 46) / 4)]);
  });
});
