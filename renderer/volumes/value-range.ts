import type { FrameRange } from './frame-image.ts';

/** Smallest and largest value and a histogram of a sample of the frames seen so far: for windows and presets. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

const sampleMost = 4096;

/** Collects values frame by frame; percentiles come from an evenly spread sample. */
export class RangeKeeper {
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private sample: number[] = [];
  private sorted: number[] | null = null;
  private stride = 1;

  add({ min, max, sample }: FrameRange): void {
    if (min > max) return;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    for (let n = this.stride >> 1; n < sample.length; n += this.stride) this.sample.push(sample[n]!);
    if (this.sample.length > sampleMost * 2) {
      this.sample = this.sample.filter((_, n) => n % 2 === 0);
      this.stride *= 2;
    }
    this.sorted = null;
  }

  /** Undefined before the first value. */
  range(): ValueRange | undefined {
    return this.min <= this.max ? { min: this.min, max: this.max } : undefined;
  }

  /** The value below which `percent` of the sample lies. */
  percentile(percent: number): number | undefined {
    this.sorted ??= [...this.sample].sort((a, b) => a - b);
    if (this.sorted.length === 0) return undefined;
    const at = Math.round((percent / 100) * (this.sorted.length - 1));
    return this.sorted[Math.min(this.sorted.length - 1, Math.max(0, at))];
  }
}
