import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/types.ts';
import { hasRole, rolesOf, type SceneLayer, tintsOf } from '../scene/layers.ts';
import { bricksOfBox, composeLabels, type LabelledMask, maskRequest, type VoxelBox } from './labels.ts';
import type { MemoryLayout } from './types.ts';

const size: Vec3 = [11, 5, 4];
const count = 11 * 5 * 4;

function packed(isIn: (n: number) => boolean, index: number): LabelledMask {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let n = 0; n < count; n += 1) if (isIn(n)) bits[n >> 3] = bits[n >> 3]! | (1 << (n & 7));
  return { mask: { size, bits }, index };
}

const rules = [
  (n: number) => n % 3 === 0,
  (n: number) => n > 40 && n < 160,
  (n: number) => (n * n) % 7 < 2,
] as const;

describe('labels from masks', () => {
  it('take the last mask that holds a voxel', () => {
    const labels = composeLabels([packed(rules[0], 7), packed(rules[1], 2), packed(rules[2], 255)], size);
    labels.forEach((label, n) => {
      expect(label).toBe(rules[2](n) ? 255 : rules[1](n) ? 2 : rules[0](n) ? 7 : 0);
    });
    expect(new Set(labels)).toEqual(new Set([0, 2, 7, 255]));
  });
  it('are made anew within a box as they are in whole', () => {
    const edge = (most: number) =>
      fc.tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }));
    fc.assert(
      fc.property(edge(11), edge(5), edge(4), (...edges) => {
        const box: VoxelBox = {
          lo: edges.map((e) => Math.min(...e)) as unknown as Vec3,
          hi: edges.map((e) => Math.max(...e)) as unknown as Vec3,
        };
        const before = composeLabels([packed(rules[0], 1)], size);
        const after = composeLabels([packed(rules[1], 3), packed(rules[2], 4)], size);
        const mixed = composeLabels([packed(rules[1], 3), packed(rules[2], 4)], size, before.slice(), box);
        mixed.forEach((label, n) => {
          const at = [n % 11, Math.floor(n / 11) % 5, Math.floor(n / 55)];
          const isIn = at.every((v, axis) => v >= box.lo[axis]! && v < box.hi[axis]!);
          expect(label).toBe(isIn ? after[n] : before[n]);
        });
      }),
      { numRuns: 30 },
    );
  });
  it('refuse a mask of another volume', () => {
    const other = { mask: { size: [11, 5, 5] as const, bits: new Uint8Array(40) }, index: 1 };
    expect(() => composeLabels([other], size)).toThrow(RangeError);
  });
});

describe('bricks of changed voxels', () => {
  it('are those whose veil or flags look at them', () => {
    const bricks = (lo: number, hi: number) => {
      const box = bricksOfBox({ lo: [lo, lo, lo], hi: [hi, hi, hi] }, [4, 4, 4]);
      return [box.lo[0], box.hi[0]];
    };
    for (let lo = 0; lo < 30; lo += 1)
      for (let hi = lo + 1; hi <= 32; hi += 3) {
        // Brick b looks at voxels 8b − 1 … 8b + 9.
        const touched = [0, 1, 2, 3].filter((b) => lo <= 8 * b + 9 && hi - 1 >= 8 * b - 1);
        expect(bricks(lo, hi)).toEqual([touched[0], touched.at(-1)! + 1]);
      }
  });
});

describe('layers of a scene', () => {
  const layers: readonly SceneLayer[] = [
    { index: 1, role: 'removed', colour: [9, 9, 9], opacity: 0.5 },
    { index: 4, role: 'shown', colour: [255, 51, 0], opacity: 0.25 },
    { index: 300, role: 'shown', colour: [1, 1, 1], opacity: 1 },
  ];
  const layout: MemoryLayout = {
    voxels: 0,
    voxelBytes: 0,
    bricks: 0,
    brickCounts: [1, 1, 1],
    control: 0,
    values: 0,
    rgba: 0,
    maxOutputPixels: 0,
  };
  it('say what each label does', () => {
    const [roles, tints] = [rolesOf(layers), tintsOf(layers)];
    expect([roles[0], roles[1], roles[4], roles[44]]).toEqual([0, 1, 2, 0]);
    expect([...tints.subarray(5, 10)]).toEqual([0, 0, 0, 0, 1]);
    expect([...tints.subarray(20, 25)]).toEqual([1, Math.fround(0.2), 0, 1, 0.25]);
  });
  it('ask for nothing where they change nothing', () => {
    expect(maskRequest(layout, undefined)).toBeUndefined();
    expect(maskRequest(layout, [])).toBeUndefined();
    expect(maskRequest(layout, [layers[2]!])).toBeUndefined();
    expect(hasRole(layers, 'removed')).toBe(true);
    expect(maskRequest(layout, layers)).toMatchObject({ removes: true, tints: true });
  });
});
