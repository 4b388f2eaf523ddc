import { describe, expect, it } from 'vitest';
import { bodyRule, isSurrounded, withinBody } from './body.ts';

const rule = bodyRule({ slope: 1, intercept: -1024 }, 0.8, [0.7, 0.8, 3])!;
/** Stored values of so many samples each. */
const ray = (...parts: readonly (readonly [hu: number, count: number])[]): number[] =>
  parts.flatMap(([hu, count]) => Array<number>(count).fill(hu + 1024));

describe('the body on a ray', () => {
  it('begins at 8 mm of tissue, looked for every 1.6 mm, in stored values', () => {
    expect(rule).toEqual({
      stride: 2,
      samples: 5,
      endSamples: 10,
      voxels: [6, 5],
      voxelStrides: [2, 2],
      leastTissue: 524,
      leastInside: 84,
    });
    expect(bodyRule({ slope: 0.5, intercept: 0 }, 3, [1, 1, 1])).toMatchObject({
      stride: 1,
      samples: 3,
      leastTissue: -1000,
    });
    expect(bodyRule({ slope: -1, intercept: 0 }, 1, [1, 1, 1])).toBeUndefined();
  });
  it('lies between the first and the last such tissue; all counts where there is none', () => {
    expect(withinBody(ray([-1000, 20], [30, 5], [-850, 40], [30, 6], [-990, 30]), rule)).toEqual([20, 70]);
    expect(withinBody(ray([-1000, 20], [30, 4], [-1000, 10], [30, 5], [-1000, 20]), rule)).toEqual([34, 38]);
    expect(withinBody(ray([-1000, 20], [30, 4], [-1000, 20]), rule)).toEqual([0, 43]);
    expect(withinBody([], rule)).toEqual([0, -1]);
  });
  it('begins at once in a lung, not in air just before the skin', () => {
    expect(withinBody(ray([-880, 30], [30, 20], [-1000, 20]), rule)).toEqual([0, 49]);
    expect(withinBody(ray([-1000, 7], [30, 4], [-1000, 20], [30, 9], [-1000, 3]), rule)).toEqual([31, 39]);
    const padded = [...Array<number>(9).fill(Number.NaN), ...ray([-880, 30], [30, 20], [-1000, 20])];
    expect(withinBody(padded, rule)).toEqual([0, 58]);
  });
  it('surrounds what every way out leads through tissue', () => {
    const wall = (i: number, j: number): number => {
      const r = Math.max(Math.abs(i - 40), Math.abs(j - 40));
      return r > 10 && r < 30 && !(i > 50 && j === 40) ? 1024 : 24;
    };
    expect(isSurrounded(wall, [80, 80], [40, 38], rule)).toBe(true);
    // A row that leads straight out.
    expect(isSurrounded(wall, [80, 80], [40, 40], rule)).toBe(false);
    expect(isSurrounded(wall, [80, 80], [2, 40], rule)).toBe(false);
  });
});
