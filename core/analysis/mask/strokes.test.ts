import { describe, expect, it } from 'vitest';
import { applyPoint, between, dot, matrixFromColumns, moved, normalise } from '../../geometry/matrices.ts';
import { orthonormalPlane, planeNormal } from '../../geometry/planes.ts';
import {
  type PatientPoint,
  type Plane,
  patientPoint,
  patientVector,
  type Vec3,
  type ViewPoint,
  viewPoint,
} from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { type Brush, brushMask } from './brush.ts';
import { combineMasks, countVoxels, isSameMask, maskOf } from './mask.ts';
import { type Cut, type PictureView, scissorMask } from './scissors.ts';

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

const size: Vec3 = [45, 37, 29];
const spacing: Vec3 = [0.8, 1.1, 1.7];
const axis = (v: Vec3): Vec3 => normalise(v);
const [a, b] = [axis([1, 0.3, -0.2]), axis([-0.3, 1, 0.1])];
const frame = orthonormalPlane(patientPoint(0, 0, 0), patientVector(...a), patientVector(...b));
const scaled = (v: Vec3, mm: number): Vec3 => [v[0] * mm, v[1] * mm, v[2] * mm];
const geometry = {
  size,
  patientFromIndex: matrixFromColumns(
    scaled(frame.right, spacing[0]),
    scaled(frame.down, spacing[1]),
    scaled(planeNormal(frame), spacing[2]),
    [41, -77, 230],
  ),
};
const at = (i: number, j: number, k: number): PatientPoint =>
  patientPoint(...applyPoint(geometry.patientFromIndex, [i, j, k]));
const middle = at(22, 18, 14);

/** Even-odd rule by a ray to the right. */
function isInside([x, y]: ViewPoint, outline: readonly ViewPoint[]): boolean {
  let inside = false;
  outline.forEach(([bx, by], n) => {
    const [ax, ay] = outline[(n + outline.length - 1) % outline.length]!;
    if (by > y !== ay > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
  });
  return inside;
}

/** Voxel by voxel: where it is seen, and whether that is in the outline. */
function plainCut({ plane, eyeMm }: PictureView, { outline, side, depthMm }: Cut): VoxelMask {
  const normal = planeNormal(plane);
  return maskOf(size, (i, j, k) => {
    const way = between(plane.origin, at(i, j, k));
    const depth = dot(way, normal);
    const nearness = eyeMm === undefined ? 1 : 1 + depth / eyeMm;
    if (nearness <= 1e-6 || (depthMm && (depth < depthMm.from || depth > depthMm.to))) return false;
    const seen = viewPoint(dot(way, plane.right) / nearness, dot(way, plane.down) / nearness);
    return isInside(seen, outline) === (side === 'inside');
  });
}

/** Corners on a star that crosses itself. */
const star: ViewPoint[] = Array.from({ length: 7 }, (_, n) => {
  const turn = (n * 3 * 2 * Math.PI) / 7 + 0.1;
  return viewPoint(13 * Math.cos(turn) + 1.3, 11 * Math.sin(turn) - 2.1);
});
const square = [viewPoint(-7.3, -5.2), viewPoint(6.1, -4.9), viewPoint(5.8, 7.7), viewPoint(-8.1, 6.6)];
const slanted = orthonormalPlane(middle, patientVector(0.9, 0.2, 0.5), patientVector(-0.1, 0.3, -0.9));

describe('scissors', () => {
  const views: readonly (readonly [string, PictureView])[] = [
    ['parallel rays', { plane: slanted }],
    ['parallel rays along i', { plane: { origin: middle, right: frame.down, down: planeNormal(frame) } }],
    ['parallel rays along k', { plane: { origin: middle, right: frame.right, down: frame.down } }],
    ['perspective', { plane: slanted, eyeMm: 90 }],
    ['an eye inside the volume', { plane: slanted, eyeMm: 9 }],
    [
      'an eye that looks along i',
      {
        plane: { origin: middle, right: frame.down, down: planeNormal(frame) },
        eyeMm: 8.37,
      },
    ],
  ];
  it.each(views)('cut exactly what lies under the outline: %s', (_, view) => {
    for (const outline of [square, star])
      for (const side of ['inside', 'outside'] as const)
        for (const depthMm of [undefined, { from: -3.1, to: 4.3 }]) {
          const cut: Cut = { outline, side, ...(depthMm && { depthMm }) };
          const expected = plainCut(view, cut);
          const found = value(scissorMask(geometry, view, cut));
          expect(countVoxels(expected)).toBeGreaterThan(50);
          expect(countVoxels(value(combineMasks(found, expected, 'xor')))).toBe(0);
        }
  });

  it('refuse outlines without area, and say when nothing is hit', () => {
    const cut = (outline: readonly ViewPoint[]): Cut => ({ outline, side: 'inside' });
    const view = { plane: slanted };
    const refused = { problem: { code: 'MASK_SHAPE_INVALID' } };
    expect(scissorMask(geometry, view, cut([]))).toMatchObject(refused);
    expect(scissorMask(geometry, view, cut([viewPoint(0, 0), viewPoint(4, 4)]))).toMatchObject(refused);
    const line = [viewPoint(0, 0), viewPoint(4, 4), viewPoint(9, 9)];
    expect(scissorMask(geometry, view, cut(line))).toMatchObject(refused);
    const nowhere = [viewPoint(Number.NaN, 0), viewPoint(4, 4), viewPoint(9, 0)];
    expect(scissorMask(geometry, view, cut(nowhere))).toMatchObject(refused);
    const beside = square.map(([x, y]) => viewPoint(x + 500, y));
    expect(scissorMask(geometry, view, cut(beside))).toMatchObject({ problem: { code: 'MASK_EMPTY' } });
    expect(scissorMask(geometry, view, cut(square), () => false)).toMatchObject({
      problem: { code: 'CANCELLED' },
    });
  });
});

describe('the brush', () => {
  const voxels = new Int16Array(size[0] * size[1] * size[2]).map((_, n) => n % 7);
  const field = { geometry, voxels, rescale: { slope: 10, intercept: 5 } };
  const far = (p: PatientPoint, q: PatientPoint): number => Math.hypot(...between(p, q));
  const paint = (stroke: readonly PatientPoint[], brush: Brush): VoxelMask =>
    value(brushMask(field, stroke, brush));

  it('takes the voxels whose centres lie in a ball, at the border too', () => {
    for (const point of [moved(middle, [0.3, -0.2, 0.4]), at(0, 36, 28), at(-3, 10, 10)]) {
      const expected = maskOf(size, (i, j, k) => far(at(i, j, k), point) <= 5.3);
      expect(isSameMask(paint([point], { radiusMm: 5.3 }), expected)).toBe(true);
    }
  });

  it('takes one layer of voxels with a disc, whatever its plane', () => {
    const flat: Plane = { origin: middle, right: frame.right, down: frame.down };
    const disc = paint([middle], { radiusMm: 6, plane: flat });
    const expected = maskOf(size, (i, j, k) => k === 14 && far(at(i, j, 14), middle) <= 6);
    expect(isSameMask(disc, expected)).toBe(true);
    const thick = paint([middle], { radiusMm: 6, plane: slanted, thicknessMm: 5 });
    const slab = maskOf(size, (i, j, k) => {
      const p = at(i, j, k);
      return far(p, middle) <= 6 && Math.abs(dot(planeNormal(slanted), between(middle, p))) <= 2.5;
    });
    expect(isSameMask(thick, slab)).toBe(true);
  });

  it('leaves no gaps on a stroke, and heeds values', () => {
    const [from, to] = [at(8, 8, 4), at(36, 30, 24)];
    const stroke = paint([from, to], { radiusMm: 4.03 });
    const way = between(from, to);
    const fromLine = (p: PatientPoint): number => {
      const t = Math.min(1, Math.max(0, dot(between(from, p), way) / dot(way, way)));
      return far(p, moved(from, way, t));
    };
    const outer = maskOf(size, (i, j, k) => fromLine(at(i, j, k)) <= 4.03);
    const inner = maskOf(size, (i, j, k) => fromLine(at(i, j, k)) <= 3.98);
    expect(countVoxels(value(combineMasks(stroke, outer, 'without')))).toBe(0);
    expect(countVoxels(value(combineMasks(inner, stroke, 'without')))).toBe(0);
    const chosen = paint([from, to], { radiusMm: 4.03, range: { low: 25, high: 44 } });
    const wanted = maskOf(size, (i, j, k) => [2, 3].includes((i + size[0] * (j + size[1] * k)) % 7));
    expect(isSameMask(chosen, value(combineMasks(stroke, wanted, 'and')))).toBe(true);
  });

  it('refuses sizes and places that make no sense', () => {
    const invalid = { problem: { code: 'INPUT_INVALID' } };
    expect(brushMask(field, [middle], { radiusMm: 0 })).toMatchObject(invalid);
    expect(brushMask(field, [], { radiusMm: 3 })).toMatchObject(invalid);
    expect(brushMask(field, [patientPoint(Number.NaN, 0, 0)], { radiusMm: 3 })).toMatchObject(invalid);
    expect(brushMask(field, [patientPoint(9e3, 0, 0)], { radiusMm: 3 })).toMatchObject({
      problem: { code: 'MASK_EMPTY' },
    });
  });
});
