import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench } from '../harness.ts';
import type { Triple } from '../types.ts';
import { veilTwin } from './twin.ts';

const roles = Uint8Array.from({ length: 256 }, (_, label) =>
  label === 1 || label === 3 ? 1 : label === 2 ? 2 : 0,
);

/** Flags by their definition, from every voxel that a brick's samples may read. */
function flagsTwin(labels: Uint8Array, veil: Uint8Array, [nx, ny, nz]: Triple): number[] {
  const flags: number[] = [];
  const counts = [nx, ny, nz].map((n) => Math.ceil(n / 8));
  for (let bk = 0; bk < counts[2]!; bk += 1)
    for (let bj = 0; bj < counts[1]!; bj += 1)
      for (let bi = 0; bi < counts[0]!; bi += 1) {
        let [some, all, shown] = [false, true, false];
        for (let k = bk * 8; k <= Math.min(bk * 8 + 8, nz - 1); k += 1)
          for (let j = bj * 8; j <= Math.min(bj * 8 + 8, ny - 1); j += 1)
            for (let i = bi * 8; i <= Math.min(bi * 8 + 8, nx - 1); i += 1) {
              const n = (k * ny + j) * nx + i;
              some ||= veil[n]! > 0;
              all &&= veil[n]! >= 128;
              shown ||= roles[labels[n]!] === 2;
            }
        flags.push((some ? 1 : 0) + (some && all ? 2 : 0) + (shown ? 4 : 0));
      }
  return flags;
}

describe('the veil of removed voxels', () => {
  const size: Triple = [27, 19, 18];
  it('is its twin, and each brick is flagged for what it holds', () => {
    const b = bench(size, 'int16', () => 0);
    const shapes = [
      (i: number, j: number, k: number) => (Math.hypot(i - 13, j - 9, k - 8) < 6 ? 1 : 0),
      (i: number, j: number, k: number) => (i < 20 ? 1 : k > 9 ? 2 : j > 4 ? 3 : 0),
      (i: number, j: number, k: number) => (i * 7 + j * 13 + k * 29 + i * j * k) % 4,
      () => 1,
      () => 2,
      () => 0,
    ];
    for (const shape of shapes) {
      const { labels, veil, flags } = b.mask(shape, roles);
      expect(veil).toEqual(veilTwin(labels, size, roles));
      const expected = flagsTwin(labels, veil, size);
      // A flag may promise less than there is, never more: the veil of a voxel beyond the far side counts too.
      [...flags].forEach((flag, n) => {
        expect(flag & 6).toBe(expected[n]! & 6);
        expect((flag & 1) | (expected[n]! & 1)).toBe(flag & 1);
      });
    }
  });
  it('keeps every voxel on its own side of a half, whatever lies around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 9 * 4 * 5, maxLength: 9 * 4 * 5 }),
        (of) => {
          const b = bench([9, 4, 5], 'int16', () => 0, { maxOutputPixels: 64 });
          const { labels, veil } = b.mask((i, j, k) => of[(k * 4 + j) * 9 + i]!, roles);
          labels.forEach((label, n) => {
            expect(veil[n]! >= 128).toBe(roles[label] === 1);
          });
        },
      ),
      { numRuns: 20 },
    );
  });
  it('is mended within a box of bricks as if it were made anew', () => {
    const b = bench(size, 'int16', () => 0);
    const ball = (x: number) => (i: number, j: number, k: number) =>
      Math.hypot(i - x, j - 9, k - 8) < 4 ? 1 : 0;
    const { labels, veil, memory } = b.mask(ball(8), roles);
    for (let n = 0; n < labels.length; n += 1) {
      const [i, j, k] = [n % 27, Math.floor(n / 27) % 19, Math.floor(n / (27 * 19))];
      if (ball(14)(i, j, k)) labels[n] = 1;
    }
    // Voxels 10 … 18 changed along i: with their neighbours, bricks 1 and 2.
    b.kernels.veil({ memory, size, roles, bricks: { lo: [1, 0, 0], hi: [3, 3, 3] } }, 0, 3);
    expect(veil).toEqual(veilTwin(labels, size, roles));
  });
});

describe('labels along a row', () => {
  it('are the nearest ones, and none outside', () => {
    const b = bench([5, 4, 3], 'int16', () => 0);
    const { memory, labels } = b.mask((i, j, k) => 1 + i + 5 * j + 20 * k, roles);
    const out = b.layout.rgba;
    const at: Triple = [-1.2, 0.4, 1.6];
    const step: Triple = [0.35, 0.21, -0.13];
    b.kernels.labelRow({ memory, size: [5, 4, 3], at, step, width: 24, out });
    const expected = Array.from({ length: 24 }, (_, c) => {
      const p = at.map((v, axis) => Math.floor(v + c * step[axis]! + 0.5));
      const isInside = p.every((v, axis) => v >= 0 && v < [5, 4, 3][axis]!);
      return isInside ? labels[(p[2]! * 4 + p[1]!) * 5 + p[0]!]! : 0;
    });
    expect([...b.rgba.subarray(0, 24)]).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(5);
    b.kernels.labelRow({ memory, size: [5, 4, 3], at: [Number.NaN, 0, 0], step, width: 24, out });
    expect([...b.rgba.subarray(0, 24)]).toEqual(new Array(24).fill(0));
  });
});
