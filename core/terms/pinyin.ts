import { pinyinTable } from './pinyin-table.ts';

/** Finding terms by Chinese, pinyin, initials or English, for the palette. */

const syllables: ReadonlyMap<string, string> = new Map(
  pinyinTable
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [syllable = '', characters = ''] = line.split(' ');
      return [...characters].map((character): [string, string] => [character, syllable]);
    }),
);

/** Each character as its syllable; what is not Chinese stays, in lower case; blanks and signs fall away. */
export function pinyinOf(words: string): string[] {
  return [...words.toLowerCase()].flatMap((character) => {
    const syllable = syllables.get(character);
    if (syllable !== undefined) return [syllable];
    return /[a-z0-9]/.test(character) ? [character] : [];
  });
}

const squeeze = (words: string) => words.toLowerCase().replace(/[\s·,，:：/-]+/g, '');

/**
 * How well a query finds a term, 0 when not at all: start of a name before inside of it, Chinese and English
 * before pinyin, pinyin before initials. Blanks in the query do not matter.
 */
export function matchScore(query: string, term: { readonly zh: string; readonly en: string }): number {
  const wanted = squeeze(query);
  if (wanted === '') return 1;
  const within = (text: string, best: number) => {
    const at = text.indexOf(wanted);
    return at < 0 ? 0 : at === 0 ? best : best - 1;
  };
  const chinese = within(squeeze(term.zh), 10);
  const words = term.en.toLowerCase().split(/[^a-z0-9]+/);
  const english = words.some((_, index) => words.slice(index).join('').startsWith(wanted))
    ? within(squeeze(term.en), 9)
    : 0;
  const spelt = pinyinOf(term.zh);
  // A syllable must be met at its start: "an" must not find "jian".
  const pinyin = spelt.some((_, index) => spelt.slice(index).join('').startsWith(wanted))
    ? within(spelt.join(''), 7)
    : 0;
  const initials = wanted.length > 1 ? within(spelt.map((syllable) => syllable[0]).join(''), 5) : 0;
  return Math.max(chinese, english, pinyin, initials, 0);
}
