import { describe, expect, it } from 'vitest';
import { rolesOf } from '../../core/scene/layers.ts';
import { type Bench, bench, type VoxelFunction } from '../harness.ts';
import type { RaycastRequest, WindowRequest } from '../types.ts';
import { ball, directions, fromCentreMm, maskOf, removed, request, shown, side, size } from './harness.ts';
import { projectedTintTwin } from './twin.ts';

const modes = ['mip', 'minip', 'mean'] as const;
const layers = [removed(1), shown(2, [255, 40, 0], 1), shown(3, [0, 120, 255], 0.4)];
const quarters: VoxelFunction = (i, j, k) => {
  const [x, y, z] = fromCentreMm(i, j, k);
  if (x + 0.5 * y + 0.3 * z > 5) return 1;
  return y < -2 ? 2 : z > 3 ? 3 : 0;
};
/** No two samples of a ray are equal, so that it is known which is the first of them. */
const uneven: VoxelFunction = (i, j, k) => ball(i, j, k) + ((i * 7919 + j * 104729 + k * 1299709) % 397);

/** Draws values to `values` and tints to `rgba`; answers the tints of all pixels as bytes. */
function tintsOf(b: Bench, r: RaycastRequest): Uint8Array {
  b.rgba.fill(77);
  b.kernels.raycast({ ...r, tintOut: b.layout.rgba }, 0, side);
  return b.rgba.slice(0, side * side * 4);
}

describe('tints of projections', () => {
  it('are those of the twin, in every mode and type', () => {
    (['int16', 'uint16', 'float32'] as const).forEach((type, n) => {
      const b = bench(size, type, uneven);
      const voxels = b.mask(quarters, rolesOf(layers));
      for (const mode of modes) {
        const r = request(b, directions[n + 2]!, { mode, leastCounted: 120, mask: maskOf(voxels, layers) });
        const tints = tintsOf(b, r);
        let [unlike, tinted] = [0, 0];
        for (let row = 0; row < side; row += 2)
          for (let column = 0; column < side; column += 2) {
            const at = (row * side + column) * 4;
            const twin = projectedTintTwin(b.voxels, r, column, row, voxels);
            if (twin[3]! > 0) tinted += 1;
            if (twin.some((x, c) => Math.abs(tints[at + c]! - 255 * x) > 1.6)) unlike += 1;
          }
        expect(tinted).toBeGreaterThan(60);
        expect(unlike / (side / 2) ** 2).toBeLessThan(0.012);
      }
    });
  });
  it('are the same without skipping bricks, and the first of equal values gives them', () => {
    const flat = bench([90, 70, 50], 'int16', (i, j, k) =>
      Math.hypot(i - 40, j - 30, k - 24) < 14 ? 900 : 3,
    );
    const voxels = flat.mask((i, _j, k) => (k > 28 ? 2 : i < 30 ? 3 : 0), rolesOf(layers));
    for (const direction of directions)
      for (const mode of modes) {
        const r = request(flat, direction, { mode, mask: maskOf(voxels, layers), leastCounted: -950 });
        const plain = tintsOf(flat, { ...r, skipping: false });
        expect(tintsOf(flat, r)).toEqual(plain);
        expect(new Set(plain).size).toBeGreaterThan(2);
      }
  });
  it('are a layer’s colour times its opacity where it holds the largest value, and its part of a mean', () => {
    const b = bench(size, 'int16', () => 500);
    const half = [shown(2, [200, 100, 0], 0.5)];
    // Rays along k pass 13 slices, of which the front ones are the layer's.
    const voxels = b.mask((_i, _j, k) => (k < 6 ? 2 : 0), rolesOf(half));
    const middle = ((side / 2) * side + side / 2) * 4;
    const drawn = (mode: 'mip' | 'mean', direction: readonly [number, number, number]) => [
      ...tintsOf(b, request(b, direction, { mode, mask: maskOf(voxels, half) })).subarray(middle, middle + 4),
    ];
    expect(drawn('mip', [0, 0, 1])).toEqual([100, 50, 0, 128]);
    expect(drawn('mip', [0, 0, -1])).toEqual([0, 0, 0, 0]);
    // The border lies 15 mm behind the front of 32.5 mm.
    const share = drawn('mean', [0, 0, 1])[3]! / 127.5;
    expect(Math.abs(share - 15 / 32.5)).toBeLessThan(0.03);
    expect(drawn('mean', [0, 0, 1])).toEqual(drawn('mean', [0, 0, -1]));
  });
  it('colour a level by its brightness: what is black stays black, a background is left alone', () => {
    const b = bench([2, 2, 2], 'int16', () => 0, { maxOutputPixels: 64 });
    const values = [0, 100, 255, 255, Number.NaN, 100, 100];
    // Full red, half of a red, nothing, a quarter of white, nothing, nothing, full blue.
    const tints = [0xff0000ff, 0x80000080, 0, 0x40404040, 0, 0, 0xffff0000];
    b.values.set(values);
    new Uint32Array(b.buffer, b.layout.rgba, 7).set(tints);
    const window: WindowRequest = {
      kind: 'linear',
      gain: 1,
      bias: 0,
      sign: -1,
      background: 0xff332211,
      tinted: true,
    };
    b.kernels.window(window, b.layout.values, b.layout.rgba, values.length);
    const seen = [...new Uint32Array(b.buffer, b.layout.rgba, 7)].map((word) => word.toString(16));
    expect(seen).toEqual([
      'ff000000',
      'ff323264',
      'ffffffff',
      'ffffffff',
      'ff332211',
      'ff646464',
      'ff640000',
    ]);
    b.kernels.window({ ...window, tinted: false }, b.layout.values, b.layout.rgba, 3);
    expect(new Uint32Array(b.buffer, b.layout.rgba, 3)[1]).toBe(0xff646464);
  });
});
