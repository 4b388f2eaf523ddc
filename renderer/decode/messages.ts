import type { Problem } from '../../core/base/problem.ts';
import type { Overlay, Palette } from '../../core/dicom/types.ts';
import type { PaddingRange } from '../../core/pixels/auto-window.ts';
import type { ModalityTransform } from '../../core/pixels/modality.ts';
import type { PixelFormat } from '../../core/pixels/types.ts';

/** Where modality values go: a place in the volume's shared memory. */
export interface FrameTarget {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly scalarType: 'int16' | 'float32';
}

/** One frame for a decode worker. Structured-clonable. */
export interface DecodeMessage {
  readonly id: number;
  readonly transferSyntaxUID: string;
  readonly format: PixelFormat;
  /** From 0, within its object. */
  readonly frameIndex: number;
  readonly fragments: readonly Uint8Array<ArrayBuffer>[];
  readonly transform: ModalityTransform;
  /** Stored values that become "no data": −32768 or NaN. */
  readonly padding?: PaddingRange;
  readonly palette?: Palette;
  /** Overlays that lie in upper bits of the cells (PS3.3 C.9.2, retired). */
  readonly embedded?: readonly Overlay[];
  /** Null gives the values back in a buffer of their own. */
  readonly target: FrameTarget | null;
}

/** What a decode worker made of a frame. */
export type DecodedMessage =
  | { readonly kind: 'failed'; readonly problem: Problem }
  | {
      readonly kind: 'mono';
      readonly rows: number;
      readonly columns: number;
      /** Null when they were written to the target. */
      readonly values: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | null;
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

export interface DecodeReply {
  readonly id: number;
  readonly decoded: DecodedMessage;
  /** Those of the fragments, given back to be used again. */
  readonly buffers?: readonly ArrayBuffer[];
}

/** The values of one frame inside the target's memory. @throws RangeError when they do not fit */
export function targetView(target: FrameTarget, count: number): Int16Array | Float32Array {
  const { buffer, byteOffset, scalarType } = target;
  return scalarType === 'int16'
    ? new Int16Array(buffer, byteOffset, count)
    : new Float32Array(buffer, byteOffset, count);
}
