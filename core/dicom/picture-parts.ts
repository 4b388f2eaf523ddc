import type { Flags } from './flags.ts';
import type { Item, ItemValue } from './items.ts';
import { limits } from './limits.ts';
import type { LookupTable, Overlay, Palette, Shutter, UltrasoundRegion } from './types.ts';
import { latin1, readNumber, readNumbers, trimmedEnd } from './values.ts';
import { VR, vrCode } from './vr.ts';

/** Values of the data set's top level that are kept as bytes until the walk is over, by tag. */
export type RawValues = ReadonlyMap<number, ItemValue>;

/** Numbers of a raw value; `fallbackVr` where the file does not tell its VR. */
export const numbersOf = (value: ItemValue | undefined, fallbackVr: number): readonly number[] => {
  if (value === undefined) return [];
  const vr = value.vr === 0 || value.vr === VR.UN ? fallbackVr : value.vr;
  return readNumbers(value.bytes, 0, value.bytes.length, vr, value.bigEndian).values;
};

export const textOf = (value: ItemValue | undefined): string | undefined =>
  value === undefined || value.bytes.length === 0
    ? undefined
    : latin1(value.bytes, 0, trimmedEnd(value.bytes, 0, value.bytes.length)).trim();

/** 16-bit words of OW, US, SS or UN data. */
function words(value: ItemValue): Uint16Array {
  const count = Math.floor(value.bytes.length / 2);
  const out = new Uint16Array(count);
  for (let i = 0; i < count; i++) out[i] = readNumber(value.bytes, 2 * i, VR.US, value.bigEndian);
  return out;
}

interface Descriptor {
  readonly entries: number;
  readonly firstMapped: number;
  readonly bits: number;
}

/** [entries, first mapped value, bits] (PS3.3 C.11.1.1.1); 0 entries stand for 65,536. A first value below 0 says that it is signed. */
function descriptorOf(value: ItemValue | undefined, isSigned: boolean): Descriptor | undefined {
  const [entries, first, bits] = numbersOf(value, VR.US);
  if (entries === undefined || first === undefined || bits === undefined || bits < 1 || bits > 16)
    return undefined;
  const unsignedFirst = first < 0 ? first + 65_536 : first;
  const isNegative = first < 0 || (isSigned && unsignedFirst >= 32_768);
  const firstMapped = isNegative ? unsignedFirst - 65_536 : unsignedFirst;
  const count = entries < 0 ? entries + 65_536 : entries;
  return { entries: count === 0 ? 65_536 : count, firstMapped, bits };
}

/** Entries of a table: 16-bit words, or bytes when the data is half as long or the table says 8 bits. */
function tableData(value: ItemValue, descriptor: Descriptor): Uint16Array | undefined {
  const { entries, bits } = descriptor;
  const { length } = value.bytes;
  if (length >= entries * 2) return words(value).subarray(0, entries);
  // Eight-bit entries are packed two a word (PS3.3 C.11.1.1.1); in big endian words the pairs are swapped.
  if (bits > 8 || length < entries) return undefined;
  const isSwapped = value.bigEndian && value.vr !== VR.OB;
  return Uint16Array.from({ length: entries }, (_, i) => value.bytes[isSwapped ? i ^ 1 : i] ?? 0);
}

/** Bits of the entries as declared, or more where one does not fit: by the declared ones nearly all would be white. */
function depthOf({ bits }: Descriptor, data: Uint16Array, flags: Flags): number {
  const found = 32 - Math.clz32(data.reduce((most, entry) => Math.max(most, entry), 0));
  if (found <= bits) return bits;
  flags.add('BIT_DEPTH', { stored: bits, found });
  return found;
}

/** The items of a Modality LUT or VOI LUT Sequence. Items that cannot be used are left out and flagged. */
export function lookupTables(
  items: readonly Item[],
  isSigned: boolean,
  flags: Flags,
): readonly LookupTable[] {
  const tables: LookupTable[] = [];
  for (const item of items) {
    const descriptor = descriptorOf(item.get(0x00283002), isSigned);
    const value = item.get(0x00283006);
    const data = descriptor === undefined || value === undefined ? undefined : tableData(value, descriptor);
    if (descriptor === undefined || data === undefined || tables.length >= limits.luts) {
      flags.add('LUT_INVALID');
      continue;
    }
    const explanation = textOf(item.get(0x00283003));
    const type = textOf(item.get(0x00283004));
    tables.push({
      firstMapped: descriptor.firstMapped,
      bits: depthOf(descriptor, data, flags),
      data,
      ...(explanation !== undefined && { explanation }),
      ...(type !== undefined && { type }),
    });
  }
  return tables;
}

/**
 * Expands a segmented palette (PS3.3 C.7.9.2): discrete, linear and indirect segments.
 * @param data fields of 16 bits, or of 8 where the table is that deep.
 */
export function expandSegments(data: Uint16Array | Uint8Array, entries: number): Uint16Array | undefined {
  const out = new Uint16Array(entries);
  let filled = 0;
  const put = (value: number): void => {
    if (filled < entries) out[filled] = value;
    filled++;
  };
  /** Runs one segment at `at`; gives the position after it, or -1. */
  const segment = (at: number, mayJump: boolean): number => {
    const [opcode, length] = [data[at], data[at + 1]];
    if (opcode === undefined || length === undefined || filled > entries) return -1;
    if (opcode === 0) {
      if (at + 2 + length > data.length) return -1;
      for (let i = 0; i < length; i++) put(data[at + 2 + i]!);
      return at + 2 + length;
    }
    if (opcode === 1) {
      const end = data[at + 2];
      if (end === undefined || filled === 0) return -1;
      const start = out[Math.min(filled, entries) - 1]!;
      for (let i = 1; i <= length; i++) put(Math.floor(start + ((end - start) * i) / length + 0.5));
      return at + 3;
    }
    // A byte offset of four bytes, least significant first.
    const size = data.BYTES_PER_ELEMENT;
    const end = at + 2 + 4 / size;
    if (opcode !== 2 || !mayJump || end > data.length) return -1;
    const offset = [...data.slice(at + 2, end)].reduceRight((sum, field) => sum * 256 ** size + field, 0);
    let target = offset / size;
    for (let i = 0; i < length; i++) {
      target = segment(target, false);
      if (target < 0) return -1;
    }
    return end;
  };
  for (let at = 0; at < data.length && filled < entries; ) {
    at = segment(at, true);
    if (at < 0) return undefined;
  }
  return filled === entries ? out : undefined;
}

/** Fields of tables 8 bits deep are bytes (C.7.9.2); some makers write words all the same. */
function expandedTable(value: ItemValue, { entries, bits }: Descriptor): Uint16Array | undefined {
  const byWords = expandSegments(words(value), entries);
  if (byWords !== undefined || bits > 8) return byWords;
  const isSwapped = value.bigEndian && value.vr !== VR.OB;
  return expandSegments(isSwapped ? value.bytes.map((_, n, all) => all[n ^ 1] ?? 0) : value.bytes, entries);
}

const paletteTags = [
  [0x00281101, 0x00281201, 0x00281221],
  [0x00281102, 0x00281202, 0x00281222],
  [0x00281103, 0x00281203, 0x00281223],
] as const;

/** Tags whose bytes the scan keeps for pictures. */
const rawPictureTags: ReadonlySet<number> = new Set([
  ...paletteTags.flat(),
  0x00181600,
  0x00181602,
  0x00181604,
  0x00181606,
  0x00181608,
  0x00181610,
  0x00181612,
  0x00181620,
  0x00181622,
]);

/** The palette of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5); undefined without one. */
export function paletteOf(raw: RawValues, isSigned: boolean, flags: Flags): Palette | undefined {
  if (raw.size === 0 || !paletteTags.flat().some((tag) => raw.has(tag))) return undefined;
  const channels: LookupTable[] = [];
  for (const [descriptorTag, dataTag, segmentedTag] of paletteTags) {
    const descriptor = descriptorOf(raw.get(descriptorTag), isSigned);
    const plain = raw.get(dataTag);
    const segmented = raw.get(segmentedTag);
    if (descriptor === undefined) continue;
    const data =
      plain !== undefined && plain.bytes.length > 0
        ? tableData(plain, descriptor)
        : segmented && expandedTable(segmented, descriptor);
    if (data !== undefined)
      channels.push({ firstMapped: descriptor.firstMapped, bits: descriptor.bits, data });
  }
  const [red, green, blue] = channels;
  if (red === undefined || green === undefined || blue === undefined) {
    flags.add('LUT_INVALID');
    return undefined;
  }
  return { red, green, blue };
}

/** Elements of an overlay group that are kept. */
const overlayElements: readonly number[] = [
  0x0010, 0x0011, 0x0015, 0x0040, 0x0050, 0x0051, 0x0100, 0x0102, 0x1500, 0x3000,
];
/** Pixels of all overlay planes of an object together, a byte each once unpacked. */
const maxOverlayPixels = 64 * 1024 * 1024;

/** Whether the scan keeps a tag's bytes for `paletteOf`, `overlaysOf` or `shutterOf`. */
export function isRawPictureTag(tag: number): boolean {
  if (tag < 0x60000000) return rawPictureTags.has(tag);
  return tag < 0x601f0000 && Math.floor(tag / 65_536) % 2 === 0 && overlayElements.includes(tag % 65_536);
}

/**
 * Overlay planes (PS3.3 C.9.2) from the raw values of groups 6000–601E.
 * @param lowestStored the lowest bit of a cell that belongs to the pixel's value: below it planes may lie, too.
 */
export function overlaysOf(raw: RawValues, flags: Flags, lowestStored = 0): readonly Overlay[] {
  const overlays: Overlay[] = [];
  let pixels = 0;
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const value = (element: number): ItemValue | undefined => raw.get(group * 65_536 + element);
    const number = (element: number, vr: number): number | undefined => numbersOf(value(element), vr)[0];
    const rows = number(0x0010, VR.US);
    const columns = number(0x0011, VR.US);
    if (rows === undefined || columns === undefined) {
      if (value(0x3000)) flags.add('VALUE_INVALID', { keyword: 'OverlayRows' });
      continue;
    }
    const frames = Math.max(1, number(0x0015, vrCode('IS')) ?? 1);
    const [row = 1, column = 1] = numbersOf(value(0x0050), VR.SS);
    const bits = value(0x3000);
    const count = rows * columns * frames;
    const isWhole = bits !== undefined && bits.bytes.length * 8 >= count && count > 0;
    if (isWhole) pixels += count;
    if (bits !== undefined && (!isWhole || pixels > maxOverlayPixels)) {
      flags.add('VALUE_INVALID', { keyword: 'OverlayData' });
      continue;
    }
    const bitPosition = number(0x0102, VR.US) ?? 0;
    // Without data of its own a plane lives in an unused bit of the pixel cells, or nowhere.
    const isInCells = bitPosition > 0 || lowestStored > 0;
    if (bits === undefined && (!isInCells || (number(0x0100, VR.US) ?? 1) <= 1)) continue;
    const label = textOf(value(0x1500));
    overlays.push({
      group,
      rows,
      columns,
      origin: [row, column],
      type: textOf(value(0x0040)) === 'R' ? 'R' : 'G',
      frames,
      firstFrame: number(0x0051, VR.US) ?? 1,
      bitPosition,
      ...(bits !== undefined && { data: unpackBits(bits, count) }),
      ...(label !== undefined && { label }),
    });
  }
  return overlays;
}

/** One byte a bit, least significant bit first; words in big endian data sets are swapped back. */
function unpackBits(value: ItemValue, count: number): Uint8Array {
  const isSwapped = value.bigEndian && value.vr !== VR.OB;
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const byte = i >> 3;
    out[i] = (value.bytes[isSwapped ? byte ^ 1 : byte]! >> (i & 7)) & 1;
  }
  return out;
}

/** The display shutter (PS3.3 C.7.6.11), also the plain display shutter's presentation value. */
export function shutterOf(raw: RawValues): Shutter | undefined {
  const shapes = (textOf(raw.get(0x00181600)) ?? '').split('\\').map((shape) => shape.trim());
  const ints = (tag: number): readonly number[] => numbersOf(raw.get(tag), vrCode('IS'));
  const [left, right, top, bottom] = [0x00181602, 0x00181604, 0x00181606, 0x00181608].map(
    (tag) => ints(tag)[0],
  );
  const hasRectangle = [left, right, top, bottom].every((edge) => edge !== undefined);
  const [row, column] = ints(0x00181610);
  const radius = ints(0x00181612)[0];
  const vertices = ints(0x00181620);
  const polygon: [number, number][] = [];
  for (let i = 0; i + 1 < vertices.length; i += 2) polygon.push([vertices[i]!, vertices[i + 1]!]);
  const presentationValue = numbersOf(raw.get(0x00181622), VR.US)[0];
  const shutter: Shutter = {
    ...(shapes.includes('RECTANGULAR') &&
      hasRectangle && { rectangle: { left: left!, right: right!, top: top!, bottom: bottom! } }),
    ...(shapes.includes('CIRCULAR') &&
      row !== undefined &&
      column !== undefined &&
      radius !== undefined && { circle: { row, column, radius } }),
    ...(shapes.includes('POLYGONAL') && polygon.length > 2 && { polygon }),
    ...(presentationValue !== undefined && { presentationValue }),
  };
  return shutter.rectangle || shutter.circle || shutter.polygon ? shutter : undefined;
}

/** Ultrasound regions (PS3.3 C.8.5.5) from Sequence of Ultrasound Regions (0018,6011). */
export function regionsOf(items: readonly Item[]): readonly UltrasoundRegion[] {
  const regions: UltrasoundRegion[] = [];
  for (const item of items) {
    const int = (tag: number, vr: number): number | undefined => numbersOf(item.get(tag), vr)[0];
    const [x0, y0] = [int(0x00186018, VR.UL), int(0x0018601a, VR.UL)];
    const [x1, y1] = [int(0x0018601c, VR.UL), int(0x0018601e, VR.UL)];
    if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) continue;
    regions.push({
      x0,
      y0,
      x1,
      y1,
      spatialFormat: int(0x00186012, VR.US) ?? 0,
      physicalUnitsX: int(0x00186024, VR.US) ?? 0,
      physicalUnitsY: int(0x00186026, VR.US) ?? 0,
      physicalDeltaX: int(0x0018602c, VR.FD) ?? 0,
      physicalDeltaY: int(0x0018602e, VR.FD) ?? 0,
    });
  }
  return regions;
}
