import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pinyinTableSource } from '../../scripts/generate/pinyin-table.ts';
import { matchScore, pinyinOf } from './pinyin.ts';

it('is what the script writes', () => {
  expect(readFileSync(new URL('./pinyin-table.ts', import.meta.url), 'utf8')).toBe(pinyinTableSource());
});

it('spells', () => {
  expect(pinyinOf('最大密度投影').join(' ')).toBe('zui da mi du tou ying');
  expect(pinyinOf('MR 血管').join('')).toBe('mrxueguan');
});

const mip = { zh: '最大密度投影', en: 'Maximum intensity projection' };
it.each(['最大密', '密度', 'zui da mi', 'zuidami', 'du tou', 'zdm', 'maxi', 'intensity pro'])(
  '%s finds MIP',
  (query) => {
    expect(matchScore(query, mip)).toBeGreaterThan(0);
  },
);
it.each(['an', 'ensity', 'z m', '最小'])('%s does not', (query) => expect(matchScore(query, mip)).toBe(0));
it('puts the start of a name first', () => {
  expect(matchScore('最大', mip)).toBeGreaterThan(matchScore('密度', mip));
  expect(matchScore('最大', mip)).toBeGreaterThan(matchScore('zuida', mip));
});
