import { expect, test } from 'vitest';
import { roundedShift, shiftSteps } from './shift-steps.ts';

test.each([
  { unit: 'HU', range: { min: -1024, max: 3071 }, most: 500, step: 5, digits: 0 },
  { unit: 'Bq/ml', range: { min: 0, max: 28_000 }, most: 20_000, step: 200, digits: 0 },
  { unit: 'g/ml', range: { min: 0, max: 18 }, most: 10, step: 0.1, digits: 2 },
  { unit: '', range: { min: 0, max: 900 }, most: 500, step: 5, digits: 0 },
  { unit: 'mm²/s', range: { min: 0, max: 0.003 }, most: 0.002, step: 0.00002, digits: 6 },
])(
  'presets of $unit up to $range.max move by $most in steps of $step',
  ({ unit, range, most, step, digits }) => {
    const steps = shiftSteps(unit, range);
    expect(steps.most).toBeCloseTo(most, 9);
    expect(steps.step).toBeCloseTo(step, 9);
    expect(steps.digits).toBe(digits);
    // What a hand does is kept: the shift of one pixel is not rounded away.
    expect(roundedShift(steps.perPx, steps)).toBeCloseTo(steps.perPx, 9);
  },
);

test('before the first image presets move as those of HU do', () => {
  expect(shiftSteps('Bq/ml', undefined)).toEqual(shiftSteps('HU', { min: 0, max: 1 }));
  expect(shiftSteps('Bq/ml', { min: 7, max: 7 })).toEqual(shiftSteps('HU', null));
});
