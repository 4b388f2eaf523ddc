import { type Problem, problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';
import type { ByteWindow } from './byte-source.ts';
import { dictionaryEntry } from './dictionary.ts';
import { type Flags, tagText } from './flags.ts';
import { latin1, trimmedEnd } from './values.ts';
import { vrForm } from './vr.ts';
import type { Encoding } from './walker.ts';

/** What stands before the data set (PS3.10 7.1). */
export interface FileStart {
  /** First byte after group 0002. */
  readonly datasetOffset: number;
  /** The file has a preamble and the letters DICM. */
  readonly hasPrefix: boolean;
  /** As declared, trimmed; undefined when the file does not say. */
  readonly transferSyntaxUID?: string | undefined;
  readonly mediaStorageSOPClassUID?: string | undefined;
  readonly mediaStorageSOPInstanceUID?: string | undefined;
  readonly fatal?: Problem | undefined;
}

const preambleBytes = 128;
const dicm = [0x44, 0x49, 0x43, 0x4d];
const executableStarts = ['MZ', '\u007fELF', '#!', '%PDF'].map((text) =>
  [...text].map((c) => c.charCodeAt(0)),
);
const machOStarts = [
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
];

function startsWith(bytes: Uint8Array, at: number, start: readonly number[]): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}

/** Finds the data set: reads preamble and file meta information, however written, and flags their faults. */
export function readFileStart(window: ByteWindow, flags: Flags): FileStart {
  if (window.size === 0) return notDicom;
  const index = window.ensure(0, Math.min(window.size, preambleBytes + 4 + 8));
  if (index < 0) return notDicom;
  const { bytes } = window;
  const hasPrefix = window.size >= preambleBytes + 4 && startsWith(bytes, index + preambleBytes, dicm);
  const isMetaAfter =
    (bytes[132] === 2 && bytes[133] === 0) || (bytes[132] === 0 && bytes[133] === 2 && bytes[134] === 0);
  // The letters DICM may stand at byte 128 of a file without preamble by chance.
  const usesPrefix = hasPrefix && (isMetaAfter || !isDatasetAt(window, 0));
  if (usesPrefix) {
    checkPreamble(window.bytes, flags);
    if (window.size <= preambleBytes + 4)
      return { datasetOffset: window.size, hasPrefix: false, fatal: problem('TRUNCATED_HEADER') };
    return readMeta(window, preambleBytes + 4, true, flags);
  }
  if (!isDatasetAt(window, 0)) return notDicom;
  flags.add('NO_PREAMBLE');
  return readMeta(window, 0, false, flags);
}

const notDicom: FileStart = { datasetOffset: 0, hasPrefix: false, fatal: problem('NOT_DICOM') };

function checkPreamble(bytes: Uint8Array, flags: Flags): void {
  let any = 0;
  for (let i = 0; i < preambleBytes; i++) any |= bytes[i]!;
  if (any === 0) return;
  const isProgram = [...executableStarts, ...machOStarts].some((start) => startsWith(bytes, 0, start));
  flags.add(isProgram ? 'PREAMBLE_EXECUTABLE' : 'PREAMBLE_NONZERO');
}

interface Sniffed extends Encoding {
  readonly tag: number;
  readonly valueOffset: number;
  readonly length: number;
}

/** Reads one element header in one encoding; undefined when it makes no sense there. */
function headerAt(
  window: ByteWindow,
  at: number,
  explicit: boolean,
  bigEndian: boolean,
): Sniffed | undefined {
  const index = window.ensure(at, Math.min(12, window.size - at));
  if (index < 0 || at + 8 > window.size) return undefined;
  const { bytes } = window;
  const u16 = (i: number): number =>
    bigEndian
      ? bytes[index + i]! * 256 + bytes[index + i + 1]!
      : bytes[index + i + 1]! * 256 + bytes[index + i]!;
  const u32 = (i: number): number => (bigEndian ? u16(i) * 65536 + u16(i + 2) : u16(i + 2) * 65536 + u16(i));
  const tag = u16(0) * 65536 + u16(2);
  if (!explicit) return { tag, explicit, bigEndian, valueOffset: at + 8, length: u32(4) };
  const form = vrForm(bytes[index + 4]!, bytes[index + 5]!);
  if (form === 0 || (form === 2 && at + 12 > window.size)) return undefined;
  return form === 1
    ? { tag, explicit, bigEndian, valueOffset: at + 8, length: u16(6) }
    : { tag, explicit, bigEndian, valueOffset: at + 12, length: u32(8) };
}

const isStartTag = (tag: number): boolean => tag >= 0x00020000 && tag < 0x00100000;

/** Which encoding the bytes at `at` make sense in, best first guess; undefined when in none. */
export function sniffEncoding(window: ByteWindow, at: number): Encoding | undefined {
  for (const explicit of [true, false]) {
    for (const bigEndian of [false, true]) {
      const first = headerAt(window, at, explicit, bigEndian);
      if (first === undefined || !isPossible(first, window)) continue;
      const next = first.length === 0xffffffff ? undefined : first.valueOffset + first.length;
      if (next === undefined || next === window.size) return first;
      const second = headerAt(window, next, explicit, bigEndian);
      if (second !== undefined && second.tag > first.tag && fits(second, window)) return first;
      if (explicit && second === undefined && next + 8 > window.size) return first;
    }
  }
  return undefined;
}

const fits = (header: Sniffed, window: ByteWindow): boolean =>
  header.length === 0xffffffff || header.valueOffset + header.length <= window.size;

const isPossible = (header: Sniffed, window: ByteWindow): boolean =>
  fits(header, window) && (isStartTag(header.tag) || (header.tag < 0x7fe00000 && isKnown(header.tag)));

const isKnown = (tag: number): boolean => tag >= 0x00080000 && dictionaryEntry(tag) !== undefined;

function isDatasetAt(window: ByteWindow, at: number): boolean {
  const first = sniffEncoding(window, at);
  if (first === undefined) return false;
  const header = headerAt(window, at, first.explicit, first.bigEndian);
  return header !== undefined && isStartTag(header.tag) && (first.explicit || isKnownStart(header.tag));
}

const isKnownStart = (tag: number): boolean => tag % 65536 === 0 || dictionaryEntry(tag) !== undefined;

/** Reads the elements of group 0002 from `start`; explicit little endian, or whatever their writer made of them. */
function readMeta(window: ByteWindow, start: number, hasPrefix: boolean, flags: Flags): FileStart {
  const first = window.ensure(start, Math.min(12, window.size - start));
  const { bytes } = window;
  const isBig = first >= 0 && bytes[first] === 0 && bytes[first + 1] === 2;
  const isMeta = first >= 0 && ((bytes[first] === 2 && bytes[first + 1] === 0) || isBig);
  if (!isMeta) return { datasetOffset: start, hasPrefix };
  const explicit = vrForm(bytes[first + 4]!, bytes[first + 5]!) > 0;
  if (!explicit || isBig) flags.add('META_ENCODING');
  const texts = new Map<number, string>();
  let declaredEnd: number | undefined;
  let at = start;
  while (at + 8 <= window.size) {
    const quick = explicit && !isBig ? quickMeta(window, at, texts) : -1;
    if (quick > 0) {
      at = quick;
      continue;
    }
    const header = metaHeader(window, at, explicit, isBig);
    if (header === undefined) break;
    if (header.fatal !== undefined)
      return { datasetOffset: at, hasPrefix, fatal: problem(header.fatal, { tag: tagText(header.tag) }) };
    const { tag, valueOffset, length } = header;
    if (tag === 0x00020000) {
      const value = headerAt(window, valueOffset - 4, false, isBig);
      declaredEnd = length === 4 && value !== undefined ? valueOffset + 4 + value.length : undefined;
    } else if (length <= 256) {
      const index = window.ensure(valueOffset, length);
      texts.set(tag, textAt(window.bytes, index, length));
    }
    at = valueOffset + length;
  }
  if (declaredEnd !== at) flags.add('META_LENGTH_WRONG');
  return {
    datasetOffset: at,
    hasPrefix,
    transferSyntaxUID: texts.get(0x00020010) || undefined,
    mediaStorageSOPClassUID: texts.get(0x00020002) || undefined,
    mediaStorageSOPInstanceUID: texts.get(0x00020003) || undefined,
    fatal: at >= window.size ? problem('TRUNCATED_HEADER') : undefined,
  };
}

const textAt = (bytes: Uint8Array, index: number, length: number): string =>
  latin1(bytes, index, trimmedEnd(bytes, index, index + length)).trim();

/** The ordinary element: group 0002, a short VR other than the group length. Gives where the next one starts, or -1. */
function quickMeta(window: ByteWindow, at: number, texts: Map<number, string>): number {
  const index = at - window.start;
  const { bytes } = window;
  if (index < 0 || index + 8 > bytes.length || bytes[index] !== 2 || bytes[index + 1] !== 0) return -1;
  const element = bytes[index + 2]! | (bytes[index + 3]! << 8);
  const length = bytes[index + 6]! | (bytes[index + 7]! << 8);
  const isShort = vrForm(bytes[index + 4]!, bytes[index + 5]!) === 1;
  if (element === 0 || !isShort || length > 256 || index + 8 + length > bytes.length) return -1;
  const isWanted = element === 0x02 || element === 0x03 || element === 0x10;
  if (isWanted) texts.set(0x00020000 + element, textAt(bytes, index + 8, length));
  return at + 8 + length;
}

interface MetaHeader {
  readonly tag: number;
  readonly valueOffset: number;
  readonly length: number;
  readonly fatal?: ProblemCode;
}

/** The next element of group 0002; undefined when the group is over. */
function metaHeader(window: ByteWindow, at: number, explicit: boolean, big: boolean): MetaHeader | undefined {
  const index = window.ensure(at, Math.min(12, window.size - at));
  const { bytes } = window;
  if (index < 0 || bytes[index + (big ? 1 : 0)] !== 2 || bytes[index + (big ? 0 : 1)] !== 0) return undefined;
  const known = headerAt(window, at, explicit, big);
  const implicit = headerAt(window, at, false, big);
  if (implicit === undefined) return undefined;
  const { tag } = implicit;
  // Unknown VR letters: a 32-bit length after two reserved bytes (PS3.5 7.1.2).
  const long = at + 12 <= window.size ? headerAt(window, at + 4, false, big) : undefined;
  const read = long === undefined ? undefined : { ...long, valueOffset: at + 12 };
  // An element of the data set's own implicit VR, repeated at its start.
  const hasLetter = bytes[index + 4]! >= 65;
  const isImplicit = read === undefined || (!hasLetter && !fits(read, window) && fits(implicit, window));
  const header = known ?? (isImplicit ? implicit : read);
  const { valueOffset, length } = header;
  if (valueOffset + length <= window.size) return { tag, valueOffset, length };
  const isCut = length <= 65_536;
  return { tag, valueOffset, length, fatal: isCut ? 'TRUNCATED_HEADER' : 'LENGTH_BEYOND_EOF' };
}
