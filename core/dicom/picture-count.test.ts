import { expect, it } from 'vitest';
import { framesAtMost, pictureCount } from './picture-count.ts';

it.each([
  ['image', 120, 1, 120],
  ['image', 300, 300, 300],
  ['video', 500, 1, 500],
  ['image', 0, 2, 2],
  ['sr', 0, 1, 1],
  ['segmentation', 90, 1, 1],
  ['image', framesAtMost, 1, framesAtMost],
  ['image', framesAtMost + 1, 3, 3],
])('%s with %i frames in %i: %i', (category, frames, instances, n) => {
  expect(pictureCount({ category, frames, instances })).toBe(n);
});
