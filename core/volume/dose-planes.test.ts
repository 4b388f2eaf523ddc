import { expect, it } from 'vitest';
import { multiFrame, oblique, planKeys } from '../../tests/fixtures/scans.ts';
import { buildSeriesPlan, frameAttributes } from './plan.ts';

// PS3.3 C.8.8.3.2: a first offset of 0 counts along the normal, any other is patient z.
it.each([
  ['relative, normal up', [1, 0, 0, 0, 1, 0], [0, 3, 6], [-100, -97, -94]],
  ['relative, normal down', [-1, 0, 0, 0, 1, 0], [0, 3, 6], [-100, -103, -106]],
  ['z, normal up', [-1, 0, 0, 0, -1, 0], [-100, -97, -94], [-100, -97, -94]],
  ['z, normal down', [1, 0, 0, 0, -1, 0], [-100, -103, -106], [-100, -103, -106]],
  ['z, normal down, rising', [-1, 0, 0, 0, 1, 0], [-100, -97, -94], [-100, -97, -94]],
  ['neither 0 nor z, normal down', [-1, 0, 0, 0, 1, 0], [5, 8, 11], [-100, -103, -106]],
])('axial planes of RT dose: %s', (_, orientation, offsets, heightsMm) => {
  const item = multiFrame(
    {},
    offsets.map(() => ({})),
  );
  const { perFrame: _none, ...scan } = item.scan;
  const attributes = {
    ...scan.attributes,
    PixelSpacing: oblique.spacing,
    ImagePositionPatient: [-20, 30, -100],
    ImageOrientationPatient: orientation,
    GridFrameOffsetVector: offsets,
  };
  const plan = buildSeriesPlan([{ ...item, scan: { ...scan, attributes } }], planKeys);
  const planes = plan.frames.map(({ frame }, at) => [frame, frameAttributes(plan, at)] as const);
  expect(planes.sort(([a], [b]) => a - b).map(([, place]) => place)).toMatchObject(
    heightsMm.map((z) => ({ ImagePositionPatient: [-20, 30, z] })),
  );
});

it('planes that are not axial lie along their normal', () => {
  const item = multiFrame({}, [{}, {}, {}]);
  const { perFrame: _none, ...scan } = item.scan;
  const attributes = {
    ...scan.attributes,
    PixelSpacing: oblique.spacing,
    ImagePositionPatient: [-20, 30, -100],
    ImageOrientationPatient: [0.8, 0, 0.6, 0, -1, 0],
    GridFrameOffsetVector: [-100, -97, -94],
  };
  const plan = buildSeriesPlan([{ ...item, scan: { ...scan, attributes } }], planKeys);
  const last = plan.frames.findIndex(({ frame }) => frame === 2);
  const [x, y, z] = frameAttributes(plan, last).ImagePositionPatient!;
  // Row × column is (0.6, 0, -0.8).
  expect([x, y, z]).toEqual([-20 + 6 * 0.6, 30, -100 - 6 * 0.8].map((mm) => expect.closeTo(mm, 9)));
});
