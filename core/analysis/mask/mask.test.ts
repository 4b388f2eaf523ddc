import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../geometry/matrices.ts';
import { indexPoint, type Vec3, type VolumeGeometry } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { maskOfRows, rowsOfMask } from './bit-rows.ts';
import { componentsOf } from './components.ts';
import {
  combineMasks,
  countVoxels,
  emptyMask,
  hasVoxel,
  invertMask,
  isSameMask,
  maskBox,
  maskOf,
  maskVolume,
} from './mask.ts';
import { fillHoles, keepLargest, partAtPoint, removeIslands, reshapeMask } from './parts.ts';
import { applyDelta, decodeMask, encodeMask, maskDelta } from './run-length.ts';

/** Oblique axes, unlike spacings, an origin far from zero. */
function geometryOf(size: Vec3, spacing: Vec3): VolumeGeometry {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const [d, e] = [Math.cos(0.3), Math.sin(0.3)];
  const column = (v: Vec3, n: number): Vec3 => [v[0] * n, v[1] * n, v[2] * n];
  return {
    size,
    patientFromIndex: matrixFromColumns(
      column([c, s, 0], spacing[0]),
      column([-s * d, c * d, e], spacing[1]),
      column([s * e, -c * e, d], spacing[2]),
      [31, -120, 777],
    ),
  };
}

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

/** Sizes on both sides of a byte's and a word's width. */
const anySize = fc.tuple(
  fc.constantFrom(1, 5, 8, 31, 32, 33, 64, 70),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 5 }),
) as fc.Arbitrary<[number, number, number]>;

const anyMask: fc.Arbitrary<VoxelMask> = anySize.chain((size) =>
  fc.tuple(fc.infiniteStream(fc.boolean()), fc.boolean()).map(([bits, runs]) => {
    let present = false;
    return maskOf(size, () => {
      const next = bits.next().value ?? false;
      // Both noise and long runs.
      if (runs ? next && bits.next().value === true : true) present = runs ? !present : next;
      return present;
    });
  }),
);

const twoMasks = fc
  .tuple(anyMask, fc.infiniteStream(fc.boolean()))
  .map(([a, bits]) => [a, maskOf(a.size, () => bits.next().value ?? false)] as const);

function voxels(mask: VoxelMask): boolean[] {
  const out: boolean[] = [];
  for (let k = 0; k < mask.size[2]; k++)
    for (let j = 0; j < mask.size[1]; j++)
      for (let i = 0; i < mask.size[0]; i++) out.push(hasVoxel(mask, i, j, k));
  return out;
}

describe('masks', () => {
  it('combine voxel by voxel', () => {
    fc.assert(
      fc.property(twoMasks, ([a, b]) => {
        const [va, vb] = [voxels(a), voxels(b)];
        const of = (operation: 'and' | 'or' | 'without' | 'xor') =>
          voxels(value(combineMasks(a, b, operation)));
        expect(of('and')).toEqual(va.map((x, n) => x && vb[n]!));
        expect(of('or')).toEqual(va.map((x, n) => x || vb[n]!));
        expect(of('without')).toEqual(va.map((x, n) => x && !vb[n]!));
        expect(of('xor')).toEqual(va.map((x, n) => x !== vb[n]!));
        expect(voxels(invertMask(a))).toEqual(va.map((x) => !x));
        expect(countVoxels(invertMask(a))).toBe(va.filter((x) => !x).length);
      }),
      { numRuns: 40 },
    );
  });

  it('become rows of words and back, whatever their width', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect(isSameMask(maskOfRows(rowsOfMask(mask)), mask)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are kept as runs, and their changes undone and done again', () => {
    fc.assert(
      fc.property(twoMasks, ([a, b]) => {
        expect(isSameMask(value(decodeMask(a.size, encodeMask(a))), a)).toBe(true);
        const delta = maskDelta(a, b);
        expect(isSameMask(value(applyDelta(a, delta)), b)).toBe(true);
        expect(isSameMask(value(applyDelta(b, delta)), a)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('refuse runs of another volume and damaged ones', () => {
    const mask = maskOf([9, 5, 3], (i) => i > 2);
    const runs = encodeMask(mask);
    const refused = { ok: false, problem: { code: 'MASK_DAMAGED' } };
    expect(decodeMask([9, 5, 2], runs)).toEqual(refused);
    expect(decodeMask([9, 5, 3], Uint8Array.of(3, 0x80))).toEqual(refused);
    expect(decodeMask([9, 5, 3], new Uint8Array(40).fill(255))).toEqual(refused);
    expect(applyDelta(emptyMask([3, 3, 1]), Uint8Array.of(0, 10))).toEqual(refused);
  });

  it('of another volume are refused with both sizes', () => {
    const problem = { code: 'MASK_OTHER_VOLUME', params: { mask: '3×4×5', volume: '5×4×3' } };
    const [mask, other] = [emptyMask([3, 4, 5]), emptyMask([5, 4, 3])];
    expect(combineMasks(other, mask, 'or')).toEqual({ ok: false, problem });
    expect(keepLargest(mask, geometryOf([5, 4, 3], [1, 1, 1]))).toEqual({ ok: false, problem });
    expect(maskVolume(mask, geometryOf([5, 4, 3], [1, 1, 1]))).toEqual({ ok: false, problem });
  });

  it('have a box', () => {
    expect(maskBox(emptyMask([4, 4, 4]))).toBeUndefined();
    const mask = maskOf([33, 9, 7], (i, j, k) => i > 4 && i < 32 && j === 3 && k > 4);
    expect(maskBox(mask)).toEqual({ from: [5, 3, 5], to: [31, 3, 6] });
  });
});

describe('the volume of a ball of 20 mm (L51)', () => {
  it.each([
    [
      [1, 1, 1],
      [30, 30, 30],
    ],
    [
      [0.4, 0.7, 1.1],
      [70, 42, 28],
    ],
    [
      [0.5, 0.5, 2],
      [61, 61, 16],
    ],
  ] as const)('is 4189 mm³ ± 1 %%, oblique, spacing %j', (spacing, size) => {
    const geometry = geometryOf(size, spacing);
    const middle = size.map((n) => (n - 1) / 2 + 0.13);
    const ball = maskOf(
      size,
      (i, j, k) =>
        Math.hypot(
          (i - middle[0]!) * spacing[0],
          (j - middle[1]!) * spacing[1],
          (k - middle[2]!) * spacing[2],
        ) <= 10,
    );
    const { volumeMl, touchesBorder } = value(maskVolume(ball, geometry));
    expect(Math.abs(volumeMl * 1000 - 4188.79)).toBeLessThan(41.9);
    expect(touchesBorder).toBe(false);
    const half = maskOf(size, (i, j, k) => hasVoxel(ball, i, j, k + (size[2] >> 1)));
    expect(value(maskVolume(half, geometry)).touchesBorder).toBe(true);
  });
});

describe('shapes in millimetres', () => {
  const size = [45, 37, 25] as const;
  const spacing = [0.5, 0.8, 1.3] as const;
  const geometry = geometryOf(size, spacing);
  const far = (a: Vec3, b: Vec3): number =>
    Math.hypot(...a.map((x, axis) => (x - b[axis]!) * spacing[axis]!));
  const points: Vec3[] = [
    [20, 17, 12],
    [2, 30, 4],
    [44, 0, 24],
  ];
  const dots = maskOf(size, (i, j, k) => points.some((p) => far([i, j, k], p) === 0));

  it('dilate every voxel to the ball around it', () => {
    const radiusMm = 4.2;
    const balls = value(reshapeMask(dots, geometry, 'dilate', radiusMm));
    const expected = maskOf(size, (i, j, k) => points.some((p) => far([i, j, k], p) <= radiusMm));
    expect(isSameMask(balls, expected)).toBe(true);
    // Closing never loses a voxel, opening never adds one.
    expect(isSameMask(value(combineMasks(dots, balls, 'and')), dots)).toBe(true);
  });

  it('erode to what lies deep inside; beyond the volume it goes on', () => {
    const slab = maskOf(size, (i) => i >= 10);
    expect(maskBox(value(reshapeMask(slab, geometry, 'erode', 2)))).toEqual({
      from: [14, 0, 0],
      to: [44, 36, 24],
    });
  });

  it('open away bridges and close gaps thinner than twice the radius', () => {
    const twoBlocks = maskOf(size, (i, j, k) => i < 15 || i > 30 || (j === 20 && k === 12));
    const opened = value(reshapeMask(twoBlocks, geometry, 'open', 2));
    // A ball may reach into the bridge by its tip.
    const bridge = (i: number): boolean => i > 15 && i < 30;
    const blocks = maskOf(size, (i) => i < 15 || i > 30);
    expect(isSameMask(value(combineMasks(blocks, opened, 'and')), blocks)).toBe(true);
    expect(voxels(opened).some((is, n) => is && bridge(n % size[0]))).toBe(false);
    const gap = maskOf(size, (i) => i < 20 || i > 24);
    expect(countVoxels(value(reshapeMask(gap, geometry, 'close', 2)))).toBe(45 * 37 * 25);
  });

  it('refuses radii that make no sense', () => {
    expect(reshapeMask(dots, geometry, 'open', Number.NaN)).toMatchObject({
      problem: { code: 'INPUT_INVALID' },
    });
    expect(reshapeMask(dots, geometry, 'erode', 1)).toMatchObject({ problem: { code: 'MASK_EMPTY' } });
  });

  it('stops when told to', () => {
    expect(reshapeMask(dots, geometry, 'dilate', 3, (done) => done < 0.5)).toMatchObject({
      problem: { code: 'CANCELLED' },
    });
  });
});

/** Connected parts by flooding from every voxel: slow and plain. */
function plainParts(mask: VoxelMask, neighbours: 6 | 26): number[] {
  const seen = new Set<string>();
  const sizes: number[] = [];
  const [nx, ny, nz] = mask.size;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        if (!hasVoxel(mask, i, j, k) || seen.has(`${i},${j},${k}`)) continue;
        const open: Vec3[] = [[i, j, k]];
        seen.add(`${i},${j},${k}`);
        let count = 0;
        for (let p = open.pop(); p; p = open.pop()) {
          count++;
          for (let dk = -1; dk <= 1; dk++)
            for (let dj = -1; dj <= 1; dj++)
              for (let di = -1; di <= 1; di++) {
                if (neighbours === 6 && Math.abs(di) + Math.abs(dj) + Math.abs(dk) !== 1) continue;
                const q: Vec3 = [p[0] + di, p[1] + dj, p[2] + dk];
                if (!hasVoxel(mask, ...q) || seen.has(q.join())) continue;
                seen.add(q.join());
                open.push(q);
              }
        }
        sizes.push(count);
      }
  return sizes;
}

describe('connected parts', () => {
  it.each([6, 26] as const)('equal those of plain flooding, %i neighbours', (neighbours) => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect([...componentsOf(rowsOfMask(mask), neighbours).sizes]).toEqual(plainParts(mask, neighbours));
      }),
      { numRuns: 60 },
    );
  });

  const size = [40, 20, 12] as const;
  const geometry = geometryOf(size, [1, 1, 2]);
  const inBox = (i: number, j: number, k: number, from: Vec3, to: Vec3): boolean =>
    [i, j, k].every((n, axis) => n >= from[axis]! && n <= to[axis]!);
  const small = (i: number, j: number, k: number): boolean => inBox(i, j, k, [1, 1, 1], [3, 3, 3]);
  const shell = (i: number, j: number, k: number): boolean =>
    inBox(i, j, k, [10, 4, 2], [25, 15, 9]) && !inBox(i, j, k, [12, 6, 4], [23, 13, 7]);
  const both = maskOf(size, (i, j, k) => small(i, j, k) || shell(i, j, k));

  it('are kept or dropped by size and by click', () => {
    const [onlySmall, onlyShell] = [maskOf(size, small), maskOf(size, shell)];
    expect(isSameMask(value(keepLargest(both, geometry)), onlyShell)).toBe(true);
    // 27 voxels of 2 mm³.
    expect(isSameMask(value(removeIslands(both, geometry, 0.0541)), onlyShell)).toBe(true);
    expect(isSameMask(value(removeIslands(both, geometry, 0.0539)), both)).toBe(true);
    const click = indexPoint(4.6, 2, 2);
    expect(isSameMask(value(partAtPoint(both, geometry, click, 'keep')), onlySmall)).toBe(true);
    expect(isSameMask(value(partAtPoint(both, geometry, click, 'drop')), onlyShell)).toBe(true);
    expect(partAtPoint(both, geometry, indexPoint(7, 2, 2), 'keep')).toMatchObject({
      problem: { code: 'MASK_EMPTY' },
    });
  });

  it('have their voids filled, but not notches', () => {
    const filled = value(fillHoles(both, geometry));
    expect(countVoxels(filled)).toBe(countVoxels(both) + 12 * 8 * 4);
    const notch = maskOf(size, (i, j, k) => i > 20 && !(j > 5 && j < 9 && k > 3));
    expect(isSameMask(value(fillHoles(notch, geometry)), notch)).toBe(true);
  });
});
