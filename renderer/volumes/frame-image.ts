import type { Problem } from '../../core/base/problem.ts';
import type { SliceClaim } from './slice-claims.ts';

/** Where modality values go: a place in the volume's shared memory. */
export interface DecodeTarget {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly scalarType: 'int16' | 'float32';
  /** Set where others read the slice before it has come. */
  readonly claim?: SliceClaim;
  /** Above 1: the means of this many pixels each way go there, `reducedGeometry` of them. */
  readonly reduction?: number;
}

/** Of the modality values of one frame, without padding: found where they are decoded, not on the page's thread. */
export interface FrameRange {
  /** min > max where no value is data. */
  readonly min: number;
  readonly max: number;
  /** About 512 values, evenly spread. */
  readonly sample: Float32Array;
}

/** Modality values of one frame; a view into the volume's shared memory where there is one. */
export interface MonoImage {
  readonly kind: 'mono';
  readonly rows: number;
  readonly columns: number;
  readonly values: Int16Array | Float32Array;
  readonly range: FrameRange;
  /** 1 where an overlay that came in the cells' upper bits is set. */
  readonly overlay?: Uint8Array;
  /** Set when the picture is whole in size but damaged or doubtful. */
  readonly problem?: Problem;
}

/** A colour frame, ready to paint. */
export interface ColourImage {
  readonly kind: 'colour';
  readonly rows: number;
  readonly columns: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly problem?: Problem;
}

export type FrameImage = MonoImage | ColourImage;

/** Where one frame of a stack stands. A failed frame is shown as its sentence, never black or stale. */
export type FrameState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ready'; readonly image: FrameImage }
  | { readonly kind: 'failed'; readonly problem: Problem };
