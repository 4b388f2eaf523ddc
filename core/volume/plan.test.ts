import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiFrame, oblique, obliqueNormal, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { PlanItem } from './frames.ts';
import { cross } from './order.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import type { SeriesPlan } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);
const stack = (heights: readonly number[], more = {}): PlanItem[] =>
  heights.map((height, at) => sliceAt(at + 1, height, more));
const even = (count: number, stepMm = 2.5): number[] => Array.from({ length: count }, (_, k) => k * stepMm);
const at = (matrix: readonly number[], i: number, j: number, k: number): number[] =>
  [0, 1, 2].map(
    (r) => matrix[4 * r]! * i + matrix[4 * r + 1]! * j + matrix[4 * r + 2]! * k + matrix[4 * r + 3]!,
  );
const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((v, x) => v - b[x]!));
const codes = (plan: SeriesPlan): string[] => plan.groups[0]!.verdict.reasons.map((reason) => reason.code);

describe('an even stack', () => {
  const plan = planOf(stack(even(9)));

  it('is exact, with rows, columns and step in their own spacing', () => {
    const group = plan.groups[0]!;
    expect(group.verdict).toMatchObject({
      kind: 'exact',
      spacingSource: 'ImagePositionPatient',
      interpolatedSlices: 0,
    });
    expect(group.regular!.size).toEqual([4, 6, 9]);
    const corner = [0, 1, 2].map(
      (x) =>
        oblique.origin[x]! +
        oblique.row[x]! * 0.8 * 3 +
        oblique.column[x]! * 0.4 * 5 +
        obliqueNormal[x]! * 2.5 * 8,
    );
    expect(distance(at(group.regular!.patientFromIndex, 3, 5, 8), corner)).toBeLessThan(1e-6);
  });

  it('does not depend on arrival order or instance numbers', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...even(9).keys()], { minLength: 9, maxLength: 9 }),
        fc.array(fc.nat(99), { minLength: 9, maxLength: 9 }),
        (order, numbers) => {
          const items = order.map((k) => sliceAt(numbers[k]!, k * 2.5, { SOPInstanceUID: `9.${k}` }));
          const shuffled = planOf(items);
          expect(shuffled.groups[0]!.regular).toEqual(plan.groups[0]!.regular);
          const uids = shuffled.groups[0]!.frames.map(
            (f) => shuffled.instances[shuffled.frames[f]!.instance]!.sopInstanceUID,
          );
          expect(uids).toEqual(even(9).map((_, k) => `9.${k}`));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('takes the step from positions, not from SliceThickness', () => {
    const group = planOf(stack(even(5), { SliceThickness: 5, SpacingBetweenSlices: 7 })).groups[0]!;
    expect(group.verdict.medianGapMm).toBeCloseTo(2.5, 9);
  });

  it('has its pixels where PS3.3 C.7.6.2.1.1 puts them, also where digits leave the axes a little oblique', () => {
    const row: Vec3 = [0.999981, 0.00479144, 0.0038759];
    const column: Vec3 = [-0.00540165, 0.984755, 0.173861];
    const normal = cross(row, column);
    const placeOf = (k: number): number[] => oblique.origin.map((mm, x) => mm + normal[x]! * 2.5 * k);
    const items = even(3).map((height, k) =>
      sliceAt(k, height, { ImageOrientationPatient: [...row, ...column], ImagePositionPatient: placeOf(k) }),
    );
    const [group] = planOf(items).groups;
    expect(group!.verdict.kind).toBe('exact');
    const [betweenRows, betweenColumns] = oblique.spacing;
    for (const k of [0, 2]) {
      const far = placeOf(k).map(
        (mm, x) => mm + row[x]! * betweenColumns * 400 + column[x]! * betweenRows * 500,
      );
      expect(distance(at(group!.regular!.patientFromIndex, 400, 500, k), far)).toBeLessThan(2e-4);
    }
  });

  it('tells readers to scroll backwards when instance numbers fall along the normal', () => {
    expect(plan.groups[0]!.displayReversed).toBe(false);
    const falling = planOf(even(5).map((height, k) => sliceAt(10 - k, height)));
    expect(falling.groups[0]!.displayReversed).toBe(true);
  });
});

describe('irregular stacks', () => {
  it('resamples a tilted stack on an orthogonal grid with the perpendicular step', () => {
    const tilt = (20 * Math.PI) / 180;
    const items = even(9).map((height, k) => sliceAt(k + 1, height, {}, height * Math.tan(tilt)));
    const { verdict, regular, shearMm } = planOf(items).groups[0]!;
    expect(verdict.kind).toBe('resampled');
    expect(verdict.tiltDeg).toBeCloseTo(20, 6);
    const m = regular!.patientFromIndex;
    expect(Math.hypot(m[2]!, m[6]!, m[10]!)).toBeCloseTo(2.5, 9);
    const stepDotColumn = m[2]! * m[1]! + m[6]! * m[5]! + m[10]! * m[9]!;
    expect(stepDotColumn).toBeCloseTo(0, 9);
    expect(regular!.size[1]).toBe(6 + Math.ceil((20 * Math.tan(tilt)) / 0.4));
    expect(shearMm![8]![1]).toBeCloseTo(20 * Math.tan(tilt), 6);
  });

  it('keeps the spacing and names the gap when slices are missing', () => {
    const heights = even(12).filter((_, k) => k !== 4 && k !== 5);
    const plan = planOf(stack(heights));
    const { verdict, regular, resampleK } = plan.groups[0]!;
    expect(verdict).toMatchObject({
      kind: 'resampled',
      interpolatedSlices: 2,
      medianGapMm: expect.closeTo(2.5, 9),
      worstGapMm: expect.closeTo(7.5, 9),
    });
    expect(codes(plan)).toEqual(['GEOMETRY_GAP']);
    expect(verdict.reasons[0]!.params).toMatchObject({ from: 4, to: 5, gap: 7.5 });
    expect(regular!.size[2]).toBe(12);
    expect(resampleK![4]).toBeCloseTo(3 + 1 / 3, 9);
  });

  it('resamples uneven spacing finely enough to keep every slice', () => {
    const heights = [0, 1, 3, 6, 10, 11.2];
    const { verdict, regular, resampleK } = planOf(stack(heights)).groups[0]!;
    expect(verdict.kind).toBe('resampled');
    const m = regular!.patientFromIndex;
    const stepMm = Math.hypot(m[2]!, m[6]!, m[10]!);
    expect(stepMm).toBeLessThanOrEqual(1.05);
    for (const [k, source] of resampleK!.entries()) {
      const low = Math.floor(source);
      const mm = heights[low]! + (source - low) * ((heights[low + 1] ?? heights[low]!) - heights[low]!);
      expect(mm).toBeCloseTo(k * stepMm, 6);
    }
  });
});

describe('what is no volume', () => {
  const without = (key: string): PlanItem[] =>
    even(3).map((height, k) => {
      const item = sliceAt(k + 1, height);
      const attributes = Object.fromEntries(
        Object.entries(item.scan.attributes).filter(([name]) => name !== key),
      );
      return { ...item, scan: { ...item.scan, attributes } };
    });

  it.each([
    ['ImageOrientationPatient', 'GEOMETRY_NO_ORIENTATION'],
    ['ImagePositionPatient', 'GEOMETRY_NO_POSITION'],
    ['PixelSpacing', 'GEOMETRY_NO_SPACING'],
  ])('without %s: %s', (key, code) => {
    const plan = planOf(without(key));
    expect(plan.groups[0]!.verdict.kind).toBe('none');
    expect(plan.groups[0]!.regular).toBeNull();
    expect(codes(plan)).toEqual([code]);
  });

  it.each([
    [[0, 0, 0, 0, 0, 0]],
    [[1, 0, 0, 1, 0, 0]],
    [[1.01, 0, 0, 0, 1, 0]],
    [[Number.NaN, 0, 0, 0, 1, 0]],
  ])('orientation %j is refused', (orientation) => {
    expect(codes(planOf(stack(even(3), { ImageOrientationPatient: orientation })))).toEqual([
      'GEOMETRY_INVALID',
    ]);
  });

  it.each([[[0, 0.5]], [[-1, 1]], [[Number.NaN, 1]], [[1e9, 1e9]]])('spacing %j is refused', (spacing) => {
    expect(codes(planOf(stack(even(3), { PixelSpacing: spacing })))).toEqual(['GEOMETRY_INVALID']);
  });

  it('one slice is a grid, but approximate', () => {
    const { verdict, regular } = planOf([sliceAt(1, 0, { SliceThickness: 5 })]).groups[0]!;
    expect(verdict).toMatchObject({ kind: 'approximate', spacingSource: 'SliceThickness' });
    expect(regular!.size).toEqual([4, 6, 1]);
  });
});

describe('splitting', () => {
  it('parts b-values and echoes with readable names', () => {
    const items = [0, 1000].flatMap((b, n) =>
      even(4).map((height, k) => sliceAt(10 * n + k, height, { DiffusionBValue: b, AcquisitionNumber: k })),
    );
    expect(planOf(items).groups.map((group) => [group.nameEn, group.frames.length])).toEqual([
      ['b 0', 4],
      ['b 1000', 4],
    ]);
  });

  it('does not cut one volume by an acquisition number that runs with the slices', () => {
    const items = even(6).map((height, k) => sliceAt(k, height, { AcquisitionNumber: k }));
    expect(planOf(items).groups).toHaveLength(1);
  });

  it('keeps a localiser and another orientation out of the stack', () => {
    const items = [
      ...stack(even(6)),
      sliceAt(50, 3, { ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }),
      sliceAt(51, 3, { ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }),
    ];
    expect(planOf(items).groups.map((group) => [group.frames.length, group.verdict.kind])).toEqual([
      [6, 'exact'],
      [1, 'approximate'],
      [1, 'approximate'],
    ]);
  });

  it('still offers a volume when three slices are repeated', () => {
    const items = [...stack(even(8)), ...[20, 21, 22].map((number, k) => sliceAt(number, k * 2.5))];
    const plan = planOf(items);
    expect(plan.groups.map((group) => group.frames.length)).toEqual([8, 3]);
    expect(plan.groups[0]!.regular).not.toBeNull();
    expect(codes(plan)).toContain('GEOMETRY_DUPLICATES');
  });

  it('takes no notice of frames of reference when every slice has its own', () => {
    const own = even(6).map((height, k) => sliceAt(k, height, { FrameOfReferenceUID: `1.9.${k}` }));
    expect(planOf(own).groups).toHaveLength(1);
    const two = even(6).map((height, k) => sliceAt(k, height, { FrameOfReferenceUID: `1.9.${k % 2}` }));
    expect(planOf(two).groups).toHaveLength(2);
  });

  it('keeps volumes exact that repeat evenly', () => {
    const items = [0, 1, 2].flatMap((n) => even(4).map((height, k) => sliceAt(10 * n + k, height)));
    const plan = planOf(items);
    expect(plan.groups.map((group) => [group.nameEn, group.frames.length, group.verdict.kind])).toEqual([
      ['Repeat 1', 4, 'exact'],
      ['Repeat 2', 4, 'exact'],
      ['Repeat 3', 4, 'exact'],
    ]);
  });

  it('puts a foreign slice and an object without a picture aside', () => {
    const sr = sliceAt(60, 0);
    const items = [
      ...stack(even(4)),
      sliceAt(61, 20, { PatientID: 'P2' }),
      { ...sr, scan: { ...sr.scan, pixel: { kind: 'none' as const } } },
    ];
    const plan = planOf(items);
    expect(plan.frames).toHaveLength(4);
    expect(plan.aside.map((item) => item.reason.code).sort()).toEqual(['IDENTITY_AMBIGUOUS', 'NOT_IMAGE']);
  });
});

describe('multi-frame objects', () => {
  it('take the same road: per-frame over shared over top level', () => {
    const normalAt = (mm: number) => [0, 1, 2].map((x) => oblique.origin[x]! + obliqueNormal[x]! * mm);
    const item = multiFrame(
      {
        PixelSpacing: oblique.spacing,
        ImageOrientationPatient: [...oblique.row, ...oblique.column],
        SliceThickness: 4,
      },
      [5, 0, 10].map((mm) => ({ ImagePositionPatient: normalAt(mm), SliceThickness: mm === 5 ? 3 : 4 })),
    );
    const plan = planOf([item]);
    expect(plan.groups[0]!.verdict).toMatchObject({ kind: 'exact', medianGapMm: expect.closeTo(5, 9) });
    expect(plan.frames.map((frame) => frame.frame)).toEqual([1, 0, 2]);
    expect(frameAttributes(plan, 1).SliceThickness).toBe(3);
    expect(frameAttributes(plan, 2).SliceThickness).toBe(4);
  });
});

describe('scalar type', () => {
  it.each([
    [{}, 'int16'],
    [{ RescaleSlope: 0.5 }, 'float32'],
    [{ RescaleIntercept: 0.25 }, 'float32'],
    [{ BitsStored: 16, HighBit: 15, RescaleIntercept: 0 }, 'float32'],
    [{ BitsStored: 16, HighBit: 15, PixelRepresentation: 1, RescaleIntercept: 0 }, 'int16'],
    [{ BitsAllocated: 32, BitsStored: 32 }, 'float32'],
  ] as const)('%j → %s', (more, type) => {
    expect(planOf(stack(even(3), more)).groups[0]!.scalarType).toBe(type);
  });

  it('is float as soon as one slice has its own slope', () => {
    const items = [...stack(even(3)), sliceAt(9, 7.5, { RescaleSlope: 2 })];
    expect(planOf(items).groups[0]!.scalarType).toBe('float32');
  });
});
