/** Reads the DICOM JSON Model (PS3.18 annex F) into the same tree that `readDataset` makes of a file. */
import { type Problem, problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { DatasetElement } from '../dicom/dataset.ts';
import { dictionaryEntry } from '../dicom/dictionary.ts';
import { limits } from '../dicom/limits.ts';
import { bytesOfBase64 } from './base64.ts';

/** An element whose value may be elsewhere. */
export interface WebElement extends DatasetElement {
  readonly items?: readonly WebDataset[];
  readonly bulkDataUri?: string;
}
export type WebDataset = readonly WebElement[];

/** Elements over all levels of one answer. */
const maxElements = 2_000_000;
const byteVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const binaryNumberVrs = new Set(['FL', 'FD', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);
const decimalVrs = new Set(['DS', 'IS']);

interface Reading {
  elements: number;
  fault: string | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The data sets of an answer: an array of them, or one alone. Problems: WEB_ANSWER_INVALID. */
export function datasetsOfJson(json: unknown): Result<WebDataset[]> {
  // A row that is nothing costs the others nothing.
  const list = Array.isArray(json) ? (json as readonly unknown[]).filter((row) => row !== null) : [json];
  const reading: Reading = { elements: 0, fault: undefined };
  const datasets = list.map((item) => datasetOf(item, reading, 0));
  return reading.fault === undefined ? ok(datasets) : fail(invalid(reading.fault));
}

/** As `datasetsOfJson`, of the text of an answer; an empty one has no data sets. */
export function datasetsOfJsonText(text: string): Result<WebDataset[]> {
  if (text.trim() === '') return ok([]);
  try {
    return datasetsOfJson(JSON.parse(text));
  } catch {
    return fail(invalid('JSON'));
  }
}

const invalid = (reason: string): Problem => problem('WEB_ANSWER_INVALID', { reason });

function datasetOf(json: unknown, reading: Reading, depth: number): WebDataset {
  if (!isObject(json)) {
    reading.fault ??= 'DICOM JSON';
    return [];
  }
  if (depth > limits.nesting) {
    reading.fault ??= 'nesting';
    return [];
  }
  const elements: WebElement[] = [];
  for (const [name, value] of Object.entries(json)) {
    // Some servers add names of their own beside the tags.
    if (!/^[0-9a-f]{8}$/i.test(name) || !isObject(value)) continue;
    reading.elements += 1;
    if (reading.elements > maxElements) reading.fault ??= 'elements';
    if (reading.fault !== undefined) return elements;
    elements.push(elementOf(Number.parseInt(name, 16), value, reading, depth));
  }
  return elements.sort((a, b) => a.tag - b.tag);
}

function elementOf(
  tag: number,
  json: Readonly<Record<string, unknown>>,
  reading: Reading,
  depth: number,
): WebElement {
  const entry = dictionaryEntry(tag);
  const stated = typeof json['vr'] === 'string' && /^[A-Z]{2}$/.test(json['vr']) ? json['vr'] : undefined;
  const known = entry?.vr === 'XS' ? 'US' : entry?.vr === 'OX' ? 'OW' : entry?.vr;
  const head = { tag, vr: stated ?? known ?? 'UN', keyword: entry?.keyword ?? '' };
  const uri = json['BulkDataURI'];
  if (typeof uri === 'string') return { ...head, lengthBytes: 0, bulkDataUri: uri };
  const inline = json['InlineBinary'];
  if (typeof inline === 'string') {
    const bytes = bytesOfBase64(inline);
    if (bytes === undefined) reading.fault ??= 'InlineBinary';
    return bytes === undefined || bytes.length === 0
      ? { ...head, lengthBytes: 0 }
      : { ...head, lengthBytes: bytes.length, value: bytes };
  }
  const list = Array.isArray(json['Value']) ? (json['Value'] as readonly unknown[]) : [];
  if (head.vr === 'SQ') {
    // An empty item may be written as null (F.2.5).
    const items = list.map((item) => datasetOf(item ?? {}, reading, depth + 1));
    return { ...head, lengthBytes: 0, items };
  }
  const value = valuesOf(list, head.vr);
  return value === undefined
    ? { ...head, lengthBytes: 0 }
    : { ...head, lengthBytes: value.join('\\').length, value };
}

type Values = readonly string[] | readonly number[];

/** Numbers of numeric VRs where all of them are numbers, texts otherwise; undefined for no value at all. */
function valuesOf(list: readonly unknown[], vr: string): Values | undefined {
  if (list.length === 0 || byteVrs.has(vr)) return undefined;
  if (vr === 'PN') return list.map(personNameText);
  if (vr === 'AT') return list.map((one) => Number.parseInt(String(one ?? ''), 16) || 0);
  const isNumeric = binaryNumberVrs.has(vr) || decimalVrs.has(vr);
  const numbers = isNumeric ? list.map(numberOf) : [];
  if (isNumeric && numbers.every((one) => one !== undefined)) return numbers;
  const texts = list.map(textOf);
  return texts.every((one) => one === '') && texts.length === 1 ? undefined : texts;
}

const specials: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = specials[value] ?? Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** As stored: groups joined by `=`, empty ones at the end left out. Plain texts of older servers are taken. */
function personNameText(value: unknown): string {
  if (!isObject(value)) return textOf(value);
  const groups = [value['Alphabetic'], value['Ideographic'], value['Phonetic']].map(textOf);
  return groups.join('=').replace(/=+$/, '');
}

/** The element of a tag, if it is there. */
export const webElement = (dataset: WebDataset, tag: number): WebElement | undefined =>
  dataset.find((element) => element.tag === tag);

/** First value as text; '' when there is none. */
export function webText(dataset: WebDataset, tag: number): string {
  const value = webElement(dataset, tag)?.value;
  return value === undefined || value instanceof Uint8Array ? '' : String(value[0] ?? '');
}

/** All values as texts, empty ones left out. */
export function webTexts(dataset: WebDataset, tag: number): string[] {
  const value = webElement(dataset, tag)?.value;
  if (value === undefined || value instanceof Uint8Array) return [];
  return value.map(String).filter((text) => text !== '');
}

/** First value as a number; null when it is none. */
export function webNumber(dataset: WebDataset, tag: number): number | null {
  const text = webText(dataset, tag).trim();
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : null;
}
