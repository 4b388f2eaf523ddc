import { inflateCapped } from '../base/inflate.ts';
import { type Problem, problem } from '../base/problem.ts';
import { assertNever, fail, ok, type Result } from '../base/result.ts';
import { bytesSource } from '../dicom/byte-source.ts';
import { hasBitsBeyond } from './bits-beyond.ts';
import { bytesPerCell, cellArray, maskCells } from './cells.ts';
import { type FrameCoding, frameCodingOf } from './codec-table.ts';
import { type CodestreamFacts, sniffCodestream, withoutSign } from './codestream.ts';
import { nativeFramePlace, nativeSamplesPerPixel } from './format.ts';
import { hasMoreRle, hasMoreStreams } from './more-pictures.ts';
import { decodeNative, expand422 } from './native.ts';
import { guarded, pureCodecs } from './pure-codecs.ts';
import { decodeRle } from './rle.ts';
import type {
  CodecName,
  CodecOutput,
  CodecSet,
  DecodedFrame,
  FrameCodec,
  PixelFormat,
  SampleArray,
} from './types.ts';

/**
 * Decodes one frame of any transfer syntax to stored values.
 *
 * @param codecs WebAssembly codecs; what core can do itself needs none.
 * @param frameBytes the frame's fragments joined, or for native pixels the bytes from the frame's first byte
 *   (`nativeFramePlace`).
 * @param frameIndex from 0; matters only for native one-bit pixels, whose frames share bytes.
 *
 * Problems: TS_UNSUPPORTED, VIDEO_KEPT, FRAME_UNDECODABLE, FRAME_TOO_LARGE, CODESTREAM_MISMATCH (size, samples
 * or precision contradict the header), PIXEL_TRUNCATED (nothing there). A picture that is whole in size but
 * damaged or doubtful comes with `problem` set: FRAME_PARTIAL, PIXEL_TRUNCATED, FRAME_MORE_PICTURES (the bytes hold
 * another picture behind the first), PIXEL_LENGTH_MISMATCH (RLE, deflated and encapsulated uncompressed frames that hold more
 * samples than the header says), BIT_DEPTH (a stream has values beyond BitsStored: JPEG 2000 keeps them, of the others
 * the stored bits count), PIXEL_ENCODING_MISMATCH.
 */
export function decodeFrame(
  codecs: CodecSet,
  transferSyntaxUID: string,
  frameBytes: Uint8Array,
  format: PixelFormat,
  frameIndex = 0,
): Result<DecodedFrame> {
  const coding = frameCodingOf(transferSyntaxUID);
  if (!coding) return fail(problem('TS_UNSUPPORTED', { transferSyntaxUID }));
  switch (coding.kind) {
    case 'native': {
      if (!coding.encapsulated) {
        const { bitOffset } = nativeFramePlace(format, frameIndex);
        return decodeUncompressed(frameBytes, format, coding.bigEndian, bitOffset);
      }
      const { length } = nativeFramePlace(format, 0);
      const rest = frameBytes.subarray(length);
      const more =
        morePictures(rest.length >= Math.max(length, 2)) ??
        longer(rest.length > strayBytes && rest.some((byte) => byte !== 0));
      return decodeUncompressed(frameBytes, format, coding.bigEndian, 0, more);
    }
    case 'deflatedFrame':
      return decodeDeflated(frameBytes, format);
    case 'rle': {
      const decoded = decodeRle(frameBytes, format);
      if (!decoded.ok) return decoded;
      const { cells, partial, end, isLonger } = decoded.value;
      const note = partial
        ? problem('FRAME_PARTIAL')
        : (morePictures(hasMoreRle(frameBytes, end)) ?? longer(isLonger));
      return ok(frameOf(format, cells, false, note));
    }
    case 'video':
      return fail(problem('VIDEO_KEPT'));
    case 'codestream':
      return decodeCodestream(codecs, coding, frameBytes, format);
    default:
      return assertNever(coding);
  }
}

function decodeUncompressed(
  bytes: Uint8Array,
  format: PixelFormat,
  bigEndian: boolean,
  bitOffset: number,
  note?: Problem,
): Result<DecodedFrame> {
  const decoded = decodeNative(bytes, format, bigEndian, bitOffset);
  return decoded.ok
    ? ok(frameOf(format, decoded.value.cells, false, decoded.value.problem ?? note))
    : decoded;
}

/** The data of one frame holds others, which no frame number leads to. */
const morePictures = (isMore: boolean): Problem | undefined =>
  isMore ? problem('FRAME_MORE_PICTURES') : undefined;

/** What makers leave behind a frame. */
const strayBytes = 16;

/** The data of one frame holds more samples than the header has pixels: it may be of another size. */
const longer = (isLonger: boolean): Problem | undefined =>
  isLonger ? problem('PIXEL_LENGTH_MISMATCH') : undefined;

/** Each frame is a deflate stream of its own; its bits begin at a byte (PS3.5 8.2.16, A.4.14). */
function decodeDeflated(bytes: Uint8Array, format: PixelFormat): Result<DecodedFrame> {
  const { length } = nativeFramePlace(format, 0);
  const limits = { keptBytes: length, maxBytes: length + 65_536, freeBytes: length + 65_536, maxRatio: 1100 };
  const inflated = inflateCapped(bytesSource(bytes), limits);
  if (inflated.outcome !== 'whole')
    return fail(problem('FRAME_UNDECODABLE', { reason: `deflate ${inflated.outcome}` }));
  const isMore = [0, 1].some((pad) => {
    const next = inflateCapped(bytesSource(bytes.subarray(inflated.consumedBytes + pad)), limits);
    return next.outcome === 'whole' && next.totalBytes >= length;
  });
  const note = morePictures(isMore) ?? longer(inflated.totalBytes > length + 1);
  return decodeUncompressed(inflated.bytes, format, false, 0, note);
}

function frameOf(
  format: PixelFormat,
  cells: SampleArray,
  lossy: boolean,
  damage: Problem | undefined,
  photometric = format.photometricInterpretation,
): DecodedFrame {
  const full = cells.length === format.rows * format.columns * format.samplesPerPixel;
  const subsampled = !full && nativeSamplesPerPixel(format) === 2;
  let masked: SampleArray | undefined;
  return {
    rows: format.rows,
    columns: format.columns,
    samples: format.samplesPerPixel,
    cells,
    // A pass over all cells, which not everybody needs.
    get masked() {
      masked ??= subsampled ? expand422(maskCells(cells, format)) : maskCells(cells, format);
      return masked;
    },
    photometricInterpretation: photometric,
    lossy,
    ...(damage && { problem: damage }),
  };
}

type StreamCoding = Extract<FrameCoding, { kind: 'codestream' }>;

function decodeCodestream(
  codecs: CodecSet,
  coding: StreamCoding,
  bytes: Uint8Array,
  format: PixelFormat,
): Result<DecodedFrame> {
  const facts = sniffCodestream(bytes);
  if (!facts) return fail(problem('FRAME_UNDECODABLE', { reason: 'unknown code stream' }));
  const contradiction = contradictionOf(facts, format);
  if (contradiction) return fail(contradiction);
  const name = codecNameOf(facts);
  const codec = codecs[name] ?? pureCodecs[name];
  if (!codec) return fail(problem('FRAME_UNDECODABLE', { reason: `no codec ${name}` }));
  const output = decodeStream(guarded(codec), bytes.subarray(facts.offset), facts, format);
  if (!output.ok) return output;
  const damaged = damageOf(output.value, facts);
  if (!damaged.ok) return damaged;
  const photometric = photometricOf(output.value, facts, format);
  const mismatch =
    !coding.codecs.includes(name) ||
    (coding.reversible && !facts.reversible) ||
    // What is below 0 in the stream is near the top of what the header says: shown so, and told.
    (facts.signed && format.pixelRepresentation === 0) ||
    isOtherColour(photometric, format.photometricInterpretation, facts);
  const cells = cellsOf(output.value, format);
  const isBeyond = hasBitsBeyond(cells, facts, format);
  const note =
    damaged.value ??
    morePictures(hasMoreStreams(bytes.subarray(facts.offset), facts)) ??
    (isBeyond
      ? problem('BIT_DEPTH', { stored: format.bitsStored, found: facts.bitsPerSample })
      : undefined) ??
    (mismatch ? problem('PIXEL_ENCODING_MISMATCH', { codec: name }) : undefined);
  const frame = frameOf(format, cells, !facts.reversible, note, photometric);
  // As gdcm and OpenJPEG have them; JPEG and JPEG-LS hold cells, of which dcmtk and gdcm take the stored bits.
  const isKept = isBeyond && (name === 'jpeg2000' || name === 'htj2k');
  return ok(isKept ? { ...frame, masked: cells, cleared: frame.masked } : frame);
}

/**
 * The JPEG 2000 codecs cut signed samples of up to 8 bits off at 0. Such a stream is decoded as if it were unsigned, which
 * only adds half the range (ISO 15444-1 G.1.2), and the half is taken off again.
 */
function decodeStream(
  codec: FrameCodec,
  stream: Uint8Array,
  facts: CodestreamFacts,
  format: PixelFormat,
): Result<CodecOutput> {
  if (!facts.signed || facts.bitsPerSample > 8) return codec(stream, format);
  const output = codec(withoutSign(stream, facts.samples), format);
  if (!output.ok) return output;
  const half = 2 ** (facts.bitsPerSample - 1);
  return ok({ ...output.value, bytes: output.value.bytes.map((byte) => byte - half), signed: true });
}

/** Compares the stream's own head with the header before any codec runs (reliability M55, M64; CVE-2026-5442). */
function contradictionOf(facts: CodestreamFacts, format: PixelFormat): Problem | undefined {
  if (facts.rows * facts.columns > 2 ** 28) {
    return problem('FRAME_TOO_LARGE', { rows: facts.rows, columns: facts.columns });
  }
  if (facts.bitsPerSample > 16) {
    const { bitsPerSample: bitsAllocated, samples: samplesPerPixel } = facts;
    return problem('PIXEL_FORMAT_UNSUPPORTED', { bitsAllocated, samplesPerPixel });
  }
  const same =
    facts.rows === format.rows &&
    facts.columns === format.columns &&
    facts.samples === format.samplesPerPixel;
  // Who makes bytes of one-bit pixels packs eight of them into one sample: no picture.
  const most = format.bitsAllocated === 1 ? 1 : Math.max(8, format.bitsAllocated);
  const fits = facts.bitsPerSample <= most;
  if (same && fits) return undefined;
  const { rows, columns, samples, bitsPerSample } = facts;
  return problem('CODESTREAM_MISMATCH', { rows, columns, samples, bitsPerSample });
}

function codecNameOf(facts: CodestreamFacts): CodecName {
  if (facts.family !== 'jpeg') return facts.family;
  return facts.reversible ? 'jpegLossless' : facts.bitsPerSample > 8 ? 'jpeg12' : 'jpeg8';
}

/** The four ways in which codecs fail (stack.md trap 9), seen from outside. */
function damageOf(output: CodecOutput, facts: CodestreamFacts): Result<Problem | undefined> {
  const count = facts.rows * facts.columns * facts.samples;
  const right =
    output.rows === facts.rows &&
    output.columns === facts.columns &&
    output.samples === facts.samples &&
    output.bytes.length === count * (output.bitsPerSample > 8 ? 2 : 1);
  if (!right) return fail(problem('FRAME_UNDECODABLE', { reason: 'codec output' }));
  return ok(output.partial || !facts.complete ? problem('FRAME_PARTIAL') : undefined);
}

/** Codec samples as cells of BitsAllocated; signed streams are extended to the cell. */
function cellsOf(output: CodecOutput, format: PixelFormat): SampleArray {
  const { bytes, signed } = output;
  const size = bytesPerCell(format);
  const narrow = output.bitsPerSample <= 8;
  if (size === (narrow ? 1 : 2)) return cellArray(format, ownBuffer(bytes));
  if (narrow) {
    const samples = signed ? new Int8Array(ownBuffer(bytes)) : new Uint8Array(ownBuffer(bytes));
    const cells = cellArray(format, new ArrayBuffer(samples.length * size));
    cells.set(samples);
    return cells;
  }
  const samples = signed ? new Int16Array(ownBuffer(bytes)) : new Uint16Array(ownBuffer(bytes));
  const cells = cellArray(format, new ArrayBuffer(samples.length * size));
  cells.set(samples);
  return cells;
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return whole && bytes.buffer instanceof ArrayBuffer ? bytes.buffer : bytes.slice().buffer;
}

/** The stream has other colours than the header says; the transforms of JPEG 2000 are undone by its decoders. */
const isOtherColour = (found: string, declared: string, { componentTransform }: CodestreamFacts): boolean =>
  found !== declared && !(componentTransform && (declared === 'YBR_RCT' || declared === 'YBR_ICT'));

/**
 * Colour space of the decoded samples. JPEG 2000 comes out of its component transform as RGB, whatever the header says:
 * nobody transforms what is YCbCr already. For JPEG the
 * header rules (PS3.5 8.2.1), except where the stream cannot be what the header says: Adobe's marker, JFIF or
 * subsampled chroma in an "RGB" object.
 */
function photometricOf(output: CodecOutput, facts: CodestreamFacts, format: PixelFormat): string {
  const declared = format.photometricInterpretation;
  if (format.samplesPerPixel !== 3) return declared;
  if (facts.family === 'jpeg2000' || facts.family === 'htj2k') {
    const isTransformed = facts.componentTransform || declared === 'YBR_RCT' || declared === 'YBR_ICT';
    return isTransformed ? 'RGB' : declared;
  }
  const isChroma = declared.startsWith('YBR_FULL');
  if (output.colour) return output.colour === 'RGB' ? 'RGB' : isChroma ? declared : 'YBR_FULL';
  if (isChroma || !declared.startsWith('YBR')) return declared;
  // Names that no JPEG has: JPEG itself knows the full range only, and JPEG-LS and lossless JPEG transform nothing.
  return facts.reversible || facts.family === 'jpegLs' ? 'RGB' : 'YBR_FULL';
}
