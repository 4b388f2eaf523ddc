import { expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import { buildSeriesPlan } from './plan.ts';

const unreadable: Record<string, unknown> = { RescaleUnreadable: 'RescaleSlope' };
const groupsOf = (isOther: (k: number) => boolean, other = unreadable) =>
  buildSeriesPlan(
    [0, 1, 2, 3, 4].map((k) => sliceAt(k + 1, 2.5 * k, isOther(k) ? other : {})),
    planKeys,
  ).groups.map(({ nameEn, frames, verdict }) => [nameEn, frames.length, verdict.reasons[0]?.code]);

it('an image whose values could not be rescaled is in no volume with those that were', () => {
  expect(groupsOf((k) => k === 2)).toEqual([
    ['Coronal', 4, 'GEOMETRY_GAP'],
    ['Not rescaled', 1, 'GEOMETRY_ONE_SLICE'],
  ]);
  expect(groupsOf((k) => k === 2, { RescaleSlope: undefined, RescaleIntercept: undefined })).toEqual([
    ['Coronal', 4, 'GEOMETRY_GAP'],
    ['Not rescaled', 1, 'GEOMETRY_ONE_SLICE'],
  ]);
  expect(groupsOf(() => true)).toEqual([['', 5, undefined]]);
});

it.each([
  ['3.7 in the others', { RescaleSlope: 3.7, RescaleIntercept: 0 }, [4, 1]],
  ['1 in the others, which changes nothing', { RescaleSlope: 1, RescaleIntercept: 0 }, [5]],
])(
  'an MR image without a slope is in one volume with others where that is right: %s',
  (_name, line, expected) => {
    const none = { RescaleSlope: undefined, RescaleIntercept: undefined };
    const items = [0, 1, 2, 3, 4].map((k) =>
      sliceAt(k + 1, 2.5 * k, { Modality: 'MR', ...(k === 2 ? none : line) }),
    );
    expect(buildSeriesPlan(items, planKeys).groups.map(({ frames }) => frames.length)).toEqual(expected);
  },
);

it.each([
  ['rescaled', { RescaleSlope: 3.7, RescaleIntercept: 0 }],
  ['mapped to a unit', { RescaleSlope: 1, RescaleIntercept: 0, RealWorldUnit: 'mm²/s' }],
])('images as they are stored say so beside others of their kind that are %s', (_how, line) => {
  const none = { RescaleSlope: undefined, RescaleIntercept: undefined };
  const namesOf = (more: Record<string, unknown>): (string | undefined)[] => {
    const items = [0, 1, 2, 3, 4].map((k) =>
      sliceAt(k + 1, 2.5 * k, { Modality: 'MR', ...(k === 2 ? { ...none, ...more } : line) }),
    );
    return buildSeriesPlan(items, planKeys).groups.map(({ nameEn }) => nameEn);
  };
  expect(namesOf({})).toEqual(['Coronal', 'Not rescaled']);
  // A map beside the images that it was made of is another picture.
  expect(namesOf({ ImageType: ['DERIVED', 'PRIMARY', 'ADC'] })).not.toContain('Not rescaled');
});

it('frames of one object without a place are in one stack only where all are rescaled, or none', () => {
  const framesOf = (isBare: (n: number) => boolean): number[] => {
    const item = sliceAt(1, 0, {
      Modality: 'XA',
      NumberOfFrames: 4,
      ...{ ImagePositionPatient: undefined, RescaleSlope: undefined, RescaleIntercept: undefined },
    });
    const line = { RescaleSlope: 2, RescaleIntercept: 0 };
    const perFrame = [0, 1, 2, 3].map((n) => (isBare(n) ? {} : line));
    const scan = { ...item.scan, perFrame };
    return buildSeriesPlan([{ ...item, scan }], planKeys).groups.map(({ frames }) => frames.length);
  };
  expect(framesOf((n) => n === 1)).toEqual([3, 1]);
  expect(framesOf(() => false)).toEqual([4]);
  expect(framesOf(() => true)).toEqual([4]);
});

it.each([
  ['CT', { RescaleSlope: undefined, RescaleIntercept: undefined }],
  ['MR', { RescaleSlope: undefined, RescaleIntercept: undefined }],
  ['CT', {}],
])('%s images of a table are in no volume with %o', (Modality, others) => {
  const modalityLut = { firstMapped: 0, bits: 16, data: Uint16Array.of(0, 100, 200) };
  const groups = (isMapped: (k: number) => boolean) =>
    buildSeriesPlan(
      [0, 1, 2, 3, 4].map((k) => {
        const item = sliceAt(k + 1, 2.5 * k, { Modality, ...others });
        return isMapped(k) ? { ...item, scan: { ...item.scan, modalityLut } } : item;
      }),
      planKeys,
    ).groups.map(({ frames, nameEn }) => [frames.length, nameEn === 'Not rescaled']);
  const isBare = 'RescaleSlope' in others;
  expect(groups((k) => k !== 2)).toEqual([
    [4, false],
    [1, isBare],
  ]);
  expect(groups(() => true)).toEqual([[5, false]]);
});

it('images of one scan in HU and in other units are in no volume together, and named by them', () => {
  const material = (k: number) => (k % 2 === 1 ? { RescaleType: 'MGML' } : {});
  const { groups } = buildSeriesPlan(
    [0, 1, 2, 3, 4].map((k) => sliceAt(k + 1, 2.5 * k, material(k))),
    planKeys,
  );
  expect(groups.map(({ nameEn, frames }) => [nameEn, frames.length])).toEqual([
    ['HU', 3],
    ['mg/ml', 2],
  ]);
});

it('activities and counts are in no volume together', () => {
  const { groups } = buildSeriesPlan(
    [0, 1, 2, 3].map((k) => sliceAt(k + 1, 2.5 * k, { Modality: 'PT', Units: k < 3 ? 'BQML' : 'CNTS' })),
    planKeys,
  );
  expect(groups.map(({ frames }) => frames.length)).toEqual([3, 1]);
});

it('images of two modalities that were thrown into one series are in no volume together', () => {
  const items = [0, 1, 2, 3, 4, 5].map((n) => sliceAt(n, 2.5 * n, { Modality: n < 3 ? 'CT' : 'MR' }));
  const { groups } = buildSeriesPlan(items, planKeys);
  expect(groups.map(({ frames }) => frames.length)).toEqual([3, 3]);
});

it.each([
  ['whose low values are white', { PhotometricInterpretation: 'MONOCHROME1' }],
  ['that are shown the other way round', { PresentationLUTShape: 'INVERSE' }],
  ['in colours of a palette', { PhotometricInterpretation: 'PALETTE COLOR' }],
])('images %s are in no volume with greys, but in one stack where there is none', (_name, other) => {
  const sizesOf = (more: Record<string, unknown>): number[] => {
    const items = [0, 1, 2, 3, 4].map((k) => sliceAt(k + 1, 2.5 * k, { ...more, ...(k % 2 === 1 && other) }));
    return buildSeriesPlan(items, planKeys).groups.map(({ frames }) => frames.length);
  };
  expect(sizesOf({})).toEqual([3, 2]);
  expect(sizesOf({ ImagePositionPatient: undefined })).toEqual([5]);
});
