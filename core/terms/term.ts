/** Words in both languages. Every visible string of Candela is a row of such a table. */
export type Language = 'zh-CN' | 'en';

export interface Term {
  readonly zh: string;
  readonly en: string;
}

export type TermTable = Readonly<Record<string, Term>>;
export type TermParams = Readonly<Record<string, string | number>>;

/** Groups thousands with commas; at most three decimals, as every other number on screen. */
export function formatNumber(value: number, decimals = 0): string {
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(fixed) !== 0 ? '−' : '';
  return sign + grouped + (fraction ? `.${fraction}` : '');
}

/**
 * Fills a template. `{name}` is the parameter (numbers are grouped); `{name|one|many}` is the first word
 * when the number is 1 and the second otherwise, for languages with a plural.
 * A place without a parameter stays as it is, so that a test or a reader sees it.
 */
export function fill(template: string, params: TermParams = {}): string {
  return template.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (place, name: string, one?: string, many?: string) => {
      const value = params[name];
      if (value === undefined) return place;
      if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
      if (typeof value !== 'number') return value;
      // A port is a name made of digits: people compare it with what they typed.
      if (name === 'port') return String(value);
      return formatNumber(value, Number.isInteger(value) ? 0 : 1);
    },
  );
}

/** Sentences one after the other; Chinese ones have their space in their full stop. Empty ones are left out. */
export const inOne = (language: Language, sentences: readonly (string | false | undefined)[]): string =>
  sentences.filter(Boolean).join(language === 'zh-CN' ? '' : ' ');

/** The words of a term in a language, with its places filled. */
export function say(language: Language, term: Term, params?: TermParams): string {
  return fill(language === 'zh-CN' ? term.zh : term.en, params);
}

/** `system` follows the machine: any Chinese locale reads Chinese, every other English. */
export function chooseLanguage(setting: Language | 'system', systemLanguage: string): Language {
  if (setting !== 'system') return setting;
  return /^zh\b/i.test(systemLanguage) ? 'zh-CN' : 'en';
}
