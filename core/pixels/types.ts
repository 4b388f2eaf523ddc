import type { Result } from '../base/result.ts';

/** How the pixels of one object are laid out (PS3.3 C.7.6.3). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly pixelRepresentation: 0 | 1;
  readonly photometricInterpretation: string;
  readonly planarConfiguration: 0 | 1;
  readonly element: 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData';
  /** Samples that lie in fewer bits than their cells have once decoded, one behind the other (PS3.5 8.1.1). */
  readonly packedBits?: 12;
  /** Packed, 8-bit and one-bit samples that lie in big-endian 16-bit words (Explicit VR Big Endian with VR OW, PS3.5 8.1.1 and 7.3). */
  readonly bytesInWords?: true;
  /** Overlays lie in bits of the cells that are not stored (PS3.3 C.9.2, retired). */
  readonly hasBitOverlays?: true;
}

export type SampleArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * One frame of stored values: `rows × columns × samples`, samples interleaved, rows top to bottom.
 * `cells` keeps whole cells as coded (the manifest's `sha256`); `masked` gives them with the bits above
 * BitsStored cleared and the sign extended (`sha256Masked`), which is what display and volumes use.
 */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly cells: SampleArray;
  readonly masked: SampleArray;
  /** Set where values need more bits than the header says are stored: `masked` has them whole, this only those bits. */
  readonly cleared?: SampleArray;
  /** Of the samples as decoded; may differ from the header (JPEG 2000 with component transform → RGB). */
  readonly photometricInterpretation: string;
  readonly lossy: boolean;
  /** Set when the picture is whole in size but damaged or doubtful (FRAME_PARTIAL, CODESTREAM_MISMATCH …). */
  readonly problem?: import('../base/problem.ts').Problem;
}

/** What a codec makes of one frame's code stream. */
export interface CodecOutput {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsPerSample: number;
  readonly signed: boolean;
  /** Little-endian cells, samples interleaved; 1 byte a sample up to 8 bits, else 2 (or 4). */
  readonly bytes: Uint8Array;
  /** Colour space of `bytes` where the stream tells it. */
  readonly colour?: 'RGB' | 'YBR' | 'MONOCHROME';
  readonly partial?: boolean;
}

export type CodecName = 'jpeg8' | 'jpeg12' | 'jpegLossless' | 'jpegLs' | 'jpeg2000' | 'htj2k';

/** Synchronous decoder of one frame; ready-made codecs are passed in (core loads nothing). */
export type FrameCodec = (stream: Uint8Array, format: PixelFormat) => Result<CodecOutput>;
export type CodecSet = Readonly<Partial<Record<CodecName, FrameCodec>>>;
