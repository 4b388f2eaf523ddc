import { pinyin } from 'pinyin-pro';

/**
 * Texts for the full-text index. FTS5's trigram tokenizer finds nothing under three characters, so every CJK
 * character is a token of its own (queried as a phrase), and a Chinese name also gives its pinyin syllables,
 * the joined pinyin and the initials. Latin text is split by the unicode61 tokenizer and queried by prefix.
 */
const cjk =
  /[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[\ud840-\ud8bf][\udc00-\udfff]/u;
const cjkRun = new RegExp(`(?:${cjk.source})+`, 'gu');
const latinRun = /[\p{L}\p{N}\p{M}]+/gu;

export const hasCjk = (text: string): boolean => cjk.test(text);
const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Syllables of a Chinese name without tones, the surname read as a surname (单 = shan); ü as v. */
export function pinyinSyllables(name: string): string[] {
  const han = name.match(/\p{Script=Han}+/gu)?.join('') ?? '';
  if (han === '') return [];
  return pinyin(han, { toneType: 'none', type: 'array', mode: 'surname', v: true, nonZh: 'removed' });
}

/** Spaces CJK characters apart, so that the tokenizer sees each as a token. */
export const spaced = (text: string): string => text.replace(cjkRun, (run) => ` ${[...run].join(' ')} `);

/** What a name is found by: its characters, pinyin syllables, joined pinyin, initials; and the Latin form's. */
export function nameTokens(groups: readonly (string | undefined)[]): string {
  const tokens: string[] = [];
  for (const group of groups) {
    if (!group) continue;
    const plain = group.replaceAll('^', ' ').trim();
    if (plain === '') continue;
    tokens.push(spaced(plain));
    if (hasHan(plain)) tokens.push(...joinedForms(pinyinSyllables(plain)));
    const latin = (plain.match(latinRun) ?? []).filter((word) => !hasCjk(word));
    if (latin.length > 1) tokens.push(...joinedForms(latin));
    tokens.push(...joinedForms(latin.flatMap(splitCamel)));
  }
  return [...new Set(tokens.join(' ').split(/\s+/u))].length > 0 ? tokens.join(' ') : '';
}

function joinedForms(words: readonly string[]): string[] {
  if (words.length === 0) return [];
  const lower = words.map((word) => word.toLowerCase());
  const forms = [...lower, lower.join(''), lower.map((word) => word[0] ?? '').join('')];
  const joined = lower.join('');
  if (joined.includes('v'))
    forms.push(joined.replaceAll('v', 'u'), ...lower.map((w) => w.replaceAll('v', 'u')));
  return forms;
}

/** "XiaoDong" → Xiao, Dong: given names are often written so. */
const splitCamel = (word: string): string[] =>
  word.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? [word];

/** The Latin form to show beside a name in Chinese characters; empty when there is nothing to add. */
export function latinOfName(name: {
  readonly alphabetic: string;
  readonly ideographic?: string | undefined;
}): string {
  const tidy = (text: string): string => text.split('^').filter(Boolean).join(' ').trim();
  if (name.ideographic && name.alphabetic && !hasCjk(name.alphabetic)) return tidy(name.alphabetic);
  const chinese = name.ideographic || name.alphabetic;
  const syllables = hasHan(chinese) ? pinyinSyllables(chinese) : [];
  return syllables.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/**
 * The MATCH expression for what a person typed, or null when it holds nothing to search for. Every word must be
 * found; a CJK run as a phrase, a Latin run as a prefix (its pieces, if it is cut by signs, as one phrase).
 */
export function matchExpression(query: string): string | null {
  const terms: string[] = [];
  for (const word of query.normalize('NFC').split(/[\s^,，、;；]+/u)) {
    const pieces = spaced(word).match(latinRun) ?? [];
    let latin: string[] = [];
    let chinese: string[] = [];
    const flush = (): void => {
      if (chinese.length > 0) terms.push(`"${chinese.join(' ')}"`);
      if (latin.length > 0) terms.push(`"${latin.join(' ')}"*`);
      chinese = [];
      latin = [];
    };
    for (const piece of pieces) {
      if (hasCjk(piece)) {
        if (latin.length > 0) flush();
        chinese.push(piece);
      } else {
        if (chinese.length > 0) flush();
        latin.push(piece.toLowerCase());
      }
    }
    flush();
  }
  return terms.length === 0 ? null : terms.join(' AND ');
}
