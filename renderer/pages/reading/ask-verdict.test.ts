import { expect, test } from 'vitest';
import { doubtTerm } from './ask-verdict.ts';
import type { ReadingSession } from './session/reading-session.ts';

const showing = (kind: string, reduction = 1) =>
  ({ mprStack: () => ({ group: { verdict: { kind } }, reduction }) }) as unknown as ReadingSession;

test('sizes that are counted in voxels say what is doubtful of these', () => {
  expect(doubtTerm(showing('exact'))).toBeNull();
  expect(doubtTerm(showing('resampled'))).toBeNull();
  expect(doubtTerm(showing('approximate'))).toBe('reading.verdict.approximate');
  expect(doubtTerm(showing('exact', 2))).toBe('reading.countedReduced');
  expect(doubtTerm({ mprStack: () => undefined } as unknown as ReadingSession)).toBeNull();
});
