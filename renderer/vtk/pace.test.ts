import { expect, test } from 'vitest';
import { MovingPace, nextPixels } from './pace.ts';

const limits = { least: 1, most: 4 };

test('a card that falls behind gets fewer rays, one that keeps up gets them back', () => {
  let pixels = 1;
  for (let n = 0; n < 3; n += 1) pixels = nextPixels(pixels, false, limits);
  expect(pixels).toBeCloseTo(2.197, 3);
  for (let n = 0; n < 99; n += 1) pixels = nextPixels(pixels, false, limits);
  expect(pixels).toBe(4);
  for (let n = 0; n < 99; n += 1) pixels = nextPixels(pixels, true, limits);
  expect(pixels).toBe(1);
});

test('asks of the picture before, once, and of none after a rest', () => {
  let signalled = false;
  let deleted = 0;
  const gl = {
    SYNC_STATUS: 1,
    SIGNALED: 2,
    getSyncParameter: () => (signalled ? 2 : 3),
    fenceSync: () => ({}),
    deleteSync: () => {
      deleted += 1;
    },
    flush: () => undefined,
  } as unknown as WebGL2RenderingContext;
  const pace = new MovingPace(limits, 1);
  pace.begin(gl);
  expect(pace.pixels).toBe(1);
  pace.end(gl);
  pace.begin(gl);
  expect(pace.pixels).toBeCloseTo(1.3, 9);
  pace.end(gl);
  signalled = true;
  pace.begin(gl);
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  pace.end(gl);
  signalled = false;
  pace.rest(gl);
  pace.begin(gl);
  expect(pace.pixels).toBeCloseTo(1.235, 9);
  expect(deleted).toBe(3);
});
