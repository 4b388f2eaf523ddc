import { describe, expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import type { SeriesPlan, VolumeGroup } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);
/** The window's centre marks the volume that a frame is of. */
const marksOf = (plan: SeriesPlan, { frames }: VolumeGroup): number[] => [
  ...new Set(frames.map((frame) => frameAttributes(plan, frame).WindowCenter![0]!)),
];
const codes = ({ verdict }: VolumeGroup): string[] => verdict.reasons.map(({ code }) => code);
const isDoubtful = (group: VolumeGroup): boolean =>
  codes(group).some((code) => code === 'GEOMETRY_UNORDERED' || code === 'GEOMETRY_DUPLICATES');
/** No volume mixes several and says nothing of it. */
function expectNoneMixed(plan: SeriesPlan): void {
  for (const group of plan.groups) if (!isDoubtful(group)) expect(marksOf(plan, group)).toHaveLength(1);
}

/** A heart in seven slices of six phases, slice after slice; trigger times drift from slice to slice. */
const cine = (more: (slice: number, phase: number) => Attributes = () => ({})): PlanItem[] =>
  Array.from({ length: 7 * 6 }, (_, n) => {
    const [slice, phase] = [Math.floor(n / 6), n % 6];
    const TriggerTime = phase * (40 + 0.7 * slice);
    return sliceAt(n + 1, slice * 8, { WindowCenter: [phase], TriggerTime, ...more(slice, phase) });
  });

describe('images that were sent twice under another name', () => {
  const twice = (nth: number, number: number): PlanItem => {
    const item = cine()[nth]!;
    const attributes = { ...item.scan.attributes, InstanceNumber: number, SOPInstanceUID: `1.2.9.${number}` };
    return { ...item, instanceKey: `s.twice.${number}`, scan: { ...item.scan, attributes } };
  };

  it('leave the phases of the heart as they are, and are told where they are', () => {
    const plan = planOf([...cine(), twice(8, 60), twice(15, 61)]);
    const whole = plan.groups.filter(({ frames }) => frames.length === 7);
    expect(whole.map((group) => marksOf(plan, group).join())).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(whole.map((group) => codes(group).join())).toEqual([
      '',
      '',
      'GEOMETRY_DUPLICATES',
      'GEOMETRY_DUPLICATES',
      '',
      '',
    ]);
    expect(whole.map(({ dimension }) => dimension?.count)).toEqual([6, 6, 6, 6, 6, 6]);
    expect(plan.groups.slice(6).map(({ frames }) => frames.length)).toEqual([1, 1]);
  });

  it('are none where a coarse clock gives two of several volumes one time', () => {
    const items = Array.from({ length: 4 * 3 }, (_, n) => {
      const [nth, slice] = [Math.floor(n / 4), n % 4];
      const AcquisitionTime = nth === 0 ? '101500' : slice < 2 ? '101501' : `10150${1 + nth}`;
      return sliceAt(n + 1, slice * 2.5, { WindowCenter: [nth], AcquisitionTime });
    });
    const plan = planOf(items);
    expect(plan.groups.map(({ frames }) => frames.length)).toEqual([4, 4, 4]);
    expectNoneMixed(plan);
  });
});

describe('scans in one series of which slices are lost', () => {
  it('of two thicknesses that lie a little apart stay two volumes', () => {
    const thin = Array.from({ length: 24 }, (_, k) =>
      sliceAt(k + 1, k, { WindowCenter: [1], SliceThickness: 1 }),
    );
    const thick = [0, 1, 2, 3, 4].map((k) =>
      sliceAt(k + 40, 4 * k + 0.3, { WindowCenter: [4], SliceThickness: 4 }),
    );
    for (const rest of [thick, thick.slice(0, 2)]) {
      const plan = planOf([...thin.filter((_, k) => k !== 9), ...rest]);
      expect(plan.groups.map(({ frames }) => frames.length)).toEqual([23, rest.length]);
      expect(plan.groups[0]!.verdict).toMatchObject({ kind: 'resampled', interpolatedSlices: 1 });
      expectNoneMixed(plan);
    }
  });

  it('uneven ones of one scan stay one', () => {
    const uneven = [0, 1, 2.6, 3.1, 4.7, 6, 7.9].map((mm, k) =>
      sliceAt(k + 1, mm, { SliceThickness: 1, AcquisitionNumber: 1 + (k % 2) }),
    );
    expect(planOf(uneven).groups).toHaveLength(1);
  });

  it('two series that an anonymiser made one are two where they share no position, too', () => {
    const items = Array.from({ length: 12 }, (_, k) =>
      sliceAt(k + 1, k * 3, { SeriesNumber: k < 6 ? 3 : 4, WindowCenter: [k < 6 ? 3 : 4] }),
    );
    const plan = planOf(items);
    expect(plan.groups.map(({ nameEn }) => nameEn)).toEqual(['Series 3', 'Series 4']);
    expectNoneMixed(plan);
  });
});

describe('times and numbers that some images lack', () => {
  /** Three volumes of five slices, the time of writing well after that of taking. */
  const timed = (more: (nth: number, slice: number) => Attributes): PlanItem[] =>
    Array.from({ length: 15 }, (_, n) => {
      const [nth, slice] = [Math.floor(n / 5), n % 5];
      const times = {
        AcquisitionDate: '20250301',
        AcquisitionTime: `1015${10 + 3 * nth}`,
        ContentTime: `10163${n % 10}`,
      };
      return sliceAt(1 + ((n * 37 + 11) % 101), slice * 2.5, {
        WindowCenter: [nth],
        ...times,
        ...more(nth, slice),
      });
    });
  const without = <K extends keyof Attributes>(items: PlanItem[], at: number, keyword: K): PlanItem[] =>
    items.map((item, n) => {
      if (n !== at) return item;
      const { [keyword]: _, ...attributes } = item.scan.attributes;
      return { ...item, scan: { ...item.scan, attributes } };
    });

  it('a time of writing does not stand in for a time of taking beside others', () => {
    expectNoneMixed(
      planOf(
        without(
          timed(() => ({})),
          7,
          'AcquisitionTime',
        ),
      ),
    );
  });

  it('a date that one image lacks is not asked of the others', () => {
    const plan = planOf(
      without(
        timed(() => ({})),
        7,
        'AcquisitionDate',
      ),
    );
    expect(plan.groups.map((group) => marksOf(plan, group).join()).sort()).toEqual(['0', '1', '2']);
    expect(plan.groups.map(({ verdict }) => verdict.kind)).toEqual(['exact', 'exact', 'exact']);
  });

  it('phases are in doubt where every slice lacks another one', () => {
    const lacking = cine().filter((_, n) => n % 6 !== 1 + (Math.floor(n / 6) % 4));
    const plan = planOf(lacking);
    expectNoneMixed(plan);
    expect(plan.groups.some((group) => codes(group).includes('GEOMETRY_UNORDERED'))).toBe(true);
    expect(planOf(cine()).groups.some(isDoubtful)).toBe(false);
  });

  it('an image without a number stands anywhere in the order of the files', () => {
    const bare = cine(() => ({ TriggerTime: 0 }));
    expect(planOf(bare).groups.some(isDoubtful)).toBe(false);
    expectNoneMixed(planOf(without(bare, 3, 'InstanceNumber')));
  });

  it('numbers that begin again with each volume, which go up and down, tell nothing', () => {
    const items = Array.from({ length: 10 }, (_, n) => {
      const [nth, slice] = [Math.floor(n / 5), n % 5];
      const height = nth === 0 ? slice : 4 - slice;
      const item = sliceAt(n + 1, height * 2.5, { WindowCenter: [nth], InstanceNumber: slice + 1 });
      return { ...item, instanceKey: `s.${n}` };
    });
    expectNoneMixed(planOf(items));
  });
});
