import { describe, expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan } from './plan.ts';
import type { SeriesPlan } from './types.ts';

const slices = 8;
const clock = (seconds: number): string => `10${String(seconds).padStart(4, '0')}`;

/** What tells phases apart: one value a phase, values that drift from slice to slice, nothing at all. */
const kinds: Readonly<Record<string, (phase: number, k: number) => Attributes>> = {
  'temporal positions': (n) => ({ TemporalPositionIdentifier: n + 1 }),
  'cardiac phases': (n) => ({ NominalPercentageOfCardiacPhase: 40 + 20 * n }),
  'trigger times that drift': (n, k) => ({ TriggerTime: 300 * n + 3 * k }),
  'clock times that drift': (n, k) => ({ AcquisitionTime: clock(1000 + 100 * n + k) }),
  'b-values': (n) => ({ DiffusionBValue: 800 * n }),
  echoes: (n) => ({ EchoTime: 5 + 7.5 * n }),
  nothing: () => ({}),
};

/** `phases` of eight slices one after another; one slice of the second is not there. InstanceNumber tells which a frame is. */
function lacking(phases: number, lost: number, more: (phase: number, k: number) => Attributes): SeriesPlan {
  const items: PlanItem[] = [];
  for (let n = 0; n < phases; n++)
    for (let k = 0; k < slices; k++)
      if (n !== 1 || k !== lost) items.push(sliceAt(n * slices + k + 1, k * 2.5, more(n, k)));
  return buildSeriesPlan(items, planKeys);
}

/** The phases that the frames of a group were made in. */
function phasesIn(plan: SeriesPlan, group: SeriesPlan['groups'][number]): number[] {
  const numbers = group.frames.map(
    (at) => plan.instances[plan.frames[at]!.instance]!.attributes.InstanceNumber ?? 0,
  );
  return [...new Set(numbers.map((number) => Math.floor((number - 1) / slices)))];
}

const cases = Object.keys(kinds).flatMap((kind) =>
  [2, 3].flatMap((phases) => [0, 4, slices - 1].map((lost) => [kind, phases, lost] as const)),
);

describe('a phase that lacks a slice', () => {
  it.each(cases)('%s, %i phases, slice %i: no group mixes phases', (kind, phases, lost) => {
    const plan = lacking(phases, lost, kinds[kind]!);
    expect(plan.groups).toHaveLength(phases);
    for (const group of plan.groups) expect(phasesIn(plan, group)).toHaveLength(1);
  });

  it.each(cases.filter(([, , lost]) => lost === 4))(
    '%s, %i phases, slice %i: still plays, and says where it is made up',
    (kind, phases, lost) => {
      const { groups } = lacking(phases, lost, kinds[kind]!);
      expect(groups.map(({ dimension }) => dimension?.count)).toEqual(groups.map(() => phases));
      const short = groups.find(({ frames }) => frames.length < slices);
      expect(short?.verdict.missing).toEqual([{ after: 4, gapMm: expect.closeTo(5, 9), fromK: 4, toK: 4 }]);
      expect(short?.regular?.size[2]).toBe(slices);
    },
  );

  it.each(cases.filter(([, , lost]) => lost !== 4))(
    '%s, %i phases, slice %i at an end: says that it does not play with the others',
    (kind, phases, lost) => {
      const { groups } = lacking(phases, lost, kinds[kind]!);
      const told = groups.map(({ frames, dimension, verdict }) => [
        frames.length,
        dimension?.count ?? 0,
        verdict.reasons.filter(({ code }) => code === 'GEOMETRY_SET_UNEVEN').map(({ params }) => params),
      ]);
      const whole = [slices, phases === 3 ? 2 : 0, []];
      const others = new Array(phases - 1).fill(whole);
      expect(told).toEqual([...others, [slices - 1, 0, [{ own: slices - 1, others: slices }]]]);
    },
  );
});

describe('phases taken around midnight', () => {
  it.each<readonly [string, (phase: number) => Attributes]>([
    ['by the clock alone', (n) => ({ AcquisitionTime: ['235950', '235958.5', '000007'][n]! })],
    [
      'with dates',
      (n) => ({
        AcquisitionDate: n < 2 ? '20251231' : '20260101',
        AcquisitionTime: ['200000', '235958.5', '070007'][n]!,
      }),
    ],
    ['with dates and times of frames', (n) => ({ FrameAcquisitionDateTime: `2026010${n + 1}${12 - n}0000` })],
    ['on one day, with hours between', (n) => ({ AcquisitionTime: ['070000', '130000', '200000'][n]! })],
  ])('follow each other: %s', (_, more) => {
    const items = [0, 1, 2].flatMap((n) =>
      Array.from({ length: slices }, (_k, k) => sliceAt(n * slices + k + 1, k * 2.5, more(n))),
    );
    const plan = buildSeriesPlan(items, planKeys);
    const told = plan.groups.map((group) => [phasesIn(plan, group), group.nameEn, group.dimension?.index]);
    expect(told).toEqual([0, 1, 2].map((n) => [[n], `Time ${n + 1}`, n]));
  });
});

it('a whole phase among cut ones says that it does not play with them', () => {
  const items = [0, 1, 2].flatMap((n) =>
    Array.from({ length: n === 0 ? 8 : 7 }, (_, k) =>
      sliceAt(n * 8 + k + 1, k * 2.5, { TemporalPositionIdentifier: n + 1 }),
    ),
  );
  const { groups } = buildSeriesPlan(items, planKeys);
  const told = groups.map(({ dimension, verdict }) => [dimension?.count ?? 0, verdict.reasons[0]?.params]);
  expect(told).toEqual([
    [0, { own: 8, others: 7 }],
    [2, { own: 7, others: 8 }],
    [2, { own: 7, others: 8 }],
  ]);
});
