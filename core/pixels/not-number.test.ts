import { expect, it } from 'vitest';
import { problem } from '../base/problem.ts';
import { blankInfinite, missingFrom } from './not-number.ts';

it('makes infinities no data, and counts them with what was none', () => {
  const values = Float32Array.of(1, Number.NaN, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  expect(blankInfinite(values)).toMatchObject({ code: 'PIXEL_NOT_NUMBER', params: { count: 3 } });
  expect([...values]).toEqual([1, Number.NaN, -2, Number.NaN, Number.NaN]);
  expect(blankInfinite(Float32Array.of(0, -0, 3.4e38))).toBeNull();
});

it('finds the first pixel that cut data does not reach, one that is there in part among them', () => {
  const from = (present: number, wanted: number) =>
    missingFrom(problem('PIXEL_TRUNCATED', { present, wanted }), wanted / 2);
  expect([from(7, 12), from(8, 12), from(12, 12)]).toEqual([3, 4, 6]);
  expect(missingFrom(problem('PIXEL_TRUNCATED'), 6)).toBeNull();
  expect(missingFrom(problem('FRAME_PARTIAL', { present: 1, wanted: 2 }), 6)).toBeNull();
  expect(missingFrom(undefined, 6)).toBeNull();
});
