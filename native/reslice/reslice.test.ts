import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, bench } from '../harness.ts';
import type { ResliceRequest, ScalarType, Triple } from '../types.ts';
import { resliceTwin } from './twin.ts';

/** Spacing 0.4 × 0.8 × 2.5 mm, so index steps differ along every axis. */
const spacing: Triple = [0.4, 0.8, 2.5];
const size: Triple = [23, 17, 9];
const wavy = (i: number, j: number, k: number): number =>
  Math.round(400 * Math.sin(i / 3) + 300 * Math.cos(j / 2 + k) + 100 * k - ((i * 7 + j * 13 + k * 29) % 31));
const whole = (s: Triple) => ({
  lo: [-0.5, -0.5, -0.5] as Triple,
  hi: s.map((n) => n - 0.5) as unknown as Triple,
});
const perIndex = (mm: Triple): Triple => [mm[0] / spacing[0], mm[1] / spacing[1], mm[2] / spacing[2]];

function request(b: Bench, change: Partial<ResliceRequest>): ResliceRequest {
  return {
    volume: b.volume,
    origin: [0, 0, 0],
    columnStep: [1, 0, 0],
    rowStep: [0, 1, 0],
    normalPerMm: [0, 0, 1],
    width: b.volume.size[0],
    height: b.volume.size[1],
    offsetsMm: [0],
    weights: [1],
    mode: 'none',
    interpolation: 'linear',
    box: whole(b.volume.size),
    values: b.layout.values,
    ...change,
  };
}

function compare(b: Bench, r: ResliceRequest, tolerance: number): void {
  b.kernels.reslice(r, 0, r.height);
  const twin = resliceTwin(b.voxels, r);
  let unlike = 0;
  for (let p = 0; p < twin.length; p += 1) {
    const [kernel, plain] = [b.values[p]!, twin[p]!];
    if (Number.isNaN(kernel) !== Number.isNaN(plain)) unlike += 1;
    else if (!Number.isNaN(plain)) expect(Math.abs(kernel - plain)).toBeLessThanOrEqual(tolerance);
  }
  // Single precision may place a border pixel on the other side of the border; nothing else.
  expect(unlike).toBeLessThanOrEqual(1);
}

/** Two orthonormal vectors in mm from three angles. */
function basis(a: number, b: number, c: number): readonly [Triple, Triple, Triple] {
  const [ca, sa, cb, sb, cc, sc] = [
    Math.cos(a),
    Math.sin(a),
    Math.cos(b),
    Math.sin(b),
    Math.cos(c),
    Math.sin(c),
  ];
  return [
    [ca * cb, sa * cb, -sb],
    [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc],
    [ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc],
  ];
}

describe('reslice kernel against its twin', () => {
  const volumes = (['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[]).map((type) =>
    bench(size, type, (i, j, k) => wavy(i, j, k) + (type === 'uint16' ? 33_000 : 0)),
  );
  const angle = fc.double({ min: -3, max: 3, noNaN: true });
  it('agrees on arbitrary planes, modes and types, borders included', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...volumes),
        fc.tuple(angle, angle, angle),
        fc.constantFrom('none', 'mip', 'minip', 'mean'),
        fc.constantFrom('linear', 'linear', 'cubic'),
        fc.tuple(angle, angle, angle),
        // Also thicker than the volume, and in a box that is thinner than the slab.
        fc.constantFrom(3, 8, 40),
        fc.constantFrom(null, [2, 6], [4, 4]),
        (b, turn, mode, interpolation, shift, halfMm, filled) => {
          const [right, down, normal] = basis(...turn);
          const columnStep = perIndex(right.map((x) => x * 0.7) as unknown as Triple);
          const rowStep = perIndex(down.map((x) => x * 0.7) as unknown as Triple);
          const at = (axis: number): number =>
            (size[axis]! - 1) / 2 + shift[axis]! - 15 * columnStep[axis]! - 13 * rowStep[axis]!;
          const slab = mode === 'none' ? [0] : Array.from({ length: 17 }, (_, s) => (s / 8 - 1) * halfMm);
          const weights = slab.map((_, s) => (slab.length > 1 && (s === 0 || s === 16) ? 0.5 : 1));
          const { lo, hi } = whole(size);
          const box = filled
            ? { lo: [lo[0], lo[1], filled[0]!], hi: [hi[0], hi[1], filled[1]!] }
            : { lo, hi };
          compare(
            b,
            request(b, {
              origin: [at(0), at(1), at(2)],
              columnStep,
              rowStep,
              normalPerMm: perIndex(normal),
              width: 31,
              height: 27,
              offsetsMm: slab,
              weights,
              ...(slab.length > 1 && { peaksApartMm: halfMm / 8 }),
              mode,
              interpolation,
              box: box as ResliceRequest['box'],
            }),
            0.05,
          );
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });
  it('agrees in rows of more than 32 KiB', () => {
    const wide = bench([16_400, 9, 9], 'int16', wavy);
    compare(
      wide,
      request(wide, {
        origin: [16_300.2, 2.1, 1.3],
        columnStep: [0.71, 0.17, 0.09],
        rowStep: [-0.06, 0.22, 0.31],
        width: 30,
        height: 14,
      }),
      0.05,
    );
  });
  it('draws rows of many columns to the border, where rounded steps lead beyond it', () => {
    // Four columns step by a whole number of 65,536ths of a voxel less 0.49 of one, which is the most that rounding takes away.
    const step = (-80_000 + 0.49) / 65_536 / 4;
    for (const axis of [1, 2] as const) {
      const b = bench(axis === 1 ? [64, 130, 4] : [64, 4, 130], 'int16', wavy, { maxOutputPixels: 512 });
      const origin: [number, number, number] = [1.3, 1.2, 1.2];
      const columnStep: [number, number, number] = [0.1, 0, 0];
      origin[axis] = 1.2e-4 - 399 * step;
      columnStep[axis] = step;
      compare(b, request(b, { origin, columnStep, rowStep: [0.1, 0, 0], width: 400, height: 1 }), 0.05);
    }
  });
  it('gives each voxel back at integer coordinates, every border voxel included', () => {
    for (const b of volumes)
      for (const interpolation of ['nearest', 'linear', 'cubic'] as const)
        for (let k = 0; k < size[2]; k += 1) {
          const r = request(b, { origin: [0, 0, k], interpolation });
          b.kernels.reslice(r, 0, r.height);
          const slice = size[0] * size[1];
          expect([...b.values.subarray(0, slice)]).toEqual([
            ...b.voxels.subarray(k * slice, (k + 1) * slice),
          ]);
        }
  });
  it('paints half a voxel beyond the outermost centres and nothing further', () => {
    const b = volumes[0]!;
    const r = request(b, { origin: [-1, 4, 4], columnStep: [0.25, 0, 0], width: 100, height: 1 });
    b.kernels.reslice(r, 0, 1);
    const painted = [...b.values.subarray(0, 100)].map((value) => !Number.isNaN(value));
    expect(painted.indexOf(true)).toBe(2);
    expect(painted.lastIndexOf(true)).toBe((22.5 + 1) * 4);
    expect(b.values[2]).toBe(b.voxels[(4 * 17 + 4) * 23]);
  });
  it('handles volumes of one voxel along an axis', () => {
    for (const thin of [
      [1, 5, 5],
      [5, 1, 5],
      [5, 5, 1],
      [1, 1, 1],
    ] as const)
      for (const type of ['int16', 'float32'] as const) {
        const b = bench(thin, type, (i, j, k) => 10 * i + 100 * j + 1000 * k + 7);
        compare(
          b,
          request(b, { origin: [-0.3, -0.2, 0.1], width: 6, height: 6, rowStep: [0, 0.9, 0.1] }),
          0.01,
        );
      }
  });
});

describe('reslice kernel, closed form', () => {
  it('reproduces a linear ramp on an oblique plane within 0.5', () => {
    const ramp = (i: number, j: number, k: number): number => 7 * i - 11 * j + 23 * k - 400;
    const b = bench([40, 40, 40], 'int16', ramp);
    const [right, down] = basis(0.6, -0.4, 1.1);
    const r = request(b, {
      origin: [10, 20, 12],
      columnStep: right.map((x) => x / 3) as unknown as Triple,
      rowStep: down.map((x) => x / 3) as unknown as Triple,
      width: 20,
      height: 20,
    });
    b.kernels.reslice(r, 0, r.height);
    for (let row = 0; row < 20; row += 1)
      for (let column = 0; column < 20; column += 1) {
        const at = r.origin.map((o, a) => o + column * r.columnStep[a]! + row * r.rowStep[a]!);
        expect(at.every((x) => x > 0 && x < 39)).toBe(true);
        expect(Math.abs(b.values[row * 20 + column]! - ramp(at[0]!, at[1]!, at[2]!))).toBeLessThan(0.01);
      }
  });
  it('applies slope and intercept after interpolation', () => {
    const b = bench([4, 4, 4], 'uint16', (i) => 60_000 + i, { slope: 0.5, intercept: -10 });
    b.kernels.reslice(request(b, { origin: [0.5, 1, 1] }), 0, 1);
    expect(b.values[0]).toBeCloseTo(60_000.5 * 0.5 - 10, 2);
  });
  it('keeps padding and NaN out of every projection', () => {
    const padded = (i: number, j: number): number => (i < 3 || j > 3 ? -2000 : 50);
    for (const mode of ['none', 'mip', 'minip', 'mean'] as const)
      for (const type of ['int16', 'float32'] as const) {
        const b = bench([8, 6, 4], type, padded, { noData: -2000 });
        const r = request(b, { offsetsMm: [-1, 0, 1], weights: [1, 1, 1], mode, origin: [0.3, 0.2, 1.5] });
        b.kernels.reslice(r, 0, r.height);
        const seen = [...b.values.subarray(0, 48)].filter((value) => !Number.isNaN(value));
        expect(seen.length).toBeGreaterThan(10);
        for (const value of seen) expect(value).toBeCloseTo(50, 3);
        compare(b, r, 0.01);
      }
    const holes = bench([4, 1, 4], 'float32', (i, _j, k) => (i === 1 && k === 1 ? Number.NaN : 5));
    holes.kernels.reslice(request(holes, { offsetsMm: [0, 1, 2], weights: [1, 1, 1], mode: 'minip' }), 0, 1);
    expect([...holes.values.subarray(0, 4)]).toEqual([5, 5, 5, 5]);
  });
  it('writes only the rows asked for', () => {
    const b = bench([6, 6, 2], 'int16', () => 9);
    b.values.fill(-1);
    b.kernels.reslice(request(b, {}), 2, 4);
    expect([...b.values.subarray(0, 36)]).toEqual(
      Array.from({ length: 36 }, (_, p) => (p >= 12 && p < 24 ? 9 : -1)),
    );
  });
});
