import { problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { isRetiredColour, sharesChroma } from '../dicom/chroma.ts';
import { transferSyntaxOf } from '../dicom/tables/transfer-syntaxes.ts';
import type { Scan } from '../dicom/types.ts';
import type { PixelFormat } from './types.ts';

/** Reliability C9, C10. */
const maxFramePixels = 2 ** 28;
const maxFrameBytes = 2 ** 30;
const maxFrames = 1_000_000;
/** Faults that end a header: what would have come after is unknown. */
const headerEnds: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'HEADER_TOO_LARGE',
  'LENGTH_BEYOND_EOF',
  'LENGTH_OVERFLOW',
  'LENGTH_UNDEFINED',
  'NESTING_TOO_DEEP',
  'SEQUENCE_OVERRUN',
  'SEQUENCE_UNTERMINATED',
  'TOO_MANY_ELEMENTS',
  'TOO_MANY_ITEMS',
  'TRUNCATED_HEADER',
  'VALUE_TOO_LONG',
]);

/**
 * Pixel layout of a scanned object (PS3.3 C.7.6.3), with everything a decoder relies on checked.
 * Problems: NOT_IMAGE (no pixel element) or the fault that ended the header before one, PIXEL_ATTRIBUTES (Rows, Columns
 * or BitsAllocated missing or zero), PIXEL_FORMAT_UNSUPPORTED (C11), COLOUR_UNSUPPORTED, FRAME_TOO_LARGE (C9),
 * TOO_MANY_FRAMES (C10), DIRECTORY_RECORD.
 */
export function formatOf(scan: Scan): Result<PixelFormat> {
  const { attributes: a, pixel } = scan;
  if (scan.isDirectory) return fail(problem('DIRECTORY_RECORD'));
  if (pixel.kind === 'none')
    return fail(scan.flags.find(({ code }) => headerEnds.has(code)) ?? problem('NOT_IMAGE'));
  const element = pixel.kind === 'native' ? pixel.element : 'PixelData';
  const allocated =
    element === 'FloatPixelData' ? 32 : element === 'DoubleFloatPixelData' ? 64 : (a.BitsAllocated ?? 0);
  // Twelve bits are packed where they are uncompressed; decoders give them a cell of sixteen.
  const isTwelve = allocated === 12 && a.SamplesPerPixel !== 3;
  const isPacked = isTwelve && pixel.kind === 'native';
  const bitsAllocated = isTwelve ? 16 : allocated;
  const { Rows: rows = 0, Columns: columns = 0, SamplesPerPixel: samplesPerPixel = 1 } = a;
  if (!isCount(rows) || !isCount(columns) || !isCount(bitsAllocated))
    return fail(problem('PIXEL_ATTRIBUTES'));
  const photometric = a.PhotometricInterpretation;
  if (photometric !== undefined && isRetiredColour(photometric))
    return fail(problem('COLOUR_UNSUPPORTED', { photometric }));
  const supported = element === 'PixelData' ? [1, 8, 16, 32] : [32, 64];
  if (!supported.includes(bitsAllocated) || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    return fail(problem('PIXEL_FORMAT_UNSUPPORTED', { bitsAllocated, samplesPerPixel }));
  }
  // How GE lays 32-bit and one-bit pixels into its big endian words is known to nobody: gdcm and dcmtk disagree.
  const isGe = transferSyntaxOf(scan.transferSyntaxUID)?.bigEndianPixels === true;
  if (isGe && bitsAllocated !== 16 && bitsAllocated !== 8)
    return fail(problem('PIXEL_FORMAT_UNSUPPORTED', { bitsAllocated, samplesPerPixel }));
  const pixels = rows * columns;
  if (pixels > maxFramePixels || (pixels * samplesPerPixel * bitsAllocated) / 8 > maxFrameBytes) {
    return fail(problem('FRAME_TOO_LARGE', { rows, columns }));
  }
  const declared = a.NumberOfFrames ?? 0;
  const frames = isCount(declared)
    ? declared
    : pixel.kind === 'encapsulated'
      ? Math.max(1, pixel.frames.length)
      : 1;
  if (frames > maxFrames) return fail(problem('TOO_MANY_FRAMES', { frames }));
  const most = isTwelve ? allocated : bitsAllocated;
  const stored = a.BitsStored ?? most;
  // Cells as wide as the bits stored are there: read as narrower ones they are a picture of their halves.
  const cells = pixels * samplesPerPixel * frames;
  const isWider = pixel.kind === 'native' && element === 'PixelData' && stored > most && stored <= 32;
  if (isWider && pixel.range.length * 8 >= cells * Math.max(stored, 2 * most))
    return fail(problem('PIXEL_ATTRIBUTES', { keyword: 'BitsAllocated' }));
  const bitsStored = isCount(stored) && stored <= most ? stored : most;
  const high = a.HighBit ?? bitsStored - 1;
  return ok({
    rows,
    columns,
    frames,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: high >= bitsStored - 1 && high < bitsAllocated ? high : bitsStored - 1,
    pixelRepresentation: a.PixelRepresentation === 1 ? 1 : 0,
    photometricInterpretation: photometricOf(scan, pixels * frames * bitsAllocated),
    planarConfiguration: a.PlanarConfiguration === 1 ? 1 : 0,
    element,
    ...(isPacked && { packedBits: 12 }),
    ...(scan.overlays?.some(({ data }) => data === undefined) && { hasBitOverlays: true }),
    ...(pixel.kind === 'native' && pixel.words && allocated <= 12 && { bytesInWords: true }),
  });
}

/**
 * As declared, or what can be meant where nothing is. Uncompressed 4:2:2 that has room for all of its chroma has it: whoever
 * spread the samples left the name as it was.
 */
function photometricOf({ attributes, pixel }: Scan, samplesBits: number): string {
  const { PhotometricInterpretation: declared, SamplesPerPixel = 1 } = attributes;
  if (declared === undefined) return SamplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2';
  const fullBytes = Math.ceil((3 * samplesBits) / 8);
  const isFull =
    sharesChroma(declared) &&
    SamplesPerPixel === 3 &&
    pixel.kind === 'native' &&
    (pixel.range.length === fullBytes || pixel.range.length === fullBytes + 1);
  return isFull ? declared.slice(0, -'_422'.length) : declared;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;

/** Samples kept per pixel in an uncompressed frame: 4:2:2 shares Cb and Cr of two pixels (PS3.3 C.7.6.3.1.2). */
export const nativeSamplesPerPixel = (format: PixelFormat): number =>
  sharesChroma(format.photometricInterpretation) && format.samplesPerPixel === 3 ? 2 : format.samplesPerPixel;

/** Bits of one native frame. */
export const nativeFrameBits = (format: PixelFormat): number =>
  format.rows * format.columns * nativeSamplesPerPixel(format) * (format.packedBits ?? format.bitsAllocated);

/** Where one native frame lies within the pixel element; bits run on across frames (PS3.5 8.1.1). */
export interface NativeFramePlace {
  readonly offset: number;
  readonly length: number;
  /** First bit from `offset`; not 0 only for packed pixels, and for bytes in words (8 to 15: in the second byte). */
  readonly bitOffset: number;
}

/** @param frame from 0. */
export function nativeFramePlace(format: PixelFormat, frame: number): NativeFramePlace {
  const frameBits = nativeFrameBits(format);
  const first = frameBits * frame;
  if (format.bytesInWords) {
    const offset = Math.floor(first / 16) * 2;
    return {
      offset,
      length: Math.ceil((first + frameBits) / 16) * 2 - offset,
      bitOffset: first - offset * 8,
    };
  }
  const offset = Math.floor(first / 8);
  return { offset, length: Math.ceil((first + frameBits) / 8) - offset, bitOffset: first % 8 };
}
