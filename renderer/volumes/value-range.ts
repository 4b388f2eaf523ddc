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

  add(values: ArrayLike<number>, isPadding?: (value: number) => boolean): void {
    const step = Math.max(1, Math.floor(values.length / 509)) * this.stride;
    // Every voxel passes here, on the page's thread: fields are kept out of the loop.
    let { min, max } = this;
    for (let n = 0; n < values.length; n += 1) {
      const value = values[n]!;
      if (value < min || value > max) {
        if (isPadding?.(value)) continue;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    this.min = min;
    this.max = max;
    for (let n = step >> 1; n < values.length; n += step) {
      const value = values[n]!;
      if (!Number.isNaN(value) && !isPadding?.(value)) this.sample.push(value);
    }
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
