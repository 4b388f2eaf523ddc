import { describe, expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import type { SeriesPlan } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);
/** Of each group its name, the scans that it has frames of (marked by the window's centre), how many, and its verdict. */
const told = (plan: SeriesPlan) =>
  plan.groups.map(({ nameEn, frames, verdict }) => {
    const marks = new Set(frames.map((frame) => frameAttributes(plan, frame).WindowCenter![0]!));
    return [nameEn, [...marks].join(), frames.length, verdict.kind];
  });

/** Phases of a liver: each begins at its own height, has its own number of slices, and goes the same way. */
const liver = (
  phases: readonly (readonly [fromMm: number, slices: number])[],
  more: (phase: number, slice: number) => Attributes,
): PlanItem[] => {
  const all = phases.flatMap(([fromMm, slices], phase) =>
    Array.from({ length: slices }, (_, slice) => ({ phase, slice, mm: fromMm + 2.5 * slice })),
  );
  return all.map(({ phase, slice, mm }, n) =>
    sliceAt(n + 1, mm, { WindowCenter: [phase], ...more(phase, slice) }),
  );
};
const times = (phase: number, slice: number): Attributes => ({
  AcquisitionTime: `10${15 + phase}10.${100 + 40 * slice}`,
});

describe('scans one after the other in one series', () => {
  it.each<readonly [string, (phase: number, slice: number) => Attributes, string]>([
    ['times that run within each', times, 'Time'],
    [
      'such times, where numbers go by no plan',
      (phase, slice) => ({ ...times(phase, slice), InstanceNumber: 1 + ((slice * 37 + phase * 11) % 101) }),
      'Time',
    ],
    ['the order of the files', () => ({}), 'Repeat'],
  ])('that share no position are told apart by %s', (_, more, word) => {
    const plan = planOf(
      liver(
        [
          [0, 9],
          [1, 12],
        ],
        more,
      ),
    );
    expect(told(plan)).toEqual([
      [`${word} 2`, '1', 12, 'exact'],
      [`${word} 1`, '0', 9, 'exact'],
    ]);
    expect(plan.groups[1]!.verdict.reasons.map(({ code }) => code)).toContain('GEOMETRY_SET_UNEVEN');
  });

  it('of other ranges that share positions are, by times with a pause between', () => {
    const ranges = [
      [0, 9],
      [1, 12],
      [2.5, 7],
    ] as const;
    expect(told(planOf(liver(ranges, times)))).toEqual([
      ['Time 2', '1', 12, 'exact'],
      ['Time 1', '0', 9, 'exact'],
      ['Time 3', '2', 7, 'exact'],
    ]);
  });

  it('uneven slices of one scan stay one', () => {
    const heights = [0, 1.1, 3.9, 4.2, 6, 9.5, 10];
    const items = heights.map((mm, k) => sliceAt(k + 1, mm, { WindowCenter: [0], ...times(0, k) }));
    expect(told(planOf(items))).toEqual([['', '0', 7, 'resampled']]);
  });

  it('a cine at one part of the chest after the other is no row of scans', () => {
    // Four slices at a time, three times, then the next four; the last image is lost.
    const items = Array.from({ length: 24 }, (_, n) => {
      const [part, time, slice] = [Math.floor(n / 12), Math.floor(n / 4) % 3, n % 4];
      const AcquisitionTime = `1015${10 + 5 * part}.${500 * (time % 2)}`;
      return sliceAt(n + 1, (4 * part + slice) * 2.5, { WindowCenter: [time], AcquisitionTime });
    }).slice(0, -1);
    const plan = planOf(items);
    for (const { frames, verdict } of plan.groups) {
      const marks = new Set(frames.map((frame) => frameAttributes(plan, frame).WindowCenter![0]!));
      expect(marks.size === 1 || verdict.kind === 'approximate').toBe(true);
    }
  });
});

describe('what tells more than ranks of drifting times', () => {
  it('inversion times play, whatever the trigger', () => {
    const items = Array.from({ length: 12 }, (_, n) => {
      const [slice, ti] = [Math.floor(n / 3), n % 3];
      const TriggerTime = 500 + 13 * slice + 900 * ti;
      return sliceAt(n + 1, 8 * slice, {
        Modality: 'MR',
        WindowCenter: [ti],
        InversionTime: 100 + 300 * ti,
        TriggerTime,
      });
    });
    const plan = planOf(items);
    expect(told(plan).map(([name]) => name)).toEqual(['TI 100 ms', 'TI 400 ms', 'TI 700 ms']);
    expect(plan.groups.map(({ dimension: d }) => [d?.kind, d?.value, d?.unit])).toEqual([
      ['temporal', 100, 'ms'],
      ['temporal', 400, 'ms'],
      ['temporal', 700, 'ms'],
    ]);
  });

  it('series that an anonymiser made one stay apart where an image of one is there twice', () => {
    const items = Array.from({ length: 12 }, (_, k) => {
      const nth = Math.floor(k / 6);
      return sliceAt(k + 1, k * 3, { SeriesNumber: 3 + nth, WindowCenter: [nth], ...times(nth, k % 6) });
    });
    const again = { ...items[2]!.scan.attributes, InstanceNumber: 20, SOPInstanceUID: '1.2.9' };
    const plan = planOf([
      ...items,
      { ...items[2]!, instanceKey: 's.again', scan: { ...items[2]!.scan, attributes: again } },
    ]);
    expect(told(plan).map(([, marks, count]) => [marks, count])).toEqual([
      ['0', 6],
      ['1', 6],
      ['0', 1],
    ]);
  });
});
