import type { Language } from './term.ts';

/** Name groups of a PN value (PS3.5 6.2.1), as the contract carries them. */
export interface PersonNameGroups {
  readonly alphabetic: string;
  readonly ideographic?: string | undefined;
  readonly phonetic?: string | undefined;
}

/** Components in writing order: family, given, middle with prefix and suffix last, without empty ones. */
const components = (group: string) => group.split('^').map((part) => part.trim());

/** Chinese, Japanese and Korean names are written without a space between family and given name. */
const cjk = /[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]/;

function writeGroup(group: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = components(group);
  const main = [family, given, middle].filter(Boolean);
  const joined = main.length > 0 && main.every((part) => cjk.test(part)) ? main.join('') : main.join(' ');
  return [prefix, joined, suffix].filter(Boolean).join(' ');
}

/** The name to show first: ideographic where there is one. Empty when the file has none. */
export function formatName(name: PersonNameGroups): string {
  return writeGroup(name.ideographic ?? '') || writeGroup(name.alphabetic);
}

/** One patient by the name, else the ID; of several the first and how many more. Empty for none. */
export function patientsLabel(
  patients: readonly { readonly patientName: PersonNameGroups; readonly patientId: string }[],
): string {
  const labels = patients.map(({ patientName, patientId }) => formatName(patientName) || patientId);
  const [first = '', ...others] = new Set(labels.filter(Boolean));
  return others.length > 0 ? `${first} +${others.length}` : first;
}

/** The Latin form beside it, in capitals as Chinese departments write pinyin; empty when it would repeat the name. */
export function formatLatinName(name: PersonNameGroups, nameLatin: string): string {
  const shown = formatName(name);
  const latin = writeGroup(nameLatin || (name.ideographic ? name.alphabetic : '')).toUpperCase();
  return latin === shown.toUpperCase() ? '' : latin;
}

const ageUnits: Readonly<Record<string, { zh: string; en: string }>> = {
  Y: { zh: '岁', en: 'y' },
  M: { zh: '月', en: 'mo' },
  W: { zh: '周', en: 'wk' },
  D: { zh: '天', en: 'd' },
};

/** AS `058Y` as `58 岁` or `58 y`; anything else as it stands. */
export function formatAge(language: Language, value: string): string {
  const match = /^(\d{1,3})([YMWD])$/.exec(value.trim());
  const unit = match?.[2] === undefined ? undefined : ageUnits[match[2]];
  if (!match || !unit) return value;
  return `${Number(match[1])} ${language === 'zh-CN' ? unit.zh : unit.en}`;
}

const sexes: Readonly<Record<string, { zh: string; en: string }>> = {
  M: { zh: '男', en: 'M' },
  F: { zh: '女', en: 'F' },
  O: { zh: '其他', en: 'O' },
};

/** CS `M`, `F`, `O` (PS3.3 C.7.1.1); unknown stays as it is in the file. */
export function formatSex(language: Language, value: string): string {
  const sex = sexes[value.trim()];
  if (!sex) return value;
  return language === 'zh-CN' ? sex.zh : sex.en;
}
