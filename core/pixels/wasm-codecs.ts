import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { frameCodingOf } from './codec-table.ts';
import { completedJpeg2000, hasEnd } from './codestream.ts';
import { interleavePlanes } from './native.ts';
import type { CodecOutput, FrameCodec } from './types.ts';

/** The parts of the @cornerstonejs decoders (Emscripten classes) that we call. */
interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  getInterleaveMode?(): number;
  getLastErrorMessage?(): string;
  getIsHeaderValid?(): boolean;
  delete(): void;
}
type DecoderClass = new () => WasmDecoder;
export interface CodecModule {
  readonly JpegLSDecoder?: DecoderClass;
  readonly J2KDecoder?: DecoderClass;
  readonly HTJ2KDecoder?: DecoderClass;
}

/** Which WebAssembly build serves which codec. */
export const wasmCodecs = {
  jpegLs: { package: 'codec-charls', glue: 'charlswasm_decode.js', wasm: 'charlswasm_decode.wasm' },
  jpeg2000: { package: 'codec-openjpeg', glue: 'openjpegwasm_decode.js', wasm: 'openjpegwasm_decode.wasm' },
  htj2k: { package: 'codec-openjph', glue: 'openjphjs.js', wasm: 'openjphjs.wasm' },
} as const;
export type WasmCodecName = keyof typeof wasmCodecs;

/** The WebAssembly codec that frames of a transfer syntax need; null where they need none. */
export function wasmCodecOf(transferSyntaxUID: string): WasmCodecName | null {
  const coding = frameCodingOf(transferSyntaxUID);
  const names = Object.keys(wasmCodecs) as WasmCodecName[];
  if (coding?.kind !== 'codestream') return null;
  return names.find((name) => coding.codecs.includes(name)) ?? null;
}

/** Memory for the samples of a frame, exactly so many bytes. */
export type SampleRoom = (bytes: number) => Uint8Array<ArrayBuffer>;

const classes = { jpegLs: 'JpegLSDecoder', jpeg2000: 'J2KDecoder', htj2k: 'HTJ2KDecoder' } as const;

/**
 * A started codec module as a frame codec. One decoder object a frame, always deleted: the modules never give
 * memory back by themselves.
 * @param onDead called when the module trapped (abort, out of memory): it must be started anew.
 * @param room where samples go: new memory for each frame, unless whoever decodes is done with one before the next.
 */
export function wasmCodec(
  name: WasmCodecName,
  module: CodecModule,
  onDead: () => void = () => undefined,
  room: SampleRoom = (bytes) => new Uint8Array(bytes),
): FrameCodec {
  const Decoder = module[classes[name]];
  if (!Decoder) throw new Error(`codec module without ${classes[name]}`);
  return (stream) => {
    try {
      return decodeWith(new Decoder(), name, stream, room);
    } catch (cause) {
      onDead();
      return fail(problem('FRAME_UNDECODABLE', { reason: cause instanceof Error ? cause.message : name }));
    }
  };
}

/** @throws when the module itself is broken; damage in the stream is a value. */
function decodeWith(
  decoder: WasmDecoder,
  name: WasmCodecName,
  stream: Uint8Array,
  room: SampleRoom,
): Result<CodecOutput> {
  // Without an end marker CharLS reads on through its memory, for seconds.
  const isCut = name === 'jpegLs' && !hasEnd(stream);
  const given = name === 'jpeg2000' ? completedJpeg2000(stream) : stream;
  const encoded = decoder.getEncodedBuffer(given.length + (isCut ? 2 : 0));
  encoded.set(given);
  if (isCut) encoded.set([0xff, 0xd9], given.length);
  const output = run(decoder, name, isCut, room);
  decoder.delete();
  return output;
}

function run(
  decoder: WasmDecoder,
  name: WasmCodecName,
  isCut: boolean,
  room: SampleRoom,
): Result<CodecOutput> {
  try {
    decoder.decode();
    return outputOf(decoder, isCut, room);
  } catch (cause) {
    // A trap is a RuntimeError, and no address may be trusted after it.
    if (cause instanceof Error) throw cause;
    // CharLS throws the address of a C++ exception, a bare number; the rows in front of a cut are right.
    if (isCut) return outputOf(decoder, isCut, room);
    return fail(problem('FRAME_UNDECODABLE', { reason: `${name} ${typeof cause}` }));
  }
}

function outputOf(decoder: WasmDecoder, partial: boolean, room: SampleRoom): Result<CodecOutput> {
  const info = decoder.getFrameInfo();
  const decoded = decoder.getDecodedBuffer();
  const narrow = info.bitsPerSample <= 8;
  const wanted = info.width * info.height * info.componentCount * (narrow ? 1 : 2);
  // OpenJPEG answers damage with an empty buffer.
  if (decoded.length < wanted || wanted === 0) return fail(problem('FRAME_UNDECODABLE', { reason: 'empty' }));
  // The buffer is the module's memory and dies with the decoder.
  const bytes = room(wanted);
  bytes.set(decoded.subarray(0, wanted));
  const planar = info.componentCount > 1 && decoder.getInterleaveMode?.() === 0;
  return ok({
    rows: info.height,
    columns: info.width,
    samples: info.componentCount,
    bitsPerSample: info.bitsPerSample,
    signed: info.isSigned === true,
    bytes: planar ? interleaveBytes(bytes, info.componentCount, narrow) : bytes,
    ...(partial && { partial }),
  });
}

function interleaveBytes(bytes: Uint8Array<ArrayBuffer>, samples: number, narrow: boolean): Uint8Array {
  if (narrow) return interleavePlanes(bytes, samples);
  return new Uint8Array(interleavePlanes(new Uint16Array(bytes.buffer), samples).buffer);
}
