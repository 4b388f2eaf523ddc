import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../geometry/matrices.ts';
import { indexPoint, type Vec3, type VolumeGeometry } from '../../geometry/types.ts';
import { voxelNoise } from '../../phantom/random.ts';
import type { ScalarField, VoxelMask } from '../types.ts';
import { bodyMask, tableMask } from './body.ts';
import { boneRemovalMask, bonesMask } from './bones.ts';
import { growRange, growRegion } from './grow.ts';
import { airwaysMask, lungsMask } from './lungs.ts';
import { combineMasks, countVoxels, emptyMask, isSameMask, maskOf } from './mask.ts';
import { thresholdMask } from './threshold.ts';

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

type Paint = (x: number, y: number, z: number) => number;

/** Axial, patient mm from the middle of the volume; the last slice is nearest to the head. */
function volume(size: Vec3, spacing: Vec3, paint: Paint, noise = 0): ScalarField {
  const at = (n: number, axis: 0 | 1 | 2): number => (n - (size[axis] - 1) / 2) * spacing[axis];
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++)
        voxels[n] = paint(at(i, 0), at(j, 1), at(k, 2)) + noise * voxelNoise(3, n);
  const geometry: VolumeGeometry = {
    size,
    patientFromIndex: matrixFromColumns(
      [spacing[0], 0, 0],
      [0, spacing[1], 0],
      [0, 0, spacing[2]],
      [at(0, 0), at(0, 1), at(0, 2)],
    ),
  };
  return { geometry, voxels, rescale: { slope: 1, intercept: 0 } };
}

const where = (field: ScalarField, paint: Paint, is: (hu: number) => boolean): VoxelMask => {
  const { size, patientFromIndex: m } = field.geometry;
  return maskOf(size, (i, j, k) => is(paint(i * m[0]! + m[3]!, j * m[5]! + m[7]!, k * m[10]! + m[11]!)));
};

/** Part of `all` that is in `mask`. */
const share = (mask: VoxelMask, all: VoxelMask): number =>
  countVoxels(value(combineMasks(mask, all, 'and'))) / countVoxels(all);

describe('thresholds', () => {
  it('take voxels by their modality value, both ends included, never missing data', () => {
    const numbers = fc.record({
      size: fc.constantFrom<Vec3>([33, 3, 2], [8, 5, 3], [64, 2, 2]),
      kind: fc.constantFrom('int16', 'uint16', 'float32'),
      slope: fc.constantFrom(1, -2, 0.5),
      low: fc.integer({ min: -40, max: 40 }),
      width: fc.integer({ min: 0, max: 30 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(numbers, ({ size, kind, slope, low, width, seed }) => {
        const count = size[0] * size[1] * size[2];
        const from = kind === 'uint16' ? 0 : -25;
        const stored = Array.from({ length: count }, (_, n) =>
          Math.round(25 + from + 12 * voxelNoise(seed, n)),
        ).map((x) => Math.max(from, x));
        const voxels =
          kind === 'int16'
            ? Int16Array.from(stored)
            : kind === 'uint16'
              ? Uint16Array.from(stored)
              : Float32Array.from(stored);
        const noData = stored[0]!;
        const field = {
          ...volume(size, [1, 1, 1], () => 0),
          voxels,
          rescale: { slope, intercept: 3 },
          noData,
        };
        const [nx, ny] = size;
        const expected = maskOf(size, (i, j, k) => {
          const x = stored[i + nx * (j + ny * k)]!;
          return x !== noData && x * slope + 3 >= low && x * slope + 3 <= low + width;
        });
        const found = thresholdMask(field, { low, high: low + width });
        if (countVoxels(expected) === 0) expect(found).toMatchObject({ problem: { code: 'MASK_EMPTY' } });
        else expect(isSameMask(value(found), expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('refuse a range that is none', () => {
    const field = volume([4, 4, 4], [1, 1, 1], () => 0);
    expect(thresholdMask(field, { low: 3, high: 2 })).toMatchObject({ problem: { code: 'INPUT_INVALID' } });
    expect(thresholdMask(field, { low: Number.NaN, high: 2 })).toMatchObject({
      problem: { code: 'INPUT_INVALID' },
    });
  });
});

describe('growing from a click (L57)', () => {
  // Two tubes along x, joined by a bridge of one voxel whose value is half way down to the background.
  const tube = (y: number, z: number, at: number): boolean => Math.hypot(y - at, z) < 4;
  const bridge =
    (bridgeHu: number): Paint =>
    (x, y, z) => {
      if (tube(y, z, -8)) return 300;
      if (tube(y, z, 8) || Math.hypot(y - 14, z) < 9) return 300;
      return Math.abs(x) <= 0.5 && Math.abs(z) <= 0.5 && Math.abs(y) < 8 ? bridgeHu : 0;
    };
  const size: Vec3 = [81, 61, 31];
  const click = indexPoint(12, 22, 15);

  it('stops before the region leaks through a bridge of one voxel, and says so', () => {
    const paint = bridge(210);
    const field = volume(size, [1, 1, 1], paint, 8);
    const grown = value(growRegion(field, click));
    const own = maskOf(size, (_, j, k) => tube(j - 30, k - 15, -8));
    expect(share(grown.mask, own)).toBeGreaterThan(0.999);
    // A part of the bridge may come with it.
    expect(share(own, grown.mask)).toBeGreaterThan(0.99);
    expect(grown.leak!.volumeMl).toBeGreaterThan(3 * grown.volumeMl);
    expect(grown.tolerance).toBeGreaterThan(20);
    expect(grown.tolerance).toBeLessThan(grown.leak!.tolerance);
    expect(grown.volumeMl).toBeCloseTo(countVoxels(grown.mask) / 1000, 9);
  });

  it('leaks where the reader insists, and cuts a neck of equal brightness where asked', () => {
    const field = volume(size, [1, 1, 1], bridge(300));
    const own = maskOf(size, (_, j, k) => tube(j - 30, k - 15, -8));
    const insisted = value(growRegion(field, click, { tolerance: 100 }));
    expect(countVoxels(insisted.mask)).toBeGreaterThan(3 * countVoxels(own));
    const range = { low: 200, high: 400 };
    expect(countVoxels(value(growRange(field, click, range)))).toBe(countVoxels(insisted.mask));
    const cut = value(growRange(field, click, range, { neckMm: 3 }));
    expect(share(cut, own)).toBe(1);
    expect(countVoxels(cut)).toBeLessThan(countVoxels(own) + 5);
  });

  it('refuses points outside and without data', () => {
    const field = { ...volume(size, [1, 1, 1], () => -2000), noData: -2000 };
    const refused = { problem: { code: 'MASK_POINT_OUTSIDE' } };
    expect(growRegion(field, indexPoint(-3, 0, 0))).toMatchObject(refused);
    expect(growRegion(field, click)).toMatchObject(refused);
    expect(growRange(field, indexPoint(0, 0, 99), { low: 0, high: 1 })).toMatchObject(refused);
    expect(growRegion(volume(size, [1, 1, 1], bridge(300)), click, {}, () => false)).toMatchObject({
      problem: { code: 'CANCELLED' },
    });
  });
});

describe('the body without its table (L55)', () => {
  const trunk = (x: number, y: number): number => Math.hypot(x / 130, (y + 12) / 85);
  const arms = (x: number, y: number): number => Math.hypot(Math.abs(x) - 168, y - 20);
  // The back lies on the table's cushion; a blanket lies over everything; lungs end at both ends of the volume.
  const scene: Paint = (x, y, _z) => {
    if (trunk(x, y) < 1) return Math.hypot((Math.abs(x) - 60) / 45, (y + 15) / 55) < 1 ? -850 : 40;
    if (arms(x, y) < 26) return arms(x, y) < 9 ? 700 : 45;
    if (y > 74 && y < 92 && Math.abs(x) < 200) return y < 76.1 || y > 89.9 ? -200 : -860;
    if (y > 95 && y < 97.5 && Math.abs(x) < 60) return 300;
    const over = trunk(x, y);
    if (over > 1.012 && over < 1.04 && y < 20) return -300;
    return -1000;
  };
  const field = volume([200, 120, 26], [2.1, 2.1, 3], scene, 12);
  const isBody = where(field, scene, (hu) => hu === 40 || hu === -850 || hu === 45 || hu === 700);
  const isTable = where(field, scene, (hu) => hu === -200 || hu === -860 || hu === 300);

  it('keeps trunk, lungs and arms, and drops table, rail and blanket', () => {
    const body = value(bodyMask(field));
    expect(share(body, isBody)).toBeGreaterThan(0.999);
    // Where the back rests on it, one voxel of the cushion may stay.
    expect(share(body, isTable)).toBeLessThan(0.01);
    expect(share(isBody, body)).toBeGreaterThan(0.98);
    const table = value(tableMask(field));
    expect(share(table, isTable)).toBeGreaterThan(0.98);
    expect(share(table, isBody)).toBeLessThan(0.001);
  });

  it('says so where there is none', () => {
    const air = volume([60, 60, 30], [2, 2, 3], () => -1000, 10);
    expect(bodyMask(air)).toMatchObject({ problem: { code: 'BODY_NOT_FOUND' } });
    expect(lungsMask(air)).toMatchObject({ problem: { code: 'BODY_NOT_FOUND' } });
    expect(bonesMask(air)).toMatchObject({ problem: { code: 'BONES_NOT_FOUND' } });
    expect(bodyMask(field, () => false)).toMatchObject({ problem: { code: 'CANCELLED' } });
  });

  it('finds the lungs and no airway in it', () => {
    const lungs = value(lungsMask(field));
    const isLung = where(field, scene, (hu) => hu === -850);
    expect(share(lungs, isLung)).toBeGreaterThan(0.99);
    expect(share(isLung, lungs)).toBeGreaterThan(0.99);
    expect(airwaysMask(field)).toMatchObject({ problem: { code: 'AIRWAYS_NOT_FOUND' } });
  });

  it('leaves the gas of a bowel out, but not a small lung', () => {
    // 140 ml behind the lungs, as dark as gas is where walls and folds are mixed into it, or as lung.
    const beside =
      (hu: number): Paint =>
      (x, y, z) => {
        const off = Math.hypot(x / 50, (y - 52) / 14);
        if (off < 1.15) return off < 1 && Math.abs(z) < 32 ? hu : 40;
        return scene(x, y, z);
      };
    for (const [hu, isKept] of [
      [-945, false],
      [-880, true],
    ] as const) {
      const paint = beside(hu);
      const other = volume([200, 120, 26], [2.1, 2.1, 3], paint, 12);
      const lungs = value(lungsMask(other));
      const isOther = where(other, paint, (seen) => seen === hu);
      expect(countVoxels(isOther) * 2.1 * 2.1 * 0.003).toBeGreaterThan(60);
      if (isKept) expect(share(lungs, isOther)).toBeGreaterThan(0.9);
      else expect(share(lungs, isOther)).toBeLessThan(0.02);
    }
  });
});

describe('bones and vessels (L56)', () => {
  // A bone bar along z; a vessel of 3 mm that touches it, with calcium on half of its wall for a third of its length.
  const barRadius = 9;
  const lumen = 1.5;
  const vesselX = barRadius + lumen;
  const paint: Paint = (x, y, z) => {
    const fromVessel = Math.hypot(x - vesselX, y);
    if (fromVessel < lumen) return 350;
    const isWall = fromVessel < lumen + 0.9 && Math.abs(z) < 8 && y > -0.3;
    if (isWall) return 850;
    const fromBar = Math.hypot(x, y);
    if (fromBar < barRadius) return fromBar > barRadius - 1.6 ? 900 : 235;
    return 50;
  };
  /** A great vessel that the small one comes from. */
  const withAorta: Paint = (x, y, z) => (Math.hypot(y, z - 24) < 5 && x > 8 ? 350 : paint(x, y, z));
  const size: Vec3 = [80, 64, 100];
  const spacing: Vec3 = [0.6, 0.6, 0.6];
  const isTube = (x: number, y: number): boolean => Math.hypot(x - vesselX, y) < lumen + 0.9;
  const tubeOf = (field: ScalarField): VoxelMask =>
    where(
      field,
      (x, y, z) => (isTube(x, y) && [350, 850].includes(paint(x, y, z)) ? 1 : 0),
      (is) => is === 1,
    );
  const boneOf = (field: ScalarField): VoxelMask =>
    where(
      field,
      (x, y) => (Math.hypot(x, y) < barRadius && !isTube(x, y) ? 1 : 0),
      (is) => is === 1,
    );

  it.each([10, 30])(
    'are told apart by themselves with noise of %i HU where a great vessel is in view',
    (noise) => {
      const field = volume(size, spacing, withAorta, noise);
      const bones = value(bonesMask(field));
      expect(share(bones, tubeOf(field))).toBeLessThan(0.02);
      expect(share(bones, boneOf(field))).toBeGreaterThan(0.97);
    },
  );

  it('are told apart by a marked centreline, and removal keeps the vessel', () => {
    const field = volume(size, spacing, paint, 15);
    const protect = where(
      field,
      (x, y) => Math.hypot(x - vesselX, y),
      (mm) => mm < 1,
    );
    const removed = value(boneRemovalMask(field, { protect }));
    expect(share(removed, tubeOf(field))).toBeLessThan(0.02);
    expect(share(removed, boneOf(field))).toBeGreaterThan(0.97);
  });

  it('refuse marks of another volume', () => {
    const field = volume([20, 20, 20], spacing, paint);
    expect(bonesMask(field, { protect: emptyMask([20, 20, 21]) })).toMatchObject({
      problem: { code: 'MASK_OTHER_VOLUME' },
    });
  });
});
