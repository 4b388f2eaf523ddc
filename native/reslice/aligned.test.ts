import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench } from '../harness.ts';
import type { ResliceRequest, Triple } from '../types.ts';
import { resliceTwin } from './twin.ts';

const size: Triple = [23, 17, 9];
const wavy = (i: number, j: number, k: number): number =>
  400 * Math.sin(i / 3) + 300 * Math.cos(j / 2 + k) + 100 * k - ((i * 7 + j * 13 + k * 29) % 31) + 1000;
const padded = (i: number, j: number, k: number): number =>
  (i - 11) ** 2 + (j - 8) ** 2 > 90 ? 5 : wavy(i, j, k);

describe('planes along the voxels’ rows', () => {
  const volumes = (['int16', 'uint16'] as const).flatMap((type) => [
    bench(size, type, wavy),
    bench(size, type, padded, { noData: 5 }),
  ]);
  const share = fc.double({ min: -1, max: 1, noNaN: true });
  it('equal the twin at any zoom, mirrored or turned about their rows, with borders and padding', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...volumes),
        fc.constantFrom('none', 'mip', 'minip', 'mean'),
        fc.oneof(fc.constantFrom(1, -1, 0.5, -0.25, 1.98, 2.4), share),
        fc.oneof(
          fc.constantFrom(0, Math.PI / 2, Math.PI, -Math.PI / 2),
          fc.double({ min: -3, max: 3, noNaN: true }),
        ),
        fc.tuple(share, fc.constantFrom(0, 0.5, 0.2), fc.constantFrom(0, 0.5, 0.7)),
        fc.integer({ min: 17, max: 41 }),
        fc.boolean(),
        (b, mode, step, turn, shift, width, isEven) => {
          const [c, s] = [Math.cos(turn), Math.sin(turn)];
          const even = [-2.1, -1.4, -0.7, 0, 0.7, 1.4, 2.1];
          const uneven = [-2.2, -2, -1, 0, 0.4, 1, 2, 2.2];
          const offsetsMm = mode === 'none' ? [0] : isEven ? even : uneven;
          const down: Triple = [0, c * 0.8, s * 0.8];
          const r: ResliceRequest = {
            volume: b.volume,
            origin: [
              11 + shift[0] * 3 - step * (width / 2),
              8 + shift[1] - 10 * down[1],
              4 + shift[2] - 10 * down[2],
            ],
            columnStep: [step, 0, 0],
            rowStep: down,
            normalPerMm: [0, -s, c],
            width,
            height: 20,
            offsetsMm,
            weights: offsetsMm.map((_, n) => 1 + (n % 3)),
            ...(isEven && { peaksApartMm: 0.7 }),
            mode,
            interpolation: 'linear',
            box: { lo: [-0.5, -0.5, -0.5], hi: [22.5, 16.5, 8.5] },
            values: b.layout.values,
          };
          b.values.fill(-1, 0, width * 20 + 1);
          b.kernels.reslice(r, 0, 20);
          expect(b.values[width * 20]).toBe(-1);
          let unlike = 0;
          for (const [p, plain] of resliceTwin(b.voxels, r).entries()) {
            const kernel = b.values[p]!;
            if (Number.isNaN(kernel) !== Number.isNaN(plain)) unlike += 1;
            else if (!Number.isNaN(plain)) expect(Math.abs(kernel - plain)).toBeLessThan(0.05);
          }
          // Rounding may place a border pixel on the other side; nothing else.
          expect(unlike).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 150, seed: 11 },
    );
  });
  it('show every voxel as it is where they lie on voxel centres, MIP and MinIP of whole slices too', () => {
    for (const b of volumes.filter(({ volume }) => volume.noData === undefined))
      for (const [rowAxis, across] of [
        [1, 2],
        [2, 1],
      ] as const)
        for (const mode of ['none', 'mip', 'minip'] as const) {
          const unit = (axis: number): Triple => [0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
          const offsetsMm = mode === 'none' ? [0] : [-1, 0, 1];
          const r: ResliceRequest = {
            volume: b.volume,
            origin: unit(across).map((x) => x * 4) as unknown as Triple,
            columnStep: [1, 0, 0],
            rowStep: unit(rowAxis),
            normalPerMm: unit(across),
            width: size[0],
            height: size[rowAxis],
            offsetsMm,
            weights: offsetsMm.map(() => 1),
            mode,
            interpolation: 'linear',
            box: { lo: [-0.5, -0.5, -0.5], hi: [22.5, 16.5, 8.5] },
            values: b.layout.values,
          };
          b.kernels.reslice(r, 0, r.height);
          const expected = Array.from({ length: r.width * r.height }, (_, p) => {
            const seen = offsetsMm.map((offset) => {
              const at = [p % r.width, 0, 0];
              at[rowAxis] = Math.floor(p / r.width);
              at[across] = 4 + offset;
              return b.voxels[(at[2]! * size[1] + at[1]!) * size[0] + at[0]!]!;
            });
            return mode === 'minip' ? Math.min(...seen) : Math.max(...seen);
          });
          expect([...b.values.subarray(0, expected.length)]).toEqual(expected);
        }
  });
});
