import { expect, it } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { problemNotes } from './problem-notes.ts';

it('tells three problems of a code in words, and how many more there are', () => {
  const bad = [25, 400, 576, 1, 2].map((count) => problem('PIXEL_NOT_NUMBER', { count }));
  expect(problemNotes('en', [problem('PLANE_OUTSIDE'), ...bad])).toEqual([
    'candela: The plane does not meet the volume: all of its picture is without data. (PLANE_OUTSIDE)',
    'candela: Some pixels (25) hold no number and count as no data. (PIXEL_NOT_NUMBER)',
    'candela: Some pixels (400) hold no number and count as no data. (PIXEL_NOT_NUMBER)',
    'candela: Some pixels (576) hold no number and count as no data. (PIXEL_NOT_NUMBER)',
    'candela: and 2 more alike (--json lists all) (PIXEL_NOT_NUMBER)',
  ]);
  expect(problemNotes('zh-CN', [])).toEqual([]);
});
