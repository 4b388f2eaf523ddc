/** A C-FIND identifier as SCP: what is asked for, which record fits, what is answered (PS3.4 C.4.1.2, C.4.1.3). */
import { type Problem, problem } from '../base/problem.ts';
import type { Dataset, DatasetElement } from '../dicom/dataset.ts';
import { tagText } from '../dicom/flags.ts';
import { personNameText } from '../dicom/person-name.ts';
import type { PersonName } from '../dicom/types.ts';
import type { WriteCharset } from '../dicom/write/charset-encode.ts';
import { element, type Dataset as WriteDataset, type WriteElement } from '../dicom/write/element.ts';
import { charsetFor, encodeMessageDataset, readMessageDataset, textAt, textsAt } from './query-dataset.ts';
import {
  levelsAbove,
  levelsOf,
  type QueryKey,
  type QueryLevel,
  queryKeyOf,
  queryKeys,
  queryLevels,
  tags,
  uniqueKeyOf,
} from './query-keys.ts';
import {
  dateRange,
  hasWildcard,
  inRange,
  matchesName,
  matchesPattern,
  maxPatternCharacters,
  timeRange,
  type ValueRange,
} from './query-matching.ts';
import type { QueryRoot } from './service-table.ts';
import { statuses } from './status-codes.ts';

/** One condition. A list is met by any of its values; an equal text is a list of one. */
export type QueryFilter =
  | { readonly kind: 'list'; readonly key: QueryKey; readonly values: readonly string[] }
  | { readonly kind: 'pattern'; readonly key: QueryKey; readonly patterns: readonly string[] }
  | { readonly kind: 'name'; readonly key: QueryKey; readonly pattern: string }
  | { readonly kind: 'range'; readonly key: QueryKey; readonly range: ValueRange };

export interface FindRequest {
  readonly root: QueryRoot;
  readonly level: QueryLevel;
  /** All must be met. */
  readonly filters: readonly QueryFilter[];
  /** What is to be returned beside the level and its unique key. */
  readonly returnKeys: readonly QueryKey[];
  /** Some keys are not known here and were not used: matches are answered 0xFF01. */
  readonly hasUnsupportedKeys: boolean;
  /** Of the peer's own texts; answers use it where it has all their characters. */
  readonly charset: WriteCharset;
}

/** A request that cannot be answered: the status to send, and what to note. */
export interface RefusedRequest {
  readonly status: number;
  readonly problem: Problem;
  /** Of the offending element, for (0000,0901). */
  readonly offendingElement: number;
}

export type ParsedRequest<T> =
  | { readonly ok: true; readonly request: T }
  | { readonly ok: false; readonly refusal: RefusedRequest };

export const refused = (tag: number, status: number = statuses.datasetMismatch): RefusedRequest => ({
  status,
  problem: problem('QUERY_INVALID', { element: tagText(tag) }),
  offendingElement: tag,
});

/** What a stored patient, study, series or image says of itself, by keyword. */
export type FindRecord = Readonly<
  Record<string, string | number | readonly string[] | PersonName | null | undefined>
>;

const maxFilterValues = 10_000;

/** The level of an identifier, checked against its model. */
export function levelOf(dataset: Dataset, root: QueryRoot): QueryLevel | undefined {
  const level = textAt(dataset, tags.QueryRetrieveLevel) as QueryLevel;
  return levelsOf(root).includes(level) ? level : undefined;
}

const charsetOf = (dataset: Dataset): WriteCharset => {
  const [first = ''] = textsAt(dataset, tags.SpecificCharacterSet);
  if (/^GB/i.test(first)) return 'GB18030';
  return first === 'ISO_IR 100' ? 'ISO_IR 100' : 'ISO_IR 192';
};

/**
 * Reads a C-FIND identifier. Refused (0xA900) when its level does not belong to the model, when a key holds what it
 * cannot hold, and when neither the unique keys above its level nor its own one are given, as then the whole store
 * would have to be gone through.
 */
export function parseFindIdentifier(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  root: QueryRoot,
): ParsedRequest<FindRequest> {
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return { ok: false, refusal: refused(tags.QueryRetrieveLevel, statuses.cannotUnderstand) };
  const dataset = read.value;
  const level = levelOf(dataset, root);
  if (level === undefined) return { ok: false, refusal: refused(tags.QueryRetrieveLevel) };
  const filters: QueryFilter[] = [];
  const returnKeys: QueryKey[] = [];
  let hasUnsupportedKeys = false;
  const depth = queryLevels.indexOf(level);
  for (const item of dataset) {
    if (isControl(item)) continue;
    const key = queryKeyOf.get(item.tag);
    if (key === undefined || queryLevels.indexOf(key.level) > depth) {
      hasUnsupportedKeys = true;
      continue;
    }
    returnKeys.push(key);
    const filter = filterOf(key, textsAt(dataset, item.tag));
    if (filter === 'invalid') return { ok: false, refusal: refused(item.tag) };
    if (filter === 'unsupported') hasUnsupportedKeys = true;
    else if (filter !== null) filters.push(filter);
  }
  const missing = missingKey(root, level, filters);
  if (missing !== undefined) return { ok: false, refusal: refused(missing.tag) };
  const charset = charsetOf(dataset);
  return { ok: true, request: { root, level, filters, returnKeys, hasUnsupportedKeys, charset } };
}

/** Elements that say how to read the identifier, not what to look for. */
const controlTags: readonly number[] = [
  tags.SpecificCharacterSet,
  tags.QueryRetrieveLevel,
  tags.RetrieveAETitle,
  tags.InstanceAvailability,
  0x00080053,
  0x00080201,
];
const isControl = (item: DatasetElement): boolean =>
  item.tag % 65_536 === 0 || controlTags.includes(item.tag);

/** Null: universal matching. */
function filterOf(key: QueryKey, texts: readonly string[]): QueryFilter | 'invalid' | 'unsupported' | null {
  const values = texts.filter((text) => text !== '');
  if (values.length === 0 || values.every((text) => /^\*+$/.test(text))) return null;
  if (key.matching === 'none') return 'unsupported';
  if (values.length > maxFilterValues) return 'invalid';
  if (key.matching === 'uid') {
    return values.every((uid) => /^[0-9.]{1,64}$/.test(uid)) ? { kind: 'list', key, values } : 'invalid';
  }
  if (values.some((text) => text.length > maxPatternCharacters)) return 'invalid';
  const [first = ''] = values;
  if (key.matching === 'name') return { kind: 'name', key, pattern: first.replace(/\*+/g, '*') };
  if (key.matching === 'date' || key.matching === 'time') {
    const range = key.matching === 'date' ? dateRange(first) : timeRange(first);
    return range === undefined ? 'invalid' : { kind: 'range', key, range };
  }
  if (values.some(hasWildcard)) {
    return { kind: 'pattern', key, patterns: values.map((text) => text.replace(/\*+/g, '*')) };
  }
  return { kind: 'list', key, values };
}

/** The unique key that is missing above the level, unless the level's own is there. */
function missingKey(
  root: QueryRoot,
  level: QueryLevel,
  filters: readonly QueryFilter[],
): QueryKey | undefined {
  const isGiven = (key: QueryKey): boolean =>
    filters.some((filter) => filter.key === key && filter.kind === 'list');
  if (isGiven(uniqueKeyOf(level))) return undefined;
  return levelsAbove(root, level)
    .map(uniqueKeyOf)
    .find((key) => !isGiven(key));
}

const valuesOf = (value: FindRecord[string]): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return 'alphabetic' in value ? [value.alphabetic] : value;
};

const personOf = (value: FindRecord[string]): PersonName =>
  typeof value === 'object' && value !== null && 'alphabetic' in value
    ? value
    : { alphabetic: valuesOf(value)[0] ?? '' };

/** Whether a record meets a condition. Of several values one is enough; numbers are compared as numbers. */
export function meets(record: FindRecord, filter: QueryFilter): boolean {
  const { key } = filter;
  const value = record[key.keyword];
  switch (filter.kind) {
    case 'name':
      return matchesName(personOf(value), filter.pattern);
    case 'range':
      return valuesOf(value).some((text) => inRange(text, filter.range, key.matching as 'date' | 'time'));
    case 'pattern':
      return valuesOf(value).some((text) =>
        filter.patterns.some((pattern) => matchesPattern(text.trim(), pattern)),
      );
    default:
      return valuesOf(value).some((text) =>
        filter.values.some((wanted) =>
          key.matching === 'number' ? Number(wanted) === Number(text) : wanted === text.trim(),
        ),
      );
  }
}

export const matchesRecord = (record: FindRecord, request: FindRequest): boolean =>
  request.filters.every((filter) => meets(record, filter));

function answerElement(key: QueryKey, value: FindRecord[string]): WriteElement {
  const empty = value === undefined || value === null || value === '';
  if (empty) return element(key.tag, key.vr, key.vr === 'US' ? [] : '');
  if (key.matching === 'name') return element(key.tag, key.vr, personNameText(personOf(value)));
  if (typeof value === 'object') return element(key.tag, key.vr, valuesOf(value));
  return element(key.tag, key.vr, key.vr === 'US' ? Number(value) : String(value));
}

/** One answer's identifier: what was asked for, the unique keys, where to retrieve from (PS3.4 C.4.1.1.3.2). */
export function answerDataset(record: FindRecord, request: FindRequest, aeTitle: string): WriteDataset {
  const unique = queryKeys.filter(
    ({ level, type }) =>
      type === 'unique' &&
      (level === request.level || levelsAbove(request.root, request.level).includes(level)),
  );
  const keys = new Set([...unique, ...request.returnKeys]);
  return [
    element(tags.QueryRetrieveLevel, 'CS', request.level),
    element(tags.RetrieveAETitle, 'AE', aeTitle),
    element(tags.InstanceAvailability, 'CS', 'ONLINE'),
    ...Array.from(keys, (key) => answerElement(key, record[key.keyword])),
  ];
}

/** The bytes of an answer, in the peer's own character set where that has all characters, else in UTF-8. */
export function encodeAnswer(
  record: FindRecord,
  request: FindRequest,
  aeTitle: string,
  transferSyntaxUid: string,
): Uint8Array {
  const dataset = answerDataset(record, request, aeTitle);
  return encodeMessageDataset(dataset, transferSyntaxUid, charsetFor(dataset, request.charset));
}

/** Status of a match: 0xFF01 when some keys were not used. */
export const pendingStatus = (request: FindRequest): number =>
  request.hasUnsupportedKeys ? statuses.pendingUnsupportedKeys : statuses.pending;
