import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, bench } from '../harness.ts';
import type { ResliceRequest, ScalarType, Triple } from '../types.ts';
import { resliceTwin } from './twin.ts';

const size: Triple = [23, 17, 9];
const types = ['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[];

function request(b: Bench, change: Partial<ResliceRequest>): ResliceRequest {
  return {
    volume: b.volume,
    origin: [0, 0, 0],
    columnStep: [1, 0, 0],
    rowStep: [0, 1, 0],
    normalPerMm: [0, 0, 1],
    width: 20,
    height: 14,
    offsetsMm: [0],
    weights: [1],
    mode: 'none',
    interpolation: 'linear',
    box: { lo: [-0.5, -0.5, -0.5], hi: b.volume.size.map((n) => n - 0.5) as unknown as Triple },
    values: b.layout.values,
    ...change,
  };
}

/** An oblique plane through the middle; index steps differ along each axis, as with 0.4 × 0.8 × 2.5 mm. */
const oblique = {
  origin: [3.2, 2.1, 1.3],
  columnStep: [0.71, 0.17, 0.09],
  rowStep: [-0.06, 0.52, 0.31],
} as const satisfies Partial<ResliceRequest>;

const pointOf = (r: ResliceRequest, column: number, row: number): Triple =>
  r.origin.map((o, a) => o + column * r.columnStep[a]! + row * r.rowStep[a]!) as unknown as Triple;

/** Each painted pixel with the point it stands for. */
function pixels(b: Bench, r: ResliceRequest): readonly { at: Triple; value: number }[] {
  b.kernels.reslice(r, 0, r.height);
  return Array.from({ length: r.width * r.height }, (_, p) => ({
    at: pointOf(r, p % r.width, Math.floor(p / r.width)),
    value: b.values[p]!,
  }));
}

describe('nearest', () => {
  it('is a voxel whose centre is nearest, on any plane and in every type', () => {
    // Each voxel holds its own number.
    const volumes = types.map((type) => bench(size, type, (i, j, k) => (k * 17 + j) * 23 + i));
    const part = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...volumes),
        fc.tuple(part, part, part),
        fc.tuple(part, part, part),
        (b, columnStep, rowStep) => {
          const origin = [0, 1, 2].map(
            (a) => (size[a]! - 1) / 2 - 9.5 * columnStep[a]! - 6.5 * rowStep[a]!,
          ) as unknown as Triple;
          for (const { at, value } of pixels(
            b,
            request(b, { origin, columnStep, rowStep, interpolation: 'nearest' }),
          )) {
            const inside = at.every((x, a) => x > -0.4999 && x < size[a]! - 0.5001);
            if (!inside) continue;
            const voxel = [value % 23, Math.floor(value / 23) % 17, Math.floor(value / (23 * 17))];
            for (const [a, v] of voxel.entries()) expect(Math.abs(v - at[a]!)).toBeLessThan(0.5001);
          }
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });
  it('shows padding as no data and takes whole slabs', () => {
    const b = bench(size, 'int16', (i, _j, k) => (i > 11 ? -2000 : k), { noData: -2000 });
    const r = request(b, {
      offsetsMm: [1, 2, 3.4],
      weights: [1, 1, 1],
      mode: 'mip',
      interpolation: 'nearest',
    });
    for (const { at, value } of pixels(b, r)) expect(value).toBe(at[0] > 11.5 ? Number.NaN : 3);
  });
});

describe('cubic', () => {
  it('reproduces polynomials up to degree 2 of index coordinates away from the border', () => {
    const field = (i: number, j: number, k: number): number =>
      3 * i * i - 2 * j * j + 5 * k * k + 4 * i * j - 3 * j * k + i * k - 7 * i + 2 * j + 11 * k - 300;
    for (const type of ['int16', 'float32'] as const) {
      const b = bench([24, 24, 24], type, field);
      const r = request(b, { ...oblique, origin: [5, 4, 3], interpolation: 'cubic' });
      const seen = pixels(b, r).filter(({ at }) => at.every((x) => x > 1 && x < 22));
      expect(seen.length).toBeGreaterThan(200);
      for (const { at, value } of seen) expect(Math.abs(value - field(...at))).toBeLessThan(0.05);
    }
  });
  it('is a ramp where the volume is one, and overshoots a step by no more than Catmull-Rom does', () => {
    const ramp = bench([24, 24, 24], 'int16', (i, j, k) => 7 * i - 11 * j + 23 * k - 400);
    const r = request(ramp, { ...oblique, origin: [5, 4, 3], interpolation: 'cubic' });
    for (const { at, value } of pixels(ramp, r).filter(({ at: p }) => p.every((x) => x > 1 && x < 22)))
      expect(Math.abs(value - (7 * at[0] - 11 * at[1] + 23 * at[2] - 400))).toBeLessThan(0.01);
    const step = bench([24, 3, 3], 'int16', (i) => (i < 12 ? 0 : 1000));
    const fine = request(step, {
      origin: [8, 1, 1],
      columnStep: [0.01, 0, 0],
      width: 800,
      height: 1,
      interpolation: 'cubic',
    });
    const values = pixels(step, fine).map(({ value }) => value);
    // −f³/2 + f²/2 has its extreme at f = 2/3: 2/27.
    expect(Math.max(...values)).toBeCloseTo(1000 * (1 + 2 / 27), 0);
    expect(Math.min(...values)).toBeCloseTo(-2000 / 27, 0);
  });
  it('equals its twin at every border and in volumes one voxel thin', () => {
    for (const thin of [size, [1, 5, 5], [5, 1, 5], [5, 5, 1], [2, 2, 2], [3, 4, 3]] as const)
      for (const type of types) {
        const b = bench(thin, type, (i, j, k) => ((i * 73 + j * 179 + k * 283) % 997) + 20);
        const [x, y, z] = thin;
        for (const origin of [
          [-0.5, -0.5, z / 2],
          [-0.5, y / 2, -0.5],
          [x - 2.5, y - 1.7, z - 0.6],
        ] as const) {
          const r = request(b, {
            origin,
            columnStep: [0.31, 0, 0.05],
            rowStep: [0.02, 0.29, 0],
            interpolation: 'cubic',
          });
          b.kernels.reslice(r, 0, r.height);
          const twin = resliceTwin(b.voxels, r);
          twin.forEach((value, p) => {
            if (Number.isNaN(value)) expect(b.values[p]).toBeNaN();
            else expect(Math.abs(b.values[p]! - value)).toBeLessThan(0.2);
          });
        }
      }
  });
});

describe('no data and the ends of a type', () => {
  const interpolations = ['linear', 'cubic'] as const;
  it('leaves padding and NaN out as the twin does, on oblique planes and slabs', () => {
    for (const type of types)
      for (const interpolation of interpolations)
        for (const mode of ['none', 'mip', 'minip', 'mean'] as const) {
          const hole = type === 'float32' ? Number.NaN : 7;
          const b = bench(
            size,
            type,
            (i, j, k) =>
              i + j > 20 ? 7 : (i * 5 + j * 7 + k * 11) % 23 === 0 ? hole : 900 + i + 2 * j + 3 * k,
            { noData: 7 },
          );
          const slab = mode === 'none' ? [0] : [-1, -0.4, 0, 0.5, 1];
          const r = request(b, {
            ...oblique,
            normalPerMm: [0.1, -0.3, 0.9],
            offsetsMm: slab,
            weights: slab.map(() => 1),
            mode,
            interpolation,
          });
          b.kernels.reslice(r, 0, r.height);
          const twin = resliceTwin(b.voxels, r);
          let holes = 0;
          twin.forEach((value, p) => {
            if (Number.isNaN(value)) {
              holes += 1;
              expect(b.values[p]).toBeNaN();
            } else expect(Math.abs(b.values[p]! - value)).toBeLessThan(0.05);
          });
          if (mode === 'none') expect(holes).toBeGreaterThan(20);
          expect(holes).toBeLessThan(twin.length / 2);
        }
  });
  it('shows nothing where a pixel is wider than any volume, rather than a wrapped coordinate', () => {
    const b = bench(size, 'int16', () => 5);
    for (const step of [7999, 8001, 30_000, 65_536]) {
      const r = request(b, { origin: [-10 * step, 3, 3], columnStep: [step, 0, 0] });
      b.kernels.reslice(r, 0, r.height);
      const row = [...b.values.subarray(0, 20)];
      expect(row.filter((value) => !Number.isNaN(value))).toEqual(step < 8000 ? [5] : []);
    }
  });
  it('is off by less than 1 in 10,000 of the step between the ends of the type', () => {
    for (const [type, least, most] of [
      ['int16', -32768, 32767],
      ['uint16', 0, 65535],
    ] as const)
      for (const interpolation of interpolations) {
        const b = bench(size, type, (i, j, k) => (((i >> 1) + j + k) & 1 ? least : most));
        const r = request(b, { ...oblique, interpolation });
        b.kernels.reslice(r, 0, r.height);
        const twin = resliceTwin(b.voxels, r);
        for (const [p, value] of twin.entries()) expect(Math.abs(b.values[p]! - value)).toBeLessThan(6.5);
      }
  });
});
