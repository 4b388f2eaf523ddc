/**
 * The Native DICOM Model (PS3.19 A.1) of a data set in the JSON model, which says the same in other words (PS3.18 F.2):
 * what becomes bulk data, which character set and which byte order are decided there.
 */
import { dictionaryEntry } from '../dicom/dictionary.ts';
import type { JsonDataset, JsonElement, JsonPersonName, JsonValue } from './json-write.ts';

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';

/** One document, as text whose encoding is UTF-8. Characters that XML cannot say become U+FFFD. */
export function xmlOfDataset(dataset: JsonDataset): string {
  const out: string[] = [
    `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${namespace}" xml:space="preserve">`,
  ];
  writeItem(dataset, out);
  out.push('</NativeDicomModel>\n');
  return out.join('');
}

/** Nesting is bounded where the model is made. */
function writeItem(item: JsonDataset, out: string[]): void {
  for (const tag of Object.keys(item).sort()) {
    const element = item[tag]!;
    const names = [`vr="${escaped(element.vr)}"`, ...namesOf(tag, item)];
    out.push(`<DicomAttribute ${names.join(' ')}>`);
    writeValues(element, out);
    out.push('</DicomAttribute>');
  }
}

/** Of a private element the creator is said, and not the block that it has here: `gggg00ee` (table A.1.5-2). */
function namesOf(tag: string, item: JsonDataset): string[] {
  const isPrivate = Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
  if (!isPrivate) {
    const keyword = dictionaryEntry(Number.parseInt(tag, 16))?.keyword ?? '';
    return [`tag="${tag}"`, ...(keyword === '' ? [] : [`keyword="${escaped(keyword)}"`])];
  }
  const creator = item[`${tag.slice(0, 4)}00${tag.slice(4, 6)}`]?.Value?.[0];
  const isReserved = tag.slice(4, 6) >= '10' && typeof creator === 'string';
  if (!isReserved) return [`tag="${tag}"`];
  return [`tag="${tag.slice(0, 4)}00${tag.slice(6)}"`, `privateCreator="${escaped(creator)}"`];
}

function writeValues({ vr, Value, InlineBinary, BulkDataURI }: JsonElement, out: string[]): void {
  if (BulkDataURI !== undefined) out.push(`<BulkData uri="${escaped(BulkDataURI)}"/>`);
  if (InlineBinary !== undefined) out.push(`<InlineBinary>${InlineBinary}</InlineBinary>`);
  for (const [index, value] of (Value ?? []).entries()) writeValue(vr, value, index + 1, out);
}

function writeValue(vr: string, value: JsonValue, number: number, out: string[]): void {
  if (vr === 'SQ') {
    out.push(`<Item number="${number}">`);
    writeItem(value as JsonDataset, out);
    out.push('</Item>');
  } else if (vr === 'PN') {
    out.push(`<PersonName number="${number}">${nameOf(value as JsonPersonName | null)}</PersonName>`);
  } else out.push(`<Value number="${number}">${value === null ? '' : escaped(String(value))}</Value>`);
}

const nameParts = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;

function nameOf(name: JsonPersonName | null): string {
  const groups = [
    ['Alphabetic', name?.Alphabetic],
    ['Ideographic', name?.Ideographic],
    ['Phonetic', name?.Phonetic],
  ] as const;
  return groups
    .map(([group, text = '']) => {
      const parts = text.split('^').slice(0, nameParts.length);
      const filled = parts.map((part, n) =>
        part === '' ? '' : `<${nameParts[n]!}>${escaped(part)}</${nameParts[n]!}>`,
      );
      return text === '' ? '' : `<${group}>${filled.join('')}</${group}>`;
    })
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Readers would make line feeds and spaces of them.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** What is no character of XML 1.0 (2.2): controls, halves of surrogate pairs, U+FFFE and U+FFFF. */
const unsayable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const escaped = (text: string): string =>
  text.replace(unsayable, '\uFFFD').replace(/[&<>"\r\n\t]/g, (letter) => entities[letter]!);
