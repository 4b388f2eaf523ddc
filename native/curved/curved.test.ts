import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, bench } from '../harness.ts';
import type { CurvedRequest, ScalarType, Triple } from '../types.ts';
import { curvedTwin } from './twin.ts';

const size: Triple = [23, 17, 9];
/** Voxels of 0.4 × 0.8 × 2.5 mm. */
const spacing: Triple = [0.4, 0.8, 2.5];
const wavy = (i: number, j: number, k: number): number =>
  Math.round(400 * Math.sin(i / 3) + 300 * Math.cos(j / 2 + k) + 100 * k - ((i * 7 + j * 13 + k * 29) % 31));

/** Rows around an arc in mm about the volume's middle that tilts and turns from row to row. */
function arcRows(height: number, width: number, seed: number, count: number): Float64Array {
  const rows = new Float64Array(height * 10);
  for (let row = 0; row < height; row += 1) {
    const a = seed + row * 0.21;
    const b = 0.6 * Math.sin(seed * 3 + row * 0.13);
    const across: Triple = [Math.cos(a) * Math.cos(b), Math.sin(a) * Math.cos(b), Math.sin(b)];
    const through: Triple = [-Math.cos(a) * Math.sin(b), -Math.sin(a) * Math.sin(b), Math.cos(b)];
    for (let axis = 0; axis < 3; axis += 1) {
      const step = (0.5 * across[axis]!) / spacing[axis]!;
      const centre = (size[axis]! - 1) / 2 + ((axis === 2 ? 3 : 1.5) * Math.sin(a + axis)) / spacing[axis]!;
      rows[row * 10 + axis] = centre - ((width - 1) / 2) * step;
      rows[row * 10 + 3 + axis] = step;
      rows[row * 10 + 6 + axis] = through[axis]! / spacing[axis]!;
    }
    rows[row * 10 + 9] = count > 1 ? count + (row % 3) : 1;
  }
  return rows;
}

function request(b: Bench, change: Partial<CurvedRequest> & Pick<CurvedRequest, 'rows'>): CurvedRequest {
  return {
    volume: b.volume,
    width: 31,
    height: change.rows.length / 10,
    slabMm: 0,
    mode: 'none',
    interpolation: 'linear',
    box: { lo: [-0.5, -0.5, -0.5], hi: b.volume.size.map((n) => n - 0.5) as unknown as Triple },
    values: b.layout.values,
    ...change,
  };
}

/** @returns how many pixels hold values */
function compare(b: Bench, r: CurvedRequest, tolerance: number): number {
  b.kernels.curved(r, 0, r.height);
  const twin = curvedTwin(b.voxels, r);
  let unlike = 0;
  let held = 0;
  for (let p = 0; p < twin.length; p += 1) {
    const [kernel, plain] = [b.values[p]!, twin[p]!];
    if (!Number.isNaN(plain)) held += 1;
    const same = Number.isNaN(plain) ? Number.isNaN(kernel) : Math.abs(kernel - plain) <= tolerance;
    if (!same) unlike += 1;
  }
  // Rounding may place one sample on the other side of the border; nothing else.
  expect(unlike).toBeLessThanOrEqual(1);
  return held;
}

const volumes = (['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[]).map((type) =>
  bench(size, type, (i, j, k) => wavy(i, j, k) + (type === 'uint16' ? 33_000 : 0)),
);

describe('curved kernel against its twin', () => {
  it('agrees on turning rows, modes, types and slabs whose samples change from row to row', () => {
    fc.assert(
      fc.property(
        fc.nat(volumes.length - 1),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.constantFrom('none', 'mip', 'minip', 'mean'),
        fc.constantFrom('linear', 'linear', 'cubic'),
        (which, seed, mode, interpolation) => {
          const b = volumes[which]!;
          const rows = arcRows(23, 31, seed, mode === 'none' ? 1 : 6);
          const slabMm = mode === 'none' ? 0 : 5;
          expect(compare(b, request(b, { rows, mode, interpolation, slabMm }), 0.05)).toBeGreaterThan(150);
        },
      ),
      { numRuns: 40, seed: 11 },
    );
  });
  it('agrees on rows along the voxels, which another file draws', () => {
    const rows = new Float64Array(40);
    for (let row = 0; row < 4; row += 1)
      rows.set([2.3 - row, 3.2 + row, 1.4 + row, 0.6, 0, 0, 0, 0, 0.4, 5 + row], row * 10);
    for (const b of volumes)
      for (const mode of ['mip', 'minip', 'mean'] as const)
        expect(compare(b, request(b, { rows, mode, slabMm: 4 }), 0.05)).toBeGreaterThan(90);
  });
  it('gives voxels back at integer coordinates, with nearest, linear and cubic', () => {
    for (const b of volumes)
      for (const interpolation of ['nearest', 'linear', 'cubic'] as const) {
        const rows = new Float64Array(9 * 10);
        for (let k = 0; k < 9; k += 1) rows.set([k, 2 + k, k, 1, 0, 0, 0, 0, 1, 1], k * 10);
        b.kernels.curved(request(b, { rows, width: 14, interpolation }), 0, 9);
        for (let k = 0; k < 9; k += 1) {
          const from = (k * 17 + 2 + k) * 23 + k;
          expect([...b.values.subarray(14 * k, 14 * (k + 1))]).toEqual([
            ...b.voxels.subarray(from, from + 14),
          ]);
        }
      }
  });
});

describe('curved kernel, what its rows say', () => {
  it('reproduces a ramp along any rows', () => {
    const ramp = (i: number, j: number, k: number): number => 7 * i - 11 * j + 23 * k - 400;
    const b = bench(size, 'int16', ramp);
    const rows = arcRows(20, 9, 0.4, 1);
    b.kernels.curved(request(b, { rows, width: 9 }), 0, 20);
    let seen = 0;
    for (let row = 0; row < 20; row += 1)
      for (let column = 0; column < 9; column += 1) {
        const at = [0, 1, 2].map((a) => rows[row * 10 + a]! + column * rows[row * 10 + 3 + a]!);
        if (!at.every((x, a) => x > 0 && x < size[a]! - 1)) continue;
        seen += 1;
        expect(Math.abs(b.values[row * 9 + column]! - ramp(at[0]!, at[1]!, at[2]!))).toBeLessThan(0.02);
      }
    expect(seen).toBeGreaterThan(90);
  });
  it('weighs the ends of a mean by half and shows the best of both ends in a MIP', () => {
    const b = bench([5, 5, 9], 'int16', (_i, _j, k) => k * k);
    const row = [1, 1, 4, 1, 0, 0, 0, 0, 1, 5];
    const r = { rows: Float64Array.from(row), width: 1, slabMm: 4 };
    b.kernels.curved(request(b, { ...r, mode: 'mean' }), 0, 1);
    expect(b.values[0]).toBeCloseTo((4 / 2 + 9 + 16 + 25 + 36 / 2) / 4, 3);
    b.kernels.curved(request(b, { ...r, mode: 'mip' }), 0, 1);
    expect(b.values[0]).toBe(36);
    b.kernels.curved(request(b, { ...r, mode: 'minip' }), 0, 1);
    expect(b.values[0]).toBe(4);
  });
  it('leaves gaps empty, padding out, and writes only the rows asked for, however many there are', () => {
    const b = bench(size, 'int16', (i) => (i > 11 ? -2000 : 9), { noData: -2000 });
    const rows = new Float64Array(150 * 10);
    for (let row = 0; row < 150; row += 1)
      rows.set([row % 7 === 3 ? Number.NaN : 8, 5, 4, 1, 0, 0, 0, 0, 0.4, 1], row * 10);
    b.values.fill(-1);
    b.kernels.curved(request(b, { rows, width: 6 }), 10, 140);
    for (let row = 0; row < 150; row += 1) {
      const seen = [...b.values.subarray(row * 6, row * 6 + 6)];
      const gap = Array.from({ length: 6 }, () => Number.NaN);
      const drawn = [9, 9, 9, 9, Number.NaN, Number.NaN];
      expect(seen).toEqual(row < 10 || row >= 140 ? seen.map(() => -1) : row % 7 === 3 ? gap : drawn);
    }
  });
});
