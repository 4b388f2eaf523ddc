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
