import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../geometry/types.ts';
import { blurCells } from './blur-cells.ts';

const size: Vec3 = [41, 37, 33];
const at = (i: number, j: number, k: number): number => i + size[0] * (j + size[1] * k);

describe('blurring cells', () => {
  it.each([
    [0.6, 0.8, 1.1],
    [1.7, 2.4, 3.1],
    [0.9, 4, 2],
  ] as const)('spreads a point as a Gaussian of %d, %d, %d cells does', (...sigmas) => {
    const values = new Float32Array(size[0] * size[1] * size[2]);
    values[at(20, 18, 16)] = 1;
    const blurred = blurCells(values, size, sigmas);
    expect(blurred.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    for (const [axis, middle] of [20, 18, 16].entries()) {
      let variance = 0;
      for (let k = 0; k < size[2]; k++)
        for (let j = 0; j < size[1]; j++)
          for (let i = 0; i < size[0]; i++)
            variance += blurred[at(i, j, k)]! * ([i, j, k][axis]! - middle) ** 2;
      expect(Math.sqrt(variance) / sigmas[axis]!).toBeGreaterThan(0.9);
      expect(Math.sqrt(variance) / sigmas[axis]!).toBeLessThan(1.1);
    }
    const peak = 1 / sigmas.reduce((product, sigma) => product * Math.sqrt(2 * Math.PI) * sigma, 1);
    expect(Math.abs(blurred[at(20, 18, 16)]! / peak - 1)).toBeLessThan(0.2);
  });
  it('keeps a constant up to the edges, and its input', () => {
    const values = new Float32Array(size[0] * size[1] * size[2]).fill(0.7);
    const blurred = blurCells(values, size, [0.8, 2, 9]);
    for (const value of [blurred[0]!, blurred[at(20, 0, 32)]!, blurred[blurred.length - 1]!])
      expect(value).toBeCloseTo(0.7, 5);
    expect(values.every((value) => value === Math.fround(0.7))).toBe(true);
  });
});
