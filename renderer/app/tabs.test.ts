import { expect, test } from 'vitest';
import type { OpenStudy } from './app-store.ts';
import { lookedAt, withinLimit } from './tabs.ts';

const tab = (studyKey: string, isKept = false): OpenStudy => ({
  studyKey,
  name: studyKey,
  words: '',
  stripe: 1,
  patient: studyKey,
  isKept,
});
const keys = (tabs: readonly OpenStudy[]): string => tabs.map(({ studyKey }) => studyKey).join('');
const open = [...'abcdefg'].map((key) => tab(key));
const needed = new Set('g');

test('the tab that was looked at longest ago goes, wherever it stands', () => {
  expect(keys(withinLimit(open, { recent: [...'gabdefc'], needed }))).toBe('abdefg');
  // Tabs of the last run that nobody has looked at since go first, the first of them before others.
  expect(keys(withinLimit(open, { recent: [...'gab'], needed }, 4))).toBe('abfg');
  expect(withinLimit(open, { recent: [], needed }, 7)).toBe(open);
});

test('kept tabs stay and leave the others their room; so do those with work in progress', () => {
  const some = open.map((one) => ('abc'.includes(one.studyKey) ? { ...one, isKept: true } : one));
  expect(keys(withinLimit(some, { recent: [...'gfedcba'], needed }, 3))).toBe('abcefg');
  expect(keys(withinLimit(open, { recent: [...'gfedcba'], needed: new Set('ga') }))).toBe('acdefg');
  // Many opened together are all shown.
  expect(withinLimit(open, { recent: [], needed: new Set('abcdefg') }, 2)).toBe(open);
});

test('what is looked at goes to the front', () => {
  expect(lookedAt(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
});
