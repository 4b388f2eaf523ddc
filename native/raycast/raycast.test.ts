import { describe, expect, it } from 'vitest';
import { type Bench, bench } from '../harness.ts';
import type { RaycastRequest, ScalarType, TransferTable, Triple } from '../types.ts';
import {
  ball,
  directions,
  extinctionOf,
  perspective,
  ramp,
  request,
  rgbOf,
  shading,
  side,
  size,
  unit,
  whiteRamp,
} from './harness.ts';
import { compositeTwin, projectionTwin } from './twin.ts';

/** Share of pixels whose worst channel is further than `within` from the twin, and the mean error. */
function compositeErrors(b: Bench, r: RaycastRequest, within: number): { unlike: number; mean: number } {
  b.kernels.raycast(r, 0, side);
  let unlike = 0;
  let sum = 0;
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) {
      const twin = compositeTwin(b.voxels, r, column, row);
      const error = Math.max(...rgbOf(b, column, row).map((x, c) => Math.abs(x - Math.round(twin[c]!))));
      sum += error;
      if (error > within) unlike += 1;
    }
  return { unlike: unlike / (side * side), mean: sum / (side * side) };
}

describe('ray caster against its twin', () => {
  const volumes = (['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[]).map((type) =>
    bench(size, type, ball),
  );
  it('composites the same picture, lit and unlit, through either lens', () => {
    directions.forEach((direction, n) => {
      const b = volumes[n % 3]!;
      const transfer = ramp(100, 1200, 0.3);
      const gradientFactors = { values: Float32Array.of(0, 0.2, 0.5, 0.9, 1), scale: 0.01 };
      const clipPlanes = [[0.3, 0.6, 0, -14]] satisfies RaycastRequest['clipPlanes'];
      for (const change of [
        { transfer },
        { transfer, shading },
        { transfer, shading, jittered: true, gradientFactors, clipPlanes },
        { transfer, shading, depthCue: { fromMm: 8, perMm: 0.03, least: 0.2 } },
      ]) {
        for (const r of [request(b, direction, change), perspective(b, direction, change)]) {
          const { unlike, mean } = compositeErrors(b, r, 1.6);
          expect(unlike).toBeLessThan(0.004);
          expect(mean).toBeLessThan(0.4);
        }
      }
    });
  });
  it('projects the same values', () => {
    for (const b of volumes)
      for (const mode of ['mip', 'minip', 'mean'] as const) {
        const r = request(b, directions[3]!, { mode, leastCounted: 120 });
        b.kernels.raycast(r, 0, side);
        let unlike = 0;
        for (let row = 0; row < side; row += 1)
          for (let column = 0; column < side; column += 1) {
            const twin = projectionTwin(b.voxels, r, column, row);
            const kernel = b.values[row * side + column]!;
            if (Number.isNaN(twin) !== Number.isNaN(kernel) || Math.abs(twin - kernel) > 0.5) unlike += 1;
          }
        // A ray that grazes the box may gain or lose its last sample in single precision.
        expect(unlike / (side * side)).toBeLessThan(mode === 'mip' ? 0.002 : 0.01);
      }
  });
});

describe('ray caster, closed form', () => {
  const black: Triple = [0, 0, 0];
  const white = (alphaPerMm: number): TransferTable => {
    const tau = extinctionOf(alphaPerMm);
    return { direct: Float32Array.of(tau, tau, tau, tau, tau, tau, tau, tau), lo: 0, scale: 1 };
  };
  it('lets (1 − α)^mm of the background through, whatever the step', () => {
    const b = bench(size, 'int16', () => 1);
    // Depth along k is 13 × 2.5 = 32.5 mm from −16.25.
    for (const [stepMm, depthMm] of [
      [0.5, 32.5],
      [1, 32.5],
      [3.7, 32.5],
    ] as const) {
      const change = { transfer: white(0.05), background: black, opaqueBelow: 0, stepMm, jittered: true };
      const r = request(b, [0, 0, 1], change);
      b.kernels.raycast(r, 0, side);
      const [red] = rgbOf(b, side / 2, side / 2);
      expect(red).toBe(Math.round(255 * (1 - 0.95 ** depthMm)));
    }
  });
  it('sees a band of values thinner than a step at its true opacity, wherever the samples fall', () => {
    // The value rises by 50, 18.75 and 40 a millimetre along the axes: the band is 0.7 mm thick here.
    const b = bench(size, 'int16', (i, j, k) => 20 * i + 15 * j + 100 * k);
    const direction = unit([0.3, 0.2, 1]);
    const perMm = 50 * direction[0] + 18.75 * direction[1] + 40 * direction[2];
    const entries = 401;
    const direct = new Float32Array(entries * 4);
    const tau = (entry: number): number => 4 * Math.max(0, 1 - Math.abs(entry - 200) / 200);
    for (let i = 0; i < entries; i += 1) direct.fill(tau(i), i * 4, i * 4 + 4);
    const transfer = { direct, lo: 1400, scale: 10 };
    const r = request(b, direction, { transfer, background: black, stepMm: 1 });
    b.kernels.raycast(r, 0, side);
    // ∫τ dt = ∫τ dv / (dv/dt) = 4 · 20 / perMm.
    const expected = 255 * (1 - Math.exp((-4 * 20) / perMm));
    for (let row = 14; row < 30; row += 1)
      for (let column = 12; column < 32; column += 1)
        expect(Math.abs(rgbOf(b, column, row)[0] - expected)).toBeLessThan(2);
  });
  it('shows a ball as a disc of the right area in any voxel, from every side', () => {
    const b = bench(size, 'int16', ball);
    for (const direction of directions) {
      const r = request(b, direction, { mode: 'mip', stepMm: 0.2 });
      b.kernels.raycast(r, 0, side);
      const area = b.values.subarray(0, side * side).filter((value) => value > 500).length * 0.49;
      // Radius 9 mm where the soft ball passes 500.
      expect(Math.abs(area / (Math.PI * 81) - 1)).toBeLessThan(0.05);
    }
  });
  it('lights a ball evenly about the view axis', () => {
    const b = bench([60, 33, 13], 'int16', ball);
    const r = request(b, [0, 0, 1], { transfer: whiteRamp(400, 460, 0.999), shading, background: black });
    b.kernels.raycast(r, 0, side);
    const level = (dx: number, dy: number): number => rgbOf(b, 21.5 + dx, 21.5 + dy)[0];
    const ring = [
      level(6.5, 0.5),
      level(-6.5, 0.5),
      level(0.5, 6.5),
      level(0.5, -6.5),
      level(4.5, 4.5),
      level(-4.5, -4.5),
    ];
    expect(Math.max(...ring) - Math.min(...ring)).toBeLessThan(16);
    expect(level(0.5, 0.5)).toBeGreaterThan(Math.max(...ring) + 20);
  });
  it('lights a cut through noisy tissue as the flat face that it is', () => {
    const noisy = bench(
      size,
      'int16',
      (i, j, k) => 900 + (((i * 7919 + j * 104729 + k * 1299709) % 121) - 60),
    );
    const transfer = whiteRamp(100, 200, 0.9999);
    const axial = unit([0, 0, 1]);
    const grazing = request(noisy, axial, { transfer, shading, background: black, nearMm: 40 - 6.5 * 2.5 });
    noisy.kernels.raycast(grazing, 0, side);
    const straight = 255 * (0.15 + 0.85 * 0.85 + 0.25 * 0.85 ** 12);
    expect(Math.abs(rgbOf(noisy, 22, 22)[0] - straight)).toBeLessThan(1.6);
    for (const direction of [
      [0.35, 0.3, 1],
      [0.2, 1, 0.15],
      [1, 0.2, -0.3],
    ] satisfies Triple[]) {
      const r = request(noisy, direction, { transfer, shading, background: black });
      noisy.kernels.raycast(r, 0, side);
      const d = unit(direction);
      const facing = 0.85 * Math.max(...d.map(Math.abs));
      const expected = 255 * Math.min(1, 0.15 + 0.85 * facing + 0.25 * facing ** 12);
      for (const [column, row] of [
        [20, 20],
        [22, 21],
        [23, 23],
        [21, 24],
      ] as const) {
        expect(Math.abs(rgbOf(noisy, column, row)[0] - expected)).toBeLessThan(6);
      }
      expect(compositeErrors(noisy, r, 1.6).unlike).toBeLessThan(0.004);
    }
  });
  it('changes no pixel by skipping empty bricks', () => {
    const b = bench([90, 70, 50], 'int16', (i, j, k) =>
      Math.hypot(i - 30, j - 20, k - 8) < 6 || (i > 45 && j === 16)
        ? 900
        : -1000 + ((i * 31 + j * 17 + k * 7 + i * j) % 211),
    );
    for (const direction of directions)
      for (const mode of ['composite', 'mip', 'minip'] as const) {
        const transfer = ramp(300, 1000, 0.4);
        const make = (skipping: boolean): RaycastRequest =>
          request(b, direction, { mode, transfer, shading, skipping });
        b.kernels.raycast(make(false), 0, side);
        const plain = new Uint32Array(b.buffer, b.layout.values, side * side).slice();
        b.kernels.raycast(make(true), 0, side);
        const skipped = new Uint32Array(b.buffer, b.layout.values, side * side);
        expect(skipped).toEqual(plain);
        expect(new Set(plain).size).toBeGreaterThan(2);
      }
  });
  it('leaves what is not counted out of the mean by bricks as by samples', () => {
    const b = bench([90, 70, 50], 'int16', (i, j, k) =>
      Math.hypot(i - 40, j - 30, k - 20) < 15 ? 60 : -1000 + ((i * 31 + j * 17 + k * 7 + i * j) % 20),
    );
    for (const direction of directions) {
      const make = (skipping: boolean): RaycastRequest =>
        request(b, direction, { mode: 'mean', leastCounted: -950, skipping });
      b.kernels.raycast(make(false), 0, side);
      const plain = b.values.slice(0, side * side);
      b.kernels.raycast(make(true), 0, side);
      expect(b.values.subarray(0, side * side)).toEqual(plain);
      expect(plain.filter((value) => value > -200).length).toBeGreaterThan(100);
    }
  });
  it('stops early without a visible change', () => {
    const b = bench(size, 'int16', ball);
    const make = (opaqueBelow: number): RaycastRequest =>
      request(b, directions[3]!, { transfer: ramp(100, 1200, 0.6), opaqueBelow });
    b.kernels.raycast(make(0), 0, side);
    const whole = new Uint8Array(b.buffer, b.layout.values, side * side * 4).slice();
    b.kernels.raycast(make(0.005), 0, side);
    const stopped = new Uint8Array(b.buffer, b.layout.values, side * side * 4);
    expect(Math.max(...whole.map((x, p) => Math.abs(x - stopped[p]!)))).toBeLessThanOrEqual(2);
  });
  it('keeps padding out of MinIP and the mean', () => {
    const b = bench(size, 'int16', (i, j) => (i < 20 || j < 8 ? -32768 : 40), { noData: -32768 });
    for (const mode of ['mip', 'minip', 'mean'] as const) {
      b.kernels.raycast(request(b, directions[3]!, { mode }), 0, side);
      const seen = [...b.values.subarray(0, side * side)].filter((value) => !Number.isNaN(value));
      expect(seen.length).toBeGreaterThan(100);
      for (const value of seen) expect(value).toBeCloseTo(40, 2);
    }
  });
  it('renders odd sizes and bands of rows alike', () => {
    const b = bench(size, 'int16', ball);
    const odd = { width: 43, height: 41, transfer: ramp(100, 1200, 0.3) };
    const r = request(b, directions[4]!, odd);
    b.kernels.raycast(r, 0, 41);
    const whole = new Uint32Array(b.buffer, b.layout.values, 43 * 41).slice();
    new Uint32Array(b.buffer, b.layout.values, 43 * 41 + 8).fill(7);
    for (const start of [32, 0, 16]) b.kernels.raycast(r, start, Math.min(start + 16, 41));
    const words = new Uint32Array(b.buffer, b.layout.values, 43 * 41 + 8);
    expect(words.subarray(0, 43 * 41)).toEqual(whole);
    expect([...words.subarray(43 * 41)]).toEqual(new Array(8).fill(7));
  });
});
