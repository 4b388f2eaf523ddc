import type { ByteWindow } from './byte-source.ts';
import { vrForm } from './vr.ts';

/** Where an element's value is, by one reading of its header. */
export interface HeaderReading {
  readonly implicit: boolean;
  readonly offset: number;
  readonly length: number;
}

const undefinedLength = 0xffffffff;

const uint16 = (bytes: Uint8Array, index: number, bigEndian: boolean): number =>
  bigEndian ? (bytes[index]! << 8) | bytes[index + 1]! : bytes[index]! | (bytes[index + 1]! << 8);

const uint32 = (bytes: Uint8Array, index: number, bigEndian: boolean): number =>
  bigEndian
    ? uint16(bytes, index, true) * 65536 + uint16(bytes, index + 2, true)
    : uint16(bytes, index + 2, false) * 65536 + uint16(bytes, index, false);

const tagAt = (bytes: Uint8Array, index: number, bigEndian: boolean): number =>
  uint16(bytes, index, bigEndian) * 65536 + uint16(bytes, index + 2, bigEndian);

/**
 * Whether `offset` looks like the start of an element above `afterTag` (in explicit or implicit VR), of an item or
 * delimiter, or is the end of the container.
 */
export function isPlausible(
  window: ByteWindow,
  offset: number,
  limit: number,
  afterTag: number,
  bigEndian: boolean,
): boolean {
  if (offset === limit) return true;
  if (offset + 8 > limit) return false;
  const index = window.ensure(offset, Math.min(12, window.size - offset));
  if (index < 0) return false;
  const { bytes } = window;
  const tag = tagAt(bytes, index, bigEndian);
  if (tag === 0xfffee000 || tag === 0xfffee00d || tag === 0xfffee0dd) return true;
  if (tag <= afterTag || tag < 0x00020000) return false;
  const form = vrForm(bytes[index + 4]!, bytes[index + 5]!);
  const long =
    form === 2 && offset + 12 <= limit
      ? uint32(bytes, index + 8, bigEndian)
      : uint32(bytes, index + 4, bigEndian);
  const length = form === 1 ? uint16(bytes, index + 6, bigEndian) : long;
  return length === undefinedLength || offset + (form === 2 ? 12 : 8) + length <= limit;
}

/**
 * The likeliest reading of a header whose VR letters are not valid: unknown VR with a 32-bit length, with a 16-bit
 * length, or implicit VR. Undefined when none leads to something that looks like a data set.
 */
export function readHeader(
  window: ByteWindow,
  at: number,
  limit: number,
  bigEndian: boolean,
): HeaderReading | undefined {
  const index = window.ensure(at, Math.min(12, window.size - at));
  if (index < 0) return undefined;
  const { bytes } = window;
  const tag = tagAt(bytes, index, bigEndian);
  const hasLetters = bytes[index + 4]! >= 65 && bytes[index + 4]! <= 90;
  const short = { implicit: false, offset: at + 8, length: uint16(bytes, index + 6, bigEndian) };
  const implicit = { implicit: true, offset: at + 8, length: uint32(bytes, index + 4, bigEndian) };
  const isReserved = at + 12 <= limit && bytes[index + 6] === 0 && bytes[index + 7] === 0;
  const long = isReserved
    ? [{ implicit: false, offset: at + 12, length: uint32(bytes, index + 8, bigEndian) }]
    : [];
  for (const reading of hasLetters ? [...long, short, implicit] : [implicit, short, ...long]) {
    if (reading.length === undefinedLength) {
      const item = window.ensure(reading.offset, 8);
      if (item >= 0 && tagAt(window.bytes, item, bigEndian) === 0xfffee000) return reading;
    } else if (isPlausible(window, reading.offset + reading.length, limit, tag, bigEndian)) return reading;
  }
  return undefined;
}

/** First bytes of what gets appended to files: ZIP, RAR, HTML, scripts, PDF, programs. */
const foreignStarts = ['PK', 'Rar!', '<', '#!', '%PDF', 'MZ', '\u007fELF'];

/** Whether another file format starts at `at`. */
export function isForeign(window: ByteWindow, at: number): boolean {
  const index = window.ensure(at, Math.min(4, window.size - at));
  if (index < 0) return false;
  return foreignStarts.some((start) =>
    [...start].every((letter, i) => window.bytes[index + i] === letter.charCodeAt(0)),
  );
}
