/** Data sets of messages (identifiers, worklist items, procedure steps): bytes, and values by tag. */
import { problem } from '../base/problem.ts';
import { fail, type Result } from '../base/result.ts';
import { type Dataset, readBareDataset } from '../dicom/dataset.ts';
import { personName } from '../dicom/person-name.ts';
import type { PersonName } from '../dicom/types.ts';
import { canEncode, encodeText, type WriteCharset } from '../dicom/write/charset-encode.ts';
import type { Dataset as WriteDataset, WriteElement } from '../dicom/write/element.ts';
import { encodeDataset } from '../dicom/write/encode.ts';
import { explicitLittleEndian, implicitLittleEndian } from '../dicom/write/transfer-syntax.ts';

/** Longest data set of a message that is read whole. */
export const maxMessageDatasetBytes = 4 * 1024 * 1024;
const maxElements = 100_000;
const charsetTag = 0x00080005;

/**
 * Bytes of a data set in one of the two syntaxes that are accepted for messages. (0008,0005) is put in front, unless
 * `charset` is the default repertoire. Texts that the set lacks become question marks.
 */
export function encodeMessageDataset(
  dataset: WriteDataset,
  transferSyntaxUid: string,
  charset: WriteCharset,
): Uint8Array {
  const syntax = transferSyntaxUid === implicitLittleEndian.uid ? implicitLittleEndian : explicitLittleEndian;
  const declared: WriteDataset =
    charset === '' ? dataset : [{ tag: charsetTag, vr: 'CS', value: charset }, ...dataset];
  return encodeDataset(declared, { syntax, encodeText: (text) => encodeText(text, charset) });
}

/** Reads a data set by the character set that it declares itself (L85). */
export function readMessageDataset(bytes: Uint8Array, transferSyntaxUid: string): Result<Dataset> {
  if (bytes.length > maxMessageDatasetBytes) return fail(problem('HEADER_TOO_LARGE', { limit: '4 MiB' }));
  const encoding = { explicit: transferSyntaxUid !== implicitLittleEndian.uid, bigEndian: false };
  return readBareDataset(bytes, encoding, { maxElements, maxValueBytes: maxMessageDatasetBytes });
}

/** The smallest set that has all texts: what was asked for, when it is enough, else UTF-8. */
export function charsetFor(dataset: WriteDataset, wanted: WriteCharset = ''): WriteCharset {
  const texts = textsOf(dataset);
  if (texts.every((text) => canEncode(text, ''))) return '';
  return texts.every((text) => canEncode(text, wanted)) ? wanted : 'ISO_IR 192';
}

const textVrs: readonly string[] = ['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'];

function textsOf(dataset: WriteDataset): readonly string[] {
  return dataset.flatMap(({ vr, value }: WriteElement) => {
    if (vr === 'SQ') return (value as readonly WriteDataset[]).flatMap(textsOf);
    if (!textVrs.includes(vr)) return [];
    return Array.isArray(value) ? (value as readonly string[]) : [String(value)];
  });
}

/** Values of an element as texts, blanks cut off; none when it is missing or empty. */
export function textsAt(dataset: Dataset, tag: number): readonly string[] {
  const value = dataset.find((element) => element.tag === tag)?.value;
  if (value === undefined || value instanceof Uint8Array) return [];
  return value.map((item) => String(item).trim());
}

/** First value as a text; '' when there is none. */
export const textAt = (dataset: Dataset, tag: number): string => textsAt(dataset, tag)[0] ?? '';

/** First value as a whole number of at least zero; null when there is none. */
export function countAt(dataset: Dataset, tag: number): number | null {
  const value = Number(textAt(dataset, tag) || Number.NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** First value as a number; null when there is none. */
export function numberAt(dataset: Dataset, tag: number): number | null {
  const value = Number(textAt(dataset, tag) || Number.NaN);
  return Number.isFinite(value) ? value : null;
}

/** A person's name in its three groups; empty when there is none. */
export const personAt = (dataset: Dataset, tag: number): PersonName =>
  personName(textAt(dataset, tag)) ?? { alphabetic: '' };

/** Items of a sequence; none when it is missing or empty. */
export const itemsAt = (dataset: Dataset, tag: number): readonly Dataset[] =>
  dataset.find((element) => element.tag === tag)?.items ?? [];
