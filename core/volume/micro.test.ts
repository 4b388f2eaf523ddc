import { expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { PlanItem } from './frames.ts';
import { buildSeriesPlan } from './plan.ts';
import type { VolumeGroup } from './types.ts';

const groupOf = (items: readonly PlanItem[]): VolumeGroup => buildSeriesPlan(items, planKeys).groups[0]!;
const codes = (group: VolumeGroup): string[] => group.verdict.reasons.map((reason) => reason.code);

it.each([1, 0.02, 0.001])(
  'slices a pixel beside their place are shifted where pixels are %f mm, too',
  (mm) => {
    const group = groupOf(
      [0, 1, 2, 3, 4, 5].map((k) => sliceAt(k + 1, k * mm, { PixelSpacing: [mm, mm] }, k === 3 ? mm : 0)),
    );
    expect(codes(group)).toEqual(['GEOMETRY_SHIFT']);
  },
);

it.each([1, 0.02, 0.001])('uneven slices lie where they were acquired, %f mm apart, too', (mm) => {
  const { verdict, resampleK } = groupOf(
    [0, 1, 2.3, 3, 4.4, 5].map((k, n) => sliceAt(n + 1, k * mm, { PixelSpacing: [mm, mm] })),
  );
  expect([verdict.kind, verdict.reasons[0]?.code]).toEqual(['resampled', 'GEOMETRY_UNEVEN']);
  const told = { gap: expect.closeTo(1.3 * mm, 9), median: expect.closeTo(mm, 9) };
  expect(verdict.reasons[0]!.params).toMatchObject(told);
  expect(verdict.residualMm).toBeLessThan(mm / 1000);
  expect(resampleK?.some((k) => k % 1 !== 0)).toBe(true);
});
