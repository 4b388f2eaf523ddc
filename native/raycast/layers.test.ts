import { describe, expect, it } from 'vitest';
import { rolesOf } from '../../core/scene/layers.ts';
import { type Bench, bench, type VoxelFunction } from '../harness.ts';
import type { RaycastRequest, ScalarType, TransferTable, Triple } from '../types.ts';
import {
  ball,
  directions,
  extinctionOf,
  fromCentreMm,
  maskOf,
  perspective,
  ramp,
  removed,
  request,
  rgbOf,
  shading,
  shown,
  side,
  size,
  unit,
  whiteRamp,
} from './harness.ts';
import { compositeTwin, projectionTwin } from './twin.ts';

const black: Triple = [0, 0, 0];
const white = (alphaPerMm: number): TransferTable => {
  const tau = extinctionOf(alphaPerMm);
  return { direct: Float32Array.of(tau, tau, tau, tau, tau, tau, tau, tau), lo: 0, scale: 1 };
};

function draw(b: Bench, r: RaycastRequest): void {
  b.kernels.raycast(r, 0, side);
}

/** A removed corner through the ball, a tinted slab, and a tinted half that is thinned. */
const quarters: VoxelFunction = (i, j, k) => {
  const [x, y, z] = fromCentreMm(i, j, k);
  if (x + 0.5 * y + 0.3 * z > 3) return 1;
  if (y < -2) return 2;
  return z > 3 ? 3 : 0;
};
const layers = [removed(1), shown(2, [255, 40, 0], 1), shown(3, [0, 120, 255], 0.4)];

describe('ray caster with masks against its twin', () => {
  const volumes = (['int16', 'uint16', 'float32'] as const satisfies readonly ScalarType[]).map((type) =>
    bench(size, type, ball),
  );
  const masks = volumes.map((b) => b.mask(quarters, rolesOf(layers)));
  it('composites the same picture, lit and unlit, through either lens', () => {
    directions.forEach((direction, n) => {
      const b = volumes[n % 3]!;
      const voxels = masks[n % 3]!;
      const mask = maskOf(voxels, layers);
      const transfer = ramp(100, 1200, 0.3);
      const make = n % 2 === 0 ? request : perspective;
      const r = make(b, direction, { transfer, mask, ...(n < 4 && { shading }), jittered: n > 2 });
      draw(b, r);
      let [unlike, sum] = [0, 0];
      for (let row = 0; row < side; row += 2)
        for (let column = 0; column < side; column += 2) {
          const twin = compositeTwin(b.voxels, r, column, row, voxels);
          const error = Math.max(...rgbOf(b, column, row).map((x, c) => Math.abs(x - Math.round(twin[c]!))));
          sum += error;
          if (error > 2.1) unlike += 1;
        }
      expect(unlike / (side / 2) ** 2).toBeLessThan(0.006);
      expect(sum / (side / 2) ** 2).toBeLessThan(0.4);
    });
  });
  it('ends a stretch exactly where the veil passes a half', () => {
    const b = volumes[0]!;
    const only = [removed(1)];
    const voxels = b.mask((i, j, k) => (i + j + k < 50 ? 1 : 0), rolesOf(only));
    for (const direction of directions) {
      const r = request(b, direction, { transfer: ramp(100, 1200, 0.3), mask: maskOf(voxels, only) });
      draw(b, r);
      let unlike = 0;
      for (let row = 0; row < side; row += 2)
        for (let column = 0; column < side; column += 2) {
          const twin = compositeTwin(b.voxels, r, column, row, voxels);
          if (rgbOf(b, column, row).some((x, c) => Math.abs(x - twin[c]!) > 1.1)) unlike += 1;
        }
      expect(unlike / (side / 2) ** 2).toBeLessThan(0.003);
    }
    masks[0] = b.mask(quarters, rolesOf(layers));
  });
  it('projects the same values', () => {
    volumes.forEach((b, n) => {
      for (const mode of ['mip', 'minip', 'mean'] as const) {
        const mask = maskOf(masks[n]!, layers);
        const r = request(b, directions[3]!, { mode, leastCounted: 120, mask });
        draw(b, r);
        let unlike = 0;
        for (let row = 0; row < side; row += 2)
          for (let column = 0; column < side; column += 2) {
            const twin = projectionTwin(b.voxels, r, column, row, masks[n]);
            const kernel = b.values[row * side + column]!;
            if (Number.isNaN(twin) !== Number.isNaN(kernel) || Math.abs(twin - kernel) > 0.5) unlike += 1;
          }
        expect(unlike / (side / 2) ** 2).toBeLessThan(0.012);
      }
    });
  });
  it('changes no pixel by skipping bricks', () => {
    const b = bench([90, 70, 50], 'int16', (i, j, k) =>
      Math.hypot(i - 30, j - 20, k - 8) < 16 || (i > 45 && j === 16)
        ? 900
        : -1000 + ((i * 31 + j * 17) % 211),
    );
    const voxels = b.mask((i, j, k) => (i < 28 ? 1 : k > 20 ? 2 : j > 30 ? 3 : 0), rolesOf(layers));
    const mask = maskOf(voxels, layers);
    for (const direction of directions)
      for (const mode of ['composite', 'mip', 'minip', 'mean'] as const) {
        const transfer = ramp(300, 1000, 0.4);
        const make = (skipping: boolean): RaycastRequest =>
          request(b, direction, { mode, transfer, shading, skipping, mask, leastCounted: -950 });
        draw(b, make(false));
        const plain = new Uint32Array(b.buffer, b.layout.values, side * side).slice();
        draw(b, make(true));
        expect(new Uint32Array(b.buffer, b.layout.values, side * side)).toEqual(plain);
        expect(new Set(plain).size).toBeGreaterThan(2);
      }
  });
  it('draws what it drew before where the layers change nothing', () => {
    const [b, voxels] = [volumes[0]!, masks[0]!];
    const change = { transfer: ramp(100, 1200, 0.3), shading };
    draw(b, request(b, directions[4]!, change));
    const plain = new Uint32Array(b.buffer, b.layout.values, side * side).slice();
    const mask = maskOf(voxels, [shown(9, [1, 2, 3], 0.2)]);
    draw(b, request(b, directions[4]!, { ...change, mask }));
    expect(new Uint32Array(b.buffer, b.layout.values, side * side)).toEqual(plain);
  });
});

describe('ray caster with masks, closed form', () => {
  it('lets exactly the light through that a box without its ball lets through', () => {
    const b = bench(size, 'int16', () => 1);
    const radius = 9;
    const voxels = b.mask(
      (i, j, k) => (Math.hypot(...fromCentreMm(i, j, k)) < radius ? 1 : 0),
      rolesOf([removed(1)]),
    );
    const mask = maskOf(voxels, [removed(1)]);
    // Through the middle along k: 32.5 mm of box without 18 mm of ball.
    for (const stepMm of [0.3, 1]) {
      const r = request(b, [0, 0, 1], {
        transfer: white(0.05),
        background: black,
        opaqueBelow: 0,
        mask,
        stepMm,
        jittered: true,
      });
      draw(b, r);
      const depthOf = (level: number): number => Math.log(1 - level / 255) / Math.log(0.95);
      const middle = depthOf(rgbOf(b, side / 2, side / 2)[0]);
      // Slices are 2.5 mm apart: the ball's poles are known to half of that at best.
      expect(Math.abs(middle - (32.5 - 2 * radius))).toBeLessThan(1.3);
      // Of all rays through the ball, the mean depth of what is missing is its volume over its disc: 4/3 r.
      let [missing, count] = [0, 0];
      for (let row = 0; row < side; row += 1)
        for (let column = 0; column < side; column += 1) {
          const mm = Math.hypot(column - 21.5, row - 21.5) * 0.7;
          if (mm > radius) continue;
          missing += 32.5 - depthOf(rgbOf(b, column, row)[0]);
          count += 1;
        }
      expect(Math.abs(missing / count - (4 / 3) * radius)).toBeLessThan(0.45);
    }
  });
  it('gives a tinted ball its colour, and its opacity to what lies in it', () => {
    const b = bench(size, 'int16', () => 1);
    const red = shown(1, [255, 0, 0], 0.25);
    const voxels = b.mask((i, j, k) => (Math.hypot(...fromCentreMm(i, j, k)) < 9 ? 1 : 0), rolesOf([red]));
    const mask = maskOf(voxels, [red]);
    const r = request(b, [0, 0, 1], {
      transfer: white(0.1),
      background: black,
      opaqueBelow: 0,
      mask,
      stepMm: 0.25,
    });
    draw(b, r);
    // White in front and behind; a quarter of the extinction over 18 mm of red.
    const front = 1 - 0.9 ** (16.25 - 9);
    const through = 0.9 ** (16.25 - 9);
    const ballShare = through * (1 - 0.9 ** (18 * 0.25));
    const behind = through * 0.9 ** (18 * 0.25) * (1 - 0.9 ** (16.25 - 9));
    const [redLevel, green] = rgbOf(b, side / 2, side / 2);
    expect(Math.abs(redLevel - 255 * (front + ballShare + behind))).toBeLessThan(6);
    expect(Math.abs(green - 255 * (front + behind))).toBeLessThan(10);
    // Beside the ball nothing is red.
    const [r2, g2] = rgbOf(b, 3, 3);
    expect(r2).toBe(g2);
    const [r3, g3] = rgbOf(b, 22 + 6, 22);
    expect(r3).toBeGreaterThan(g3 + 20);
  });
  it('shows a MIP without the removed bar, and nothing of it at the bar’s edges', () => {
    const isBar = (i: number, j: number): boolean => i > 20 && i < 40 && j > 10 && j < 20;
    const b = bench(size, 'int16', (i, j) => (isBar(i, j) ? 1500 : 40));
    const voxels = b.mask((i, j) => (i > 18 && i < 42 && j > 8 && j < 22 ? 1 : 0), rolesOf([removed(1)]));
    for (const direction of directions)
      for (const mode of ['mip', 'mean'] as const) {
        const mask = maskOf(voxels, [removed(1)]);
        const withBar = request(b, direction, { mode, leastCounted: -950 });
        draw(b, withBar);
        const most = Math.max(...[...b.values.subarray(0, side * side)].filter((v) => !Number.isNaN(v)));
        draw(b, { ...withBar, mask });
        const seen = [...b.values.subarray(0, side * side)].filter((v) => !Number.isNaN(v));
        expect(most).toBeGreaterThan(200);
        expect(Math.max(...seen)).toBeLessThan(40.01);
        expect(seen.length).toBeGreaterThan(50);
      }
  });
  it('leaves removed voxels out of the mean, zeros among them', () => {
    const isBar = (i: number, j: number): boolean => i > 20 && i < 40 && j > 10 && j < 20;
    const b = bench(size, 'int16', (i, j) => (isBar(i, j) ? 0 : 40));
    const voxels = b.mask((i, j) => (i > 19 && i < 41 && j > 9 && j < 21 ? 1 : 0), rolesOf([removed(1)]));
    const mask = maskOf(voxels, [removed(1)]);
    for (const direction of directions) {
      draw(b, request(b, direction, { mode: 'mean', mask }));
      const seen = [...b.values.subarray(0, side * side)].filter((v) => !Number.isNaN(v));
      expect(seen.length).toBeGreaterThan(50);
      expect(Math.max(...seen)).toBeCloseTo(40, 2);
      // A sample between the last kept voxel and the bar may see a little of it.
      expect(Math.min(...seen)).toBeGreaterThan(39);
    }
  });
  it('lights the face that a mask cuts as the flat face that it is, through noise', () => {
    const noisy = bench(
      size,
      'int16',
      (i, j, k) => 900 + (((i * 7919 + j * 104729 + k * 1299709) % 121) - 60),
    );
    const transfer = whiteRamp(100, 200, 0.9999);
    // Along slices 2.5 mm apart the mask's steps themselves are seen.
    for (const [n, within] of [
      [unit([1, 0, 0]), 6],
      [unit([0.8, 0.6, 0]), 6],
      [unit([0.5, 0.4, 0.75]), 24],
    ] as const) {
      const cut: VoxelFunction = (i, j, k) =>
        fromCentreMm(i, j, k).reduce((sum, x, a) => sum + x * n[a]!, 0) < 0 ? 1 : 0;
      const voxels = noisy.mask(cut, rolesOf([removed(1)]));
      const mask = maskOf(voxels, [removed(1)]);
      const direction = unit([n[0] + 0.2, n[1] - 0.1, n[2] + 0.15]);
      draw(noisy, request(noisy, direction, { transfer, shading, background: black, mask }));
      const facing = 0.85 * n.reduce((sum, x, a) => sum + x * direction[a]!, 0);
      const expected = 255 * Math.min(1, 0.15 + 0.85 * facing + 0.25 * facing ** 12);
      const levels: number[] = [];
      for (let row = 18; row < 26; row += 1)
        for (let column = 18; column < 26; column += 1) levels.push(rgbOf(noisy, column, row)[0]);
      const mean = levels.reduce((a, b) => a + b, 0) / levels.length;
      const deviation = Math.sqrt(levels.reduce((a, b) => a + (b - mean) ** 2, 0) / levels.length);
      expect(Math.abs(mean - expected)).toBeLessThan(within);
      expect(deviation).toBeLessThan(within);
    }
  });
});
