import { expect, it } from 'vitest';
import { multiFrame, oblique, planKeys } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import { buildSeriesPlan } from './plan.ts';

it.each([
  ['EnergyWindowVector', 'Energy window'],
  ['RRIntervalVector', 'R-R interval'],
])('reconstructed NM: %s parts slices, in whatever order their frames stand', (keyword, name) => {
  const item = multiFrame({}, new Array<Attributes>(6).fill({}));
  const { perFrame: _none, ...scan } = item.scan;
  const attributes: Attributes = {
    ...scan.attributes,
    Modality: 'NM',
    ImageType: ['ORIGINAL', 'PRIMARY', 'RECON TOMO', 'EMISSION'],
    ImagePositionPatient: oblique.origin,
    ImageOrientationPatient: [...oblique.row, ...oblique.column],
    PixelSpacing: oblique.spacing,
    SpacingBetweenSlices: 3,
    SliceVector: [1, 1, 2, 2, 3, 3],
    [keyword]: [1, 2, 2, 1, 1, 2],
  };
  const plan = buildSeriesPlan([{ ...item, scan: { ...scan, attributes } }], planKeys);
  const told = plan.groups.map(({ nameEn, frames }) => [nameEn, frames.map((at) => plan.frames[at]!.frame)]);
  expect(told).toEqual([
    [`${name} 1`, [0, 3, 4]],
    [`${name} 2`, [1, 2, 5]],
  ]);
});
