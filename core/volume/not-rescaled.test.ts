import { expect, it } from 'vitest';
import { planKeys, sliceAt } from '../../tests/fixtures/scans.ts';
import { buildSeriesPlan } from './plan.ts';

const groupsOf = (isUnreadable: (k: number) => boolean) =>
  buildSeriesPlan(
    [0, 1, 2, 3, 4].map((k) =>
      sliceAt(k + 1, 2.5 * k, isUnreadable(k) ? { RescaleUnreadable: 'RescaleSlope' } : {}),
    ),
    planKeys,
  ).groups.map(({ nameEn, frames, verdict }) => [nameEn, frames.length, verdict.reasons[0]?.code]);

it('an image whose values could not be rescaled is in no volume with those that were', () => {
  expect(groupsOf((k) => k === 2)).toEqual([
    ['Coronal', 4, 'GEOMETRY_GAP'],
    ['Not rescaled', 1, 'GEOMETRY_ONE_SLICE'],
  ]);
  expect(groupsOf(() => true)).toEqual([['', 5, undefined]]);
});
