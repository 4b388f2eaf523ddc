/**
 * Encodes datasets and Part 10 files. Elements are written in tag order whatever order they come in.
 * Sequences and items have explicit lengths.
 */
import type { Dataset, EncapsulatedPixels, WriteElement, WriteValue } from './element.ts';
import { decimalString } from './element.ts';
import { explicitLittleEndian, type WriteSyntax } from './transfer-syntax.ts';

export interface EncodeOptions {
  readonly syntax: WriteSyntax;
  /** Bytes of text in the data set's Specific Character Set; UTF-8 (ISO_IR 192) when left out. */
  readonly encodeText?: (text: string) => Uint8Array;
  /** Raw deflate (RFC 1951), needed for the deflated syntax. */
  readonly deflate?: (bytes: Uint8Array) => Uint8Array;
}

const longHeader = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const numeric: Readonly<Record<string, readonly [bytes: number, setter: string]>> = {
  US: [2, 'setUint16'],
  SS: [2, 'setInt16'],
  UL: [4, 'setUint32'],
  SL: [4, 'setInt32'],
  FL: [4, 'setFloat32'],
  FD: [8, 'setFloat64'],
};

/** Grows by doubling; one buffer per file. */
class ByteSink {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  private room(count: number): number {
    const at = this.length;
    if (at + count > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, at + count));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    this.length = at + count;
    return at;
  }
  u16(value: number, little: boolean): void {
    const at = this.room(2);
    this.view.setUint16(at, value, little);
  }
  u32(value: number, little: boolean): void {
    const at = this.room(4);
    this.view.setUint32(at, value, little);
  }
  setU32(at: number, value: number, little: boolean): void {
    this.view.setUint32(at, value, little);
  }
  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }
  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

const textEncoder = new TextEncoder();
const utf8 = (text: string): Uint8Array => textEncoder.encode(text);
const localised = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

function padded(bytes: Uint8Array, pad: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const out = new Uint8Array(bytes.length + 1);
  out.set(bytes);
  out[bytes.length] = pad;
  return out;
}

function textBytes(vr: string, value: WriteValue, options: EncodeOptions): Uint8Array {
  const list = (Array.isArray(value) ? value : [value]) as readonly (string | number)[];
  const text = list
    .map((item) => (typeof item === 'number' ? (vr === 'DS' ? decimalString(item) : String(item)) : item))
    .join('\\');
  const encode = localised.has(vr) && options.encodeText ? options.encodeText : utf8;
  return padded(encode(text), vr === 'UI' ? 0 : 0x20);
}

function numberBytes(vr: string, value: WriteValue, little: boolean): Uint8Array {
  const [size, setter] = numeric[vr]!;
  const list = (
    typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>)
  ) as readonly number[];
  const out = new Uint8Array(list.length * size);
  const view = new DataView(out.buffer);
  list.forEach((item, n) => {
    const set = view[setter as 'setUint16'] as (at: number, item: number, little: boolean) => void;
    set.call(view, n * size, item, little);
  });
  return out;
}

/** Sixteen-bit words (OW) in the syntax's byte order; bytes pass unchanged. */
function wordBytes(value: WriteValue, little: boolean): Uint8Array {
  if (value instanceof Uint8Array) return padded(value, 0);
  const words = value as Uint16Array | Int16Array | Float32Array;
  const size = words.BYTES_PER_ELEMENT;
  const out = new Uint8Array(words.buffer.slice(words.byteOffset, words.byteOffset + words.byteLength));
  const hostLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (hostLittle !== little)
    for (let at = 0; at < out.length; at += size) out.subarray(at, at + size).reverse();
  return out;
}

function writeItemHeader(sink: ByteSink, elementNumber: number, size: number, little: boolean): number {
  sink.u16(0xfffe, little);
  sink.u16(elementNumber, little);
  sink.u32(size, little);
  return sink.length - 4;
}

/** Basic offset table, then each frame's fragments (PS3.5 A.4). */
function writeFragments(sink: ByteSink, { frames }: EncapsulatedPixels): void {
  const offsets: number[] = [];
  let at = 0;
  for (const fragments of frames) {
    offsets.push(at);
    for (const fragment of fragments) at += 8 + fragment.length + (fragment.length % 2);
  }
  writeItemHeader(sink, 0xe000, frames.length > 1 ? offsets.length * 4 : 0, true);
  if (frames.length > 1) for (const offset of offsets) sink.u32(offset, true);
  for (const fragments of frames)
    for (const fragment of fragments) {
      const even = padded(fragment, 0);
      writeItemHeader(sink, 0xe000, even.length, true);
      sink.raw(even);
    }
  writeItemHeader(sink, 0xe0dd, 0, true);
}

function writeHeader(sink: ByteSink, item: WriteElement, size: number, syntax: WriteSyntax): void {
  const little = syntax.littleEndian;
  sink.u16(item.tag >>> 16, little);
  sink.u16(item.tag & 0xffff, little);
  if (!syntax.explicitVr) {
    sink.u32(size, little);
    return;
  }
  sink.raw(utf8(item.vr));
  if (longHeader.has(item.vr)) {
    sink.u16(0, little);
    sink.u32(size, little);
  } else {
    if (size > 0xffff) throw new Error(`Value of ${item.vr} is too long for a 16-bit length`);
    sink.u16(size, little);
  }
}

function writeElement(sink: ByteSink, item: WriteElement, options: EncodeOptions): void {
  const { syntax } = options;
  const little = syntax.littleEndian;
  if (item.vr === 'SQ') {
    writeHeader(sink, item, 0, syntax);
    const lengthAt = sink.length - 4;
    for (const nested of item.value as readonly Dataset[]) {
      const itemLengthAt = writeItemHeader(sink, 0xe000, 0, little);
      writeDataset(sink, nested, options);
      sink.setU32(itemLengthAt, sink.length - itemLengthAt - 4, little);
    }
    sink.setU32(lengthAt, sink.length - lengthAt - 4, little);
    return;
  }
  if (typeof item.value === 'object' && 'frames' in item.value) {
    writeHeader(sink, { ...item, vr: 'OB' }, 0xffffffff, syntax);
    writeFragments(sink, item.value);
    return;
  }
  const bytes =
    item.vr in numeric
      ? numberBytes(item.vr, item.value, little)
      : typeof item.value === 'object' && ArrayBuffer.isView(item.value)
        ? wordBytes(item.value, little)
        : item.vr === 'AT'
          ? tagBytes(item.value, little)
          : textBytes(item.vr, item.value, options);
  writeHeader(sink, item, bytes.length, syntax);
  sink.raw(bytes);
}

function tagBytes(value: WriteValue, little: boolean): Uint8Array {
  const tags = (Array.isArray(value) ? value : [value]) as readonly number[];
  return numberBytes(
    'US',
    tags.flatMap((tag) => [tag >>> 16, tag & 0xffff]),
    little,
  );
}

function writeDataset(sink: ByteSink, dataset: Dataset, options: EncodeOptions): void {
  const sorted = [...dataset].sort((a, b) => (a.tag >>> 0) - (b.tag >>> 0));
  for (const item of sorted) writeElement(sink, item, options);
}

/** A data set without preamble and meta information. */
export function encodeDataset(dataset: Dataset, options: EncodeOptions): Uint8Array {
  const sink = new ByteSink();
  writeDataset(sink, dataset, options);
  return sink.done();
}

export const candelaImplementation = {
  classUid: '2.25.171604319021553104238174611907412736512',
  versionName: 'CANDELA_1',
} as const;

/**
 * A complete Part 10 file (PS3.10 section 7). SOP class and instance come from the data set's
 * (0008,0016) and (0008,0018).
 */
export function encodePart10(dataset: Dataset, options: EncodeOptions): Uint8Array {
  const uidOf = (tag: number): string => String(dataset.find((item) => item.tag === tag)?.value ?? '');
  const meta: Dataset = [
    { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: 'UI', value: uidOf(0x00080016) },
    { tag: 0x00020003, vr: 'UI', value: uidOf(0x00080018) },
    { tag: 0x00020010, vr: 'UI', value: options.syntax.uid },
    { tag: 0x00020012, vr: 'UI', value: candelaImplementation.classUid },
    { tag: 0x00020013, vr: 'SH', value: candelaImplementation.versionName },
  ];
  const metaOptions: EncodeOptions = { syntax: explicitLittleEndian };
  const metaBytes = encodeDataset(meta, metaOptions);
  const sink = new ByteSink();
  sink.raw(new Uint8Array(128));
  sink.raw(utf8('DICM'));
  writeElement(sink, { tag: 0x00020000, vr: 'UL', value: metaBytes.length }, metaOptions);
  sink.raw(metaBytes);
  if (!options.syntax.deflated) {
    writeDataset(sink, dataset, options);
    return sink.done();
  }
  if (!options.deflate) throw new Error('The deflated transfer syntax needs a deflate function');
  sink.raw(padded(options.deflate(encodeDataset(dataset, options)), 0));
  return sink.done();
}
