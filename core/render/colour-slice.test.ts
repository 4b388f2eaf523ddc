import { describe, expect, it } from 'vitest';
import { bench } from '../../native/harness.ts';
import { applyPoint, invert, matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane, patientFromView } from '../geometry/planes.ts';
import { patientPoint, patientVector, type Vec3, type VolumeGeometry, viewPoint } from '../geometry/types.ts';
import { noDataInt16 } from '../pixels/native-shorts.ts';
import { windowLevel } from '../scene/presets.ts';
import type { SliceScene } from '../scene/types.ts';
import { channelOf, channelStride, colourSize, renderColourSlice } from './colour-slice.ts';
import type { VolumeInfo } from './types.ts';

/** Oblique by 30°, spacing 0.4 × 0.8 × 2.5 mm, origin not 0; a count of voxels that is no multiple of 8. */
const size: Vec3 = [39, 29, 11];
const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: matrixFromColumns(
    [0.4 * c, 0.4 * s, 0],
    [-0.8 * s, 0.8 * c, 0],
    [0, 0, 2.5],
    [-120, 33, 410],
  ),
};
const inverse = invert(geometry.patientFromIndex)!;

/** Each channel is a line along the voxels' axes, another one in each. */
const ramps = [
  (i: number, j: number, k: number) => 6 * i + j + k,
  (i: number, j: number, k: number) => 240 - i - 6 * j - 2 * k,
  (i: number, j: number, k: number) => i + j + 12 * k,
] as const;

function setUp(noDataAt?: Vec3) {
  const b = bench(colourSize(size), 'int16', () => 0, { maxOutputPixels: 128 * 128 });
  for (const [channel, ramp] of ramps.entries()) {
    const voxels = channelOf(b.voxels, size, channel);
    for (let n = 0; n < voxels.length; n += 1) {
      const [i, j, k] = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / size[0] / size[1])];
      const isBlank = noDataAt && i === noDataAt[0] && j === noDataAt[1] && k === noDataAt[2];
      voxels[n] = isBlank ? noDataInt16 : ramp(i, j, k);
    }
  }
  const info: VolumeInfo = {
    geometry,
    scalarType: 'int16',
    layout: b.layout,
    rescale: { slope: 1, intercept: 0 },
    noData: noDataInt16,
    isColour: true,
    min: 0,
    max: 255,
    percentiles: new Float32Array(1001),
  };
  return { b, info };
}

const middle = applyPoint(geometry.patientFromIndex, [19, 14, 5]);
const scene = (change: Partial<SliceScene> = {}): SliceScene => ({
  kind: 'slice',
  plane: orthonormalPlane(patientPoint(...middle), patientVector(1, 0.2, 0.3), patientVector(0, 1, -0.5)),
  spacingMm: 0.25,
  width: 41,
  height: 37,
  slabMm: 0,
  projection: 'none',
  interpolation: 'linear',
  window: windowLevel(3, 1000),
  background: [9, 8, 7],
  ...change,
});

function draw(sc: SliceScene, noDataAt?: Vec3) {
  const { b, info } = setUp(noDataAt);
  const rows = renderColourSlice(b.kernels, info, sc, null, b.buffer);
  // In bands that do not divide the height, as threads take them.
  for (let from = 0; from < sc.height; from += 16) rows(from, Math.min(from + 16, sc.height));
  const pixels = sc.width * sc.height;
  return { rgba: b.rgba.slice(0, pixels * 4), values: b.values.slice(0, pixels) };
}

const indexAt = (sc: SliceScene, column: number, row: number): Vec3 => {
  const { width, height, spacingMm } = sc;
  const x = (column - (width - 1) / 2) * spacingMm;
  const y = (row - (height - 1) / 2) * spacingMm;
  return applyPoint(inverse, patientFromView(sc.plane, viewPoint(x, y)));
};

const isInside = (index: Vec3, margin: number): boolean =>
  index.every((n, axis) => n >= margin && n <= size[axis]! - 1 - margin);

describe('planes of colours', () => {
  it('keep each channel where kernels read it', () => {
    const stride = channelStride(size);
    expect([stride % 8, stride >= 39 * 29 * 11]).toEqual([0, true]);
    const [columns, rows, slices] = colourSize(size);
    expect(columns * rows * slices).toBeGreaterThanOrEqual(3 * stride);
  });

  it.each([
    ['a thin plane', {}, 0],
    ['cubic', { interpolation: 'cubic' }, 1],
    // Of a line the mean over a slab is the value in its middle.
    ['a slab of 4 mm', { slabMm: 4, projection: 'mean' }, 2],
  ] as const)('are the closed form in each channel: %s', (_name, change, margin) => {
    const sc = scene(change);
    const { rgba, values } = draw(sc);
    let compared = 0;
    for (let row = 0; row < sc.height; row += 1)
      for (let column = 0; column < sc.width; column += 1) {
        const index = indexAt(sc, column, row);
        if (!isInside(index, margin)) continue;
        compared += 1;
        const n = row * sc.width + column;
        const wanted = ramps.map((ramp) => ramp(...index));
        for (const [channel, level] of wanted.entries())
          expect(Math.abs(rgba[4 * n + channel]! - level), `${column} ${row}`).toBeLessThan(0.56);
        expect(rgba[4 * n + 3]).toBe(255);
        const [red = 0, green = 0, blue = 0] = wanted;
        expect(values[n]).toBeCloseTo(0.299 * red + 0.587 * green + 0.114 * blue, 0);
      }
    expect(compared).toBeGreaterThan(300);
  });

  it('show the background where there is no data, and say so', () => {
    const nearest = scene({ interpolation: 'nearest' });
    const { rgba, values } = draw(nearest, [19, 14, 5]);
    const at = 18 * 41 + 20;
    expect([...rgba.subarray(4 * at, 4 * at + 4)]).toEqual([9, 8, 7, 255]);
    expect(values[at]).toBeNaN();
    const far = draw(scene({ plane: { ...nearest.plane, origin: patientPoint(900, 0, 0) } }));
    expect(far.values.every(Number.isNaN)).toBe(true);
    expect(new Set(far.rgba)).toEqual(new Set([7, 8, 9, 255]));
  });

  it('have no largest and smallest value', () => {
    for (const projection of ['mip', 'minip'] as const)
      expect(() => draw(scene({ slabMm: 5, projection }))).toThrow(projection);
  });
});
