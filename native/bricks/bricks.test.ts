import { describe, expect, it } from 'vitest';
import { bench } from '../harness.ts';
import { bricksTwin } from './twin.ts';

const value = (i: number, j: number, k: number): number => ((i * 73 + j * 179 + k * 283) % 997) - 400;

describe('bricks kernel', () => {
  it('equals its twin on sizes that are no multiple of eight', () => {
    for (const size of [
      [8, 8, 8],
      [9, 17, 25],
      [1, 30, 2],
      [31, 7, 16],
    ] as const)
      for (const type of ['int16', 'float32'] as const) {
        const b = bench(size, type, value);
        const [bx, by, bz] = b.layout.brickCounts;
        const pairs = new Float32Array(b.buffer, b.layout.bricks, bx * by * bz * 2);
        expect([...pairs]).toEqual([...bricksTwin(b.voxels, size)]);
      }
  });
  it('leaves padding out', () => {
    const holes = (i: number, j: number, k: number): number => (i > 10 || k < 8 ? -32768 : value(i, j, k));
    const b = bench([20, 9, 17], 'int16', holes, { noData: -32768 });
    const [bx, by, bz] = b.layout.brickCounts;
    const pairs = new Float32Array(b.buffer, b.layout.bricks, bx * by * bz * 2);
    expect([...pairs]).toEqual([...bricksTwin(b.voxels, [20, 9, 17], -32768)]);
    expect(Math.min(...pairs)).toBe(-Infinity);
    expect([...pairs]).not.toContain(-32768);
  });
  it('reads unsigned values above 32767', () => {
    const b = bench([8, 8, 8], 'uint16', () => 65_000);
    expect([...new Float32Array(b.buffer, b.layout.bricks, 2)]).toEqual([65_000, 65_000]);
  });
  it('gives a brick of nothing but NaN an empty range', () => {
    const b = bench([8, 8, 8], 'float32', () => Number.NaN);
    const [least, most] = new Float32Array(b.buffer, b.layout.bricks, 2);
    expect(least).toBeGreaterThan(most!);
  });
});
