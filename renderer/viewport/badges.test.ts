import { expect, it } from 'vitest';
import type { ProblemCode } from '../../core/base/problem-table.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { seriesBadges } from './badges.ts';

const stackOf = (...flags: readonly (readonly ProblemCode[])[]): OpenStack => {
  const instances = flags.map((codes) => ({ flags: codes.map((code) => ({ code })) }));
  const group = { verdict: { kind: 'exact', reasons: [], missing: [] } };
  return {
    plan: { instances, aside: [], stored: true },
    group,
    count: 2,
    reduction: 1,
  } as unknown as OpenStack;
};

it('a doubt about any file of a series is on each of its pictures, once', () => {
  const badges = seriesBadges(
    stackOf([], ['RESCALE_INVALID', 'LENGTH_ODD'], ['RESCALE_INVALID', 'DECIMAL_COMMA']),
  );
  expect(badges.map(({ id, tone }) => [id, tone])).toEqual([
    ['verdict', 'ok'],
    ['RESCALE_INVALID', 'warn'],
    ['DECIMAL_COMMA', 'warn'],
  ]);
  expect(seriesBadges(stackOf([], ['LENGTH_ODD'])).map(({ id }) => id)).toEqual(['verdict']);
});
