import { describe, expect, it } from 'vitest';
import { applyPoint, invert, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { orthonormalPlane } from '../../../../core/geometry/planes.ts';
import { patientPoint, patientVector, type Vec3 } from '../../../../core/geometry/types.ts';
import { labelPicture } from '../../../../core/render/label-picture.ts';
import { renderSlice } from '../../../../core/render/slice.ts';
import type { VolumeInfo } from '../../../../core/render/types.ts';
import { windowLevel } from '../../../../core/scene/presets.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';
import { bench } from '../../../../native/harness.ts';
import { planeBands } from './plane-bands.ts';

/** Oblique by 30°, spacing 0.4 × 0.8 × 2.5 mm, origin not 0. */
const c = Math.cos(Math.PI / 6);
const s = Math.sin(Math.PI / 6);
const size: Vec3 = [40, 30, 12];
const geometry = {
  size,
  patientFromIndex: matrixFromColumns(
    [0.4 * c, 0.4 * s, 0],
    [-0.8 * s, 0.8 * c, 0],
    [0, 0, 2.5],
    [-120, 33, 410],
  ),
};
/** Linear in patient millimetres. */
const field = (p: Vec3): number => 30 * (p[0] + 120) - 20 * (p[1] - 33) + 50 * (p[2] - 410) + 7;
const b = bench(
  size,
  'int16',
  (i, j, k) => Math.round(field(applyPoint(geometry.patientFromIndex, [i, j, k]))),
  {
    maxOutputPixels: 256 * 256,
  },
);
const info: VolumeInfo = {
  geometry,
  scalarType: 'int16',
  layout: b.layout,
  rescale: { slope: 1, intercept: 0 },
  ...{ min: 0, max: 1, percentiles: new Float32Array(1001) },
};
const scene: SliceScene = {
  kind: 'slice',
  plane: orthonormalPlane(patientPoint(-122, 46, 424), patientVector(1, 0.2, 0.3), patientVector(0, 1, -0.5)),
  spacingMm: 0.11,
  width: 120,
  height: 97,
  slabMm: 0,
  projection: 'none',
  interpolation: 'linear',
  window: windowLevel(400, 40),
  background: [0, 0, 0],
};
/** Patient point of the centre of a pixel of the whole picture. */
function pointAt(column: number, row: number): Vec3 {
  const { plane, spacingMm, width, height } = scene;
  const [x, y] = [(column - (width - 1) / 2) * spacingMm, (row - (height - 1) / 2) * spacingMm];
  const { origin, right, down } = plane;
  return [0, 1, 2].map((n) => origin[n]! + right[n]! * x + down[n]! * y) as unknown as Vec3;
}
const inverse = invert(geometry.patientFromIndex)!;
const isInside = (p: Vec3): boolean =>
  applyPoint(inverse, p).every((x, axis) => x >= 0 && x <= size[axis]! - 1);

describe('a picture in bands', () => {
  it('is the scene itself where all of it fits', () => {
    expect(planeBands(scene, 120 * 97, 3)).toEqual([{ scene, top: 0, rows: 97, above: 0 }]);
  });

  it.each([
    [120 * 30, 0],
    [120 * 30, 2],
    [120 * 7, 3],
    [120 * 96, 1],
  ])(
    'of at most %i pixels with %i rows beside has each row once, each pixel at its own place',
    (most, margin) => {
      const bands = planeBands(scene, most, margin);
      let next = 0;
      let checked = 0;
      for (const band of bands) {
        expect(band.top).toBe(next);
        next += band.rows;
        expect(band.scene.width * band.scene.height).toBeLessThanOrEqual(most);
        renderSlice(b.kernels, info, band.scene)(0, band.scene.height);
        for (let row = 0; row < band.rows; row += 1)
          for (let column = 0; column < scene.width; column += 1) {
            const p = pointAt(column, band.top + row);
            if (!isInside(p)) continue;
            const value = b.values[(band.above + row) * scene.width + column]!;
            expect(Math.abs(value - field(p))).toBeLessThanOrEqual(0.6);
            checked += 1;
          }
      }
      expect(next).toBe(scene.height);
      expect(checked).toBeGreaterThan(4000);
    },
  );

  it('has outlines of masks only where the whole has them', () => {
    const { width, height } = scene;
    const disc = (row: number, column: number): number => (Math.hypot(row - 48, column - 60) < 33 ? 1 : 0);
    const labels = Uint8Array.from({ length: width * height }, (_, n) =>
      disc(Math.floor(n / width), n % width),
    );
    const layers = [{ index: 1, role: 'shown', colour: [255, 0, 0], opacity: 0.4 }] as const;
    const look = { outlinePixels: 3, outlineOpacity: 0.9 };
    const whole = labelPicture(labels, width, height, layers, look);
    const put = new Uint8ClampedArray(whole.length);
    for (const { scene: part, top, rows, above } of planeBands(scene, width * 20, look.outlinePixels)) {
      const from = (top - above) * width;
      const own = labels.slice(from, from + part.height * width);
      const drawn = labelPicture(own, width, part.height, layers, look);
      put.set(drawn.subarray(above * width * 4, (above + rows) * width * 4), top * width * 4);
    }
    expect(put).toEqual(whole);
  });
});
