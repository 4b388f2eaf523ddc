import { pinyinSyllables } from '../store/search-tokens.ts';

/** The pinyin of a Chinese name, as archives without Chinese characters write it: family name, then the rest. */
export function spellingsOf(text: string): readonly string[] {
  if (!/\p{Script=Han}/u.test(text)) return [];
  const syllables = pinyinSyllables(text.replaceAll(/[\s^=*?]/g, ''));
  if (syllables.length === 0) return [];
  const [family = '', ...given] = syllables;
  const joined = `${family} ${given.join('')}`.trim();
  const parted = syllables.join(' ');
  return joined === parted ? [joined] : [joined, parted];
}
