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
    // Twelve bits that lie high in their cell are read as they lie.
    [problem('BIT_DEPTH', { stored: 12, high: 15 })],
  ];
  const plan = { instances: flags.map((of) => ({ flags: of })) } as unknown as SeriesPlan;
  expect(doubtsOf(plan).map(({ code }) => code)).toEqual(['RESCALE_INVALID', 'DECIMAL_COMMA']);
  const table = problem('LUT_INVALID');
  const coloured = { format: { photometricInterpretation: 'PALETTE COLOR' }, flags: [table] };
  expect(doubtsOf({ instances: [coloured] } as unknown as SeriesPlan)).toEqual([table]);
  expect(doubtsOf({ instances: [{ flags: [table] }] } as unknown as SeriesPlan)).toEqual([]);
  const contradictory = [
    problem('BIT_DEPTH', { stored: 17, allocated: 16 }),
    problem('FRAME_COUNT_MISMATCH'),
  ];
  const other = { instances: [{ flags: contradictory }] } as unknown as SeriesPlan;
  expect(doubtsOf(other)).toEqual(contradictory);
});
