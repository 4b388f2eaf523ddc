/**
 * Time between two looks at what has arrived: the first ones, and the longest, which slow series reach. Without a graphics card
 * one change of the window costs 50 ms of two processors, which decode less meanwhile.
 */
const firstEveryMs = 400;
const mostEveryMs = 1000;
/** Between them looks are so much further apart the longer a series has been arriving. */
const growth = 0.25;
/** So much is there, and the last slice, which is told of at once, is likely near: the look before it may wait as long again. */
const nearlyWhole = 0.75;

/**
 * Tells all who show that slices of a stack arrive at the same moments, so that planes, bars and counts change in one
 * picture of the window: at once for the first slice and for the last, and now and then between them.
 */
export class ArrivalClock {
  private readonly share: () => number;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private startedMs: number | undefined;
  private toldMs = Number.NEGATIVE_INFINITY;

  /** @param share of the slices that have arrived; 1 = all */
  constructor(share: () => number) {
    this.share = share;
  }

  /** Answers the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something has arrived. */
  note(): void {
    this.startedMs ??= performance.now();
    const waitMs = this.waitMs();
    if (waitMs <= 0) this.tell();
    else this.timer ??= this.tellIn(waitMs);
  }

  /** The first slices were shown before the rest is asked for, now: time counts from here. */
  restart(): void {
    if (this.startedMs === undefined) return;
    this.startedMs = performance.now();
    this.toldMs = this.startedMs;
  }

  /** Nobody is told any more. */
  end(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private waitMs(): number {
    const share = this.share();
    if (share >= 1) return 0;
    const sinceMs = this.toldMs - (this.startedMs ?? this.toldMs);
    const everyMs = Math.min(mostEveryMs, Math.max(firstEveryMs, growth * sinceMs));
    return this.toldMs + everyMs * (share < nearlyWhole ? 1 : 2) - performance.now();
  }

  /** Asked again when it is time: most may have arrived by then. */
  private tellIn(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const waitMs = this.waitMs();
      if (waitMs <= 0) this.tell();
      else this.timer = this.tellIn(waitMs);
    }, ms);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.toldMs = performance.now();
    for (const listener of [...this.listeners]) listener();
  }
}
