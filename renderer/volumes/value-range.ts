import type { FrameRange } from './frame-image.ts';

/** Smallest and largest value and a histogram of a sample of the frames seen so far: for windows and presets. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

const sampleMost = 4096;

/** Part of a window by which its ends may be off while frames arrive: less is not worth other greys. */
const driftMost = 0.25;

/**
 * Collects values frame by frame; percentiles come from an evenly spread sample. While frames arrive they stay as they
 * were first, or windows made of them would change with each: they are looked at anew each time twice as many frames are
 * there, and given up only where they are far off. When all are there they are those of all.
 */
export class RangeKeeper {
  private readonly isWhole: () => boolean;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private sample: number[] = [];
  private sorted: readonly number[] | null = null;
  private stride = 1;
  private frames = 0;
  /** What percentiles are told of until all frames are there, and how many there were when it was last looked at. */
  private held: readonly number[] = [];
  private heldAt = 0;

  constructor(isWhole: () => boolean = () => true) {
    this.isWhole = isWhole;
  }

  add({ min, max, sample }: FrameRange): void {
    if (min > max) return;
    this.frames += 1;
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
    return rankOf(this.isWhole() ? this.all() : this.steady(), percent);
  }

  private all(): readonly number[] {
    this.sorted ??= [...this.sample].sort((a, b) => a - b);
    return this.sorted;
  }

  private steady(): readonly number[] {
    if (this.frames < Math.max(1, this.heldAt * 2)) return this.held;
    this.heldAt = this.frames;
    if (isFarOff(this.held, this.all())) this.held = this.all();
    return this.held;
  }
}

function rankOf(sorted: readonly number[], percent: number): number | undefined {
  const last = sorted.length - 1;
  return sorted[Math.min(last, Math.max(0, Math.round((percent / 100) * last)))];
}

/** By the ends of the window that pictures without one are shown in. */
function isFarOff(held: readonly number[], now: readonly number[]): boolean {
  const [low = 0, high = 0] = [rankOf(held, 2), rankOf(held, 98)];
  const [lowNow = 0, highNow = 0] = [rankOf(now, 2), rankOf(now, 98)];
  const most = (high - low) * driftMost;
  return Math.abs(lowNow - low) > most || Math.abs(highNow - high) > most;
}
