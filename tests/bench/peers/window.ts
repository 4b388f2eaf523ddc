/** What a peer's page offers to the bench, as `window.peer`. Everything crosses as JSON. */
import type { BenchPlane, SeriesDescription } from './series.ts';

export interface PeerReady {
  /** From the call to the first view with a picture, and to three complete ones, each ended by reading a pixel. */
  readonly firstMs: number;
  readonly completeMs: number;
  /** Grey levels in the middle of the three views. */
  readonly levels: readonly number[];
}

export interface PeerSteps {
  readonly stepMs: readonly number[];
  readonly levels: readonly number[];
}

export interface PeerScroll {
  readonly shown: number;
  readonly elapsedMs: number;
  /** Grey level in the middle of the last image. */
  readonly level: number;
}

export interface Peer {
  /** Files to a complete MPR. */
  openVolume?(series: SeriesDescription): Promise<PeerReady>;
  /** Gets ready for `steps`: the bench's volume of `slices`, made in the page. */
  makeVolume(slices: number): Promise<void>;
  /** Three planes for each step. */
  steps(planes: readonly (readonly BenchPlane[])[], slabMm: number): Promise<PeerSteps>;
  /** A stack whose images are all in the cache, one image for each display frame. */
  loadStack?(series: SeriesDescription, side: number): Promise<void>;
  scroll?(images: number): Promise<PeerScroll>;
}

declare global {
  interface Window {
    peer: Peer;
  }
}
