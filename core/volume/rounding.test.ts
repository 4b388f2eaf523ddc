import { describe, expect, it } from 'vitest';
import { oblique, obliqueNormal, planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import type { Attributes } from '../dicom/types.ts';
import { buildSeriesPlan } from './plan.ts';
import type { VolumeGroup } from './types.ts';

const axial = [1, 0, 0, 0, 1, 0];
const tenths = (mm: number): number => Number(mm.toFixed(1));

function groupOf(
  positions: readonly (readonly number[])[],
  orientation: readonly number[],
  more: Attributes = {},
): VolumeGroup {
  const items = positions.map((ImagePositionPatient, k) =>
    sliceAt(k + 1, 0, { ImageOrientationPatient: orientation, ImagePositionPatient, ...more }),
  );
  return buildSeriesPlan(items, planKeys).groups[0]!;
}

const along = (heights: readonly number[], more: Attributes = {}): VolumeGroup =>
  groupOf(
    heights.map((mm) => [-40.3, 25.1, tenths(100.4 + mm)]),
    axial,
    more,
  );
const even = (step: number, count = 40): number[] => Array.from({ length: count }, (_, k) => k * step);
const codes = (group: VolumeGroup): string[] => group.verdict.reasons.map(({ code }) => code);

describe('positions in tenths of a millimetre', () => {
  it.each([1.25, 0.625, 0.75, 2.34])('leave slices %f mm apart as they are', (step) => {
    const group = along(even(step), { SpacingBetweenSlices: step });
    expect([group.verdict.kind, codes(group)]).toEqual(['exact', ['GEOMETRY_ROUNDED']]);
    expect(group.regular!.size[2]).toBe(40);
    expect(group.resampleK).toBeUndefined();
    expect(Math.abs(group.verdict.medianGapMm - step)).toBeLessThan(0.1 / 39 + 1e-9);
    // First and last are up to 0.05 mm off: no slice lies farther from where it was taken.
    expect(Math.abs(group.regular!.patientFromIndex[10]! * 39 - 39 * step)).toBeLessThan(0.1 + 1e-9);
    expect(group.verdict.residualMm).toBeGreaterThan(0.02);
    expect(group.verdict.residualMm).toBeLessThan(0.1 + 1e-9);
  });

  it('leave oblique slices as they are, where rounding also moves them sideways', () => {
    const positions = even(3.3, 12).map((mm) =>
      oblique.origin.map((x, n) => tenths(x + obliqueNormal[n]! * mm)),
    );
    const group = groupOf(positions, [...oblique.row, ...oblique.column]);
    expect([group.verdict.kind, codes(group)]).toEqual(['exact', ['GEOMETRY_ROUNDED']]);
  });

  it('say nothing where slices are even all the same', () => {
    expect(codes(along(even(2.5)))).toEqual([]);
  });

  it.each([
    ['a missing slice', even(1.25).filter((_, k) => k !== 17), 'GEOMETRY_UNEVEN'],
    ['a missing slice of even ones', even(2.5).filter((_, k) => k !== 17), 'GEOMETRY_GAP'],
    ['two spacings', even(1.25).map((mm, k) => (k < 20 ? mm : mm + 0.15 * (k - 20))), 'GEOMETRY_UNEVEN'],
    ['one slice out of place', even(1.25).map((mm, k) => (k === 9 ? mm + 0.4 : mm)), 'GEOMETRY_UNEVEN'],
  ])('do not hide %s', (_name, heights, code) => {
    const { verdict } = along(heights);
    expect(verdict.kind).toBe('resampled');
    expect(verdict.reasons[0]!.code).toBe(code);
  });

  it('are not read into positions that say more', () => {
    const group = groupOf(
      even(1.25).map((mm) => [-40.3, 25.1, tenths(100.4 + mm) + 0.03]),
      axial,
    );
    expect(group.verdict.kind).toBe('resampled');
  });
});
