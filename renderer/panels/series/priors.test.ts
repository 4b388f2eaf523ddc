import { expect, test } from 'vitest';
import { distinctPriors } from './priors.ts';

test('counts a study once, stored or read in place', () => {
  const priors = ['s.1.2', 'p1.1.2', 's.1.9', 'p2.1.3'].map((studyKey) => ({ studyKey }));
  const shown = distinctPriors({ studyKey: 'p1.1.9' }, priors);
  expect(shown.map(({ studyKey }) => studyKey)).toEqual(['s.1.2', 'p2.1.3']);
});
