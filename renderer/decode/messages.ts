import type { Problem } from '../../core/base/problem.ts';
import type { Overlay, Palette } from '../../core/dicom/types.ts';
import type { PaddingRange } from '../../core/pixels/auto-window.ts';
import type { ModalityTransform } from '../../core/pixels/modality.ts';
import type { PixelFormat } from '../../core/pixels/types.ts';
import type { WasmCodecName } from '../../core/pixels/wasm-codecs.ts';
import type { Tile } from '../../core/volume/tiles.ts';
import type { DecodeTarget, FrameRange } from '../volumes/frame-image.ts';

/** What a worker must know to decode one frame. Structured-clonable. */
export interface FrameOrder {
  /** In the plan. */
  readonly index: number;
  readonly transferSyntaxUID: string;
  readonly format: PixelFormat;
  /** From 0, within its object. */
  readonly frameIndex: number;
  /** The part of the decoded frame that is wanted (mosaics). */
  readonly tile?: Tile;
  /** Index in the plan under which the frame's bytes come, where several pictures are cut from them; absent = `index`. */
  readonly bytesOf?: number;
  readonly transform: ModalityTransform;
  /** Stored values that become "no data": −32768 or NaN. */
  readonly padding?: PaddingRange;
  readonly palette?: Palette;
  /** Overlays that lie in upper bits of the cells (PS3.3 C.9.2, retired). */
  readonly embedded?: readonly Overlay[];
  /** Null gives the values back in a buffer of their own. */
  readonly target: DecodeTarget | null;
}

export type Fragments = readonly Uint8Array<ArrayBuffer>[];

/**
 * Cells that the page shares with a busy worker: `1 + index` of the frame it decodes (0 = none), how many it began, and 1 while
 * it is to begin no other, for the page needs the processor.
 */
export const progressCells = { decoding: 0, begun: 1, held: 2 } as const;

export const newProgress = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(12));

export type WorkerRequest =
  /** First, once. */
  | { readonly kind: 'open'; readonly progress: Int32Array<SharedArrayBuffer> }
  /** Once they are compiled: 16-bit pixels are faster from then on. */
  | { readonly kind: 'kernels'; readonly module: WebAssembly.Module }
  /** Frames that need it will come. */
  | { readonly kind: 'codec'; readonly name: WasmCodecName }
  /** Fetches a framed stream of `/pixels` and decodes what it holds. */
  | {
      readonly kind: 'fetch';
      readonly id: number;
      readonly urgent: boolean;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Encoded, of each frame that `url` asks for, as announced. */
      readonly sizesBytes: readonly number[];
      readonly frames: readonly FrameOrder[];
    }
  /** Decodes frames whose bytes are here. */
  | {
      readonly kind: 'decode';
      readonly id: number;
      readonly urgent: boolean;
      readonly frames: readonly FrameOrder[];
      /** One list for each of `frames`. */
      readonly fragments: readonly Fragments[];
    }
  | { readonly kind: 'cancel'; readonly id: number };

export type LoadRequest = Extract<WorkerRequest, { kind: 'fetch' | 'decode' }>;

/** What a decode worker made of a frame. */
export type DecodedMessage =
  | { readonly kind: 'failed'; readonly problem: Problem }
  | {
      readonly kind: 'mono';
      readonly rows: number;
      readonly columns: number;
      /** Null when they were written to the target. */
      readonly values: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | null;
      readonly range: FrameRange;
      /** 1 where an embedded overlay is set. */
      readonly overlay?: Uint8Array<ArrayBuffer>;
      readonly problem?: Problem;
    }
  | {
      readonly kind: 'colour';
      readonly rows: number;
      readonly columns: number;
      readonly rgba: Uint8ClampedArray<ArrayBuffer>;
      readonly problem?: Problem;
    };

export interface DecodedFrameMessage {
  readonly index: number;
  readonly decoded: DecodedMessage;
}

export type WorkerReply =
  /** In the order in which they were decoded. */
  | { readonly kind: 'frames'; readonly id: number; readonly frames: readonly DecodedFrameMessage[] }
  /** Nothing more comes for this request: frames that were not told did not arrive. */
  | { readonly kind: 'done'; readonly id: number };

/** The values of one frame inside the target's memory. @throws RangeError when they do not fit */
export function targetView(target: DecodeTarget, count: number): Int16Array | Float32Array {
  const { buffer, byteOffset, scalarType } = target;
  return scalarType === 'int16'
    ? new Int16Array(buffer, byteOffset, count)
    : new Float32Array(buffer, byteOffset, count);
}
