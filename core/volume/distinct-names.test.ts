import { expect, it } from 'vitest';
import { planKeys, scanWith, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan } from './plan.ts';

const orientations = [
  [1, 0, 0, 0, 1, 0],
  [0, 1, 0, 0, 0, -1],
  [1, 0, 0, 0, 0, -1],
] as const;

/** Three slices along the plane's normal; `more` of each. */
function stack(first: number, plane: 0 | 1 | 2, more: Attributes = {}): PlanItem[] {
  const along = ([2, 0, 1] as const)[plane];
  return [0, 1, 2].map((k) =>
    sliceAt(first + k, 0, {
      ImageOrientationPatient: orientations[plane],
      ImagePositionPatient: [0, 0, 0].map((mm, x) => (x === along ? 4 * k : mm)),
      ...more,
    }),
  );
}
const namesOf = (...stacks: readonly PlanItem[][]) =>
  buildSeriesPlan(stacks.flat(), planKeys).groups.map((group) => [group.nameZh, group.nameEn]);

it('leaves the name of a lone group empty', () => {
  expect(namesOf(stack(1, 0))).toEqual([['', '']]);
});

it('tells the planes of a localiser apart', () => {
  expect(namesOf(stack(1, 0), stack(4, 1), stack(7, 2))).toEqual([
    ['横断位', 'Axial'],
    ['矢状位', 'Sagittal'],
    ['冠状位', 'Coronal'],
  ]);
});

it('puts the plane before what tells groups of one plane apart', () => {
  const echoes = ([0, 1] as const).flatMap((plane) =>
    [5, 50].map((EchoTime, n) => stack(10 * plane + 3 * n, plane, { EchoTime, EchoNumbers: n + 1 })),
  );
  expect(namesOf(...echoes).map(([, en]) => en)).toEqual([
    'Axial · Echo 1 TE 5 ms',
    'Axial · Echo 2 TE 50 ms',
    'Sagittal · Echo 1 TE 5 ms',
    'Sagittal · Echo 2 TE 50 ms',
  ]);
});

it('takes the matrix, then a number, where the planes are the same', () => {
  const large = { Rows: 12, Columns: 8 };
  expect(namesOf(stack(1, 0), stack(4, 0, large)).map(([, en]) => en)).toEqual(['4 × 6', '8 × 12']);
  const other = { FrameOfReferenceUID: '1.2.9' };
  expect(namesOf(stack(1, 0), stack(4, 0, other))).toEqual([
    ['图像组 1', 'Stack 1'],
    ['图像组 2', 'Stack 2'],
  ]);
});

it('names the one group that nothing tells apart by its plane', () => {
  const echoes = [5, 50].map((EchoTime, n) => stack(10 + 3 * n, 1, { EchoTime, EchoNumbers: n + 1 }));
  expect(namesOf(stack(1, 0), ...echoes).map(([, en]) => en)).toEqual([
    'Axial',
    'Echo 1 TE 5 ms',
    'Echo 2 TE 50 ms',
  ]);
});

it('names a picture without a plane beside the slices by its matrix', () => {
  const {
    ImageOrientationPatient: _o,
    ImagePositionPatient: _p,
    PixelSpacing: _s,
    ...rest
  } = sliceAt(9, 0).scan.attributes;
  const screenshot = {
    ...sliceAt(9, 0),
    scan: scanWith({
      ...rest,
      SamplesPerPixel: 3,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PhotometricInterpretation: 'RGB',
    }),
  };
  expect(namesOf(stack(1, 1), [screenshot]).map(([, en]) => en)).toEqual(['Sagittal', '4 × 6']);
});

it('tells stacks of one plane and matrix apart by what a reader sees', () => {
  const at = (z: number, more: Attributes = {}): PlanItem[] =>
    [0, 1, 2].map((k) =>
      sliceAt(10 * z + k, 0, {
        ImageOrientationPatient: orientations[0],
        ImagePositionPatient: [0, 0, z + 4 * k],
        StackID: String(z),
        ...more,
      }),
    );
  // By kind: a localiser beside slices.
  expect(
    namesOf(
      at(0, { ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }),
      at(100, { ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'] }),
    ).map(([, en]) => en),
  ).toEqual(['Localiser', 'Axial']);
  // By place, as stacks through discs lie.
  expect(namesOf(at(0), at(100)).map(([, en]) => en)).toEqual(['z 0…8 mm', 'z 100…108 mm']);
  // By unit.
  expect(
    namesOf(
      at(0, { Modality: 'PT', Units: 'BQML', RescaleSlope: 1 }),
      at(0, { Modality: 'PT', Units: 'CNTS', RescaleSlope: 1 }),
    ).map(([, en]) => en),
  ).toEqual(['BQML', 'CNTS']);
  // By pixels.
  const fine = { PixelSpacing: [0.25, 0.25] };
  const coarse = { PixelSpacing: [0.25, 0.5] };
  expect(namesOf(at(0, fine), at(0, coarse))).toEqual([
    ['像素 0.25 mm', 'pixels 0.25 mm'],
    ['像素 0.5 × 0.25 mm', 'pixels 0.5 × 0.25 mm'],
  ]);
});

it('says how far stacks of one plane are turned off it, where they lie alike', () => {
  const turned = (degrees: number): PlanItem[] => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    // Pictures of 4 × 6 pixels of 1 mm, turned about the row through their middle: the middle stays at z = 0, 5, 10.
    return [0, 1, 2].map((k) =>
      sliceAt(degrees + k + 1, 0, {
        ImageOrientationPatient: [1, 0, 0, 0, c, s],
        ImagePositionPatient: [0, -5 * k * s * c - 1.5 * c, 5 * k - 1.5 * s],
        PixelSpacing: [1, 1],
        Rows: 4,
        Columns: 6,
      }),
    );
  };
  expect(namesOf(turned(0), turned(30)).map(([, en]) => en)).toEqual(['0° oblique', '30° oblique']);
});

it('says a kind once that a file says in two words, and names the trace among directions', () => {
  const kinds = [
    ['ORIGINAL', 'PRIMARY', 'M_FFE', 'M', 'FFE'],
    ['ORIGINAL', 'PRIMARY', 'PHASE MAP', 'P', 'FFE'],
  ];
  const echoes = kinds.flatMap((ImageType, kind) =>
    [2, 4].map((EchoTime, n) =>
      stack(10 * kind + 4 * n + 1, 0, {
        ImageType,
        EchoTime,
        EchoNumbers: n + 1,
        Modality: 'MR',
        RescaleIntercept: kind * -3142,
        RescaleSlope: 1.5,
        RescaleType: kind === 0 ? 'normalized' : 'mrad',
      }),
    ),
  );
  expect(namesOf(...echoes).map(([, en]) => en)).toEqual([
    'Echo 1 TE 2 ms · Magnitude',
    'Echo 2 TE 4 ms · Magnitude',
    'Echo 1 TE 2 ms · Phase map',
    'Echo 2 TE 4 ms · Phase map',
  ]);
  const weighted = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ].map((DiffusionGradientOrientation, n) =>
    stack(4 * n + 1, 0, { DiffusionBValue: 1000, DiffusionGradientOrientation }),
  );
  expect(namesOf(...weighted)[2]).toEqual(['迹加权', 'Trace']);
});
