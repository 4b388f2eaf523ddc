import { VR } from './vr.ts';

/** Text of single bytes (Latin-1), without padding at the end. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let i = start;
  for (; i + 8 <= end; i += 8) {
    text += String.fromCharCode(
      bytes[i]!,
      bytes[i + 1]!,
      bytes[i + 2]!,
      bytes[i + 3]!,
      bytes[i + 4]!,
      bytes[i + 5]!,
      bytes[i + 6]!,
      bytes[i + 7]!,
    );
  }
  for (; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** End of a value without trailing spaces and NULs. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0)) last--;
  return last;
}

/** Start of a value without leading spaces. */
export function trimmedStart(bytes: Uint8Array, start: number, end: number): number {
  let first = start;
  while (first < end && bytes[first] === 0x20) first++;
  return first;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number written as text (DS or IS, PS3.5 6.2), lenient in length; undefined when it is none. */
export function parseDecimal(text: string): number | undefined {
  const value = Number(text);
  if (Number.isFinite(value) && text.length > 0 && text.length < 10) {
    // Number() also takes hexadecimal and the like.
    const second = text.charCodeAt(1);
    if (!(second >= 65) || decimal.test(text)) return value;
    return undefined;
  }
  if (!decimal.test(text)) return undefined;
  return Number.isFinite(value) ? value : undefined;
}

/** An unsigned integer of up to eight digits; undefined for anything else. */
export function smallInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start > 8) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** Bytes of one binary value; 0 when the VR is not a binary number. */
export function numberSize(vr: number): number {
  switch (vr) {
    case VR.US:
    case VR.SS:
    case VR.OW:
      return 2;
    case VR.UL:
    case VR.SL:
    case VR.FL:
    case VR.AT:
    case VR.OF:
    case VR.OL:
      return 4;
    case VR.FD:
    case VR.SV:
    case VR.UV:
    case VR.OD:
    case VR.OV:
      return 8;
    case VR.OB:
      return 1;
    default:
      return 0;
  }
}

/** One binary number of a VR. 64-bit integers lose precision above 2^53. */
export function readNumber(bytes: Uint8Array, index: number, vr: number, bigEndian: boolean): number {
  if (vr === VR.US || vr === VR.OW) {
    return bigEndian ? (bytes[index]! << 8) | bytes[index + 1]! : bytes[index]! | (bytes[index + 1]! << 8);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (vr) {
    case VR.SS:
      return view.getInt16(index, !bigEndian);
    case VR.UL:
    case VR.OL:
      return view.getUint32(index, !bigEndian);
    case VR.AT:
      return view.getUint16(index, !bigEndian) * 65536 + view.getUint16(index + 2, !bigEndian);
    case VR.SL:
      return view.getInt32(index, !bigEndian);
    case VR.FL:
    case VR.OF:
      return view.getFloat32(index, !bigEndian);
    case VR.FD:
    case VR.OD:
      return view.getFloat64(index, !bigEndian);
    case VR.SV:
      return Number(view.getBigInt64(index, !bigEndian));
    case VR.UV:
    case VR.OV:
      return Number(view.getBigUint64(index, !bigEndian));
    default:
      return bytes[index]!;
  }
}

/** Numbers of a value, binary or text; `valid` is false when one of them cannot be read. */
export interface Numbers {
  readonly values: readonly number[];
  readonly valid: boolean;
  /** A decimal comma was read as the point that is meant. */
  readonly comma?: true;
}

/** One comma for a point. `1,250` may as well be a thousand and more, and is neither. */
function withComma(text: string): number | undefined {
  return /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text) ? undefined : parseDecimal(text.replace(',', '.'));
}

/** Reads a multi-valued number. Unreadable parts are left out. */
export function readNumbers(
  bytes: Uint8Array,
  start: number,
  length: number,
  vr: number,
  bigEndian: boolean,
): Numbers {
  const size = numberSize(vr);
  const values: number[] = [];
  if (size > 0) {
    for (let at = start; at + size <= start + length; at += size) {
      values.push(readNumber(bytes, at, vr, bigEndian));
    }
    return { values, valid: length % size === 0 };
  }
  const end = trimmedEnd(bytes, start, start + length);
  let valid = true;
  let comma = false;
  for (let at = start; at <= end; ) {
    let stop = at;
    while (stop < end && bytes[stop] !== 0x5c) stop++;
    const first = trimmedStart(bytes, at, stop);
    const last = trimmedEnd(bytes, first, stop);
    if (last > first) {
      const text = latin1(bytes, first, last);
      const value = parseDecimal(text);
      const meant = value ?? (vr === VR.DS ? withComma(text) : undefined);
      if (value === undefined && meant !== undefined) comma = true;
      if (meant !== undefined) values.push(meant);
      if (value === undefined || last - first > 16) valid = false;
    } else if (end > start) valid = false;
    at = stop + 1;
  }
  return { values, valid, ...(comma && { comma }) };
}
