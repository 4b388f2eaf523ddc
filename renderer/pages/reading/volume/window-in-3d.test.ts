import { expect, test } from 'vitest';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { projectionStart } from '../../../../core/scene/mip-window.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { windowIn3d } from './window-in-3d.ts';

/** Half of it air, tissue up to 400, and a hundredth up to 1200. */
const percentile = (percent: number): number =>
  percent < 50 ? percent / 5 : percent < 99 ? 100 + (percent - 50) * 6 : 400 + (percent - 99) * 800;
const stackOf = (unit: string, Modality: string): OpenStack =>
  ({
    unit,
    count: 3,
    plan: { common: { Modality } },
    range: { percentile },
    info: () => ({ instance: {}, attributes: { WindowCenter: [300], WindowWidth: [600], Modality } }),
  }) as unknown as OpenStack;
const planes = (center: number, width: number): WindowState => ({
  voi: voiWindow(center, width),
  isInverted: false,
  presetId: null,
});
const mr = stackOf('', 'MR');

test('projections of MR open with their own windows, as the terminal draws them', () => {
  const opens = projectionStart('mip', 'MR', percentile)!;
  expect(windowIn3d(mr, planes(300, 600), 'mip', false)).toEqual(opens);
  for (const [preset, mode] of [
    ['xray', 'mean'],
    ['minip', 'minip'],
  ] as const) {
    const { centre, width } = projectionStart(mode, 'MR', percentile)!;
    const near = { centre: expect.closeTo(centre, 6), width: expect.closeTo(width, 6) };
    expect(windowIn3d(mr, planes(300, 600), preset, false)).toMatchObject(near);
  }
  expect(windowIn3d(mr, planes(300, 600), 'mrSoftTissue', false)).toMatchObject({ centre: 300, width: 600 });
  expect(windowIn3d(mr, planes(300, 600), 'mip', false, false)).toMatchObject({ centre: 300, width: 600 });
});

test('it follows what is done to the window of the planes', () => {
  const opens = projectionStart('mip', 'MR', percentile)!;
  expect(windowIn3d(mr, planes(300, 300), 'mip', false)).toMatchObject({
    centre: opens.centre,
    width: opens.width / 2,
  });
  const moved = windowIn3d(mr, planes(360, 600), 'mip', true);
  expect(moved).toMatchObject({ centre: opens.centre + opens.width / 10, width: opens.width, invert: true });
});

test('HU have the presets’ windows, and a tracer that of its slices', () => {
  expect(windowIn3d(stackOf('HU', 'CT'), planes(40, 400), 'mip', false)).toBeNull();
  expect(windowIn3d(stackOf('Bq/ml', 'PT'), planes(5, 10), 'mip', false)).toMatchObject({
    centre: 5,
    width: 10,
  });
});
