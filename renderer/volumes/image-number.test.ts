import { expect, it } from 'vitest';
import { imageNumber, sliceOfImage, slicesOn } from './image-number.ts';

const stack = (displayReversed: boolean, count = 5) => ({ count, group: { displayReversed } });

it('counts as the slices lie where their numbers rise along them', () => {
  expect([0, 1, 4].map((k) => imageNumber(stack(false), k))).toEqual([1, 2, 5]);
  expect(slicesOn(stack(false), 3)).toBe(3);
});

it('counts from the last slice where numbers fall along them: head first, as the device did', () => {
  expect([0, 1, 4].map((k) => imageNumber(stack(true), k))).toEqual([5, 4, 1]);
  expect(slicesOn(stack(true), 3)).toBe(-3);
});

it.each([false, true])(
  'leads from a number back to its slice (%s), and one image on is the next number',
  (reversed) => {
    const one = stack(reversed, 40);
    for (let n = 1; n <= 40; n += 1) {
      const k = sliceOfImage(one, n);
      expect(imageNumber(one, k)).toBe(n);
      if (n < 40) expect(imageNumber(one, k + slicesOn(one, 1))).toBe(n + 1);
    }
  },
);
