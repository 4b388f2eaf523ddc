/** Matching of key values (PS3.4 C.2.2.2), in time linear in pattern × value, whatever the peer asks (N22). */
import type { PersonName } from '../dicom/types.ts';

/** Longest pattern taken; more is cut off by the reader of requests. */
export const maxPatternCharacters = 256;

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/**
 * Whether a value fits a pattern with `*` (any characters) and `?` (one character), case counts. Looks back only to the
 * last `*`, so that a pattern of many of them costs no more than pattern × value steps.
 */
export function matchesPattern(value: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = at;
    } else if (wanted === '?' || wanted === value[at]) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Without accents, case and double blanks; Chinese and the like stay as they are. */
export const foldedName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

const trimmedComponents = (group: string): string => group.replace(/[ ^]+$/, '');

/** One group of a name as it is compared. */
export const foldedGroup = (group: string): string => foldedName(trimmedComponents(group));

/**
 * One group of a name. As a whole, where `*` also stands for `^`, or component by component, where an empty or missing
 * one fits everything: `ZHANG` finds `Zhang^San`.
 */
function matchesGroup(group: string, pattern: string): boolean {
  if (matchesPattern(group, pattern)) return true;
  const parts = group.split('^');
  return pattern.split('^').every((component, i) => {
    const wanted = component.trim();
    return wanted === '' || matchesPattern((parts[i] ?? '').trim(), wanted);
  });
}

/**
 * Whether a person fits a name key. Case and accents do not count. A key of one group is looked for in all three, as
 * people type a Chinese name wherever there is a field; a key of several groups is matched group by group.
 */
export function matchesName(name: PersonName, key: string): boolean {
  const groups = [name.alphabetic, name.ideographic ?? '', name.phonetic ?? ''].map(foldedGroup);
  const wanted = key.split('=').map(foldedGroup);
  if (wanted.length === 1) {
    const [only = ''] = wanted;
    return groups.some((group) => group !== '' && matchesGroup(group, only));
  }
  return wanted.every((group, i) => group === '' || matchesGroup(groups[i] ?? '', group));
}

/** The three groups as `matchesName` compares them, each between two `=`: what an index of names holds. */
export const foldedGroups = (name: PersonName): string =>
  `=${[name.alphabetic, name.ideographic ?? '', name.phonetic ?? ''].map(foldedGroup).join('=')}=`;

/** Alphabetic, ideographic, phonetic (PS3.5 6.2.1.1). */
const groupsMost = 3;

/**
 * A pattern with `*` and `?` that `foldedGroups` of every name fits that `matchesName` takes, and few others: groups
 * begin as the key does, and have its components in their order.
 */
export function foldedGroupsPattern(key: string): string {
  // What stands beyond them is left to `matchesName`.
  const groups = key
    .split('=')
    .slice(0, groupsMost)
    .map((group) => {
      const components = foldedGroup(group)
        .split('^')
        .map((component) => component.trim());
      while (/^\**$/.test(components.at(-1) ?? '?')) components.pop();
      return components.join('*^*');
    });
  const pattern =
    groups.length === 1 ? `*=${groups[0]}*=*` : `=${groups.map((group) => `${group}*=`).join('')}*`;
  return pattern.replaceAll(/\*+/g, '*');
}

/** A range of dates or times; '' is an open end, both ends belong to it. */
export interface ValueRange {
  readonly from: string;
  readonly to: string;
}

const dateForm = /^\d{8}$/;
const timeForm = /^\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?$/;

/** The older forms with separators are still sent. */
const plainDate = (text: string): string => text.replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3');
const plainTime = (text: string): string => text.replaceAll(':', '');

/** Time with all its digits, missing ones filled up: `1015` is 10:15:00 as a start and 10:15:59.999999 as an end. */
function fullTime(text: string, isEnd: boolean): string {
  const [whole = '', fraction = ''] = text.split('.');
  const filled = whole + (isEnd ? '5959' : '0000').slice(whole.length - 2);
  return `${filled}.${fraction.padEnd(6, isEnd && fraction === '' ? '9' : '0')}`;
}

/** A date key: one date or a range; undefined when it is neither. */
export function dateRange(text: string): ValueRange | undefined {
  return rangeOf(text, plainDate, (part) => (dateForm.test(part) ? [part, part] : undefined));
}

/** A time key; a single one stands for all of its hour, minute or second. */
export function timeRange(text: string): ValueRange | undefined {
  return rangeOf(text, plainTime, (part) =>
    timeForm.test(part) ? [fullTime(part, false), fullTime(part, true)] : undefined,
  );
}

function rangeOf(
  text: string,
  plain: (part: string) => string,
  ends: (part: string) => readonly [from: string, to: string] | undefined,
): ValueRange | undefined {
  const parts = text.split('-').map((part) => plain(part.trim()));
  if (parts.length > 2 || parts.every((part) => part === '')) return undefined;
  const [first = '', last = first] = parts;
  const [from, to] = [first === '' ? ['', ''] : ends(first), last === '' ? ['', ''] : ends(last)];
  if (from === undefined || to === undefined) return undefined;
  return { from: from[0]!, to: to[1]! };
}

/** Whether a stored date or time lies in a range; what is none does not. */
export function inRange(value: string, range: ValueRange, kind: 'date' | 'time'): boolean {
  const plain = kind === 'date' ? plainDate(value.trim()) : plainTime(value.trim());
  if (!(kind === 'date' ? dateForm : timeForm).test(plain)) return false;
  const full = kind === 'date' ? plain : fullTime(plain, false);
  return (range.from === '' || full >= range.from) && (range.to === '' || full <= range.to);
}
