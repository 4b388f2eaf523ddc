import type { Problem } from '../../core/base/problem.ts';
import type { Result } from '../../core/base/result.ts';
import type { FrameInfo } from './frame-attributes.ts';
import type { FrameImage } from './frame-image.ts';

/** Where modality values go: a place in the volume's shared memory. */
export interface DecodeTarget {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly scalarType: 'int16' | 'float32';
}

export interface DecodeRequest {
  readonly info: FrameInfo;
  /** Encoded bytes of the frame, fragment by fragment; their buffer may be taken (transferred). */
  readonly fragments: readonly Uint8Array<ArrayBuffer>[];
  readonly target: DecodeTarget | null;
  /** Urgent frames (on screen) go before the others. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

/** Turns encoded frames into pictures, away from the page's thread. */
export interface FrameDecoder {
  decode(request: DecodeRequest): Promise<Result<FrameImage>>;
}

/** A frame that could not be had, for the tile that stands in its place. */
export const failedFrame = (problem: Problem) => ({ kind: 'failed', problem }) as const;
