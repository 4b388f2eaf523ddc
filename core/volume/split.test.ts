import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan } from './plan.ts';
import type { SeriesPlan } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);

/** `times` stacks of four slices; `more` tells frame (nth, slice) apart, InstanceNumber runs through the slices first. */
function repeated(times: number, more: (nth: number, slice: number) => Attributes): PlanItem[] {
  return Array.from({ length: times * 4 }, (_, n) => {
    const [nth, slice] = [Math.floor(n / 4), n % 4];
    return sliceAt(n + 1, slice * 2.5, more(nth, slice));
  });
}

const named = (plan: SeriesPlan) => plan.groups.map((group) => [group.nameZh, group.nameEn]);
const played = (plan: SeriesPlan) =>
  plan.groups.map(({ dimension: d }) => d && [d.kind, d.value, d.unit, d.index, d.count]);

describe('groups and their names', () => {
  it.each<readonly [string, (nth: number, slice: number) => Attributes, string[], string[]]>([
    [
      'echoes',
      (n) => ({ EchoTime: 5 + 7.5 * n, EchoNumbers: n + 1 }),
      ['回波 1 TE 5 ms', '回波 2 TE 12.5 ms'],
      ['Echo 1 TE 5 ms', 'Echo 2 TE 12.5 ms'],
    ],
    ['echo numbers alone', (n) => ({ EchoNumbers: n + 1 }), ['回波 1', '回波 2'], ['Echo 1', 'Echo 2']],
    ['b-values', (n) => ({ DiffusionBValue: 800 * n }), ['b 0', 'b 800'], ['b 0', 'b 800']],
    [
      'b-values that only weighted images state',
      (n) => (n === 0 ? {} : { DiffusionBValue: 800 }),
      ['无 b 值', 'b 800'],
      ['No b-value', 'b 800'],
    ],
    [
      'acquisitions, one without a number',
      (n) => (n === 0 ? {} : { AcquisitionNumber: 2 }),
      ['采集 2', '无采集号'],
      ['Acquisition 2', 'No acquisition number'],
    ],
    [
      'flip angles, one of them unknown',
      (n) => (n === 0 ? {} : { FlipAngle: 12 }),
      ['翻转角 12°', '无翻转角'],
      ['Flip angle 12°', 'No flip angle'],
    ],
    [
      'temporal positions',
      (n) => ({ TemporalPositionIdentifier: n + 1 }),
      ['时间点 1', '时间点 2'],
      ['Time 1', 'Time 2'],
    ],
    [
      'cardiac phases',
      (n) => ({ NominalPercentageOfCardiacPhase: 40 + 35 * n }),
      ['心动周期 40%', '心动周期 75%'],
      ['Cardiac phase 40%', 'Cardiac phase 75%'],
    ],
    [
      'breathing',
      (n) => ({ NominalPercentageOfRespiratoryPhase: 50 * n }),
      ['呼吸周期 0%', '呼吸周期 50%'],
      ['Respiratory phase 0%', 'Respiratory phase 50%'],
    ],
    [
      'trigger times that drift from slice to slice',
      (n, k) => ({ TriggerTime: 300 * n + k }),
      ['期相 1 · 2 ms', '期相 2 · 302 ms'],
      ['Phase 1 · 2 ms', 'Phase 2 · 302 ms'],
    ],
    [
      'energies',
      (n) => ({ MonoenergeticEnergyEquivalent: 40 + 30 * n }),
      ['40 keV', '70 keV'],
      ['40 keV', '70 keV'],
    ],
    [
      'energies told in the image type',
      (n) => ({ ImageType: ['DERIVED', 'PRIMARY', 'AXIAL', `MONO_${40 + 30 * n}KEV`] }),
      ['40 keV', '70 keV'],
      ['40 keV', '70 keV'],
    ],
    ['dual energy', (n) => ({ KVP: 80 + 60 * n }), ['80 kV', '140 kV'], ['80 kV', '140 kV']],
    [
      'kernels',
      (n) => ({ ConvolutionKernel: [n === 0 ? 'Br40' : 'Br64'] }),
      ['Br40', 'Br64'],
      ['Br40', 'Br64'],
    ],
    [
      'magnitude and phase',
      (n) => ({ ImageType: ['ORIGINAL', 'PRIMARY', n === 0 ? 'M' : 'P', 'ND'] }),
      ['幅度', '相位'],
      ['Magnitude', 'Phase map'],
    ],
    [
      'Dixon',
      (n) => ({ ImageType: ['DERIVED', 'PRIMARY', 'DIXON', n === 0 ? 'WATER' : 'FAT'] }),
      ['水', '脂肪'],
      ['Water', 'Fat'],
    ],
    [
      'ADC and DWI',
      (n) => ({
        ImageType:
          n === 0 ? ['ORIGINAL', 'PRIMARY', 'DIFFUSION', 'NONE'] : ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'],
      }),
      ['原始', '派生 ADC'],
      ['original', 'derived ADC'],
    ],
    [
      'thin and thick slices',
      (n) => ({ SliceThickness: 1 + 2 * n }),
      ['层厚 1 mm', '层厚 3 mm'],
      ['Thickness 1 mm', 'Thickness 3 mm'],
    ],
    [
      'acquisitions',
      (n) => ({ AcquisitionNumber: 3 + n }),
      ['采集 3', '采集 4'],
      ['Acquisition 3', 'Acquisition 4'],
    ],
    [
      'clock times',
      (n, k) => ({ AcquisitionTime: `1200${10 * n + k + 10}`, InstanceNumber: 1 }),
      ['时间点 1', '时间点 2'],
      ['Time 1', 'Time 2'],
    ],
    [
      'segments',
      (n) => ({ ReferencedSegmentNumber: n + 1 }),
      ['分割 1', '分割 2'],
      ['Segment 1', 'Segment 2'],
    ],
    ['nothing', () => ({}), ['重复 1', '重复 2'], ['Repeat 1', 'Repeat 2']],
  ])('%s', (_name, more, zh, en) => {
    const plan = planOf(repeated(2, more));
    expect(named(plan)).toEqual(zh.map((name, n) => [name, en[n]]));
    expect(plan.groups.map((group) => [group.frames.length, group.verdict.kind])).toEqual([
      [4, 'exact'],
      [4, 'exact'],
    ]);
  });

  it('takes a lone slice set in time as one stack, not as many groups', () => {
    const plan = planOf(Array.from({ length: 20 }, (_, n) => sliceAt(n + 1, 5, { TriggerTime: 40 * n })));
    expect(plan.groups.map((group) => group.frames.length)).toEqual([20]);
    expect(plan.groups[0]!.verdict).toMatchObject({
      kind: 'none',
      reasons: [{ code: 'GEOMETRY_ONE_PLACE' }],
    });
  });

  it('takes pictures that each look another way as one stack', () => {
    const turned = (n: number): Attributes => ({
      ImageOrientationPatient: [Math.cos(n / 3), Math.sin(n / 3), 0, 0, 0, -1],
    });
    const plan = planOf(Array.from({ length: 6 }, (_, n) => sliceAt(n + 1, 0, turned(n))));
    expect(plan.groups.map((group) => group.frames.length)).toEqual([6]);
    expect(plan.groups[0]!.verdict.reasons[0]!.code).toBe('GEOMETRY_ORIENTATIONS');
  });

  it('does not shift the rest of a time series where a slice is missing', () => {
    const items = repeated(3, (nth, slice) => ({ SOPInstanceUID: `7.${nth}.${slice}` })).filter(
      (item) => item.scan.attributes.SOPInstanceUID !== '7.1.2',
    );
    const plan = planOf(items);
    const times = plan.groups.map((group) => [
      ...new Set(
        group.frames.map((f) => plan.instances[plan.frames[f]!.instance]!.sopInstanceUID.split('.')[1]),
      ),
    ]);
    expect(times).toEqual([['0'], ['2'], ['1']]);
  });

  it('does not cut volumes where the clock strikes within them', () => {
    // GE fMRI: every volume begins in one second and ends in the next, which the times tell in whole seconds.
    const clock = (_: number, slice: number): Attributes => ({
      AcquisitionTime: `21544${slice < 3 ? 1 : 2}`,
    });
    const plan = planOf(repeated(3, clock));
    expect(plan.groups.map((group) => [group.nameEn, group.frames.length, group.verdict.kind])).toEqual([
      ['Repeat 1', 4, 'exact'],
      ['Repeat 2', 4, 'exact'],
      ['Repeat 3', 4, 'exact'],
    ]);
    // The second volume shares its seconds with both neighbours.
    const late = planOf(
      repeated(3, (nth, k) => ({ AcquisitionTime: `21544${Math.floor((4 * nth + k) / 5)}` })),
    );
    expect(late.groups.map((group) => group.frames.length)).toEqual([4, 4, 4]);
  });

  it('keeps segments apart that cover few planes each, or planes of their own', () => {
    const from = [0, 2, 10, 20];
    const items = from.flatMap((start, nth) =>
      Array.from({ length: 3 }, (_, k) =>
        sliceAt(10 * nth + k, 2.5 * (start + k), { ReferencedSegmentNumber: nth + 1 }),
      ),
    );
    expect(planOf(items).groups.map((group) => [group.nameEn, group.frames.length])).toEqual(
      from.map((_, nth) => [`Segment ${nth + 1}`, 3]),
    );
  });

  it('keeps two scans apart that overlap without sharing positions', () => {
    const scan = (number: number, fromMm: number): PlanItem[] =>
      Array.from({ length: 8 }, (_, k) =>
        sliceAt(100 * number + k, fromMm + 2.5 * k, { AcquisitionNumber: number }),
      );
    const plan = planOf([...scan(1, 0), ...scan(2, 10.9)]);
    expect(plan.groups.map((group) => [group.nameEn, group.frames.length, group.verdict.kind])).toEqual([
      ['Acquisition 1', 8, 'exact'],
      ['Acquisition 2', 8, 'exact'],
    ]);
    const apart = planOf([...scan(1, 0), ...scan(2, 21)]);
    expect(apart.groups).toHaveLength(1);
  });

  it.each<readonly [string, (nth: number) => Attributes, number, readonly string[]]>([
    [
      'echoes half a spacing apart',
      (n) => ({ EchoTime: 5 + 45 * n }),
      1.25,
      ['Echo 1 TE 5 ms', 'Echo 2 TE 50 ms'],
    ],
    [
      'echoes that lie a little apart',
      (n) => ({ EchoTime: 5 + 45 * n }),
      0.02,
      ['Echo 1 TE 5 ms', 'Echo 2 TE 50 ms'],
    ],
    ['kernels half a spacing apart', (n) => ({ ConvolutionKernel: [`Br4${n}`] }), 1.25, ['Br40', 'Br41']],
    [
      'breath holds that only clocks tell',
      (n) => ({ AcquisitionTime: `1${n}0000` }),
      10.9,
      ['Time 1', 'Time 2'],
    ],
  ])('keeps pictures apart that are taken in turns along the normal: %s', (_name, more, shiftMm, names) => {
    const items = [0, 1].flatMap((nth) =>
      Array.from({ length: 8 }, (_, k) => sliceAt(100 * nth + k, shiftMm * nth + 2.5 * k, more(nth))),
    );
    const { groups } = planOf(items);
    expect(groups.map((group) => [group.nameEn, group.frames.length, group.verdict.kind])).toEqual(
      names.map((name) => [name, 8, 'exact']),
    );
  });

  it('keeps pictures apart that are taken in turns, and lie nearly even each', () => {
    const items = [0, 1].flatMap((nth) =>
      Array.from({ length: 8 }, (_, k) =>
        sliceAt(100 * nth + k, 3 * k + (nth === 0 ? 0 : 0.02 * (-1) ** k), {
          ImageType: ['ORIGINAL', 'PRIMARY', nth === 0 ? 'M' : 'P'],
        }),
      ),
    );
    expect(planOf(items).groups.map((group) => [group.nameEn, group.frames.length])).toEqual([
      ['Magnitude', 8],
      ['Phase map', 8],
    ]);
  });

  it('takes two passes over one stack, the odd slices first, as one volume', () => {
    const items = Array.from({ length: 16 }, (_, k) =>
      sliceAt(k, 2.5 * k, { AcquisitionNumber: (k % 2) + 1, AcquisitionTime: `1${k % 2}0000` }),
    );
    expect(planOf(items).groups.map((group) => [group.frames.length, group.verdict.kind])).toEqual([
      [16, 'exact'],
    ]);
  });

  it('tells slices apart that are as fine as their pixels', () => {
    const items = Array.from({ length: 8 }, (_, k) =>
      sliceAt(k, 0.009 * k, { PixelSpacing: [0.009, 0.009], SliceThickness: 0.009 }),
    );
    expect(planOf(items).groups.map((group) => [group.frames.length, group.verdict.kind])).toEqual([
      [8, 'exact'],
    ]);
  });

  it('takes one pixel spacing that is written with different roundings for one', () => {
    const spaced = (mm: number, n: number): PlanItem => sliceAt(n, 2.5 * n, { PixelSpacing: [mm, mm] });
    const rounded = planOf([0.488281, 0.4883, 0.488281, 0.4883, 0.488281].map(spaced)).groups;
    expect(rounded.map((group) => [group.frames.length, group.verdict.kind])).toEqual([[5, 'exact']]);
    expect(rounded[0]!.verdict.residualMm).toBeGreaterThan(0);
    expect(rounded[0]!.verdict.residualMm).toBeLessThan(0.02);
    const other = planOf([0.49, 0.49, 0.75, 0.75, 0.75].map(spaced)).groups;
    expect(other.map((group) => group.frames.length)).toEqual([3, 2]);
  });

  it('says so where pixel spacings differ by more than a tenth of a pixel at the edge', () => {
    const [first] = planOf([sliceAt(1, 0)]).instances;
    const { rows, columns } = first!.format!;
    const moreMm = 0.3 / Math.hypot(rows - 1, columns - 1);
    const items = Array.from({ length: 6 }, (_, n) =>
      sliceAt(n, 2.5 * n, { PixelSpacing: n % 2 ? [1 + moreMm, 1 + moreMm] : [1, 1] }),
    );
    const { groups } = planOf(items);
    expect(groups).toHaveLength(1);
    expect(groups[0]!.verdict.kind).toBe('approximate');
    expect(groups[0]!.verdict.residualMm).toBeCloseTo(0.3, 6);
    expect(groups[0]!.verdict.reasons).toEqual([{ code: 'GEOMETRY_PIXELS_VARY', params: { mm: 0.3 } }]);
  });
});

describe('4D sets', () => {
  it('play along what differs, in its order', () => {
    const plan = planOf(repeated(3, (n) => ({ NominalPercentageOfCardiacPhase: [70, 0, 35][n]! })));
    expect(played(plan)).toEqual([
      ['phase', 0, '%', 0, 3],
      ['phase', 35, '%', 1, 3],
      ['phase', 70, '%', 2, 3],
    ]);
  });

  it('of two ways to differ take the longer one, once for each value of the other', () => {
    const plan = planOf(
      repeated(6, (n) => ({ EchoTime: n < 3 ? 5 : 10, TemporalPositionIndex: (n % 3) + 1 })),
    );
    expect(played(plan).map((d) => d?.[0])).toEqual(new Array(6).fill('temporal'));
    expect(plan.groups.map((group) => group.dimension!.set)).toEqual([
      'd0.0',
      'd0.0',
      'd0.0',
      'd0.1',
      'd0.1',
      'd0.1',
    ]);
  });

  it('b-values with several directions are one set', () => {
    const plan = planOf(
      repeated(3, (n) => ({
        DiffusionBValue: n === 0 ? 0 : 1000,
        DiffusionGradientOrientation: n === 0 ? [0, 0, 0] : n === 1 ? [1, 0, 0] : [0, 1, 0],
      })),
    );
    expect(named(plan).map(([, en]) => en)).toEqual(['b 0', 'b 1000 · direction 1', 'b 1000 · direction 2']);
    expect(played(plan).map((d) => [d?.[1], d?.[3], d?.[4]])).toEqual([
      [0, 0, 3],
      [1000, 1, 3],
      [1000, 2, 3],
    ]);
  });

  it('have directions that are only written in comments', () => {
    const said = ['', 'b=1500(0.895,0.000,0.445)', 'b=1500(0.895,0.000,-0.445)'];
    const plan = planOf(
      repeated(3, (n) => ({ DiffusionBValue: n === 0 ? 0 : 1500, ImageComments: said[n]! })),
    );
    expect(named(plan).map(([, en]) => en)).toEqual(['b 0', 'b 1500 · direction 1', 'b 1500 · direction 2']);
    expect(played(plan).map((d) => [d?.[0], d?.[3]])).toEqual([0, 1, 2].map((n) => ['bvalue', n]));
  });

  it('tell repeated pictures without weighting apart by thousandths, and say no more digits', () => {
    const plan = planOf(repeated(3, (n) => ({ DiffusionBValue: Math.fround(0.001 * n) })));
    expect(named(plan).map(([, en]) => en)).toEqual(['b 0 · Stack 1', 'b 0 · Stack 2', 'b 0 · Stack 3']);
    expect(played(plan).map((d) => d?.[1])).toEqual([0, 0.001, 0.002]);
  });

  it('leave out what is incomplete, and what is another kind of picture', () => {
    const items = repeated(4, (n) => ({ TemporalPositionIndex: n + 1 }));
    const plan = planOf(items.slice(0, -1));
    expect(played(plan).map((d) => d?.[4])).toEqual([3, 3, 3, undefined]);
    const types = planOf(repeated(2, (n) => ({ ImageType: ['ORIGINAL', 'PRIMARY', n === 0 ? 'M' : 'P'] })));
    expect(played(types)).toEqual([undefined, undefined]);
  });
});

describe('any order of the files', () => {
  const kinds: readonly (readonly [string, (n: number) => Attributes])[] = [
    ['b-values', (n) => ({ DiffusionBValue: n * 500 })],
    ['phases', (n) => ({ TriggerTime: n * 40 })],
    ['repeats', () => ({})],
    ['types', (n) => ({ ImageType: ['ORIGINAL', 'PRIMARY', `T${n}`] })],
  ];
  const summary = (plan: SeriesPlan) =>
    plan.groups.map((group) => ({
      ...group,
      frames: group.frames.map((f) => plan.instances[plan.frames[f]!.instance]!.sopInstanceUID),
    }));

  it.each(kinds)('gives the same groups, grids and frames: %s', (_name, more) => {
    const items = repeated(3, (n) => more(n));
    const expected = summary(planOf(items));
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: items.length }), (shuffled) => {
        expect(summary(planOf(shuffled))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
