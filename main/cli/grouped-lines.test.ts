import { expect, it } from 'vitest';
import { groupedLines } from './grouped-lines.ts';

const failures = (code: string, count: number, message = 'why') =>
  Array.from({ length: count }, (_, n) => ({ code, path: `${code}/${n}`, message }));

it('shows three of equal problems and counts the rest, in order of first appearance', () => {
  const lines = groupedLines('en', [...failures('A', 1), ...failures('B', 1200), ...failures('A', 2)]);
  expect(lines).toEqual([
    'A  A/0  why',
    'A  A/0  why',
    'A  A/1  why',
    'B  B/0  why',
    'B  B/1  why',
    'B  B/2  why',
    'B  and 1,197 more alike (--json lists all)',
  ]);
});

it('keeps those apart that say something else, and leaves out what is not known', () => {
  const lines = groupedLines('zh-CN', [...failures('A', 4), { code: 'A', path: '', message: 'other' }]);
  expect(lines.slice(3)).toEqual(['A  另有 1 个相同（--json 列出全部）', 'A  other']);
});
