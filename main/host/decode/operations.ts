import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { Scan } from '../../../core/dicom/types.ts';
import type { DecodedFrame } from '../../../core/pixels/types.ts';
import type { Tile } from '../../../core/volume/tiles.ts';
import type { Filled, FillRequest } from './fill.ts';
import type { TranscodeRequest } from './transcode.ts';

/** What `candela frame` says about one object (issue 7). Null where there is nothing to say it of. */
export interface FrameSummary {
  readonly source: string;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly samples: number | null;
  readonly frames: number | null;
  readonly bitsAllocated: number | null;
  readonly photometric: string | null;
  /** Of stored values, bits above BitsStored cleared. */
  readonly min: number | null;
  readonly max: number | null;
  /** Over whole cells of all frames, or of the one asked for, by the convention of shared/data/README.md. */
  readonly sha256: string | null;
  readonly problem?: Problem;
}

/** Of an object of which nothing is known. */
export const unknownFrame: Omit<FrameSummary, 'source'> = {
  rows: null,
  columns: null,
  samples: null,
  frames: null,
  bitsAllocated: null,
  photometric: null,
  min: null,
  max: null,
  sha256: null,
};

export interface SummaryRequest {
  readonly path: string;
  /** How the caller names the object; goes into `source`. */
  readonly source: string;
  /** From 1; absent = all frames. */
  readonly frame?: number;
}

export interface DecodeRequest {
  readonly path: string;
  readonly scan: Scan;
  /** From 0. */
  readonly frames: readonly number[];
}

export interface ThumbnailRequest {
  readonly path: string;
  readonly scan: Scan;
  /** From 0; absent = the middle one. */
  readonly frame?: number;
  /** The part of the frame that is shown (mosaics); absent = all of it. */
  readonly tile?: Tile;
  /** Longest side in pixels. */
  readonly size: number;
}

/** One frame in its own size, as it is first shown. */
export interface PictureRequest {
  readonly path: string;
  readonly scan: Scan;
  /** From 0. */
  readonly frame: number;
  readonly tile?: Tile;
  /** PNG when left out. */
  readonly coding?: 'png' | 'jpeg';
  /** Width, centre; the file's first window, else one made from its values, when left out. */
  readonly window?: readonly [number, number];
}

export interface FramePicture {
  /** In the coding that was asked for. */
  readonly bytes: Uint8Array;
  /** What is doubtful about it. */
  readonly problem?: Problem;
}

/** Declared once; implemented in main/workers/decode.ts, reached through DecodeService. */
export type DecodeOperations = {
  summary(request: SummaryRequest): FrameSummary | Promise<FrameSummary>;
  decode(request: DecodeRequest): readonly Result<DecodedFrame>[] | Promise<readonly Result<DecodedFrame>[]>;
  fill(request: FillRequest): readonly Filled[] | Promise<readonly Filled[]>;
  picture(request: PictureRequest): Result<FramePicture> | Promise<Result<FramePicture>>;
  thumbnail(request: ThumbnailRequest): Result<Uint8Array> | Promise<Result<Uint8Array>>;
  /** Answers the size of what was written. */
  transcode(request: TranscodeRequest): Result<number> | Promise<Result<number>>;
};
