import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiFrame, oblique, obliqueNormal, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { PlanItem } from './frames.ts';
import { cross } from './order.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import { resampleToRegular } from './resample.ts';
import type { SeriesPlan, VolumeGroup } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);
const groupOf = (items: readonly PlanItem[]): VolumeGroup => planOf(items).groups[0]!;
const codes = (group: VolumeGroup): string[] => group.verdict.reasons.map((reason) => reason.code);
const place = (m: readonly number[], p: Vec3): number[] =>
  [0, 1, 2].map((r) => m[4 * r]! * p[0] + m[4 * r + 1]! * p[1] + m[4 * r + 2]! * p[2] + m[4 * r + 3]!);
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, x) => value - b[x]!));

describe('gaps', () => {
  const heightsWithout = (...missing: number[]): number[] =>
    Array.from({ length: 20 }, (_, k) => k * 2.5).filter((_, k) => !missing.includes(k));

  it('lists every place where slices are missing, and what is made up there', () => {
    const { verdict, resampleK } = groupOf(
      heightsWithout(4, 5, 11).map((height, k) => sliceAt(k + 1, height)),
    );
    expect(verdict).toMatchObject({ kind: 'resampled', interpolatedSlices: 3 });
    expect(verdict.missing).toEqual([
      { after: 4, gapMm: expect.closeTo(7.5, 9), fromK: 4, toK: 5 },
      { after: 9, gapMm: expect.closeTo(5, 9), fromK: 11, toK: 11 },
    ]);
    expect(verdict.reasons[0]!.params).toMatchObject({ from: 4, to: 5, count: 2 });
    expect(resampleK!.filter((k) => !Number.isInteger(k))).toHaveLength(3);
  });

  it('keeps acquired slices as they are where their positions are rounded', () => {
    const heights = heightsWithout(7).map((mm, k) => mm + [0.004, -0.004, 0][k % 3]!);
    const { verdict, resampleK } = groupOf(heights.map((height, k) => sliceAt(k + 1, height)));
    expect(verdict.interpolatedSlices).toBe(1);
    expect(resampleK!.filter((k) => !Number.isInteger(k))).toHaveLength(1);
    expect(verdict.residualMm).toBeGreaterThan(0);
    expect(verdict.residualMm).toBeLessThan(0.01);
  });

  it('finds the spacing when half of the gaps are holes', () => {
    const { verdict, regular } = groupOf([0, 10.5, 31.5].map((height, k) => sliceAt(k + 1, height)));
    expect(verdict.missing).toEqual([{ after: 2, gapMm: expect.closeTo(21, 9), fromK: 2, toK: 2 }]);
    expect(regular!.size[2]).toBe(4);
  });

  it('is only approximate when more is made up than was acquired', () => {
    const { verdict } = groupOf([0, 2, 4, 6, 8, 40].map((height, k) => sliceAt(k + 1, height)));
    expect(verdict.kind).toBe('approximate');
    expect(verdict.interpolatedSlices).toBe(15);
    // Also where no gap is a multiple of another.
    const uneven = groupOf([0, 19, 42, 244.5].map((height, k) => sliceAt(k + 1, height))).verdict;
    expect(uneven.kind).toBe('approximate');
    expect(uneven.missing).toMatchObject([{ after: 3, gapMm: expect.closeTo(202.5, 9) }]);
  });

  it('is resampled where two spacings take turns, however many planes lie between images', () => {
    const heights = Array.from({ length: 12 }, (_, k) => (k < 6 ? 2.5 * k : 12.5 + 4.7 * (k - 5)));
    expect(groupOf(heights.map((height, k) => sliceAt(k + 1, height))).verdict.kind).toBe('resampled');
  });
});

describe('slices beside their place', () => {
  it('are put where their positions say, and the verdict tells', () => {
    const items = Array.from({ length: 9 }, (_, k) => sliceAt(k + 1, 2.5 * k, {}, k === 4 ? 3.2 : 0));
    const group = groupOf(items);
    expect(group.verdict.kind).toBe('resampled');
    expect(codes(group)).toEqual(['GEOMETRY_SHIFT']);
    expect(group.verdict.reasons[0]!.params).toEqual({ mm: 3.2 });
    expect(group.shearMm![4]![1]).toBeCloseTo(3.2, 9);
    expect(group.regular!.size[1]).toBe(6 + 8);
  });

  it('within a tenth of a pixel are left where they are, and counted as residual', () => {
    const group = groupOf(
      Array.from({ length: 9 }, (_, k) => sliceAt(k + 1, 2.5 * k, {}, k === 4 ? 0.03 : 0)),
    );
    expect(group.verdict.kind).toBe('exact');
    expect(group.verdict.residualMm).toBeCloseTo(0.03, 6);
  });
});

describe('contradictory headers', () => {
  const five = (more: (k: number) => Attributes): PlanItem[] =>
    Array.from({ length: 5 }, (_, k) => sliceAt(k + 1, 2.5 * k, more(k)));

  it('a stated spacing that the positions deny is told, and not believed', () => {
    const group = groupOf(five(() => ({ SpacingBetweenSlices: 5 })));
    expect(group.verdict).toMatchObject({ kind: 'exact', medianGapMm: expect.closeTo(2.5, 9) });
    expect(group.verdict.reasons).toEqual([
      { code: 'GEOMETRY_SPACING_DIFFERS', params: { stated: 5, measured: 2.5 } },
    ]);
    expect(codes(groupOf(five(() => ({ SpacingBetweenSlices: -2.5 }))))).toEqual([]);
  });

  it('slices of another matrix are a group of their own', () => {
    const plan = planOf(five((k) => (k === 2 ? { Rows: 12 } : {})));
    expect(plan.groups.map((group) => group.frames.length)).toEqual([4, 1]);
    expect(codes(plan.groups[0]!)).toEqual(['GEOMETRY_GAP']);
  });

  const withoutKey = (item: PlanItem, key: keyof Attributes): PlanItem => {
    const { [key]: _, ...attributes } = item.scan.attributes;
    return { ...item, scan: { ...item.scan, attributes } };
  };
  const broken: readonly (readonly [string, Attributes | keyof Attributes, string])[] = [
    ['no position', 'ImagePositionPatient', 'GEOMETRY_NO_POSITION'],
    ['an empty position', { ImagePositionPatient: [] }, 'GEOMETRY_INVALID'],
    ['a position of two numbers', { ImagePositionPatient: [1, 2] }, 'GEOMETRY_INVALID'],
    ['a position that is no number', { ImagePositionPatient: [1, 2, Number.NaN] }, 'GEOMETRY_INVALID'],
    ['a position beyond any scanner', { ImagePositionPatient: [9e9, 0, 0] }, 'GEOMETRY_INVALID'],
    ['no orientation', 'ImageOrientationPatient', 'GEOMETRY_NO_ORIENTATION'],
    ['no pixel spacing', 'PixelSpacing', 'GEOMETRY_NO_SPACING'],
  ];
  /** The image at `nth` of eight is broken. */
  const eight = (how: Attributes | keyof Attributes, ...nth: number[]): PlanItem[] =>
    Array.from({ length: 8 }, (_, k) => {
      const item = sliceAt(k + 1, 2.5 * k, typeof how === 'object' && nth.includes(k) ? how : {});
      return typeof how === 'string' && nth.includes(k) ? withoutKey(item, how) : item;
    });

  it.each(broken)('%s in the last slice: left out and told, the rest is exact', (_name, how, code) => {
    const plan = planOf(eight(how, 7));
    const [rest, out] = plan.groups;
    expect(rest!.verdict).toMatchObject({ kind: 'exact', medianGapMm: expect.closeTo(2.5, 9) });
    expect(rest!.verdict.reasons).toEqual([{ code: 'GEOMETRY_LEFT_OUT', params: { count: 1 } }]);
    expect([rest!.regular!.size[2], rest!.nameEn]).toEqual([7, 'Coronal']);
    expect([out!.verdict.kind, out!.regular, codes(out!), out!.nameEn]).toEqual([
      'none',
      null,
      [code],
      'Without position',
    ]);
    expect(plan.frames[out!.frames[0]!]!.instance).toBe(7);
  });

  it('a slice within that has no position leaves a gap, which is told too', () => {
    const { verdict, regular } = groupOf(eight({ ImagePositionPatient: [] }, 3));
    expect([verdict.kind, regular!.size[2]]).toEqual(['resampled', 8]);
    expect(verdict.missing).toEqual([{ after: 3, gapMm: expect.closeTo(5, 9), fromK: 3, toK: 3 }]);
    expect(verdict.reasons.map(({ code }) => code)).toEqual(['GEOMETRY_GAP', 'GEOMETRY_LEFT_OUT']);
  });

  it('half of the slices without a position: no volume, all in one stack', () => {
    const { groups } = planOf(eight({ ImagePositionPatient: [] }, 1, 3, 5, 7));
    expect(groups.map((group) => [group.frames.length, group.regular, codes(group)])).toEqual([
      [8, null, ['GEOMETRY_INVALID']],
    ]);
  });

  it('frames of a multi-frame object without a position are left out as well', () => {
    const shared = { ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [0.7, 0.6] };
    const frames = [10, 12.5, 15, 17.5].map((z) => ({ ImagePositionPatient: [-40, 25, z] }));
    const [rest, out] = planOf([multiFrame(shared, [...frames, {}])]).groups;
    expect([rest!.verdict.kind, codes(rest!)]).toEqual(['exact', ['GEOMETRY_LEFT_OUT']]);
    expect(out!.frames).toHaveLength(1);
  });

  it('a slice so far beside the rest that a grid would be mostly empty: no volume', () => {
    const far = five((k) => {
      const { ImagePositionPatient: position = [] } = sliceAt(0, 2.5 * k).scan.attributes;
      const beside = position.map((mm, x) => mm + 9000 * (oblique.row[x]! + oblique.column[x]!));
      return { Rows: 256, Columns: 256, ...(k === 3 && { ImagePositionPatient: beside }) };
    });
    const group = groupOf(far);
    expect([group.verdict.kind, group.regular, codes(group)]).toEqual(['none', null, ['GEOMETRY_FAR_APART']]);
  });

  it('a slice so far along the normal that a grid would be too coarse: a stack of its own', () => {
    const plan = planOf([0, 2.5, 5, 7.5, 10, 5000].map((height, k) => sliceAt(k, height)));
    expect(plan.groups.map((group) => [group.frames.length, group.verdict.kind])).toEqual([
      [5, 'exact'],
      [1, 'approximate'],
    ]);
  });

  it('slices that lie in pairs are not torn into pairs', () => {
    const paired = Array.from({ length: 12 }, (_, k) => sliceAt(k, 2.5 * (k >> 1) + 0.015 * (k % 2)));
    const { groups } = planOf(paired);
    expect(groups.map((group) => group.frames.length)).toEqual([12]);
    expect(codes(groups[0]!)).toEqual(['GEOMETRY_UNEVEN']);
  });

  it('a slice without a size says that it guessed', () => {
    expect(groupOf([sliceAt(1, 0)]).verdict).toMatchObject({
      kind: 'approximate',
      spacingSource: 'none',
      reasons: [{ code: 'GEOMETRY_ONE_SLICE' }],
    });
  });

  it('two slices are a volume', () => {
    const group = groupOf([sliceAt(1, 0), sliceAt(2, 4)]);
    expect(group.verdict).toMatchObject({ kind: 'exact', medianGapMm: expect.closeTo(4, 9) });
    expect(group.regular!.size).toEqual([4, 6, 2]);
  });
});

describe('RT dose', () => {
  it('planes lie at their offsets from the first', () => {
    const offsets = [0, 3, 6, 9];
    const item = multiFrame(
      { PixelSpacing: oblique.spacing, ImageOrientationPatient: [...oblique.row, ...oblique.column] },
      offsets.map(() => ({})),
    );
    const attributes = {
      ...item.scan.attributes,
      ImagePositionPatient: oblique.origin,
      GridFrameOffsetVector: offsets,
    };
    const { perFrame: _none, ...scan } = item.scan;
    const plan = planOf([{ ...item, scan: { ...scan, attributes } }]);
    const group = plan.groups[0]!;
    expect(group.verdict).toMatchObject({ kind: 'exact', spacingSource: 'GridFrameOffsetVector' });
    const last = oblique.origin.map((mm, x) => mm + 9 * obliqueNormal[x]!);
    expect(apart(place(group.regular!.patientFromIndex, [0, 0, 3]), last)).toBeLessThan(1e-9);
    expect(apart(frameAttributes(plan, 3).ImagePositionPatient!, last)).toBeLessThan(1e-9);
  });
});

describe('reconstructed NM', () => {
  const nm = (more: Attributes, frames = 4) => {
    const item = multiFrame({}, new Array<Attributes>(frames).fill({}));
    const { perFrame: _none, ...scan } = item.scan;
    const attributes: Attributes = {
      ...scan.attributes,
      Modality: 'NM',
      ImageType: ['ORIGINAL', 'PRIMARY', 'RECON TOMO', 'EMISSION'],
      ImagePositionPatient: oblique.origin,
      ImageOrientationPatient: [...oblique.row, ...oblique.column],
      PixelSpacing: oblique.spacing,
      ...more,
    };
    return planOf([{ ...item, scan: { ...scan, attributes } }]);
  };

  it.each([
    [{ SpacingBetweenSlices: 3 }, 'exact', [0, 3, 6, 9], [0, 1, 2, 3]],
    [{ SpacingBetweenSlices: -3 }, 'exact', [-9, -6, -3, 0], [3, 2, 1, 0]],
    [{ SpacingBetweenSlices: 3, SliceVector: [4, 3, 2, 1] }, 'exact', [0, 3, 6, 9], [3, 2, 1, 0]],
    [{ SliceThickness: 2 }, 'approximate', [0, 2, 4, 6], [0, 1, 2, 3]],
  ])('slices lie along the normal, by the sign of their spacing: %j', (more, kind, heights, order) => {
    const plan = nm(more);
    const group = plan.groups[0]!;
    expect(group.verdict.kind).toBe(kind);
    expect(group.frames.map((at) => plan.frames[at]!.frame)).toEqual(order);
    for (const [k, height] of heights.entries()) {
      const wanted = oblique.origin.map((mm, x) => mm + height * obliqueNormal[x]!);
      expect(apart(place(group.regular!.patientFromIndex, [0, 0, k]), wanted)).toBeLessThan(1e-9);
    }
  });

  it('gated ones play', () => {
    const vectors = { SliceVector: [1, 2, 3, 1, 2, 3], TimeSlotVector: [1, 1, 1, 2, 2, 2] };
    const { groups } = nm(
      { SpacingBetweenSlices: 3, ...vectors, ImageType: ['A', 'B', 'RECON GATED TOMO'] },
      6,
    );
    expect(groups.map((group) => [group.frames.length, group.dimension?.kind])).toEqual([
      [3, 'temporal'],
      [3, 'temporal'],
    ]);
  });

  it('what is not reconstructed has no slices', () => {
    const [group] = nm({ SpacingBetweenSlices: 3, ImageType: ['ORIGINAL', 'PRIMARY', 'TOMO'] }).groups;
    expect(group!.verdict).toMatchObject({ kind: 'none', reasons: [{ code: 'GEOMETRY_ONE_PLACE' }] });
  });
});

/** A stack anywhere in space: rotation, spacing, step and order at random. */
const anyStack = fc.record({
  angles: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -3, max: 3, noNaN: true }))),
  origin: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -500, max: 500, noNaN: true }))),
  spacing: fc.tuple(...[0, 1].map(() => fc.double({ min: 0.2, max: 3, noNaN: true }))),
  stepMm: fc.double({ min: 0.3, max: 8, noNaN: true }),
  tilt: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
});

function axesFrom([a = 0, b = 0, c = 0]: readonly number[]): { row: Vec3; column: Vec3 } {
  const [sa, ca, sb, cb, sc, cc] = [a, b, c].flatMap((x) => [Math.sin(x), Math.cos(x)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    row: [cb * cc, cb * sc, -sb],
    column: [sa * sb * cc - ca * sc, sa * sb * sc + ca * cc, sa * cb],
  };
}

describe('any stack in space', () => {
  it('comes back from its affine: every voxel of every slice where its header says', () => {
    fc.assert(
      fc.property(anyStack, ({ angles, origin, spacing, stepMm, tilt, order }) => {
        const { row, column } = axesFrom(angles);
        const normal = cross(row, column);
        const shear = Math.abs(tilt) < 0.02 ? 0 : tilt;
        const positionOf = (k: number): number[] =>
          origin.map((mm, x) => mm + stepMm * k * (normal[x]! + shear * column[x]!));
        const items = order.map((k, n) =>
          sliceAt(n + 1, 0, {
            ImagePositionPatient: positionOf(k),
            ImageOrientationPatient: [...row, ...column],
            PixelSpacing: spacing,
            SOPInstanceUID: `5.${k}`,
          }),
        );
        const { verdict, acquired, regular, shearMm, resampleK } = groupOf(items);
        expect(verdict.kind).toBe(shear === 0 ? 'exact' : 'resampled');
        expect(verdict.tiltDeg).toBeCloseTo((Math.atan(Math.abs(shear)) * 180) / Math.PI, 4);
        for (const k of [0, 3, 6]) {
          const corner = [0, 1, 2].map(
            (x) => positionOf(k)[x]! + 3 * spacing[1]! * row[x]! + 5 * spacing[0]! * column[x]!,
          );
          expect(apart(place(acquired!.patientFromIndex, [3, 5, k]), corner)).toBeLessThan(1e-6);
          // The same voxel on the regular grid, through the shift of its slice.
          const [alongRow, alongColumn] = shearMm?.[k] ?? [0, 0];
          const index: Vec3 = [3 + alongRow / spacing[1]!, 5 + alongColumn / spacing[0]!, k];
          expect(resampleK?.[k] ?? k).toBe(k);
          expect(apart(place(regular!.patientFromIndex, index), corner)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('uneven and tilted, is resampled so that a linear field stays what it is', () => {
    const gaps = fc.array(fc.double({ min: 0.5, max: 4, noNaN: true }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(gaps, fc.double({ min: -0.3, max: 0.3, noNaN: true }), (steps, shear) => {
        const heights = [0];
        for (const gap of steps) heights.push(heights[heights.length - 1]! + gap);
        const plan = planOf(
          heights.map((mm, k) => sliceAt(k + 1, mm, { Rows: 12, Columns: 10 }, mm * shear)),
        );
        const group = plan.groups[0]!;
        const field = (p: readonly number[]): number => 2 * p[0]! - 3 * p[1]! + 1.25 * p[2]! + 40;
        const acquired = new Float32Array(120 * heights.length);
        for (const [k, frame] of group.frames.entries()) {
          const position = frameAttributes(plan, frame).ImagePositionPatient!;
          for (let n = 0; n < 120; n++) {
            const [i, j] = [n % 10, Math.floor(n / 10)];
            acquired[k * 120 + n] = field(
              position.map((mm, x) => mm + 0.8 * i * oblique.row[x]! + 0.4 * j * oblique.column[x]!),
            );
          }
        }
        const [ni, nj, nk] = group.regular!.size;
        const out = new Float32Array(ni * nj * nk);
        resampleToRegular(group, acquired, out, Number.NaN, oblique.spacing);
        // Slices that count as even may lie beside the plane that shows them, by the residual that is told.
        const bar = 1e-3 + 6 * (group.verdict.residualMm + 0.011 * group.verdict.medianGapMm);
        let known = 0;
        for (let at = 0; at < out.length; at++) {
          if (Number.isNaN(out[at])) continue;
          known++;
          const index: Vec3 = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
          expect(Math.abs(out[at]! - field(place(group.regular!.patientFromIndex, index)))).toBeLessThan(bar);
        }
        expect(known).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('ten thousand slices', () => {
  it('are planned in a moment', () => {
    const items = Array.from({ length: 10_000 }, (_, k) => sliceAt(k + 1, (k * 7919) % 10_000));
    let group = groupOf(items);
    // The least of a few: a busy machine is slow at times, what grows with the square of them always.
    let leastMs = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 5 && leastMs > 3000; n += 1) {
      const began = performance.now();
      group = groupOf(items);
      leastMs = performance.now() - began;
    }
    expect(leastMs).toBeLessThan(3000);
    expect(group.verdict.kind).toBe('exact');
    expect(group.regular!.size[2]).toBe(10_000);
  });
});
