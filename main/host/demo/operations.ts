import type { Result } from '../../../core/base/result.ts';
import type { PhantomOptions } from '../../../core/phantom/options.ts';

/** Options that can be cloned to a thread: everything but functions. */
export type PortablePhantomOptions = Omit<PhantomOptions, 'encodeFrame' | 'encodeText'>;

export interface PhantomSlab {
  readonly options: PortablePhantomOptions;
  readonly outDir: string;
  /** Slices `first` to `end` (exclusive) of the series. */
  readonly first: number;
  readonly end: number;
}

export interface WrittenFile {
  readonly path: string;
  readonly sopInstanceUid: string;
  readonly sizeBytes: number;
}

/** Declared once; implemented in main/workers/phantom.ts. */
export type PhantomOperations = {
  write(slab: PhantomSlab): Result<readonly WrittenFile[]>;
};
