import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { problemTable } from '../base/problem-table.ts';
import { boneTerms } from './bones.ts';
import { cliTerms, commandTerms, optionTerms } from './cli.ts';
import { lumenTerms } from './lumen.ts';
import { maskNameTerms } from './mask.ts';
import { readingTerms } from './reading.ts';
import { maskReadingTerms } from './reading-mask.ts';
import { chooseLanguage, type Term } from './term.ts';
import { problemText, t, terms } from './terms.ts';
import { vesselNameTerms } from './vessel.ts';

const rows = Object.entries({
  ...terms,
  ...readingTerms,
  ...lumenTerms,
  ...vesselNameTerms,
  ...maskNameTerms,
  ...boneTerms,
});
const problemTexts = Object.values(problemTable).flatMap((row) => [
  row.zh,
  row.en,
  row.adviceZh,
  row.adviceEn,
]);
const places = (words: string) => new Set([...words.matchAll(/\{(\w+)/g)].map((match) => match[1]));

/** Code points that the shipped font has slices for, from the style sheets the page loads. */
function shippedRanges(weight: number): [number, number][] {
  const require = createRequire(import.meta.url);
  const css = readFileSync(require.resolve(`@fontsource/noto-sans-sc/${weight}.css`), 'utf8');
  return [...css.matchAll(/unicode-range:\s*([^;]+);/g)].flatMap((match) =>
    (match[1] ?? '').split(',').map((range): [number, number] => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    }),
  );
}

describe('terms', () => {
  it.each(rows)('%s has both languages with the same places', (_key, term) => {
    expect(term.zh.trim()).not.toBe('');
    expect(term.en.trim()).not.toBe('');
    expect(places(term.en)).toEqual(places(term.zh));
  });

  it.each([400, 600])('every character has a glyph in the shipped font, weight %d', (weight) => {
    const ranges = shippedRanges(weight);
    const words = [...rows.flatMap(([, term]) => [term.zh, term.en]), ...problemTexts].join('');
    const missing = [...new Set(words)].filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 32 && !ranges.some(([from, to]) => code >= from && code <= to);
    });
    expect(missing).toEqual([]);
  });

  // Noto Sans SC draws them as wide as a Chinese character, which tears English apart.
  it('has only straight quotes in English', () => {
    const english = [
      ...rows.map(([, term]) => term.en),
      ...Object.values(problemTable).flatMap((row) => [row.en, row.adviceEn]),
    ];
    expect(english.filter((words) => /[\u2018\u2019\u201c\u201d]/.test(words))).toEqual([]);
  });

  // One word for one thing: those of the reading room's design.
  it.each([
    { word: '蒙版', others: /掩膜|掩模|遮罩/ },
    { word: '层块', others: /(?<!加)厚层|厚块/ },
    { word: '剪切', others: /剪刀/ },
  ])('$word has no other word beside it', ({ word, others }) => {
    const command = [commandTerms, optionTerms, cliTerms].flatMap((table) => Object.values<Term>(table));
    const texts = [...rows.map(([, term]) => term), ...command].map(({ zh }) => zh).concat(problemTexts);
    expect(texts.some((text) => text.includes(word))).toBe(true);
    expect(texts.filter((text) => others.test(text))).toEqual([]);
  });

  it('calls no mask a layer, which is a slice in Chinese', () => {
    expect(Object.values(maskReadingTerms).filter(({ zh, en }) => /层|layer/i.test(zh + en))).toEqual([]);
  });

  it('speaks', () => {
    expect(t('en', 'studies.count', { n: 1 })).toBe('1 study');
    expect(t('zh-CN', 'studies.count', { n: 12408 })).toBe('12,408 个检查');
    expect(t('en', { zh: '层', en: '{n} {n|slice|slices}' }, { n: 3 })).toBe('3 slices');
  });

  it('tells a problem and what to do as one, without a space between Chinese sentences', () => {
    const chinese: readonly string[] = Object.values(problemTable).flatMap(({ zh, adviceZh }) => [
      zh,
      adviceZh,
    ]);
    expect(chinese.filter((words) => words !== '' && !/[。！？）]$/.test(words))).toEqual([]);
    const found = { code: 'MEDIA_REMOVED' } as const;
    for (const language of ['zh-CN', 'en'] as const) {
      const { sentence, advice, told } = problemText(language, found);
      expect(told).toBe(language === 'en' ? `${sentence} ${advice}` : sentence + advice);
    }
  });

  it('always has something to say about a problem', () => {
    expect(problemText('zh-CN', { code: 'NOT_DICOM' }).sentence).not.toBe('');
    expect(problemText('en', { code: 'DISK_FULL' }).code).toBe('DISK_FULL');
    // Rounded to a tenth, what differs would read the same.
    const params = { stated: 2.04, measured: 2 };
    expect(problemText('en', { code: 'GEOMETRY_SPACING_DIFFERS', params }).sentence).toContain(
      'a spacing of 2.04 mm, the positions say 2 mm',
    );
  });

  it('follows the system', () => {
    expect(chooseLanguage('system', 'zh-Hans-CN')).toBe('zh-CN');
    expect(chooseLanguage('system', 'zhuang')).toBe('en');
    expect(chooseLanguage('system', 'de-DE')).toBe('en');
    expect(chooseLanguage('zh-CN', 'de-DE')).toBe('zh-CN');
  });
});
