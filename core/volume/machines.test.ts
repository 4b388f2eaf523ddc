import { describe, expect, it } from 'vitest';
import { multiFrame, oblique, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';
import type { SeriesPlan, VolumeGroup } from './types.ts';

const planOf = (items: readonly PlanItem[]): SeriesPlan => buildSeriesPlan(items, planKeys);
const slices = 5;
/** Numbers that go by no plan, so that only what is tested can tell frames apart. */
const atRandom = (n: number): number => 1 + ((n * 37 + 11) % 101);

/** Volumes of five slices; `more` is what the machine writes, the window's centre marks the volume for the test. */
const volumes = (times: number, more: (nth: number, slice: number) => Attributes): PlanItem[] =>
  Array.from({ length: times * slices }, (_, n) => {
    const [nth, slice] = [n % times, Math.floor(n / times)];
    return sliceAt(atRandom(n), slice * 2.5, { WindowCenter: [nth], ...more(nth, slice) });
  });

const marksOf = (plan: SeriesPlan, { frames }: VolumeGroup): number[] => [
  ...new Set(frames.map((frame) => frameAttributes(plan, frame).WindowCenter![0]!)),
];
/** Name, volumes it has frames of, and how it plays. */
const told = (plan: SeriesPlan) =>
  plan.groups.map((group) => [
    group.nameEn,
    marksOf(plan, group).join(),
    group.dimension && [group.dimension.kind, group.dimension.value, group.dimension.unit].join(' ').trim(),
    group.verdict.kind,
  ]);

describe('volumes of one series that machines tell apart in their own ways', () => {
  it.each<readonly [string, (nth: number, slice: number) => Attributes, unknown[][]]>([
    [
      'heart phases in the description',
      (n) => ({ Modality: 'CT', SeriesDescription: `CorCTA 0.75 Bv40 ${[40, 75][n]} %` }),
      [
        ['40%', '0', 'phase 40 %', 'exact'],
        ['75%', '1', 'phase 75 %', 'exact'],
      ],
    ],
    [
      'phases in the comments of the images, beside a percentage that is the same for all',
      (n) => ({ SeriesDescription: 'ASiR 30%', ImageComments: `Phase: ${10 * n}%` }),
      [
        ['0%', '0', 'phase 0 %', 'exact'],
        ['10%', '1', 'phase 10 %', 'exact'],
      ],
    ],
    [
      'two series that an anonymiser made one, by description',
      (n) => ({ SeriesNumber: 4 + n, SeriesDescription: ['native', 'contrast'][n]! }),
      [
        ['native', '0', undefined, 'exact'],
        ['contrast', '1', undefined, 'exact'],
      ],
    ],
    [
      'and by number alone',
      (n) => ({ SeriesNumber: 4 + n }),
      [
        ['Series 4', '0', undefined, 'exact'],
        ['Series 5', '1', undefined, 'exact'],
      ],
    ],
    [
      'dynamic PET whose clock times were removed, by the middle of its frames',
      (n) => ({ Modality: 'PT', Units: 'BQML', FrameReferenceTime: 15_000 + 30_000 * n }),
      [
        ['Time 1 · 15 s', '0', 'temporal 15000 ms', 'exact'],
        ['Time 2 · 45 s', '1', 'temporal 45000 ms', 'exact'],
      ],
    ],
    [
      'dynamic PET by its image indices',
      (n, k) => ({ Modality: 'PT', Units: 'BQML', NumberOfSlices: slices, ImageIndex: n * slices + k + 1 }),
      [
        ['Time 1', '0', 'temporal', 'exact'],
        ['Time 2', '1', 'temporal', 'exact'],
      ],
    ],
    [
      'spin labelling: what is labelled, and what is compared with it',
      (n) => ({ Modality: 'MR', TemporalPositionIdentifier: 1, ASLContext: ['CONTROL', 'LABEL'][n]! }),
      [
        ['Control', '0', undefined, 'exact'],
        ['Label', '1', undefined, 'exact'],
      ],
    ],
    [
      'velocities of an enhanced object',
      (n) => ({
        Modality: 'MR',
        VelocityEncodingDirection: [
          [0.1, -0.99, 0],
          [0, 0.1, 0.99],
        ][n]!,
      }),
      [
        ['Flow A-P', '0', undefined, 'exact'],
        ['Flow F-H', '1', undefined, 'exact'],
      ],
    ],
    [
      'comments alone',
      (n) => ({ ImageComments: ['arterial', 'venous'][n]! }),
      [
        ['arterial', '0', 'temporal', 'exact'],
        ['venous', '1', 'temporal', 'exact'],
      ],
    ],
  ])('%s', (_, more, expected) => {
    const found = told(planOf(volumes(2, more)));
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  it('an enhanced object by the reference times of its frames', () => {
    const frames = volumes(2, (n) => ({ FrameReferenceDateTime: `2025030110150${2 * n}.0` }))
      .sort((a, b) => a.scan.attributes.InstanceNumber! - b.scan.attributes.InstanceNumber!)
      .map(({ scan: { attributes: a } }) => ({
        ImagePositionPatient: a.ImagePositionPatient!,
        FrameReferenceDateTime: a.FrameReferenceDateTime!,
        WindowCenter: a.WindowCenter!,
      }));
    const shared = {
      ImageOrientationPatient: [...oblique.row, ...oblique.column],
      PixelSpacing: oblique.spacing,
    };
    expect(told(planOf([multiFrame(shared, frames)]))).toEqual([
      ['Time 1', '0', 'temporal', 'exact'],
      ['Time 2', '1', 'temporal', 'exact'],
    ]);
  });

  it('three scans that share a few slices with the next, by description', () => {
    const items = [0, 1, 2].flatMap((n) =>
      Array.from({ length: 6 }, (_, k) =>
        sliceAt(atRandom(6 * n + k), (5 * n + k) * 2.5, {
          WindowCenter: [n],
          SeriesDescription: ['chest', 'abdomen', 'pelvis'][n]!,
        }),
      ),
    );
    expect(new Set(told(planOf(items)).map(([name, marks]) => `${name} ${marks}`))).toEqual(
      new Set(['chest 0', 'abdomen 1', 'pelvis 2']),
    );
  });

  it('flow in two directions whose trigger times drift from slice to slice', () => {
    const items = volumes(6, (n, k) => ({
      Modality: 'MR',
      SequenceName: `fl2d1_v150${['in', 'ap'][n % 2]}`,
      TriggerTime: 11 + 40 * Math.floor(n / 2) + 1.7 * k,
    }));
    const plan = planOf(items);
    expect(plan.groups).toHaveLength(6);
    for (const group of plan.groups) {
      expect(marksOf(plan, group)).toHaveLength(1);
      expect(group.dimension).toMatchObject({ kind: 'phase', unit: 'ms', count: 3 });
    }
    expect(plan.groups.map(({ nameEn }) => nameEn)).toContain('fl2d1_v150ap · Phase 2 · 54 ms');
  });
});

describe('one object with one position', () => {
  const reasonOf = (more: Attributes) => {
    const shared = {
      ImageOrientationPatient: [...oblique.row, ...oblique.column],
      ImagePositionPatient: oblique.origin,
      PixelSpacing: oblique.spacing,
      ...more,
    };
    const { verdict, regular } = planOf([multiFrame(shared, [{}, {}, {}, {}])]).groups[0]!;
    return [verdict.reasons[0]!.code, regular];
  };

  it('and a distance of slices (cone-beam CT in one file) does not tell which way they go', () => {
    expect(reasonOf({ SpacingBetweenSlices: 0.2 })).toEqual(['GEOMETRY_ONE_POSITION', null]);
    expect(reasonOf({})).toEqual(['GEOMETRY_ONE_PLACE', null]);
  });
});

describe('names', () => {
  it('say once what a file says twice', () => {
    const types = [
      { FrameType: ['ORIGINAL', 'PRIMARY', 'M_FFE', 'NONE'], ComplexImageComponent: 'MAGNITUDE' },
      { FrameType: ['ORIGINAL', 'PRIMARY', 'PHASE MAP', 'NONE'], ComplexImageComponent: 'PHASE' },
    ];
    const plan = planOf(volumes(2, (n) => ({ Modality: 'MR', ...types[n] })));
    expect(plan.groups.map(({ nameZh, nameEn }) => `${nameEn} ${nameZh}`).sort()).toEqual([
      'M_FFE Magnitude M_FFE 幅度',
      'Phase map 相位',
    ]);
  });
});

describe('scans at several places in one series', () => {
  /** Heights are the same at each station, which lies further down within the planes. */
  const stations = (count: number, mm: number): PlanItem[] =>
    Array.from({ length: count * slices }, (_, n) => {
      const [nth, slice] = [n % count, Math.floor(n / count)];
      return sliceAt(atRandom(n), slice * 2.5, { WindowCenter: [nth] }, nth * mm);
    });

  it('stations of a whole body in coronal slices are volumes of their own', () => {
    // Pictures are 6 rows of 0.4 mm high.
    const found = told(planOf(stations(3, 2)));
    expect(found.map(([, marks]) => marks).sort()).toEqual(['0', '1', '2']);
    expect(found.map(([name]) => name).sort()).toEqual(['Field 1', 'Field 2', 'Field 3']);
    expect(new Set(found.map(([, , , kind]) => kind))).toEqual(new Set(['exact']));
  });

  it('two reconstructions whose centres lie a few pixels apart are, where nothing else tells them apart', () => {
    // Pixels are 0.4 mm high, pictures six of them: two pixels are no other part of the patient.
    const fields = told(planOf(stations(2, 0.9)));
    expect(fields.map(([name, marks, plays]) => [name, String(marks).length, plays])).toEqual([
      ['Field 1', 1, undefined],
      ['Field 2', 1, undefined],
    ]);
  });

  /** Beds of six slices of which two lie where the next bed begins; numbers run through. */
  const beds = (more: (nth: number) => Attributes): PlanItem[] =>
    Array.from({ length: 18 }, (_, n) => {
      const [nth, slice] = [Math.floor(n / 6), n % 6];
      return sliceAt(n + 1, (4 * nth + slice) * 2.5, { WindowCenter: [nth], ...more(nth) });
    });

  it.each<readonly [string, (nth: number) => Attributes, string]>([
    ['by the order of the files', () => ({}), 'Field'],
    ['by their times', (nth) => ({ AcquisitionTime: `1015${10 + 2 * nth}` }), 'Time'],
    ['by PET times', (nth) => ({ FrameReferenceTime: 60_000 * nth }), 'Time'],
  ])('beds that overlap by a few slices are volumes of their own: %s', (_, more, word) => {
    const found = told(planOf(beds(more)));
    expect(found.map(([, marks]) => marks).sort()).toEqual(['0', '1', '2']);
    for (const [name, , plays, kind] of found) {
      expect([String(name).split(' ')[0], plays, kind]).toEqual([word, undefined, 'exact']);
    }
  });

  it.each([[[0, 1, 2, 3, 4, 5, 2, 3, 4]], [[0, 1, 2, 2, 3, 4, 5]]])(
    'what was sent again is no bed of its own: %j',
    (heights) => {
      const items = heights.map((slice, n) => sliceAt(n + 1, slice * 2.5));
      const { verdict } = planOf(items).groups[0]!;
      expect(verdict.kind).toBe('approximate');
      expect(verdict.reasons.map(({ code }) => code)).toContain('GEOMETRY_DUPLICATES');
    },
  );

  it('pictures that lie a little beside each other are no stations', () => {
    const [group] = planOf(stations(2, 0.3)).groups;
    expect(group!.nameEn).toBe('Repeat 1');
    expect(group!.verdict.reasons.map(({ code }) => code)).toContain('GEOMETRY_UNORDERED');
  });

  it('a table that goes to and fro plays place by place', () => {
    const items = Array.from({ length: 6 * 4 }, (_, n) => {
      const [acquisition, slice] = [Math.floor(n / 4), n % 4];
      const heightMm = 2.5 * slice + (acquisition % 2) * 10;
      return sliceAt(n + 1, heightMm, { AcquisitionNumber: acquisition + 1 });
    });
    const played = planOf(items).groups.map(({ dimension: d, verdict }) => [
      d?.value,
      d?.index,
      d?.count,
      verdict.reasons.length,
    ]);
    const first = planOf(items).groups.filter(({ dimension }) => dimension?.value === 1);
    const second = planOf(items).groups.filter(({ dimension }) => dimension?.value === 2);
    expect(first[0]!.dimension!.set).not.toBe(second[0]!.dimension!.set);
    expect(played.sort()).toEqual([
      [1, 0, 3, 0],
      [2, 0, 3, 0],
      [3, 1, 3, 0],
      [4, 1, 3, 0],
      [5, 2, 3, 0],
      [6, 2, 3, 0],
    ]);
  });
});
