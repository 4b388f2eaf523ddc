import { expect, it } from 'vitest';
import { type Problem, problem } from '../../core/base/problem.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import { doubtsOf } from './target.ts';

it('tells once of each fault that puts the values of a series in doubt, and of no other', () => {
  const rescale = problem('RESCALE_INVALID', { keyword: 'RescaleSlope' });
  const flags: readonly (readonly Problem[])[] = [
    [],
    [problem('LENGTH_ODD'), rescale],
    [rescale, problem('DECIMAL_COMMA', { keyword: 'PixelSpacing' })],
  ];
  const plan = { instances: flags.map((of) => ({ flags: of })) } as unknown as SeriesPlan;
  expect(doubtsOf(plan).map(({ code }) => code)).toEqual(['RESCALE_INVALID', 'DECIMAL_COMMA']);
});
