import { describe, expect, it } from 'vitest';
import { type Bench, bench, type VoxelFunction } from '../harness.ts';
import type { RaycastRequest, RayField, ScalarType, TransferTable, Triple } from '../types.ts';
import { compositeTwin, projectionTwin } from './twin.ts';

/** Spacing 0.4 × 0.8 × 2.5 mm with index axes along the patient's: index = mm / spacing + offset. */
const spacing: Triple = [0.4, 0.8, 2.5];
const size: Triple = [60, 33, 13];
const centre: Triple = [29.5, 16, 6];
const side = 44;

const still = (at: Triple): RayField => ({ at, perColumn: [0, 0, 0], perRow: [0, 0, 0] });
const map = (v: Triple, f: (x: number, axis: number) => number): Triple =>
  v.map((x, axis) => f(x, axis)) as unknown as Triple;
const perIndex = (mm: Triple): Triple => map(mm, (x, axis) => x / spacing[axis]!);
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (v: Triple): Triple => map(v, (x) => x / Math.hypot(...v));

/** Extinction per mm of a layer that lets 1 − α through per mm. */
const extinctionOf = (alphaPerMm: number): number => -Math.log(1 - alphaPerMm);

/** A table whose extinction rises from `from` to `to`, in reds and greens. */
function ramp(from: number, to: number, mostAlpha: number, entries = 512): TransferTable {
  const direct = new Float32Array(entries * 4);
  for (let i = 0; i < entries; i += 1) {
    const share = i / (entries - 1);
    const tau = share * extinctionOf(mostAlpha);
    direct.set([tau * share, tau * (1 - share), tau * 0.25, tau], i * 4);
  }
  return { direct, lo: from, scale: (entries - 1) / (to - from) };
}

/** The same in white. */
function whiteRamp(from: number, to: number, mostAlpha: number): TransferTable {
  const table = ramp(from, to, mostAlpha);
  return { ...table, direct: table.direct.map((_, i) => table.direct[i | 3]!) };
}

function request(b: Bench, direction: Triple, change: Partial<RaycastRequest> = {}): RaycastRequest {
  const d = unit(direction);
  const right = unit(cross(d, [0.1, 0.2, 1]));
  const down = cross(d, right);
  const mm = 0.7;
  const start = map(d, (x, a) => -40 * x - (right[a]! + down[a]!) * mm * ((side - 1) / 2));
  const origin: RayField = {
    at: map(perIndex(start), (x, a) => x + centre[a]!),
    perColumn: perIndex(map(right, (x) => x * mm)),
    perRow: perIndex(map(down, (x) => x * mm)),
  };
  return {
    volume: b.volume,
    width: side,
    height: side,
    origin,
    directionIndex: still(perIndex(d)),
    directionMm: still(d),
    normalFromGradient: [1 / spacing[0], 0, 0, 0, 1 / spacing[1], 0, 0, 0, 1 / spacing[2]],
    stepMm: 0.5,
    nearMm: 0,
    mode: 'composite',
    interpolation: 'linear',
    opaqueBelow: 0.005,
    box: { lo: [-0.5, -0.5, -0.5], hi: map(b.volume.size, (n) => n - 0.5) },
    background: [0.1, 0.2, 0.3],
    skipping: true,
    out: b.layout.values,
    ...change,
  };
}

/** Rays from one eye through the same pixels. */
function perspective(b: Bench, direction: Triple, change: Partial<RaycastRequest>): RaycastRequest {
  const r = request(b, direction, change);
  const eye = map(unit(direction), (x) => -60 * x);
  const first = map(r.origin.at, (x, a) => (x - centre[a]!) * spacing[a]! - eye[a]!);
  const mm = (v: Triple): Triple => map(v, (x, a) => x * spacing[a]!);
  return {
    ...r,
    origin: still(map(perIndex(eye), (x, a) => x + centre[a]!)),
    directionIndex: { at: perIndex(first), perColumn: r.origin.perColumn, perRow: r.origin.perRow },
    directionMm: { at: first, perColumn: mm(r.origin.perColumn), perRow: mm(r.origin.perRow) },
  };
}

/** A soft ball of radius 9 mm about the centre: 1000 inside, falling to 0 over 4 mm. */
const ball: VoxelFunction = (i, j, k) => {
  const r = Math.hypot(...map([i, j, k], (x, a) => (x - centre[a]!) * spacing[a]!));
  return Math.round(1000 * Math.min(Math.max((11 - r) / 4, 0), 1));
};
const shading = { ambient: 0.15, diffuse: 0.85, specular: 0.25, power: 12 };
const directions: readonly Triple[] = [
  [0, 0, 1],
  [0, -1, 0],
  [1, 0, 0],
  [0.5, -0.7, 0.4],
  [-0.3, 0.8, -0.6],
];

function rgbOf(b: Bench, column: number, row: number): Triple {
  const at = (row * side + column) * 4;
  const bytes = new Uint8Array(b.buffer, b.layout.values);
  return [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
}

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
      for (const change of [{ transfer }, { transfer, shading }]) {
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
      [1, 33],
      [0.25, 32.75],
    ] as const) {
      const r = request(b, [0, 0, 1], { transfer: white(0.05), background: black, opaqueBelow: 0, stepMm });
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
    expect(rgbOf(noisy, 22, 22)[0]).toBe(Math.round(255 * (0.15 + 0.85 * 0.85 + 0.25 * 0.85 ** 12)));
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
