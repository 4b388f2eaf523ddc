import type { Result } from '../../core/base/result.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import type { DecodeTarget, FrameImage } from './frame-image.ts';

/** Frames of one plan that are wanted together. */
export interface FrameBatch {
  readonly plan: SeriesPlan;
  readonly frames: readonly {
    /** In `plan.frames`. */
    readonly index: number;
    /** Null keeps the frame in memory of its own. */
    readonly target: DecodeTarget | null;
  }[];
  /** On screen: goes before everything else. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
  /** Each frame that came, or that is known not to come, once. Never after the signal has aborted. */
  onFrame(index: number, result: Result<FrameImage>): void;
}

/** Brings encoded frames and turns them into pictures, away from the page's thread. */
export interface FrameLoader {
  /** Answers when every frame was told, or the signal aborted. Never rejects. */
  load(batch: FrameBatch): Promise<void>;
}
