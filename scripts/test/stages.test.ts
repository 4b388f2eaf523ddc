import { describe, expect, it } from 'vitest';
import { againWhereNodeDied, type Counts } from './stages.ts';

const died =
  'Worker exited unexpectedly with signal SIGTRAP during started state while running test file a/b.test.ts\nError';
const second: Counts = { passed: 4, failed: 0, skipped: 1, failures: [] };

describe('againWhereNodeDied', () => {
  it('runs the files again whose process V8 ended, and counts what they say then', () => {
    const asked: unknown[] = [];
    const run = (...words: unknown[]): Counts => {
      asked.push(words);
      return second;
    };
    const first = { passed: 10, failed: 1, skipped: 2, failures: [died] };
    expect(againWhereNodeDied('/r', 'integration', first, run)).toEqual({
      passed: 14,
      failed: 0,
      skipped: 3,
      failures: [],
    });
    expect(asked).toEqual([['/r', 'integration', ['a/b.test.ts']]]);
  });

  it.each([
    [['x.test.ts › fails\nAssertionError']],
    [[died, 'x.test.ts › fails\nAssertionError']],
    [['Worker exited unexpectedly with exit code 1 while running test file a/b.test.ts']],
    [[]],
  ])('forgives nothing else: %j', (failures) => {
    const first = { passed: 10, failed: 1, skipped: 2, failures };
    const run = (): Counts => {
      throw new Error('not asked for');
    };
    expect(againWhereNodeDied('/r', 'integration', first, run)).toBe(first);
  });
});
