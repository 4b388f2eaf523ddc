/**
 * The DICOM JSON Model (PS3.18 annex F) of a data set that was read by `readDataset`. Values that were left out, and
 * pixel data, become bulk data URIs; everything else stands in the text. Group lengths and group 0002 have no place in it.
 */
import type { Dataset, DatasetElement } from '../dicom/dataset.ts';
import { transferSyntaxOf } from '../dicom/tables/transfer-syntaxes.ts';
import { base64Of } from './base64.ts';

/** A value of the model: text, number, person name, item or null for an empty one. */
export type JsonValue = string | number | null | JsonPersonName | JsonDataset;
export interface JsonPersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}
/** At most one of the three values (F.2.2). */
export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}
/** By tag, eight upper-case hexadecimal digits. */
export interface JsonDataset {
  readonly [tag: string]: JsonElement;
}

/** A place in a data set: tags and item numbers (from 0) in turn, the last a tag. */
export type ElementPath = readonly number[];

export interface JsonWriteOptions {
  /** Of the file: values of big-endian ones are turned, as bulk data is always little endian (PS3.18 F.2.7). */
  readonly transferSyntaxUID?: string;
  /** Larger binary values become bulk data; default 1024. */
  readonly inlineBytes?: number;
  /** Address of a value that is not in the text; without it such elements have no value. */
  readonly bulkUri?: (path: ElementPath) => string;
}

export const jsonTag = (tag: number): string => (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** `Patient's name` as stored, with `=` between the groups. */
export function jsonPersonName(text: string): JsonPersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=').map(trimmedEnd);
  if (alphabetic === '' && ideographic === '' && phonetic === '') return null;
  return {
    ...(alphabetic !== '' && { Alphabetic: alphabetic }),
    ...(ideographic !== '' && { Ideographic: ideographic }),
    ...(phonetic !== '' && { Phonetic: phonetic }),
  };
}

const trimmedEnd = (text: string): string => text.replace(/[ \0]+$/, '');

const characterSetTag = 0x00080005;

/** @param dataset as decoded texts, which JSON carries as UTF-8: its Specific Character Set says so (F.2.4). */
export function jsonOfDataset(dataset: Dataset, options: JsonWriteOptions = {}): JsonDataset {
  return itemOf(dataset, options, []);
}

/**
 * The model as JSON, tags in ascending order (F.2.2). An object of the language has those first that look like an index,
 * as `20010010` does.
 */
export function jsonText(dataset: JsonDataset): string {
  const elements = Object.keys(dataset)
    .sort()
    .map((tag) => {
      const { vr, Value, ...other } = dataset[tag]!;
      if (vr !== 'SQ' || Value === undefined) return `"${tag}":${JSON.stringify(dataset[tag])}`;
      const items = Value.map((item) => jsonText(item as JsonDataset));
      return `"${tag}":${JSON.stringify({ vr, ...other }).slice(0, -1)},"Value":[${items.join(',')}]}`;
    });
  return `{${elements.join(',')}}`;
}

/** Nesting is at most 64 deep in what `readDataset` gives, so recursion is safe. */
function itemOf(dataset: Dataset, options: JsonWriteOptions, path: ElementPath): JsonDataset {
  const item: Record<string, JsonElement> = {};
  for (const element of dataset) {
    const { tag } = element;
    if (tag % 65_536 === 0 || tag >>> 16 < 8) continue;
    // A second element of the same tag has no place; readers keep the first.
    const name = jsonTag(tag);
    if (Object.hasOwn(item, name)) continue;
    item[name] =
      tag === characterSetTag && element.value !== undefined
        ? { vr: 'CS', Value: ['ISO_IR 192'] }
        : elementOf(element, options, [...path, tag]);
  }
  return item;
}

function elementOf(element: DatasetElement, options: JsonWriteOptions, path: ElementPath): JsonElement {
  const { vr, value, items } = element;
  if (items !== undefined) {
    if (items.length === 0) return { vr: 'SQ' };
    return { vr: 'SQ', Value: items.map((item, index) => itemOf(item, options, [...path, index])) };
  }
  if (value === undefined) {
    const isLeftOut = element.lengthBytes > 0 && options.bulkUri !== undefined;
    return isLeftOut ? { vr, BulkDataURI: options.bulkUri!(path) } : { vr };
  }
  if (value instanceof Uint8Array) {
    const { inlineBytes = 1024, bulkUri, transferSyntaxUID = '' } = options;
    if (value.length > inlineBytes && bulkUri) return { vr, BulkDataURI: bulkUri(path) };
    const isBig = transferSyntaxOf(transferSyntaxUID)?.bigEndian === true;
    return { vr, InlineBinary: base64Of(isBig ? littleEndian(value, vr) : value) };
  }
  const values = value.map((one) => jsonValue(one, vr));
  return values.every((one) => one === null) && values.length <= 1 ? { vr } : { vr, Value: values };
}

function jsonValue(value: string | number, vr: string): JsonValue {
  if (typeof value === 'number') return vr === 'AT' ? jsonTag(value) : jsonNumber(value);
  if (vr === 'PN') return jsonPersonName(value);
  return value === '' ? null : value;
}

/** JSON has no numbers for what is not finite. */
const jsonNumber = (value: number): number | string => {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
};

const wordBytes: Readonly<Record<string, number>> = { OW: 2, OL: 4, OF: 4, OD: 8, OV: 8 };

/** Words of a big-endian data set in little-endian order; a copy. */
export function littleEndian(bytes: Uint8Array, vr: string): Uint8Array {
  const size = wordBytes[vr] ?? 1;
  const turned = bytes.slice();
  for (let at = 0; at + size <= turned.length && size > 1; at += size)
    turned.subarray(at, at + size).reverse();
  return turned;
}
