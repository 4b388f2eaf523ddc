import { limits } from './limits.ts';
import type { PersonName } from './types.ts';

/** The groups of a name as one text, as a file has them; `personName` reads it again. */
export const personNameText = ({ alphabetic, ideographic = '', phonetic = '' }: PersonName): string =>
  [alphabetic, ideographic, phonetic].join('=').replace(/=+$/, '');

const cleaned = (group: string | undefined): string =>
  (group ?? '')
    .slice(0, limits.indexTextCharacters)
    .replace(/[ \0]+$/, '')
    .replace(/^ +/, '');

/**
 * A decoded PN value as its three groups (PS3.5 6.2.1). Of several values the first is taken.
 * Undefined when there is nothing in it.
 */
export function personName(text: string): PersonName | undefined {
  const end = text.indexOf('\\');
  const value = end < 0 ? text : text.slice(0, end);
  if (value.indexOf('=') < 0) {
    const alphabetic = cleaned(value);
    return alphabetic === '' ? undefined : { alphabetic };
  }
  const groups = value.split('=');
  const [alphabetic, ideographic, phonetic] = [cleaned(groups[0]), cleaned(groups[1]), cleaned(groups[2])];
  if (alphabetic === '' && ideographic === '' && phonetic === '') return undefined;
  return { alphabetic, ...(ideographic !== '' && { ideographic }), ...(phonetic !== '' && { phonetic }) };
}
