import type { ByteWindow } from './byte-source.ts';
import { type Codestream, sniffCodestream } from './codestream.ts';
import { plainSyntax } from './encoding.ts';
import { Flags } from './flags.ts';
import { walkFragments } from './fragments.ts';
import { type Encapsulated, frameTable, startsRle } from './frame-table.ts';
import { limits } from './limits.ts';
import type { PixelElement } from './pixel-element.ts';
import { bitsOfStream, type StreamBits } from './stream-bits.ts';
import { type PixelCoding, type TransferSyntax, transferSyntaxOf } from './tables/transfer-syntaxes.ts';
import type { Attributes, ByteRange, PixelLocation } from './types.ts';
import type { Encoding } from './walker-token.ts';

interface Context {
  readonly dataset: ByteWindow;
  readonly flags: Flags;
  readonly transferSyntaxUID: string;
  /** How the data set around the pixels is really written. */
  readonly encoding: Encoding;
}

export interface LocatedPixels {
  readonly pixel: PixelLocation;
  /** Corrected where the pixels are plainly coded otherwise than declared. */
  readonly transferSyntaxUID: string;
  /** Of the streams, where the header's cannot hold for them. */
  readonly bits?: StreamBits;
}

const rleLossless = '1.2.840.10008.1.2.5';
const encapsulatedUncompressed = '1.2.840.10008.1.2.1.98';

/** Syntaxes that stand for what a stream was recognised as. */
const syntaxOfCoding: Readonly<Partial<Record<PixelCoding, string>>> = {
  jpeg8: '1.2.840.10008.1.2.4.50',
  jpeg12: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.57',
  jpegLs: '1.2.840.10008.1.2.4.81',
  jpeg2000: '1.2.840.10008.1.2.4.91',
  htj2k: '1.2.840.10008.1.2.4.203',
};

/** Turns the pixel data element into frames, and checks its coding against the transfer syntax. */
export function locatePixels(element: PixelElement, attributes: Attributes, context: Context): LocatedPixels {
  const { flags, transferSyntaxUID } = context;
  const syntax = transferSyntaxOf(transferSyntaxUID);
  if (syntax?.status === 'kept')
    flags.add(syntax.coding === 'video' ? 'VIDEO_KEPT' : 'TS_UNSUPPORTED', { transferSyntax: syntax.name });
  if (element.kind === 'none') return { pixel: element, transferSyntaxUID };
  if (element.kind === 'native') {
    if (element.range.length === 0) return { pixel: { kind: 'none' }, transferSyntaxUID };
    if (syntax === undefined || !syntax.encapsulated) {
      const isStream = syntax?.coding === 'native' && holdsStream(element.range, attributes, context.dataset);
      if (isStream) return locateFrames({ fragments: [element.range] }, attributes, context);
      if (syntax?.bigEndian && holdsTurnedStream(element.range, attributes, context.dataset)) {
        // No decoder takes it, and its bytes are no picture.
        flags.add('PIXEL_ENCODING_MISMATCH', { declared: syntax.name });
        const pixel = { kind: 'encapsulated', frames: [[element.range]] } as const;
        return { pixel, transferSyntaxUID: syntaxOfCoding.jpeg8 ?? transferSyntaxUID };
      }
      // Bytes in big endian words: gdcm takes them as they lie, dcmtk swaps their pairs.
      if (syntax?.bigEndianPixels && attributes.BitsAllocated === 8) flags.add('BYTE_ORDER_GUESSED');
      // A cell of two big endian words: pydicom takes the upper one first, dcmtk the lower.
      if (element.words && attributes.BitsAllocated === 32) flags.add('BYTE_ORDER_GUESSED');
      return { pixel: element, transferSyntaxUID };
    }
    flags.add('PIXEL_ENCODING_MISMATCH', { declared: syntax.name });
    const pixel = fragmentsWithin(element.range, syntax, context);
    if (pixel !== undefined) return locateFrames(pixel, attributes, context);
    // Whoever wrote uncompressed pixels wrote them as the rest of the data set.
    return { pixel: element, transferSyntaxUID: plainSyntax(context.encoding) };
  }
  if (syntax?.coding === 'video') {
    // One stream over all fragments; frames are not separate in the file.
    const { fragments } = element.pixel;
    return {
      pixel: { kind: 'encapsulated', frames: fragments.length > 0 ? [fragments] : [] },
      transferSyntaxUID,
    };
  }
  return locateFrames(element.pixel, attributes, context);
}

/** Whether pixels that are called uncompressed are too few, and one stream of a picture of the declared size. */
function holdsStream(range: ByteRange, attributes: Attributes, dataset: ByteWindow): boolean {
  const stream = isTooShort(range, attributes) ? sniffCodestream(dataset, [range]) : undefined;
  return (
    stream?.rows !== undefined && stream.rows === attributes.Rows && stream.columns === attributes.Columns
  );
}

function isTooShort({ length }: ByteRange, attributes: Attributes): boolean {
  const { Rows = 0, Columns = 0, SamplesPerPixel = 1, BitsAllocated = 8 } = attributes;
  return length * 8 < Rows * Columns * SamplesPerPixel * BitsAllocated * declaredFrames(attributes);
}

/** Whether too few pixels begin as a JPEG or JPEG 2000 stream whose bytes were turned in pairs, as 16-bit words are. */
function holdsTurnedStream(range: ByteRange, attributes: Attributes, dataset: ByteWindow): boolean {
  const head = isTooShort(range, attributes) && range.length >= 4 ? dataset.copy(range.offset, 4) : undefined;
  const isJpeg = head?.[1] === 0xff && head[0] === 0xd8 && head[3] === 0xff;
  return isJpeg || (head?.[1] === 0xff && head[0] === 0x4f && head[3] === 0xff && head[2] === 0x51);
}

/**
 * Encapsulated pixels in an element that has a length, which PS3.5 A.4 forbids: items, or one stream without any.
 * Undefined for what is neither.
 */
function fragmentsWithin(
  range: ByteRange,
  syntax: TransferSyntax,
  context: Context,
): Encapsulated | undefined {
  const { dataset } = context;
  const isStream = sniffCodestream(dataset, [range]) !== undefined;
  if (isStream || (syntax.coding === 'rle' && startsRle(range, dataset))) return { fragments: [range] };
  const end = range.offset + range.length;
  const items: ByteRange[] = [];
  walkFragments(dataset, range.offset, new Flags(), (offset, length) => {
    if (offset + length <= end) items.push({ offset, length });
  });
  const [basicTable, ...fragments] = items;
  return basicTable === undefined || fragments.length === 0 ? undefined : { fragments, basicTable };
}

function locateFrames(found: Encapsulated, attributes: Attributes, context: Context): LocatedPixels {
  const pixel = withoutFalseTable(found, context);
  const { flags, transferSyntaxUID } = context;
  const syntax = transferSyntaxOf(transferSyntaxUID);
  const filled = pixel.fragments.findIndex((fragment) => fragment.length > 0);
  const first = pixel.fragments[filled];
  const stream =
    first === undefined ? undefined : sniffCodestream(context.dataset, pixel.fragments.slice(filled));
  const corrected =
    stream === undefined && first !== undefined
      ? withoutStream(syntax, first, pixel.fragments, attributes, context)
      : correctedSyntax(syntax, stream, context);
  checkStream(stream, attributes, flags);
  const bits = bitsOfStream(stream, attributes);
  if (bits) flags.add('BIT_DEPTH', { stored: bits.BitsStored, high: bits.HighBit });
  const frames = frameTable(pixel, {
    window: context.dataset,
    flags,
    frames: declaredFrames(attributes),
    endMarker: stream === undefined ? undefined : [0xff, 0xd9],
    isRle: stream === undefined && transferSyntaxOf(corrected)?.coding === 'rle',
    segmentBytes: planeBytes(attributes),
  });
  return { pixel: { kind: 'encapsulated', frames }, transferSyntaxUID: corrected, ...(bits && { bits }) };
}

/** Who leaves the offset table out puts the first frame in its place; a table begins with zeros, no frame does. */
function withoutFalseTable(pixel: Encapsulated, { dataset, flags }: Context): Encapsulated {
  const { basicTable, ...rest } = pixel;
  if (basicTable === undefined || basicTable.length < 16) return pixel;
  if (sniffCodestream(dataset, [basicTable]) === undefined && !startsRle(basicTable, dataset)) return pixel;
  flags.add('BOT_INVALID');
  return { ...rest, fragments: [basicTable, ...pixel.fragments] };
}

/** Of one byte of each pixel; one-bit pixels are packed. */
const planeBytes = ({ Rows = 0, Columns = 0, BitsAllocated }: Attributes): number =>
  BitsAllocated === 1 ? Math.ceil((Rows * Columns) / 8) : Rows * Columns;

const declaredFrames = (attributes: Attributes): number => {
  const frames = attributes.NumberOfFrames ?? 1;
  return frames >= 1 && Number.isInteger(frames) ? frames : 1;
};

/** jpeg8 and jpeg12 are one family: extended JPEG may hold 8 bits. HTJ2K is valid within JPEG 2000 decoders only. */
const isCompatible = (declared: TransferSyntax, stream: Codestream): boolean =>
  declared.coding === stream.coding || (declared.coding === 'jpeg12' && stream.coding === 'jpeg8');

/** Fragments that hold none of the known streams: RLE, uncompressed frames where the lengths say so, or what is declared. */
function withoutStream(
  syntax: TransferSyntax | undefined,
  first: ByteRange,
  fragments: readonly ByteRange[],
  attributes: Attributes,
  { dataset, flags, transferSyntaxUID, encoding }: Context,
): string {
  if (syntax === undefined || syntax.coding === 'deflatedFrame') return transferSyntaxUID;
  const isRle = startsRle(first, dataset);
  const isNative = !isRle && areFrames(fragments, attributes);
  const isDeclared = syntax.encapsulated && (syntax.coding === 'rle' ? isRle : syntax.coding === 'native');
  if (isDeclared || (syntax.encapsulated && !isRle && !isNative)) return transferSyntaxUID;
  flags.add('PIXEL_ENCODING_MISMATCH', { declared: syntax.name });
  if (isRle) return rleLossless;
  // Items are little endian always; what lies in them here, nobody says.
  if (encoding.bigEndian && (attributes.BitsAllocated ?? 0) > 8) flags.add('BYTE_ORDER_GUESSED');
  return encoding.bigEndian ? transferSyntaxUID : encapsulatedUncompressed;
}

/** Whether each fragment, or all of them for one frame, is exactly as long as an uncompressed frame. */
function areFrames(fragments: readonly ByteRange[], attributes: Attributes): boolean {
  const { Rows = 0, Columns = 0, SamplesPerPixel = 1, BitsAllocated = 0 } = attributes;
  const frameBytes = Math.ceil((Rows * Columns * SamplesPerPixel * BitsAllocated) / 8);
  const frames = declaredFrames(attributes);
  const lengths = fragments.map(({ length }) => length);
  const isWhole = (length: number): boolean => length === frameBytes + (frameBytes % 2);
  if (frameBytes === 0) return false;
  if (frames === 1) return isWhole(lengths.reduce((sum, length) => sum + length, 0));
  return lengths.length === frames && lengths.every(isWhole);
}

function correctedSyntax(
  syntax: TransferSyntax | undefined,
  stream: Codestream | undefined,
  { flags, transferSyntaxUID }: Context,
): string {
  if (syntax === undefined || stream === undefined) return transferSyntaxUID;
  const isUnknownCoding = syntax.coding === 'video' || syntax.coding === 'none';
  if (isUnknownCoding || (syntax.encapsulated && isCompatible(syntax, stream))) return transferSyntaxUID;
  flags.add('PIXEL_ENCODING_MISMATCH', { declared: syntax.name, found: stream.coding });
  return syntaxOfCoding[stream.coding] ?? transferSyntaxUID;
}

function checkStream(stream: Codestream | undefined, attributes: Attributes, flags: Flags): void {
  if (stream?.rows === undefined || stream.columns === undefined) return;
  if (stream.rows * stream.columns > limits.framePixels) {
    flags.add('FRAME_TOO_LARGE', { rows: stream.rows, columns: stream.columns });
  }
  const { Rows, Columns, SamplesPerPixel, BitsAllocated } = attributes;
  const isOther =
    (Rows !== undefined && Rows !== stream.rows && stream.rows !== 0) ||
    (Columns !== undefined && Columns !== stream.columns) ||
    (SamplesPerPixel !== undefined && SamplesPerPixel !== stream.samples) ||
    (BitsAllocated !== undefined && BitsAllocated < (stream.precision ?? 0));
  if (isOther) flags.add('CODESTREAM_MISMATCH', { rows: stream.rows, columns: stream.columns });
}
