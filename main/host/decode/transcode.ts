import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { type ByteSource, ByteWindow } from '../../../core/dicom/byte-source.ts';
import { resolveEncoding } from '../../../core/dicom/encoding.ts';
import { readFileStart } from '../../../core/dicom/file-start.ts';
import { Flags } from '../../../core/dicom/flags.ts';
import { inflateDataset } from '../../../core/dicom/inflate-dataset.ts';
import { scan as scanFile } from '../../../core/dicom/scan.ts';
import { transferSyntaxOf } from '../../../core/dicom/tables/transfer-syntaxes.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import { VR } from '../../../core/dicom/vr.ts';
import { sniffCodestream } from '../../../core/pixels/codestream.ts';
import { decodeFrame } from '../../../core/pixels/decode.ts';
import { formatOf } from '../../../core/pixels/format.ts';
import type { DecodedFrame, PixelFormat } from '../../../core/pixels/types.ts';
import { codecsFor } from '../../codecs/load.ts';
import { fileProblem } from '../media/file-problem.ts';
import { damageOf } from './damage.ts';
import { FrameBytes, openFile } from './frame-bytes.ts';
import { type DecodedPixels, reEncode } from './re-encode.ts';
import type { OnFrame } from './tasks.ts';

/** Writes the data set of a stored file, without preamble and meta information, in another transfer syntax. */
export interface TranscodeRequest {
  readonly path: string;
  /** Explicit or Implicit VR little endian. */
  readonly to: string;
  /** A file that is not there yet; gone again when this fails. */
  readonly out: string;
}

export const explicitLittle = '1.2.840.10008.1.2.1';
export const implicitLittle = '1.2.840.10008.1.2';
const photometricTag = 0x00280004;
const planarTag = 0x00280006;
const bitsStoredTag = 0x00280101;
const highBitTag = 0x00280102;
/** A sign of life after so many bytes without a decoded frame. */
const aliveBytes = 16 << 20;
const bufferBytes = 256 << 10;

/**
 * Lossless: decoded frames equal those of the source, everything else keeps its values; what was compressed with loss
 * stays marked as such (0028,2110). Problems: those of reading and decoding, FRAME_TOO_LARGE (4 GiB), DISK_FULL, IO_ERROR.
 */
export async function transcodeFile(request: TranscodeRequest, onFrame: OnFrame): Promise<Result<number>> {
  const file = openFile(request.path);
  if (!file.ok) return file;
  try {
    const out = openSync(request.out, 'wx', 0o600);
    const sink = new FileSink(out, onFrame);
    let written: Result<null>;
    try {
      written = await transcode(file.value, request.to, sink, onFrame);
      sink.flush();
    } finally {
      closeSync(out);
    }
    if (written.ok) return ok(sink.sizeBytes);
    rmSync(request.out, { force: true });
    return written;
  } catch (error) {
    rmSync(request.out, { force: true });
    if (error instanceof Error && 'code' in error) return fail(fileProblem(error));
    throw error;
  } finally {
    file.value.close();
  }
}

async function transcode(
  file: ByteSource,
  to: string,
  sink: FileSink,
  onFrame: OnFrame,
): Promise<Result<null>> {
  const scanned = scanFile(file, { keepPartial: true });
  if (!scanned.ok) return scanned;
  const window = new ByteWindow(file);
  const flags = new Flags();
  const resolved = resolveEncoding(window, readFileStart(window, flags), flags);
  if (!resolved.ok) return resolved;
  const { encoding, transferSyntaxUID, deflated } = resolved.value;
  const inflated = deflated ? inflateDataset(file, scanned.value.datasetOffset) : ok(file);
  if (!inflated.ok) return inflated;
  const request = {
    source: inflated.value,
    start: deflated ? 0 : scanned.value.datasetOffset,
    encoding,
    explicit: to === explicitLittle,
    write: (bytes: Uint8Array) => sink.write(bytes),
  };
  if (!mustDecode(scanned.value, transferSyntaxUID))
    return reEncode({ ...request, replaced: new Map(), pixels: null });
  const frames = new FrameWriter(file, scanned.value, sink, onFrame);
  const begun = await frames.begin();
  if (!begun.ok) return begun;
  return reEncode({ ...request, ...begun.value });
}

/** Whether pixels cannot go as they lie: they are coded, whatever the file says, or big endian words of a little endian file. */
function mustDecode(scan: Scan, declared: string): boolean {
  if (scan.pixel.kind === 'none') return false;
  const syntax = transferSyntaxOf(declared);
  return (
    scan.pixel.kind === 'encapsulated' || syntax?.encapsulated === true || syntax?.bigEndianPixels === true
  );
}

/** The frames of an object whose pixels are written anew, decoded one after another. */
class FrameWriter {
  readonly #file: ByteSource;
  readonly #scan: Scan;
  readonly #sink: FileSink;
  readonly #onFrame: OnFrame;
  /** `bitsBeyond` as written to the header. */
  #deeper = 0;

  constructor(file: ByteSource, scan: Scan, sink: FileSink, onFrame: OnFrame) {
    this.#file = file;
    this.#scan = scan;
    this.#sink = sink;
    this.#onFrame = onFrame;
  }

  /** The first frame tells the colour space that all will have. */
  async begin(): Promise<Result<{ replaced: Map<number, Uint8Array | null>; pixels: DecodedPixels }>> {
    const format = formatOf(this.#scan);
    if (!format.ok) return format;
    const bytes = new FrameBytes(this.#file, this.#scan, format.value);
    const first = await this.#decode(bytes, format.value, 0);
    if (!first.ok) return first;
    const { frames, bitsAllocated } = format.value;
    const { pixel } = this.#scan;
    const found = pixel.kind === 'encapsulated' ? pixel.frames.length : frames;
    if (found > frames) return fail(problem('FRAME_COUNT_MISMATCH', { declared: frames, found }));
    const cellBytes = first.value.cells.byteLength;
    const dataBytes =
      bitsAllocated === 1 ? Math.ceil((first.value.cells.length * frames) / 8) : cellBytes * frames;
    if (dataBytes > 0xffff_fffe) return fail(problem('FRAME_TOO_LARGE', sizeOf(format.value)));
    const replaced = new Map<number, Uint8Array | null>();
    const photometric = nativePhotometric(first.value);
    if (photometric !== format.value.photometricInterpretation) {
      replaced.set(photometricTag, codeString(photometric));
    }
    // Of the streams, where the header's did not hold for them: their place, or values that need more.
    const deepest = await this.#deepest(bytes, format.value, first.value);
    if (!deepest.ok) return deepest;
    const deeper = deepest.value;
    this.#deeper = deeper;
    if (deeper > 0 || this.#scan.flags.some(({ code }) => code === 'BIT_DEPTH')) {
      replaced.set(bitsStoredTag, Uint8Array.of(deeper || format.value.bitsStored, 0));
      replaced.set(highBitTag, Uint8Array.of(deeper ? deeper - 1 : format.value.highBit, 0));
    }
    // Samples are interleaved now.
    if (first.value.samples > 1) replaced.set(planarTag, Uint8Array.of(0, 0));
    const pixels: DecodedPixels = {
      lengthBytes: dataBytes + (dataBytes % 2),
      vr: bitsAllocated > 8 ? VR.OW : VR.OB,
      write: () => this.#writeAll(bytes, format.value, first.value),
    };
    return ok({ replaced, pixels });
  }

  /** The most that any frame needs by `bitsBeyond`; all are decoded for it only where the first stream is deep enough. */
  async #deepest(bytes: FrameBytes, format: PixelFormat, first: DecodedFrame): Promise<Result<number>> {
    let most = bitsBeyond(first, format);
    const coded = bytes.frame(0);
    const facts = coded.ok ? sniffCodestream(coded.value) : null;
    const isJpeg2000 = facts?.family === 'jpeg2000' || facts?.family === 'htj2k';
    if (!isJpeg2000 || facts.bitsPerSample <= format.bitsStored) return ok(most);
    for (let index = 1; index < format.frames && most === 0; index++) {
      const frame = await this.#decode(bytes, format, index);
      if (!frame.ok) return frame;
      most = bitsBeyond(frame.value, format);
    }
    return ok(most);
  }

  async #writeAll(bytes: FrameBytes, format: PixelFormat, first: DecodedFrame): Promise<Result<null>> {
    const bits = format.bitsAllocated === 1 ? new BitPacker(this.#sink) : null;
    let total = 0;
    for (let index = 0; index < format.frames; index++) {
      const frame = index === 0 ? ok(first) : await this.#decode(bytes, format, index);
      if (!frame.ok) return frame;
      const { cells } = frame.value;
      if (cells.byteLength !== first.cells.byteLength)
        return fail(problem('CODESTREAM_MISMATCH', sizeOf(format)));
      const deeper = bitsBeyond(frame.value, format);
      if (deeper > this.#deeper)
        return fail(problem('BIT_DEPTH', { stored: format.bitsStored, found: deeper }));
      total += cells.byteLength;
      if (bits) bits.add(cells);
      else this.#sink.write(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength));
    }
    const written = bits ? bits.finish() : total;
    if (written % 2 === 1) this.#sink.write(Uint8Array.of(0));
    return ok(null);
  }

  async #decode(bytes: FrameBytes, format: PixelFormat, index: number): Promise<Result<DecodedFrame>> {
    const coded = bytes.frame(index);
    if (!coded.ok) return coded;
    const codecs = await codecsFor([coded.value]);
    const decoded = decodeFrame(codecs, this.#scan.transferSyntaxUID, coded.value, format, index);
    this.#onFrame();
    const damaged = decoded.ok ? damageOf(decoded.value) : null;
    return damaged ? fail(damaged) : decoded;
  }
}

/**
 * Bits that the values of a frame need where these are more than the header says (JPEG 2000), else 0: without them a receiver
 * cuts the upper ones off, and bright places become black. Signed values fill their cells.
 */
function bitsBeyond({ cleared, problem: doubt }: DecodedFrame, format: PixelFormat): number {
  if (cleared === undefined) return 0;
  const found = Number(doubt?.params?.['found'] ?? format.bitsAllocated);
  return format.pixelRepresentation === 1 ? format.bitsAllocated : found;
}

/** Decoded chroma is whole; uncompressed "4:2:2" would mean that two pixels share it (PS3.3 C.7.6.3.1.2). */
const nativePhotometric = ({ photometricInterpretation, cells, rows, columns }: DecodedFrame): string =>
  photometricInterpretation === 'YBR_FULL_422' && cells.length === rows * columns * 3
    ? 'YBR_FULL'
    : photometricInterpretation;

const sizeOf = ({ rows, columns, samplesPerPixel: samples, bitsAllocated: bitsPerSample }: PixelFormat) => ({
  rows,
  columns,
  samples,
  bitsPerSample,
});

function codeString(text: string): Uint8Array {
  return new TextEncoder().encode(text.length % 2 === 1 ? `${text} ` : text);
}

/** One-bit pixels run on across frames, least significant bit first (PS3.5 8.1.1). */
class BitPacker {
  readonly #sink: FileSink;
  #byte = 0;
  #bits = 0;
  #written = 0;

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  add(cells: ArrayLike<number>): void {
    const out = new Uint8Array(Math.floor((this.#bits + cells.length) / 8));
    let at = 0;
    for (let n = 0; n < cells.length; n++) {
      this.#byte |= (cells[n]! & 1) << this.#bits;
      if (++this.#bits < 8) continue;
      out[at++] = this.#byte;
      this.#byte = 0;
      this.#bits = 0;
    }
    this.#sink.write(out);
    this.#written += out.length;
  }

  /** Answers how many bytes there are in all. */
  finish(): number {
    if (this.#bits > 0) {
      this.#sink.write(Uint8Array.of(this.#byte));
      this.#written += 1;
    }
    return this.#written;
  }
}

/** Gathers small writes; element headers are eight bytes each. */
class FileSink {
  sizeBytes = 0;
  readonly #fd: number;
  readonly #onAlive: () => void;
  readonly #buffer = new Uint8Array(bufferBytes);
  #filled = 0;
  #quietBytes = 0;

  constructor(fd: number, onAlive: () => void) {
    this.#fd = fd;
    this.#onAlive = onAlive;
  }

  write(bytes: Uint8Array): void {
    this.sizeBytes += bytes.length;
    this.#quietBytes += bytes.length;
    if (this.#quietBytes > aliveBytes) {
      this.#quietBytes = 0;
      this.#onAlive();
    }
    if (this.#filled + bytes.length > bufferBytes) this.flush();
    if (bytes.length > bufferBytes) writeFully(this.#fd, bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  flush(): void {
    writeFully(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
