import { expect, test } from 'vitest';
import { transposed } from './use-curved.ts';

test('a picture that lies on its side takes the labels of its masks along', () => {
  const [width, height] = [3, 2];
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, n) => n);
  const labels = Uint8Array.from([1, 2, 3, 4, 5, 6]);
  const turned = transposed({ width, height, rgba, values: null, labels, coarse: 2 });
  expect([turned.width, turned.height, turned.coarse]).toEqual([2, 3, 2]);
  expect([...turned.labels!]).toEqual([1, 4, 2, 5, 3, 6]);
  // Pixel n is the label's: both are turned alike.
  const firsts = Array.from({ length: 6 }, (_, n) => turned.rgba[4 * n]! / 4 + 1);
  expect(firsts).toEqual([...turned.labels!]);
  expect(transposed({ width, height, rgba, values: null, coarse: 1 }).labels).toBeUndefined();
});
