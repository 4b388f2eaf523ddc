/** QIDO-RS requests (PS3.18 8.3.4, 10.6): parameters to a query and back. */
import { dictionaryEntry, tagOfKeyword } from '../dicom/dictionary.ts';

export type QueryLevel = 'study' | 'series' | 'instance';

/** How one attribute is matched (PS3.4 C.2.2.2); an empty value matches everything and is no key. */
export type QueryMatch =
  | { readonly kind: 'single'; readonly value: string }
  | { readonly kind: 'list'; readonly values: readonly string[] }
  /** `*` any text, `?` one character. */
  | { readonly kind: 'wildcard'; readonly pattern: string }
  /** Dates or times as text, inclusive; '' = open. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

export interface QueryKey {
  readonly tag: number;
  readonly match: QueryMatch;
}

export interface WebQuery {
  readonly keys: readonly QueryKey[];
  readonly include: 'all' | readonly number[];
  /** Null = as many as the server gives at once. */
  readonly limit: number | null;
  readonly offset: number;
}

export interface ParsedQuery {
  readonly query: WebQuery;
  /** Parameters that name no attribute, or one inside a sequence: they match nothing here and are told (299). */
  readonly ignored: readonly string[];
  /** A parameter that cannot be followed (400). */
  readonly invalid: string | undefined;
}

const wildcardVrs = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
const rangeVrs = new Set(['DA', 'TM', 'DT']);
const maxKeys = 64;

/** Tag of `00100010`, `(0010,0010)` or `PatientName`; undefined when it is none. */
export function queryTag(name: string): number | undefined {
  const plain = name.replace(/^\((\w{4}),(\w{4})\)$/, '$1$2');
  if (/^[0-9a-f]{8}$/i.test(plain)) return Number.parseInt(plain, 16);
  return tagOfKeyword(name);
}

/** How a value is meant, by the VR of its attribute; undefined for an empty one. */
export function queryMatch(tag: number, value: string): QueryMatch | undefined {
  const text = value.trim();
  const vr = dictionaryEntry(tag)?.vr ?? 'LO';
  if (text === '' || (wildcardVrs.has(vr) && /^\*+$/.test(text))) return undefined;
  if (vr === 'UI') {
    const values = text.split(/[\\,]/).filter((uid) => uid !== '');
    return values.length > 1 ? { kind: 'list', values } : { kind: 'single', value: values[0] ?? text };
  }
  const range = rangeVrs.has(vr) ? /^([0-9.]*)-([0-9.]*)$/.exec(text) : null;
  if (range) return { kind: 'range', from: range[1] ?? '', to: range[2] ?? '' };
  if (wildcardVrs.has(vr) && /[*?]/.test(text)) return { kind: 'wildcard', pattern: text };
  const values = text.split('\\');
  return values.length > 1 ? { kind: 'list', values } : { kind: 'single', value: text };
}

/** Dates and times as they are asked for (PS3.5 6.2): YYYYMMDD, or YYYY.MM.DD of old; HHMMSS.FFFFFF, cut anywhere. */
const forms: Readonly<Record<string, RegExp>> = {
  DA: /^(\d{8}|\d{4}\.\d{2}\.\d{2})?$/,
  TM: /^(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?$/,
};

/** A date of another form matches nothing: whoever asks is told that, not that there is nothing. */
function isSound({ tag, match }: QueryKey): boolean {
  const form = forms[dictionaryEntry(tag)?.vr ?? ''];
  if (!form) return true;
  if (match.kind === 'range') return form.test(match.from) && form.test(match.to);
  const values = match.kind === 'list' ? match.values : match.kind === 'single' ? [match.value] : [];
  return values.every((value) => form.test(value));
}

/** @param parameters of the address, decoded. `fuzzymatching` is no key: names are matched as they are written. */
export function parseQuery(parameters: readonly (readonly [name: string, value: string])[]): ParsedQuery {
  const keys: QueryKey[] = [];
  const ignored: string[] = [];
  const included: number[] = [];
  let includesAll = false;
  let limit: number | null = null;
  let offset = 0;
  let invalid: string | undefined;
  const whole = (name: string, value: string): number => {
    if (!/^\d{1,9}$/.test(value)) invalid ??= name;
    return Number(value) || 0;
  };
  for (const [name, value] of parameters) {
    const lower = name.toLowerCase();
    if (lower === 'fuzzymatching' || lower === 'accept' || lower === 'charset') continue;
    if (lower === 'limit') limit = whole(name, value);
    else if (lower === 'offset') offset = whole(name, value);
    else if (lower === 'includefield') {
      for (const field of value.split(',').map((one) => one.trim())) {
        const tag = queryTag(field);
        if (field.toLowerCase() === 'all') includesAll = true;
        else if (tag !== undefined) included.push(tag);
        else ignored.push(name);
      }
    } else {
      const tag = queryTag(name);
      const match = tag === undefined ? undefined : queryMatch(tag, value);
      if (tag === undefined) ignored.push(name);
      else if (match === undefined) included.push(tag);
      else if (isSound({ tag, match })) keys.push({ tag, match });
      else invalid ??= name;
    }
  }
  if (keys.length > maxKeys) invalid ??= 'keys';
  return {
    query: { keys, include: includesAll ? 'all' : included, limit, offset },
    ignored,
    invalid,
  };
}

function matchText(match: QueryMatch): string {
  switch (match.kind) {
    case 'single':
      return match.value;
    case 'list':
      return match.values.join(',');
    case 'wildcard':
      return match.pattern;
    case 'range':
      return `${match.from}-${match.to}`;
  }
}

/** Keyword where there is one: some servers know no tags in parameters of their own attributes. */
const parameterName = (tag: number): string => {
  const keyword = dictionaryEntry(tag)?.keyword ?? '';
  return keyword !== '' ? keyword : (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
};

/** The parameters of a request, not yet encoded. */
export function queryParameters(query: Partial<WebQuery>): [name: string, value: string][] {
  const parameters: [string, string][] = (query.keys ?? []).map(({ tag, match }) => [
    parameterName(tag),
    matchText(match),
  ]);
  if (query.include === 'all') parameters.push(['includefield', 'all']);
  // One parameter each: servers disagree about commas.
  else for (const tag of query.include ?? []) parameters.push(['includefield', parameterName(tag)]);
  if (query.limit !== undefined && query.limit !== null) parameters.push(['limit', String(query.limit)]);
  if (query.offset) parameters.push(['offset', String(query.offset)]);
  return parameters;
}
